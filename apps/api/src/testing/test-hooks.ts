import { afterAll, beforeAll } from "vitest";
import { startTestConsole, type TestConsole, type TestSettings } from "./test-console.ts";
import { startTestIdp, type TestIdp } from "./test-idp.ts";

/** A console for all tests of a file, usable from its own `beforeAll` on. */
export function useTestConsole(settings?: TestSettings): TestConsole {
  const started = useForFile(() => startTestConsole(settings));
  return {
    get url() {
      return started().url;
    },
    get database() {
      return started().database;
    },
    get logLines() {
      return started().logLines;
    },
    get selfChecks() {
      return started().selfChecks;
    },
    get clock() {
      return started().clock;
    },
    organization: (name) => started().organization(name),
    provision: (organization, userName) => started().provision(organization, userName),
    release: (organization) => started().release(organization),
    close: () => started().close(),
  };
}

/** An identity provider for all tests of a file, usable from its own `beforeAll` on. */
export function useTestIdp(): TestIdp {
  const started = useForFile(() => startTestIdp());
  return {
    get entityId() {
      return started().entityId;
    },
    get metadataUrl() {
      return started().metadataUrl;
    },
    get metadataXml() {
      return started().metadataXml;
    },
    get key() {
      return started().key;
    },
    read: (url) => started().read(url),
    respond: (statement, wrong) => started().respond(statement, wrong),
    close: () => started().close(),
  };
}

function useForFile<T extends { close(): Promise<void> }>(start: () => Promise<T>): () => T {
  let started: T | undefined;
  beforeAll(async () => {
    started = await start();
  });
  afterAll(() => started?.close());
  return () => {
    if (started === undefined) throw new Error("It is started by a beforeAll hook.");
    return started;
  };
}
