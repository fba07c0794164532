import {
  checks,
  discoverFeatures,
  createFixtures,
  missingFeatures,
  openClient,
  runChecks,
  runConformance,
  type Fixtures,
  type Check,
  type CheckResult,
  type Client,
  type Features,
} from "@rollcall/scim-conformance";
import { startFaultProxy } from "@rollcall/scim-conformance/testing/fault-proxy";
import { faults, type Fault } from "@rollcall/scim-conformance/testing/faults";
import { setGuard } from "@rollcall/db";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { scimClient } from "../testing/test-client.ts";
import { useScim } from "../testing/scim-fixture.ts";

/** For all checks, one after the other, on a machine that has more to do. */
const runTimeoutMs = 300_000;

const { scim } = await useScim();
const proxy = await startFaultProxy(scim.baseUrl);
afterAll(() => proxy[Symbol.asyncDispose]());

test("every check has an id of its own, a clause and a sentence", () => {
  expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length);
  for (const { id, clause, title } of checks) {
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(clause, id).toMatch(/^RFC \d{4} section \d/);
    expect(title, id).toMatch(/^\S.*\.$/);
  }
});

// A check that cannot fail proves nothing.
test("every check has a fault that makes it fail, and every fault a check", () => {
  expect(checks.filter((check) => check.faults.length === 0)).toEqual([]);
  const used = new Set<string>(checks.flatMap((check) => check.faults));
  expect(Object.keys(faults).filter((name) => !used.has(name))).toEqual([]);
});

test(
  "every check passes against the service, under the guard and through the proxy without a fault",
  async () => {
    await setGuard(scim.database, await scim.context(), true);
    const { token } = scim;
    const results: CheckResult[] = [];
    const onResult = (result: CheckResult): unknown => results.push(result);
    const run = { baseUrl: proxy.baseUrl, token, domain: "conformance.example", onResult };
    const outcome = await runConformance(run);
    await setGuard(scim.database, await scim.context(), false);
    expect(results.filter(({ outcome }) => outcome === "failed").map(told)).toEqual([]);
    expect(results.map(({ check }) => check.id)).toEqual(checks.map(({ id }) => id));
    // Nothing is skipped: the service offers all that there is a check for.
    expect(outcome).toMatchObject({ passed: checks.length, failed: 0, skipped: 0, leftBehind: [] });
    const left = await scimClient(scim.baseUrl, token).get("/Users?filter=userName%20sw%20%22rollcall-conformance%22");
    expect(left.body["totalResults"]).toBe(0);
  },
  runTimeoutMs,
);

// An organization can be checked again and again, also after a run whose process was killed.
describe("what a run leaves behind", () => {
  const domain = "left.example";
  const run = { domain, label: "left-behind", only: "filter-group", onResult: (): void => undefined };

  test("what a run that was cut off has left is taken over and removed", async () => {
    const client = openClient(scim);
    const left = await createFixtures({ client, domain, label: "left-behind" });
    const gone = left.person(1);
    const scimApi = scim.client;
    await scimApi.delete(`/Users/${gone.id}`);
    await scimApi.put(`/Users/${left.person(2).id}`, { userName: left.person(2).userName, displayName: "Changed" });
    await scimApi.post("/Groups", { displayName: "left-behind of another check" });
    expect(await runConformance({ ...scim, ...run })).toMatchObject({ failed: 0, leftBehind: [] });
    for (const [path, name] of [
      ["/Users", "userName"],
      ["/Groups", "displayName"],
    ]) {
      const found = await scimApi.get(`${path}?filter=${encodeURIComponent(`${name} sw "left-behind"`)}`);
      expect(found.body["totalResults"]).toBe(0);
    }
  });

  test("a run that is stopped ends after the check that is on, and tidies up", async () => {
    const stop = new AbortController();
    const onResult = (): void => stop.abort();
    const outcome = await runConformance({ ...scim, ...run, onResult, signal: stop.signal });
    expect(outcome).toMatchObject({ passed: 1, failed: 0, leftBehind: [] });
  });

  test("what cannot be removed is named", async () => {
    const onResult = (): void => proxy.use(onlyReads);
    const outcome = await runConformance({ ...scim, ...run, baseUrl: proxy.baseUrl, onResult });
    proxy.use(undefined);
    expect(outcome.leftBehind).toHaveLength(6);
    expect(outcome.leftBehind[1]).toMatch(/^left-behind-1@left\.example: DELETE .*answered 200/);
    expect(await runConformance({ ...scim, ...run })).toMatchObject({ failed: 0, leftBehind: [] });
  });
});

const onlyReads: Fault = {
  request: (request) => (request.method === "DELETE" ? { ...request, method: "GET" } : request),
};

describe("against a service with a fault", () => {
  let correct: Client;
  let features: Features;
  let fixtures: Fixtures;
  beforeAll(async () => {
    correct = openClient(scim);
    features = await discoverFeatures(correct);
    fixtures = await createFixtures({ client: correct, domain: "broken.example", label: "broken" });
  });

  /** The check sends to the proxy; the fixtures are restored past it. */
  async function runWith(fault: Fault, check: Check): Promise<CheckResult | undefined> {
    const client = openClient({ baseUrl: proxy.baseUrl, token: scim.token, timeoutMs: 5000 });
    let last: CheckResult | undefined;
    proxy.use(fault);
    await runChecks({ client, features, fixtures, checks: [check], onResult: (result) => (last = result) });
    return last;
  }

  const pairs = checks.flatMap((check) => check.faults.map((name) => ({ id: check.id, name, check })));
  test.each(pairs)("$id sees $name", async ({ name, check }) => {
    const result = await runWith(faults[name], check);
    const isOffered = missingFeatures(check, features).length === 0;
    expect(result?.outcome).toBe(isOffered ? "failed" : "skipped");
    // A check that fails by its own code, or gets no response, has not seen anything.
    expect(result?.detail).not.toMatch(/could not be completed|could not be restored/);
  });
});

function told({ check, detail }: CheckResult): string {
  return `${check.id}: ${detail}`;
}
