import { startTestIdp } from "@rollcall/api/test-idp";
import { test as base } from "vitest";
import { newAcme, type Acme } from "./acme.ts";
import { startServers } from "./servers.ts";

export type { Acme, Person } from "./acme.ts";

/**
 * A test of the console in a real browser. `servers`: one browser and one pair of servers per worker; `idp`: a SAML
 * identity provider; `acme`: an organization of the test's own. The browser's pages are closed after the test; the
 * servers' errors are printed if it fails.
 */
export const test = base
  .extend("servers", { scope: "worker" }, async ({}, { onCleanup }) => {
    const servers = await startServers();
    onCleanup(() => servers.close());
    return servers;
  })
  .extend("log", { auto: true }, ({ servers, onTestFailed }) => {
    onTestFailed(() => void process.stderr.write(`The servers' log: ${servers.log()}\n`));
  })
  .extend("idp", { scope: "worker" }, async ({}, { onCleanup }) => {
    const idp = await startTestIdp();
    onCleanup(() => idp.close());
    return idp;
  })
  .extend("acme", async ({ servers }, { onCleanup }): Promise<Acme> => {
    onCleanup(() => servers.browser.leave());
    return newAcme(servers);
  });
