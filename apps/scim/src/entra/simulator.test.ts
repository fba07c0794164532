import { enableProvisioning } from "@rollcall/db";
import {
  createEntraSimulator,
  type EntraDialect,
  type LifeCycleStep,
  playEntraLifeCycle,
  playOktaLifeCycle,
} from "@rollcall/idp-simulator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cannedAnswer, failingOnce } from "../okta/other-server.ts";
import { startScim } from "../test-harness.ts";

let scim: Awaited<ReturnType<typeof startScim>>;
beforeAll(async () => {
  scim = await startScim();
  await scim.verifyDomain("verified.example");
});
afterAll(() => scim.stop());

const dialects = [["default"], ["aadOptscim062020"]] as const;

async function played(baseUrl: string, dialect: EntraDialect, options: { domain?: string; run?: string } = {}) {
  const steps: LifeCycleStep[] = [];
  const onStep = (step: LifeCycleStep) => void steps.push(step);
  const result = await playEntraLifeCycle({ baseUrl, token: scim.token, dialect, onStep, ...options });
  return { result, steps };
}

// Guards that Entra's whole life cycle works in both dialects, with e-mails that may change and e-mails that may not.
describe.each<[EntraDialect]>([...dialects])("the life cycle in the dialect %s", (dialect) => {
  test.each([
    ["simulator.example", /^Refused: domain not verified.*simulator\.example/],
    ["verified.example", /^The userName was cleo\.renamed\..*@verified\.example for a while/],
  ])("people at %s", async (domain, rename) => {
    const { result, steps } = await played(scim.baseUrl, dialect, { domain });
    expect(steps.filter((step) => !step.ok)).toEqual([]);
    expect(result).toEqual({ ok: true, steps: steps.length, failed: 0 });
    expect(steps.find((step) => step.name === "change a userName")?.detail).toMatch(rename);
  });
});
