import { createOktaSimulator, type LifeCycleStep, type OktaMode, playOktaLifeCycle } from "@rollcall/idp-simulator";
import { describe, expect, test } from "vitest";
import { useScim } from "../testing/scim-fixture.ts";
import { fixedResponse, failingOnce } from "../testing/proxy-handlers.ts";

const { scim } = await useScim();
await scim.verifyDomain("verified.example");

async function played(baseUrl: string, mode: OktaMode, domain?: string) {
  const steps: LifeCycleStep[] = [];
  const onStep = (step: LifeCycleStep) => void steps.push(step);
  const result = await playOktaLifeCycle({ baseUrl, token: scim.token, mode, domain, onStep });
  return { result, steps };
}

// Both kinds of app, with emails that may change and emails that may not.
describe.each<[OktaMode]>([["header-auth"], ["wizard"]])("the life cycle in mode %s", (mode) => {
  test.each([
    ["simulator.example", /^Refused: domain not verified.*simulator\.example/],
    ["verified.example", /^The userName is now ada\.renamed\..*@verified\.example/],
  ])("people at %s", async (domain, rename) => {
    const { result, steps } = await played(scim.baseUrl, mode, domain);
    expect(steps.filter((step) => !step.ok)).toEqual([]);
    expect(result).toEqual({ ok: true, steps: steps.length, failed: 0 });
    expect(steps.find((step) => step.name === "change a userName")?.detail).toMatch(rename);
  });

  test("leaves no active member and no group", async () => {
    const okta = createOktaSimulator({ baseUrl: scim.baseUrl, token: scim.token, mode });
    const before = (await okta.people.importAll()).filter((person) => person.active).length;
    const { result } = await played(scim.baseUrl, mode);
    expect(result.ok).toBe(true);
    expect((await okta.people.importAll()).filter((person) => person.active)).toHaveLength(before);
    expect((await okta.groups.importAll()).filter((group) => group.displayName.startsWith("Simulator"))).toEqual([]);
  });
});

// A run that fails half-way must still remove its test data.
test.each([
  ["POST", 1, "push a group"],
  ["PATCH", 3, "rename the group"],
  ["DELETE", 1, "delete the group"],
])("when the %s of a group fails at request %i, the test data is removed", async (method, nth, failedStep) => {
  const okta = createOktaSimulator({ baseUrl: scim.baseUrl, token: scim.token, mode: "header-auth" });
  const before = (await okta.people.importAll()).filter((person) => person.active).length;
  await using proxy = await failingOnce(scim.baseUrl, method, nth);
  const { result, steps } = await played(proxy.baseUrl, "header-auth");
  expect(steps.filter((step) => !step.ok).map((step) => step.name)).toEqual([failedStep]);
  expect(result).toEqual({ ok: false, steps: steps.length, failed: 1 });
  expect(steps.at(-1)).toMatchObject({ name: "remove what the run made", ok: true });
  expect((await okta.people.importAll()).filter((person) => person.active)).toHaveLength(before);
  expect((await okta.groups.importAll()).filter((group) => group.displayName.startsWith("Simulator"))).toEqual([]);
});

// A server that returns nonsense with 200 must not pass.
test("a server that returns garbage fails at the first step", async () => {
  await using server = await fixedResponse(200, { hello: "world" });
  const { result, steps } = await played(server.baseUrl, "wizard");
  expect(result).toEqual({ ok: false, steps: 1, failed: 1 });
  expect(steps[0]).toMatchObject({ ok: false, detail: expect.stringContaining("ListResponse") });
});

test("a wrong token fails at the first step with the service's own words", async () => {
  const steps: LifeCycleStep[] = [];
  const onStep = (step: LifeCycleStep) => void steps.push(step);
  await playOktaLifeCycle({ baseUrl: scim.baseUrl, token: "non-token", mode: "header-auth", onStep });
  expect(steps).toHaveLength(1);
  expect(steps[0]).toMatchObject({ ok: false, detail: expect.stringMatching(/answered 401\. It says: .+/) });
});
