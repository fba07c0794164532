import "@rollcall/local-postgres/vitest-global-setup";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { atScreen, faultsOf, visit, visitAs, signIn } from "./acts.ts";
import { type Directory, directory } from "./directory.ts";
import { requiredText } from "./printed.ts";
import { openStage, type Stage } from "./stage.ts";

// Guards that an owner who has never heard of SCIM connects a provider and sees it work. One story in order.
let stage: Stage;
let page: Page;
let okta: Directory;
let token: string;

beforeAll(async () => {
  stage = await openStage(inject("postgresUrl"));
  page = await visitAs(stage, stage.owner, "/settings/provisioning");
});
afterAll(async () => stage?.close());

const dialog = () => page.getByRole("dialog");
const check = (title: string) => page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: title }) });
const seen = (text: string | RegExp) => page.getByText(text).first().waitFor();
const go = (name: string) => page.getByRole("link", { name, exact: true }).click();
const atStep = (title: string) => page.getByRole("heading", { level: 2, name: title }).waitFor();

test("AR-01 an empty organization leads into the set-up, and the old address of the guide does", async () => {
  await atScreen(page, "Provisioning");
  await seen("Set up in five minutes");
  expect(await faultsOf(page, "provisioning-new")).toEqual([]);
  await go("Start the set-up");
  await atScreen(page, "Set up provisioning");
  await page.goto("/settings/provisioning/guide");
  await atScreen(page, "Set up provisioning");
  await atStep("Choose your identity provider");
  expect(await faultsOf(page, "setup-provider")).toEqual([]);
  await page.getByRole("button", { name: "Okta" }).focus();
  await page.keyboard.press("Enter");
  await atStep("Have these three ready");
});

test("the prerequisites are looked at while the owner is elsewhere", async () => {
  await check("Break-glass owner").getByText("Done", { exact: true }).waitFor();
  await check("Verified domain").getByText("None yet.").waitFor();
  expect(await faultsOf(page, "setup-prerequisites")).toEqual([]);
  await stage.operate("domain", "verify", "--org", stage.organizationId, "--domain", "acme.example");
  await check("Verified domain").getByText("acme.example: your directory").waitFor();
  await check("Single sign-on").getByRole("link", { name: "Set up single sign-on" }).waitFor();
  await go("Continue all the same");
  await atStep("Choose a role, and turn provisioning on");
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(
    "Choose a role, and turn provisioning on",
  );
});

test("provisioning is turned on with the default role", async () => {
  await check("Default role").getByText("Members", { exact: true }).waitFor();
  expect(await faultsOf(page, "setup-turn-on")).toEqual([]);
  await page.getByRole("button", { name: "Turn on…" }).click();
  await dialog().getByRole("checkbox").check();
  await dialog().getByRole("button", { name: "Turn on" }).click();
  await check("Provisioning").getByText("On since").waitFor();
  await go("Continue");
  await atStep("Connect your identity provider");
});

