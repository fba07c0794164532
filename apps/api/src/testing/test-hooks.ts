import { afterAll } from "vitest";
import { startTestConsole, type TestConsole, type TestSettings } from "./test-console.ts";
import { startTestIdp, type TestIdp } from "./test-idp.ts";

/** A console for all tests of a file, closed after them. */
export async function useTestConsole(settings?: TestSettings): Promise<TestConsole> {
  return closedAfterTests(await startTestConsole(settings));
}

/** An identity provider for all tests of a file, closed after them. */
export async function useTestIdp(): Promise<TestIdp> {
  return closedAfterTests(await startTestIdp());
}

function closedAfterTests<T extends { close(): Promise<void> }>(started: T): T {
  afterAll(() => started.close());
  return started;
}
