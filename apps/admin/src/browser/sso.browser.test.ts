import "@rollcall/local-postgres/vitest-global-setup";
import { startTestIdp, type TestIdp } from "@rollcall/api/test-idp";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { atScreen, faultsOf, visit, visitAs } from "./acts.ts";
import { openStage, type Person, type Stage } from "./stage.ts";

// Guards the way to single sign-on and by it, with a real identity provider. The tests tell one story in order.
let stage: Stage;
let idp: TestIdp;
let page: Page;
let nina: Person;

beforeAll(async () => {
  stage = await openStage(inject("postgresUrl"));
  idp = await startTestIdp();
  const org = ["--org", stage.organizationId];
  await stage.operate("domain", "verify", ...org, "--domain", "acme.example");
  await stage.operate("provisioning", "enable", ...org, "--acknowledge-no-sso");
  nina = (await stage.organization("Nina Works", "nina.member@acme.example")).owner;
  const okta = await stage.directory("Okta");
  for (const [given, family] of [
    ["Ada", "Lovelace"],
    ["Grace", "Hopper"],
    ["Nina", "Member"],
  ] as const) {
    await okta.addPerson(given, family, "acme.example");
  }
  page = await visitAs(stage, stage.owner);
});

afterAll(async () => {
  await idp?.close();
  await stage?.close();
});

const seen = (text: string | RegExp) => page.getByText(text).first().waitFor();

/** Signs in on the identity provider's page. */
async function atProvider(there: Page, email: string): Promise<void> {
  await there.getByRole("heading", { name: "Test identity provider" }).waitFor();
  await there.getByLabel("E-mail").fill(email);
  await there.getByRole("button", { name: "Sign in" }).click();
}

test("AR-01 an owner opens Settings > SSO and names the identity provider", async () => {
  await page.getByRole("link", { name: "Single sign-on" }).click();
  await atScreen(page, "Single sign-on");
  await page.getByRole("button", { name: "Copy ACS URL" }).click();
  const copied: unknown = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toBe(`${stage.appUrl}/sso/${stage.organizationId}/acs`);
  expect(await page.getByRole("button", { name: "Require…" }).isDisabled()).toBe(true);
  expect(await faultsOf(page, "sso-empty")).toEqual([]);
  await page.getByLabel("Metadata URL").fill(`${idp.metadataUrl}/none`);
  await page.getByRole("button", { name: "Set up single sign-on" }).click();
  await seen("The address was answered with 404 instead of the metadata.");
  await page.getByLabel("As XML").check();
  await page.getByLabel("Metadata XML").fill("not XML");
  await page.getByRole("button", { name: "Set up single sign-on" }).click();
  await seen("This is no XML that Rollcall reads.");
  expect(await faultsOf(page, "sso-refused")).toEqual([]);
  await page.getByLabel("By its address").check();
  await page.getByLabel("Metadata URL").fill(idp.metadataUrl);
  await page.getByRole("button", { name: "Set up single sign-on" }).click();
  await seen("Not tested yet");
  expect(await faultsOf(page, "sso-set-up")).toEqual([]);
});

test("a test of the connection signs nobody in and reports plainly", async () => {
  await page.getByRole("button", { name: "Test connection…" }).click();
  const link = page.getByRole("link", { name: "Open the identity provider" });
  await link.waitFor();
  expect(await faultsOf(page, "dialog-sso-test")).toEqual([]);
  const [tab] = await Promise.all([page.context().waitForEvent("page"), link.click()]);
  await atProvider(tab, stage.owner.email);
  await tab.getByText(`Single sign-on works. The provider named ${stage.owner.email}.`).waitFor();
  expect(await faultsOf(tab, "sso-report")).toEqual([]);
  await tab.close();
  await page.getByRole("dialog").getByText("Single sign-on works.").waitFor();
  expect(await faultsOf(page, "dialog-sso-report")).toEqual([]);
  await page.getByRole("dialog").getByRole("button", { name: "Close", exact: true }).last().click();
  await seen(/^Tested$/);
});

