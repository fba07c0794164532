import { enableProvisioning, verifyDomain } from "@rollcall/db";
import { lossKinds } from "@rollcall/domain";
import {
  createOktaSimulator,
  type EntraDialect,
  type LifeCycleStep,
  playEntraLifeCycle,
  playEntraValidator,
  playOktaLifeCycle,
} from "@rollcall/idp-simulator";
import { describe, expect, test } from "vitest";
import { fixedResponse, failingOnce } from "../testing/proxy-handlers.ts";
import { changesOf } from "../testing/test-client.ts";
import { useScim } from "../testing/scim-fixture.ts";

const { scim } = await useScim();
await scim.verifyDomain("verified.example");

const dialects: [EntraDialect][] = [["default"], ["aadOptscim062020"]];

async function played(baseUrl: string, dialect: EntraDialect, options: { domain?: string; run?: string } = {}) {
  const steps: LifeCycleStep[] = [];
  const onStep = (step: LifeCycleStep) => void steps.push(step);
  const result = await playEntraLifeCycle({ baseUrl, token: scim.token, dialect, onStep, ...options });
  return { result, steps };
}

// Both dialects, with emails that may change and emails that may not; no member or group may be left over.
describe.each(dialects)("the life cycle in the dialect %s", (dialect) => {
  test.each([
    ["simulator.example", /^Refused: domain not verified.*simulator\.example/],
    ["verified.example", /^The userName was cleo\.renamed\..*@verified\.example for a while/],
  ])("people at %s", async (domain, rename) => {
    const okta = createOktaSimulator({ baseUrl: scim.baseUrl, token: scim.token, mode: "wizard" });
    const before = await okta.people.importAll();
    const { result, steps } = await played(scim.baseUrl, dialect, { domain });
    expect(steps.filter((step) => !step.ok)).toEqual([]);
    expect(result).toEqual({ ok: true, steps: steps.length, failed: 0 });
    expect(steps.find((step) => step.name === "change a userName")?.detail).toMatch(rename);
    expect((await okta.people.importAll()).map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    expect((await okta.groups.importAll()).filter(({ displayName }) => displayName.startsWith("Entra"))).toEqual([]);
  });
});

// Includes the request shapes that no RFC defines.
test.each([
  ["simulator.example", /^Refused: domain not verified.*simulator\.example/],
  ["verified.example", /^The userName was cleo\.updated\..*@verified\.example for a while/],
])("the Validator with people at %s", async (domain, rename) => {
  const steps: LifeCycleStep[] = [];
  const onStep = (step: LifeCycleStep) => void steps.push(step);
  const result = await playEntraValidator({ baseUrl: scim.baseUrl, token: scim.token, domain, onStep });
  expect(steps.filter((step) => !step.ok)).toEqual([]);
  expect(result).toEqual({ ok: true, steps: steps.length, failed: 0 });
  expect(steps.find((step) => step.name === "PATCH /Users: update userName")?.detail).toMatch(rename);
});

// Trying the simulators on a real organization must not trip the guard: 2 people of Okta's run and 2 of Entra's lose
// access; two more exceed the limit.
test.each([["simulator.example"], ["guarded.example"]])(
  "all of it passes the guard, with people at %s",
  async (domain) => {
    const organization = await scim.addOrganization(`Guarded${domain.length}`);
    const input = { acknowledgeSso: true, isGuardOn: true };
    expect(await enableProvisioning(scim.database, await organization.context(), input)).toMatchObject({ ok: true });
    if (domain === "guarded.example") await verifyDomain(scim.database, await organization.context(), domain);
    const failed: string[] = [];
    const onStep = (step: LifeCycleStep): void => {
      if (!step.ok) failed.push(step.detail);
    };
    const options = { baseUrl: scim.baseUrl, token: organization.token, domain, onStep };
    await playOktaLifeCycle({ ...options, mode: "header-auth" });
    for (const [dialect] of dialects) await playEntraLifeCycle({ ...options, dialect, run: "guarded" });
    await playEntraValidator({ ...options, run: "guarded" });
    expect(failed).toEqual([]);
    expect(await losersOf(organization.organizationId)).toBe(4);
    await playOktaLifeCycle({ ...options, mode: "header-auth" });
    expect(failed[0]).toMatch(/answered 429.*Removals are on hold/);
  },
);

/** The number of people who have lost access or a role in an organization. */
async function losersOf(organizationId: string): Promise<number> {
  const changes = await changesOf(scim.database, organizationId);
  const kinds: ReadonlySet<string> = new Set(lossKinds);
  return new Set(changes.filter(({ kind }) => kinds.has(kind)).map(({ subjectId }) => subjectId)).size;
}

// A run that fails half-way must still remove its test data.
test.each([
  ["POST", 1, "create a group"],
  ["PATCH", 3, "take a member out of the group"],
  ["DELETE", 1, "delete the group"],
])("when the %s of a group fails at request %i, the test data is removed", async (method, nth, failedStep) => {
  const okta = createOktaSimulator({ baseUrl: scim.baseUrl, token: scim.token, mode: "wizard" });
  const before = await okta.people.importAll();
  await using proxy = await failingOnce(scim.baseUrl, method, nth);
  const { result, steps } = await played(proxy.baseUrl, "default");
  expect(steps.filter((step) => !step.ok).map((step) => step.name)).toEqual([failedStep]);
  expect(result).toEqual({ ok: false, steps: steps.length, failed: 1 });
  expect(steps.at(-1)).toMatchObject({ name: "remove what the run made", ok: true });
  expect((await okta.people.importAll()).map(({ id }) => id)).toEqual(before.map(({ id }) => id));
  expect((await okta.groups.importAll()).filter(({ displayName }) => displayName.startsWith("Entra"))).toEqual([]);
});

// A server that returns nonsense with 200 must not pass.
test("a server that returns garbage fails at the first step", async () => {
  await using server = await fixedResponse(200, { hello: "world" });
  const { result, steps } = await played(server.baseUrl, "default");
  expect(result).toEqual({ ok: false, steps: 1, failed: 1 });
  expect(steps[0]).toMatchObject({ ok: false, detail: expect.stringContaining("ListResponse") });
});

test("a wrong token fails at the first step with the service's own words", async () => {
  const steps: LifeCycleStep[] = [];
  const onStep = (step: LifeCycleStep) => void steps.push(step);
  await playEntraValidator({ baseUrl: scim.baseUrl, token: "non-token", onStep });
  expect(steps).toHaveLength(1);
  expect(steps[0]).toMatchObject({ ok: false, detail: expect.stringMatching(/answered 401\. It says: .+/) });
});
