import type { Page } from "playwright-core";
import { expect } from "vitest";
import { mutate, region, turnOnTwoFactor, visitAs } from "./actions.ts";
import { type Acme, test } from "./fixture.ts";
import { faultsOf } from "./page-checks.ts";

// An unattended session needs a new proof of identity, and the person's input is kept (rule 17).
const proof = (page: Page) => page.getByRole("dialog", { name: "Confirm that it’s you" });

/** Sets the proofs of all sessions to eleven minutes ago. */
async function age(acme: Acme): Promise<void> {
  const old = "now() - interval '11 minutes'";
  await acme.sql(
    `update session set password_at = case when password_at is not null then ${old} end,
      second_factor_at = case when second_factor_at is not null then ${old} end,
      sso_at = case when sso_at is not null then ${old} end`,
    [],
  );
}

async function askForToken(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: "Generate token" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill(name);
  await page.getByRole("button", { name: "Generate", exact: true }).click();
  await proof(page).waitFor();
}

test("a token is generated after the password is confirmed, and not after canceling", async ({ acme }) => {
  await acme.enableProvisioning();
  const page = await visitAs(acme, acme.owner, "/settings/provisioning");
  await age(acme);
  await askForToken(page, "Okta");
  await proof(page).getByLabel("Your password", { exact: true }).waitFor();
  expect(await faultsOf(page, "dialog-proof")).toEqual([]);
  await page.keyboard.press("Escape");
  await proof(page).waitFor({ state: "hidden" });
  await page.getByRole("dialog").getByText("Confirm that it’s you before you change this.").waitFor();
  expect(await acme.sql("select 1 from scim_token", [])).toEqual([]);

  await page.getByRole("button", { name: "Generate", exact: true }).click();
  await proof(page).getByLabel("Your password", { exact: true }).fill("wrong");
  await proof(page).getByRole("button", { name: "Confirm" }).click();
  await proof(page).getByText("This is not your current password").waitFor();
  await proof(page).getByLabel("Your password", { exact: true }).fill(acme.owner.password);
  await proof(page).getByRole("button", { name: "Confirm" }).click();
  await page.getByRole("button", { name: "I have stored it" }).click();
  await region(page, "SCIM tokens").getByText("Okta").first().waitFor();
});

test("a code of the second factor confirms as well", async ({ acme }) => {
  await acme.enableProvisioning();
  const page = await visitAs(acme, acme.owner, "/settings/provisioning");
  await turnOnTwoFactor(acme, acme.owner.email);
  await age(acme);
  await askForToken(page, "Okta");
  await proof(page).getByRole("button", { name: "Use a code instead" }).click();
  await proof(page).getByLabel("Code of your authenticator app").fill("recovery0");
  expect(await faultsOf(page, "dialog-proof-code")).toEqual([]);
  await proof(page).getByRole("button", { name: "Confirm" }).click();
  await page.getByRole("button", { name: "I have stored it" }).waitFor();
});

test("signing in again by single sign-on, in a window of its own, confirms as well", async ({ acme, idp }) => {
  await acme.enableProvisioning();
  const page = await visitAs(acme, acme.owner, "/settings/provisioning");
  await mutate(page, "sso.configure", { metadataUrl: idp.metadataUrl });
  await age(acme);
  await askForToken(page, "Okta");
  const again = proof(page).getByRole("button", { name: "Sign in again with single sign-on" });
  await again.waitFor();
  expect(await faultsOf(page, "dialog-proof-sso")).toEqual([]);
  const [tab] = await Promise.all([page.context().waitForEvent("page"), again.click()]);
  await tab.getByLabel("Email").fill(acme.owner.email);
  await Promise.all([tab.waitForEvent("close"), tab.getByRole("button", { name: "Sign in" }).click()]);
  await page.getByRole("button", { name: "I have stored it" }).waitFor();
});

test("another organization requires both factors from a person who signed in by single sign-on", async ({
  acme,
  idp,
}) => {
  const page = await visitAs(acme, acme.owner, "/");
  await mutate(page, "sso.configure", { metadataUrl: idp.metadataUrl });
  await acme.verifyDomain("acme.example");
  await acme.organization("Branch", acme.owner.email);
  await turnOnTwoFactor(acme, acme.owner.email);
  await mutate(page, "session.signOut", {});
  await page.goto(`/sso/${acme.organizationId}/start`);
  await page.getByLabel("Email").fill(acme.owner.email);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: /^Organization Acme/ }).click();
  await page.getByRole("menuitemradio", { name: "Branch" }).click();
  await proof(page).getByLabel("Your password", { exact: true }).fill(acme.owner.password);
  await proof(page).getByLabel("Code of your authenticator app").fill("recovery0");
  expect(await faultsOf(page, "dialog-proof-entry")).toEqual([]);
  await proof(page).getByRole("button", { name: "Confirm" }).click();
  await page.getByRole("button", { name: /^Organization Branch/ }).waitFor();
  await page.goto("/account");
  await region(page, "Sessions").getByText("Password, two-factor code").waitFor();
  expect(await faultsOf(page, "account-sessions")).toEqual([]);
});