test("AR-74 single sign-on is required, with a list of those who may use a password, on which no owner comes", async () => {
  await page.getByRole("button", { name: "Require…" }).click();
  await page.getByRole("dialog").waitFor();
  expect(await faultsOf(page, "dialog-sso-require")).toEqual([]);
  await page.getByRole("button", { name: "Require it" }).click();
  await seen("Single sign-on is required.");
  await page.getByRole("button", { name: "Add a person…" }).click();
  const search = page.getByLabel("Name or e-mail address");
  await search.fill("olive");
  await page.getByRole("button", { name: /^Add Olive/ }).click();
  await seen(/is an owner and may always sign in with a password/);
  await search.fill("grace");
  await page.getByRole("button", { name: "Add Grace Hopper" }).waitFor();
  expect(await faultsOf(page, "dialog-sso-exempt")).toEqual([]);
  await page.getByRole("button", { name: "Add Grace Hopper" }).click();
  await page.getByRole("row").filter({ hasText: "Grace Hopper" }).waitFor();
  expect(await faultsOf(page, "sso-required")).toEqual([]);
});

test("the dialogs that replace and remove, and letting passwords work again", async () => {
  const dialog = page.getByRole("dialog");
  for (const [button, name] of [
    ["Replace…", "dialog-sso-replace"],
    ["Remove…", "dialog-sso-remove"],
    ["No longer require…", "dialog-sso-no-longer"],
  ] as const) {
    await page.getByRole("button", { name: button }).click();
    await dialog.waitFor();
    expect(await faultsOf(page, name)).toEqual([]);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
  }
});

test("a member signs in by single sign-on and is led to where they wanted to go", async () => {
  const ada = await visit(stage, "/members");
  await atScreen(ada, "Sign in");
  await ada.getByRole("button", { name: "Use single sign-on" }).click();
  await ada.getByLabel("Work e-mail or organization id").fill("ada@nowhere.example");
  await ada.getByRole("button", { name: "Continue" }).click();
  await ada.getByText("No single sign-on was found for this.").waitFor();
  expect(await faultsOf(ada, "sign-in-sso")).toEqual([]);
  await ada.getByLabel("Work e-mail or organization id").fill("ada.lovelace@acme.example");
  await ada.getByRole("button", { name: "Continue" }).click();
  await atProvider(ada, "ada.lovelace@acme.example");
  await atScreen(ada, "Only owners can open the settings");
  expect(new URL(ada.url()).pathname).toBe("/members");
  await ada.context().close();
});

test("a refused sign-in says why, in words", async () => {
  const stranger = await visit(stage, `/sso/${stage.organizationId}/start`);
  await atProvider(stranger, "stranger@acme.example");
  await stranger.getByText("Nobody with the e-mail address that the identity provider gave").waitFor();
  expect(await faultsOf(stranger, "sign-in-sso-refused")).toEqual([]);
  await stranger.context().close();
});

test("who signs in elsewhere with a password is led to the identity provider for this organization", async () => {
  const there = await visitAs(stage, nina);
  await there.getByRole("button", { name: /^Organization/ }).click();
  await there.getByRole("menuitemradio", { name: "Acme" }).click();
  await atProvider(there, nina.email);
  await atScreen(there, "Acme");
  expect(new URL(there.url()).pathname).toBe("/");
  await there.context().close();
});

test("provisioning that has single sign-on asks for no word on it", async () => {
  await page.goto("/settings/provisioning");
  await page.getByRole("button", { name: "Turn off…" }).click();
  await page.getByLabel("Type Acme to confirm").fill("Acme");
  await page.getByRole("button", { name: "Turn off", exact: true }).click();
  await page.getByRole("button", { name: "Turn on…" }).click();
  await page.getByRole("dialog").waitFor();
  expect(await page.getByRole("checkbox").count()).toBe(0);
  expect(await faultsOf(page, "dialog-turn-on-with-sso")).toEqual([]);
  await page.getByRole("dialog").getByRole("button", { name: "Turn on", exact: true }).click();
  await seen("Provisioning is on.");
});
