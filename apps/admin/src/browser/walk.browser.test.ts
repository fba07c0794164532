import "@rollcall/local-postgres/vitest-global-setup";
import { startTestIdp, type TestIdp } from "@rollcall/api/test-idp";
import { createOktaSimulator, type OktaSimulator } from "@rollcall/idp-simulator";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { atScreen, visit, visitAs } from "./acts.ts";
import { openStage, type Stage } from "./stage.ts";

// Guards the whole promise, as people meet it: set up by an owner, kept by Okta, lived with by a member. One story in
// order, with Okta's own traffic and a real identity provider.
let stage: Stage;
let idp: TestIdp;
let okta: OktaSimulator;
let owner: Page;
let member: Page;
let pam = "";

beforeAll(async () => {
  stage = await openStage(inject("postgresUrl"));
  idp = await startTestIdp();
  for (const domain of ["acme.example", "acme-labs.example"]) {
    await stage.operate("domain", "verify", "--org", stage.organizationId, "--domain", domain);
  }
  owner = await visitAs(stage, stage.owner, "/settings/sso");
});
afterAll(async () => {
  await idp?.close();
  await stage?.close();
});

/** Signs in on the organization's identity provider, from our sign-in screen. */
async function signInBySso(page: Page, email: string): Promise<void> {
  await page.getByRole("button", { name: "Use single sign-on" }).click();
  await page.getByLabel("Work e-mail or organization id").fill(email);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("heading", { name: "Test identity provider" }).waitFor();
  await page.getByLabel("E-mail").fill(email);
  await page.getByRole("button", { name: "Sign in" }).click();
}

const region = (page: Page, name: string) => page.getByRole("region", { name });

test("AR-73 the owner sets up single sign-on, turns provisioning on without a word about it, and makes a token", async () => {
  await owner.getByLabel("Metadata URL").fill(idp.metadataUrl);
  await owner.getByRole("button", { name: "Set up single sign-on" }).click();
  await owner.getByText("Not tested yet").waitFor();
  await owner.getByRole("link", { name: "Provisioning" }).click();
  await owner.getByRole("button", { name: "Turn on…" }).click();
  expect(await owner.getByRole("dialog").getByRole("checkbox").count()).toBe(0);
  await owner.getByRole("dialog").getByRole("button", { name: "Turn on" }).click();
  await owner.getByRole("button", { name: "Turn off…" }).waitFor();
  await owner.getByRole("button", { name: "Generate token" }).click();
  await owner.getByRole("textbox", { name: "Name" }).fill("Okta");
  await owner.getByRole("button", { name: "Generate", exact: true }).click();
  const token = await owner.getByRole("dialog").locator("code").textContent();
  await owner.getByRole("button", { name: "I have stored it" }).click();
  okta = createOktaSimulator({ baseUrl: stage.scimUrl, token: token ?? "", mode: "header-auth" });
  expect(await okta.testCredentials()).toMatchObject({ people: 1 });
});

test("Okta adds a person, who signs in by single sign-on", async () => {
  pam = okta.createPerson({ login: "pam.beesly@acme.example", givenName: "Pam", familyName: "Beesly" });
  await okta.assign(pam);
  member = await visit(stage, "/account");
  await atScreen(member, "Sign in");
  await signInBySso(member, "pam.beesly@acme.example");
  await member.getByRole("button", { name: "Account of Pam Beesly" }).waitFor();
  await member.goto("/account");
  await atScreen(member, "Your account");
  expect(await region(member, "E-mail address").textContent()).toContain("You sign in as pam.beesly@acme.example.");
});

test("AR-63 AR-64 AR-65 AR-66 leaving, e-mail and password are locked, with the reason and whom to ask", async () => {
  for (const name of ["E-mail address", "Password", "Organizations"]) {
    await region(member, name).getByText("Acme manages your membership").waitFor();
    await region(member, name).getByText("Ask an owner: Olive Owner").waitFor();
  }
  expect(await member.getByLabel("New e-mail address").isDisabled()).toBe(true);
  expect(await member.getByLabel("Current password", { exact: true }).isDisabled()).toBe(true);
  expect(await member.getByRole("button", { name: "Leave Acme" }).isDisabled()).toBe(true);
});

test("AR-43 AR-44 Okta renames the person on a verified domain, and is refused on another", async () => {
  const moved = await okta.changeUserName(pam, "pam.halpert@acme-labs.example");
  expect(moved.kind).toBe("changed");
  await member.reload();
  await member.getByText("You sign in as pam.halpert@acme-labs.example.").waitFor();
  const refused = await okta.changeUserName(pam, "pam@rival.example");
  expect(refused).toMatchObject({ kind: "refused", detail: expect.stringContaining("rival.example") });
  await member.reload();
  await member.getByText("You sign in as pam.halpert@acme-labs.example.").waitFor();
});

test("AR-49 AR-50 Okta deactivates the person: the open page is signed out, and no door opens", async () => {
  await okta.deactivate(pam);
  await atScreen(member, "Sign in");
  await signInBySso(member, "pam.halpert@acme-labs.example");
  await member.getByText("Single sign-on did not work.").waitFor();
  await owner.getByRole("link", { name: "Members" }).click();
  await owner.getByRole("row").filter({ hasText: "Pam" }).getByText("Inactive").waitFor();
  expect(new URL(member.url()).pathname).toBe("/sign-in");
});

test("AR-52 Okta brings the person back under the same identity, with access and the default role", async () => {
  const before = okta.remoteIdOf(pam);
  const back = await okta.reactivate(pam);
  expect(back.id).toBe(before);
  await signInBySso(member, "pam.halpert@acme-labs.example");
  await member.getByRole("button", { name: "Account of Pam Beesly" }).waitFor();
  await member.goto("/");
  await atScreen(member, "Acme");
  await region(member, "Your roles").getByText("Members").waitFor();
});