test("Okta’s fields are copied exactly, and the token is shown once", async () => {
  await page.getByRole("button", { name: "Copy SCIM connector base URL" }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(stage.scimUrl);
  await page.getByRole("button", { name: "Copy Unique identifier field for users" }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("userName");
  await page
    .getByText(/Drawing of the form “Okta, Provisioning, Integration”.*1: the field SCIM connector base URL/)
    .waitFor();
  expect(await faultsOf(page, "setup-connect-okta")).toEqual([]);
  await page.getByRole("button", { name: "Generate token" }).click();
  await dialog().getByLabel("Name").fill("Okta");
  await dialog().getByRole("button", { name: "Generate" }).click();
  token = (await dialog().locator("code").textContent()) ?? "";
  await dialog().getByRole("button", { name: "I have stored it" }).click();
  await check("SCIM token").getByText(token.slice(0, 8)).waitFor();
  okta = directory(stage.scimUrl, token);
});

test("who comes back, in another browser, lands where it goes on", async () => {
  const elsewhere = await visit(stage, "/setup");
  await signIn(elsewhere, stage.owner);
  await elsewhere.getByRole("heading", { level: 2, name: "See it work" }).waitFor();
  expect(elsewhere.url()).toContain("/setup?step=validate");
  await elsewhere.context().close();
  await go("Continue");
  await atStep("See it work");
  await page.getByRole("button", { name: "Share with another owner" }).click();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toBe(`${stage.appUrl}/setup?step=validate&organization=${stage.organizationId}`);
});

test("after a while of silence it says what to look at, and a refused call says why", async () => {
  await check("Credentials tested").getByText("Waiting").waitFor();
  const hint = page.getByText("The token: the whole of it");
  expect(await hint.isVisible()).toBe(false);
  const ago = (table: string, column: string) =>
    stage.sql(`update ${table} set ${column} = ${column} - interval '2 minutes' where organization_id = $1`, [
      stage.organizationId,
    ]);
  await ago("setup", "started_at");
  await ago("scim_token", "created_at");
  await seen("Nothing has arrived yet. What to look at");
  await hint.waitFor();
  expect(await faultsOf(page, "setup-validate-silent")).toEqual([]);
  await okta.call("GET", "/Users?filter=userName%20sounds%20%22like%22");
  await seen("A call was refused.");
  await page.getByText(token.slice(0, 8)).first().waitFor();
  expect(await faultsOf(page, "setup-validate-refused")).toEqual([]);
});

test("the panel turns green step by step with what the provider does", async () => {
  const said = page.locator("output").filter({ hasText: /seen|Waiting for the first call/ });
  await said.getByText("Waiting for the first call.").waitFor({ state: "attached" });
  expect(await page.getByRole("button", { name: "Finish the set-up" }).isDisabled()).toBe(true);
  await okta.call("GET", "/Users?startIndex=1&count=1");
  await check("Credentials tested")
    .getByText(/Okta SCIM Client 1\.0\.0 from .*127\.0\.0\.1 tested the credentials \d+ seconds? ago/)
    .waitFor();
  expect(await said.textContent()).toMatch(/^1 of 3 seen\. Okta SCIM Client/);
  const ada = await okta.addPerson("Ada", "Lovelace", "acme.example");
  await check("First user created")
    .getByText(/Ada Lovelace was created \d+ seconds? ago/)
    .waitFor();
  expect(await faultsOf(page, "setup-validate-half")).toEqual([]);
  await okta.call("PATCH", `/Users/${ada}`, {
    schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
    Operations: [{ op: "replace", value: { active: false } }],
  });
  await check("First deactivation seen")
    .getByText(/Ada Lovelace was deactivated \d+ seconds? ago/)
    .waitFor();
  expect(await said.textContent()).toBe("3 of 3 seen. Ada Lovelace was deactivated.");
  expect(await faultsOf(page, "setup-validate-green")).toEqual([]);
});

test("it is finished, says what happens from now on, and can be opened again", async () => {
  await page.getByRole("button", { name: "Finish the set-up" }).click();
  await seen("What happens from now on");
  expect(await faultsOf(page, "setup-finished")).toEqual([]);
  await page.goto("/settings/provisioning");
  await atScreen(page, "Provisioning");
  expect(await page.getByRole("link", { name: /the set-up$/ }).count()).toBe(0);
  await go("Set-up guide");
  await page.getByRole("button", { name: "Start again" }).click();
  await atStep("Choose your identity provider");
  await page.goto("/activity");
  await seen("started the set-up of provisioning again");
  await seen("chose Okta in the set-up of provisioning");
});

test.each([
  ["Microsoft Entra ID", "entra", "Tenant URL", "?aadOptscim062020"],
  ["Another provider", "other", "SCIM base URL", ""],
])("the fields of %s", async (name, shot, field, ending) => {
  await page.goto("/setup?step=provider");
  await page.getByRole("button", { name }).click();
  await atStep("Have these three ready");
  await page.goto("/setup?step=connect");
  await page.getByRole("button", { name: `Copy ${field}` }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${stage.scimUrl}${ending}`);
  expect(await faultsOf(page, `setup-connect-${shot}`)).toEqual([]);
});

test("a shared link says whose it is, and changes to that organization where that can be", async () => {
  const made = await stage.operate("org", "create", "--name", "Acme Labs", "--owner-email", stage.owner.email);
  const labs = requiredText(made, "organizationId");
  await page.goto(`/setup?step=connect&organization=${labs}`);
  await seen("The link that you followed is for Acme Labs. Below is Acme.");
  expect(await faultsOf(page, "setup-other-organization")).toEqual([]);
  await page.getByRole("button", { name: "Change to Acme Labs" }).click();
  await page.getByRole("button", { name: "Organization Acme Labs, change" }).waitFor();
  await atStep("Choose your identity provider");
  const stranger = (await stage.organization("Rival", "rita.rival@rival.example")).owner;
  const theirs = await visitAs(stage, stranger, `/setup?step=connect&organization=${labs}`);
  await theirs.getByText("for an organization that you are not in").waitFor();
  await theirs.context().close();
});
