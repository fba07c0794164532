import type { TestIdp } from "@rollcall/api/test-idp";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { atScreen, dialogOf, mutate, seen, signedIn, visit, visitAs } from "./actions.ts";
import { type Acme, test } from "./fixture.ts";
import { faultsOf } from "./page-checks.ts";

/** A page of Acme's owner, where single sign-on with `idp` is set up and tested; no screen is open yet. */
async function withSso(acme: Acme, idp: TestIdp): Promise<Page> {
  const page = await signedIn(acme, acme.owner);
  await mutate(page, "sso.configure", { metadataUrl: idp.metadataUrl });
  await acme.sql("update sso_connection set tested_at = now()", []);
  return page;
}

/** The same where single sign-on is required. */
async function withRequiredSso(acme: Acme, idp: TestIdp): Promise<Page> {
  const page = await withSso(acme, idp);
  await mutate(page, "sso.setRequired", { isRequired: true });
  return page;
}

async function addMember(acme: Acme, givenName: string, familyName: string): Promise<void> {
  await acme.verifyDomain("acme.example");
  await acme.enableProvisioning();
  await (await acme.directory("Okta")).addPerson(givenName, familyName, "acme.example");
}

/** Signs in on the identity provider's page. */
async function signInAtProvider(page: Page, email: string): Promise<void> {
  await page.getByRole("heading", { name: "Test identity provider" }).waitFor();
  await page.getByLabel("Email").fill(email);
  await page.getByRole("button", { name: "Sign in" }).click();
}

test("AR-01 an owner opens Single sign-on, sets up the identity provider and tests the connection", async ({
  acme,
  idp,
}) => {
  const page = await visitAs(acme, acme.owner);
  await page.getByRole("link", { name: "Single sign-on" }).click();
  await atScreen(page, "Single sign-on");
  await page.getByRole("button", { name: "Copy ACS URL" }).click();
  const copied: unknown = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toBe(`${acme.appUrl}/sso/${acme.organizationId}/acs`);
  await expect.poll(() => page.getByRole("button", { name: "Require…" }).isDisabled()).toBe(true);
  expect(await faultsOf(page, "sso-empty")).toEqual([]);
  const submit = page.getByRole("button", { name: "Set up single sign-on" });
  await page.getByLabel("Metadata URL").fill(`${idp.metadataUrl}/none`);
  await submit.click();
  await seen(page, "The address returned 404 instead of the metadata.");
  await page.getByLabel("As XML").check();
  await page.getByLabel("Metadata XML").fill("not XML");
  await submit.click();
  await seen(page, "Rollcall cannot read this XML.");
  expect(await faultsOf(page, "sso-refused")).toEqual([]);
  await page.getByLabel("By its address").check();
  await page.getByLabel("Metadata URL").fill(idp.metadataUrl);
  await submit.click();
  await seen(page, "Not tested yet");
  await page.getByRole("button", { name: "Test connection…" }).click();
  const link = page.getByRole("link", { name: "Open the identity provider" });
  await link.waitFor();
  expect(await faultsOf(page, "dialog-sso-test")).toEqual([]);
  const [tab] = await Promise.all([page.context().waitForEvent("page"), link.click()]);
  await signInAtProvider(tab, acme.owner.email);
  await tab.getByText(`Single sign-on works. The provider named ${acme.owner.email}.`).waitFor();
  expect(await faultsOf(tab, "sso-report")).toEqual([]);
  await tab.close();
  await dialogOf(page).getByText("Single sign-on works.").waitFor();
  expect(await faultsOf(page, "dialog-sso-report")).toEqual([]);
  await dialogOf(page).getByRole("button", { name: "Close", exact: true }).last().click();
  await seen(page, /^Tested$/);
});

test("AR-74 single sign-on is required, with a list of members who may use a password, which takes no owner", async ({
  acme,
  idp,
}) => {
  const page = await withSso(acme, idp);
  await addMember(acme, "Grace", "Hopper");
  await page.goto("/settings/sso");
  await page.getByRole("button", { name: "Require…" }).click();
  await dialogOf(page).waitFor();
  expect(await faultsOf(page, "dialog-sso-require")).toEqual([]);
  await page.getByRole("button", { name: "Require it" }).click();
  await seen(page, "Single sign-on is required.");
  await page.getByRole("button", { name: "Add a person…" }).click();
  const search = page.getByLabel("Name or email address");
  await search.fill("olive");
  await page.getByRole("button", { name: /^Add Olive/ }).click();
  await seen(page, /is an owner and may always sign in with a password/);
  await search.fill("grace");
  await page.getByRole("button", { name: "Add Grace Hopper" }).waitFor();
  expect(await faultsOf(page, "dialog-sso-exempt")).toEqual([]);
  await page.getByRole("button", { name: "Add Grace Hopper" }).click();
  await page.getByRole("row").filter({ hasText: "Grace Hopper" }).waitFor();
  expect(await faultsOf(page, "sso-required")).toEqual([]);
});

