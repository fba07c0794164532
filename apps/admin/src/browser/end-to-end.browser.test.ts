import type { TestIdp } from "@rollcall/api/test-idp";
import { createOktaSimulator, type OktaSimulator } from "@rollcall/idp-simulator";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { atScreen, region, visit, visitAs } from "./actions.ts";
import { controlClock, passTime } from "./chromium.ts";
import { type Acme, test } from "./fixture.ts";

const accountOfPam = (page: Page) => page.getByRole("button", { name: "Account of Pam Beesly" });

/** Sets up single sign-on, turns provisioning on and generates a token, as an owner does; Okta connects with it. */
async function connectOkta(acme: Acme, idp: TestIdp, owner: Page): Promise<OktaSimulator> {
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
  const okta = createOktaSimulator({ baseUrl: acme.scimUrl, token: token ?? "", mode: "header-auth" });
  expect(await okta.testCredentials()).toMatchObject({ people: 1 });
  return okta;
}

/** Signs in at the organization's identity provider, starting from the sign-in screen. */
async function signInBySso(page: Page, email: string): Promise<void> {
  await page.getByRole("button", { name: "Use single sign-on" }).click();
  await page.getByLabel("Work email or organization id").fill(email);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("heading", { name: "Test identity provider" }).waitFor();
  await page.getByLabel("Email").fill(email);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Expects leaving, email and password to be locked, with the reason and a contact. */
async function expectLocks(member: Page): Promise<void> {
  for (const name of ["Email address", "Password", "Organizations"]) {
    await region(member, name).getByText("Acme manages your membership").waitFor();
    await region(member, name).getByText("Ask an owner: Olive Owner").waitFor();
  }
  await expect.poll(() => member.getByLabel("New email address").isDisabled()).toBe(true);
  await expect.poll(() => member.getByLabel("Current password", { exact: true }).isDisabled()).toBe(true);
  await expect.poll(() => member.getByRole("button", { name: "Leave Acme" }).isDisabled()).toBe(true);
}

// The whole product with Okta's own traffic and a real identity provider: an owner connects
// Okta without a warning about single sign-on (AR-73); Okta adds, renames, deactivates and reactivates a person.
test("AR-43 AR-44 AR-49 AR-50 AR-52 AR-63 AR-64 AR-65 AR-66 AR-73 a member signs in, and is renamed, deactivated and reactivated by Okta", async ({
  acme,
  idp,
}) => {
  for (const domain of ["acme.example", "acme-labs.example"]) await acme.verifyDomain(domain);
  const owner = await visitAs(acme, acme.owner, "/settings/sso");
  const okta = await connectOkta(acme, idp, owner);

  const pam = okta.people.add({ login: "pam.beesly@acme.example", givenName: "Pam", familyName: "Beesly" });
  const { id } = await okta.people.assign(pam);
  const member = await visit(acme, "/account");
  await atScreen(member, "Sign in");
  await signInBySso(member, "pam.beesly@acme.example");
  await accountOfPam(member).waitFor();
  await member.goto("/account");
  await atScreen(member, "Your account");
  expect(await region(member, "Email address").textContent()).toContain("You sign in as pam.beesly@acme.example.");
  await expectLocks(member);

  // Both domains are verified (AR-43), then the new one is not (AR-44).
  const moved = await okta.people.changeUserName(pam, "pam.halpert@acme-labs.example");
  expect(moved.kind).toBe("changed");
  await member.reload();
  await member.getByText("You sign in as pam.halpert@acme-labs.example.").waitFor();
  const refused = await okta.people.changeUserName(pam, "pam@rival.example");
  expect(refused).toMatchObject({ kind: "refused", detail: expect.stringContaining("rival.example") });
  await controlClock(member);
  await member.reload();
  await member.getByText("You sign in as pam.halpert@acme-labs.example.").waitFor();

  // The open page refetches the session every 10 seconds: it is signed out, and single sign-on is refused.
  await okta.people.unassign(pam);
  await passTime(member, 10_000, member.getByRole("heading", { level: 1, name: "Sign in", exact: true }));
  await signInBySso(member, "pam.halpert@acme-labs.example");
  await member.getByText("Single sign-on did not work.").waitFor();
  await owner.getByRole("link", { name: "Members" }).click();
  await owner.getByRole("row").filter({ hasText: "Pam" }).getByText("Inactive").waitFor();
  expect(new URL(member.url()).pathname).toBe("/sign-in");

  const back = await okta.people.reactivate(pam);
  expect(back.id).toBe(id);
  await signInBySso(member, "pam.halpert@acme-labs.example");
  await accountOfPam(member).waitFor();
  await member.goto("/");
  await atScreen(member, "Acme");
  await region(member, "Your roles").getByText("Members").waitFor();
});
