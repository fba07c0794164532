import { randomBytes, randomInt } from "node:crypto";
import { readFileSync } from "node:fs";
import { createOktaSimulator, type OktaMode } from "@rollcall/idp-simulator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startScim } from "../testing/test-harness.ts";
import { type OktaOrg, startOktaOrg } from "./okta-org.ts";
import { playStep, readSuite, type RunscopeStep } from "./runscope-suite.ts";

type Scim = Awaited<ReturnType<typeof startScim>>;

function suite(name: "SPEC" | "CRUD"): readonly RunscopeStep[] {
  return readSuite(readFileSync(new URL(`fixtures/Okta-SCIM-20-${name}-Test.json`, import.meta.url), "utf8")).steps;
}

/** A step's index, note and pause; the suites use a note twice, so the index tells them apart. */
function titleOf(step: RunscopeStep, index: number): string {
  const pause = step.pauseBeforeS === 0 ? "" : ` (its pause of ${step.pauseBeforeS} s is not slept)`;
  return `${index + 1}. ${step.note.trim()}${pause}`;
}

const word = (): string => randomBytes(5).toString("hex");

/** The values that Okta's initial script for the SPEC suite draws (O-SPEC): mixed case, letters and figures. */
function specVariables({ baseUrl, token }: Scim, scheme: string): Map<string, string> {
  const userName = `Runscope${randomInt(100, 1000)}H${word()}${randomInt(100, 1000)}@atko.example`;
  return new Map([
    ["SCIMBaseURL", baseUrl],
    ["auth", `${scheme}${token}`],
    ["InvalidUserEmail", "abcdefgh@atko.example"],
    ["UserIdThatDoesNotExist", "010101001010101011001010101011"],
    ["randomUsername", userName],
    ["randomUsernameCaps", userName.toUpperCase()],
    ["randomEmail", `${word()}@atko.example`],
    ["randomGivenName", `Runscope${word()}`],
    ["randomFamilyName", `Okta${word()}`],
  ]);
}

// Every submission to the Okta Integration Network must pass this suite, response_time included.
describe.each([
  ["Authorization: Bearer T", "Bearer "],
  ["Authorization: T", ""],
])("Okta SCIM 2.0 SPEC Test, with %s", (_name, scheme) => {
  let scim: Scim;
  let variables: Map<string, string>;
  beforeAll(async () => {
    scim = await startScim();
    variables = specVariables(scim, scheme);
  });
  afterAll(() => scim.stop());

  test.each(suite("SPEC").map((step, index) => [titleOf(step, index), step] as const))("%s", async (_title, step) => {
    expect(await playStep(step, variables)).toEqual([]);
  });
});

function crudVariables({ baseUrl, token }: Scim, org: OktaOrg, appId: string, apiToken: string): Map<string, string> {
  return new Map([
    ["oktaOrgUrl", org.url],
    ["oktaAppId", appId],
    ["oktaToken", apiToken],
    ["SCIMUrl", baseUrl],
    ["SCIMAuth", `Bearer ${token}`],
    ["okta_user_firstname", `First${word()}`],
    ["okta_user_firstname_update", `Changed${word()}`],
    ["okta_user_lastname", `Last${word()}`],
    ["okta_user_email", `Runscope${word()}@atko.example`],
    ["okta_user_title", "Tester"],
    ["okta_user_primaryphone", "555-0100"],
  ]);
}

// The whole round: a change to a person in Okta arrives here. The simulator plays Okta itself.
describe.each<[OktaMode]>([["header-auth"], ["wizard"]])("Okta SCIM 2.0 CRUD Test, Okta played in mode %s", (mode) => {
  let scim: Scim;
  let org: OktaOrg;
  let variables: Map<string, string>;
  beforeAll(async () => {
    scim = await startScim();
    const okta = createOktaSimulator({ baseUrl: scim.baseUrl, token: scim.token, mode });
    const appId = `0oa${word()}`;
    const apiToken = word();
    org = await startOktaOrg({ okta, appId, apiToken });
    variables = crudVariables(scim, org, appId, apiToken);
  });
  afterAll(async () => {
    await org.stop();
    await scim.stop();
  });

  test.each(suite("CRUD").map((step, index) => [titleOf(step, index), step] as const))("%s", async (_title, step) => {
    expect(await playStep(step, variables)).toEqual([]);
  });
});