test("the dialogs that replace, remove and no longer require single sign-on open and close", async ({ acme, idp }) => {
  const page = await withRequiredSso(acme, idp);
  await page.goto("/settings/sso");
  for (const [button, name] of [
    ["Replace…", "dialog-sso-replace"],
    ["Remove…", "dialog-sso-remove"],
    ["No longer require…", "dialog-sso-no-longer"],
  ] as const) {
    await page.getByRole("button", { name: button }).click();
    await dialogOf(page).getByRole("button", { name: "Cancel" }).waitFor();
    expect(await faultsOf(page, name)).toEqual([]);
    await page.keyboard.press("Escape");
    await dialogOf(page).waitFor({ state: "hidden" });
  }
});

test("a member signs in by single sign-on and returns to the requested screen", async ({ acme, idp }) => {
  await withRequiredSso(acme, idp);
  await addMember(acme, "Ada", "Lovelace");
  const ada = await visit(acme, "/members");
  await atScreen(ada, "Sign in");
  await ada.getByRole("button", { name: "Use single sign-on" }).click();
  await ada.getByLabel("Work email or organization id").fill("ada@nowhere.example");
  await ada.getByRole("button", { name: "Continue" }).click();
  await ada.getByText("No single sign-on was found for this.").waitFor();
  expect(await faultsOf(ada, "sign-in-sso")).toEqual([]);
  await ada.getByLabel("Work email or organization id").fill("ada.lovelace@acme.example");
  await ada.getByRole("button", { name: "Continue" }).click();
  await signInAtProvider(ada, "ada.lovelace@acme.example");
  await atScreen(ada, "Only owners can open the settings");
  expect(new URL(ada.url()).pathname).toBe("/members");
});

test("a sign-in that is refused shows the reason", async ({ acme, idp }) => {
  await withRequiredSso(acme, idp);
  const stranger = await visit(acme, `/sso/${acme.organizationId}/start`);
  await signInAtProvider(stranger, "stranger@acme.example");
  await stranger.getByText("No active member of this organization has the email address").waitFor();
  expect(await faultsOf(stranger, "sign-in-sso-refused")).toEqual([]);
});

test("switching from an organization with a password leads to the identity provider of this one", async ({
  acme,
  idp,
}) => {
  await withRequiredSso(acme, idp);
  const nina = (await acme.organization("Nina Works", "nina.member@acme.example")).owner;
  await addMember(acme, "Nina", "Member");
  const page = await visitAs(acme, nina);
  await page.getByRole("button", { name: /^Organization/ }).click();
  await page.getByRole("menuitemradio", { name: "Acme" }).click();
  await signInAtProvider(page, nina.email);
  await atScreen(page, "Acme");
  expect(new URL(page.url()).pathname).toBe("/");
});

test("provisioning is turned on without a confirmation where single sign-on is set up", async ({ acme, idp }) => {
  const page = await withRequiredSso(acme, idp);
  await page.goto("/settings/provisioning");
  await page.getByRole("button", { name: "Turn on…" }).click();
  await dialogOf(page).waitFor();
  expect(await page.getByRole("checkbox").count()).toBe(0);
  expect(await faultsOf(page, "dialog-turn-on-with-sso")).toEqual([]);
  await dialogOf(page).getByRole("button", { name: "Turn on", exact: true }).click();
  await seen(page, "Provisioning is on.");
});

// Sign-in from Okta's dashboard: an unsolicited response restarts the sign-in, across sites with the browser's cookies.
test("a click on the provider's tile signs in, and ends the session that the browser had", async ({ acme, idp }) => {
  await withSso(acme, idp);
  await addMember(acme, "Ada", "Lovelace");
  const page = await visitAs(acme, acme.owner);
  const audience = `${acme.appUrl}/sso/${acme.organizationId}`;
  const email = "ada.lovelace@acme.example";
  const tile = new URL("/tile", idp.metadataUrl);
  tile.hostname = "localhost";
  tile.search = new URLSearchParams({ acs: `${audience}/acs`, audience, email }).toString();
  await page.goto(tile.href);
  await signInAtProvider(page, email);
  await page.getByRole("button", { name: "Account of Ada Lovelace" }).waitFor();
  const open = await acme.sql("select method from session where ended_at is null order by id desc limit 1", []);
  expect(open).toEqual([{ method: "sso" }]);
  const ownersLeft =
    "select 1 from session s join account a on a.id = s.account_id where a.email = $1 and s.ended_at is null";
  expect(await acme.sql(ownersLeft, [acme.owner.email])).toHaveLength(1);
});
