import type { Page } from "playwright-core";
import { expect } from "vitest";
import { atScreen, dialogOf, mutate, seen, signedIn, visitAs } from "./actions.ts";
import { directory, patchOf } from "./directory.ts";
import { type Acme, test } from "./fixture.ts";
import { faultsOf, keepPart } from "./page-checks.ts";

const checkOf = (page: Page, title: string) =>
  page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: title }) });
/** The announcement of how many of the provider's first requests have arrived. */
const progressOf = (page: Page) => page.locator("output").filter({ hasText: /seen|Waiting for the first request/ });
const follow = (page: Page, name: string) => page.getByRole("link", { name, exact: true }).click();
const copied = (page: Page) => page.evaluate(() => navigator.clipboard.readText());
const atStep = (page: Page, title: string) => page.getByRole("heading", { level: 2, name: title }).waitFor();

/** A page of Acme's owner, who has chosen Okta in the setup; no screen is open yet. */
async function withOkta(acme: Acme): Promise<Page> {
  const page = await signedIn(acme, acme.owner);
  await mutate(page, "setup.choose", { provider: "okta" });
  return page;
}

/** The same with every step done before the provider's first request, which uses `token`. */
async function readyForRequests(acme: Acme): Promise<{ readonly page: Page; readonly token: string }> {
  const page = await withOkta(acme);
  await acme.verifyDomain("acme.example");
  await acme.enableProvisioning();
  return { page, token: await acme.issueToken("Okta") };
}

test("AR-01 an empty organization leads to the setup, and so does the old address of the guide", async ({ acme }) => {
  const page = await visitAs(acme, acme.owner, "/settings/provisioning");
  await atScreen(page, "Provisioning");
  await seen(page, "Set up in five minutes");
  expect(await faultsOf(page, "provisioning-new")).toEqual([]);
  await follow(page, "Start the setup");
  await atScreen(page, "Set up provisioning");
  await page.goto("/settings/provisioning/guide");
  await atScreen(page, "Set up provisioning");
  await atStep(page, "Choose your identity provider");
  expect(await faultsOf(page, "setup-provider")).toEqual([]);
  await page.getByRole("button", { name: "Okta" }).focus();
  await page.keyboard.press("Enter");
  await atStep(page, "Before you start");
});

test("the prerequisites are checked live, provisioning is turned on, and a token is shown once", async ({ acme }) => {
  const page = await withOkta(acme);
  await page.goto("/setup?step=prerequisites");
  await checkOf(page, "Break-glass owner").getByText("Done", { exact: true }).waitFor();
  await checkOf(page, "Verified domain").getByText("None yet.").waitFor();
  expect(await faultsOf(page, "setup-prerequisites")).toEqual([]);
  await acme.verifyDomain("acme.example");
  await checkOf(page, "Verified domain").getByText("acme.example: your directory").waitFor();
  await checkOf(page, "Single sign-on").getByRole("link", { name: "Set up single sign-on" }).waitFor();
  await follow(page, "Skip for now");
  await atStep(page, "Choose a role, and turn provisioning on");
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(
    "Choose a role, and turn provisioning on",
  );
  await checkOf(page, "Default role").getByText("Members", { exact: true }).waitFor();
  expect(await faultsOf(page, "setup-turn-on")).toEqual([]);
  await page.getByRole("button", { name: "Turn on…" }).click();
  await dialogOf(page).getByRole("checkbox").check();
  await keepPart(dialogOf(page), "turn-on");
  await dialogOf(page).getByRole("button", { name: "Turn on" }).click();
  await checkOf(page, "Provisioning").getByText("Turned on").waitFor();
  await follow(page, "Continue");
  await atStep(page, "Connect your identity provider");
  await page.getByRole("button", { name: "Generate token" }).click();
  await dialogOf(page).getByLabel("Name").fill("Okta");
  await dialogOf(page).getByRole("button", { name: "Generate" }).click();
  const token = (await dialogOf(page).locator("code").textContent()) ?? "";
  await keepPart(dialogOf(page), "token");
  await dialogOf(page).getByRole("button", { name: "I have stored it" }).click();
  await checkOf(page, "SCIM token").getByText(token.slice(0, 8)).waitFor();
  await follow(page, "Continue");
  await atStep(page, "See it work");
});

test("the fields of each provider are shown and copied exactly", async ({ acme }) => {
  const page = await withOkta(acme);
  await page.goto("/setup?step=connect");
  const values = page.getByRole("region", { name: "Enter the address and the token" });
  await keepPart(values, "okta-values");
  await page.getByRole("button", { name: "Copy SCIM connector base URL" }).click();
  expect(await copied(page)).toBe(acme.scimUrl);
  await page.getByRole("button", { name: "Copy Unique identifier field for users" }).click();
  expect(await copied(page)).toBe("userName");
  await page
    .getByText(/Drawing of the form “Okta, Provisioning, Integration”.*1: the field SCIM connector base URL/)
    .waitFor();
  const steps = page.getByRole("navigation", { name: "Steps of the setup" }).getByRole("link");
  for (const [name, shot, field, ending] of [
    ["Microsoft Entra ID", "entra", "Tenant URL", "?aadOptscim062020"],
    ["Another provider", "other", "SCIM base URL", ""],
  ] as const) {
    await steps.first().click();
    await page.getByRole("button", { name }).click();
    await atStep(page, "Before you start");
    await steps.nth(3).click();
    if (shot === "entra") await keepPart(values, "entra-values");
    await page.getByRole("button", { name: `Copy ${field}` }).click();
    expect(await copied(page)).toBe(`${acme.scimUrl}${ending}`);
    expect(await faultsOf(page, `setup-connect-${shot}`)).toEqual([]);
  }
});

test("an owner who signs in with another browser continues at the first open step and can share it", async ({
  acme,
}) => {
  await readyForRequests(acme);
  const page = await visitAs(acme, acme.owner, "/setup");
  await atStep(page, "See it work");
  expect(page.url()).toContain("/setup?step=validate");
  await page.getByRole("button", { name: "Share with another owner" }).click();
  expect(await copied(page)).toBe(`${acme.appUrl}/setup?step=validate&organization=${acme.organizationId}`);
});

test("a link to the setup of another organization offers to switch to it, but only to its members", async ({
  acme,
}) => {
  const page = await withOkta(acme);
  const labs = await acme.organization("Acme Labs", acme.owner.email);
  await page.goto(`/setup?step=connect&organization=${labs.id}`);
  await seen(page, "The link that you followed is for Acme Labs. Below is Acme.");
  expect(await faultsOf(page, "setup-other-organization")).toEqual([]);
  await page.getByRole("button", { name: "Change to Acme Labs" }).click();
  await page.getByRole("button", { name: "Organization Acme Labs, change" }).waitFor();
  await atStep(page, "Choose your identity provider");
  const rival = await acme.organization("Rival", "rita.rival@rival.example");
  const theirs = await visitAs(acme, rival.owner, `/setup?step=connect&organization=${labs.id}`);
  await theirs.getByText("for an organization that you are not in").waitFor();
});

test("shows a hint after a minute without requests, and refused requests with their reason", async ({ acme }) => {
  const { page, token } = await readyForRequests(acme);
  await page.goto("/setup?step=validate");
  await checkOf(page, "Credentials tested").getByText("Waiting").waitFor();
  const hint = page.getByText("The token: copy all 54 characters");
  expect(await hint.isVisible()).toBe(false);
  const age = (table: string, column: string) =>
    acme.sql(`update ${table} set ${column} = ${column} - interval '2 minutes' where organization_id = $1`, [
      acme.organizationId,
    ]);
  await age("setup", "started_at");
  await age("scim_token", "created_at");
  await seen(page, "Nothing has arrived yet. What to look at");
  await hint.waitFor();
  expect(await faultsOf(page, "setup-validate-silent")).toEqual([]);
  await directory(acme.scimUrl, token).request("GET", "/Users?filter=userName%20sounds%20%22like%22");
  await seen(page, "A request was refused.");
  await page.getByText(token.slice(0, 8)).first().waitFor();
  expect(await faultsOf(page, "setup-validate-refused")).toEqual([]);
  await progressOf(page).getByText("Waiting for the first request.").waitFor({ state: "attached" });
  await expect.poll(() => page.getByRole("button", { name: "Finish the setup" }).isDisabled()).toBe(true);
});

test("the provider’s first requests are shown live, and the setup is finished and started again", async ({ acme }) => {
  const { page, token } = await readyForRequests(acme);
  const okta = directory(acme.scimUrl, token);
  await page.goto("/setup?step=validate");
  await okta.request("GET", "/Users?startIndex=1&count=1");
  await checkOf(page, "Credentials tested")
    .getByText(/Okta SCIM Client 1\.0\.0 from .*127\.0\.0\.1 tested the credentials \d+ seconds? ago/)
    .waitFor();
  expect(await progressOf(page).textContent()).toMatch(/^1 of 3 seen\. Okta SCIM Client/);
  const ada = await okta.addPerson("Ada", "Lovelace", "acme.example");
  await checkOf(page, "First user created")
    .getByText(/Ada Lovelace was created \d+ seconds? ago/)
    .waitFor();
  expect(await faultsOf(page, "setup-validate-half")).toEqual([]);
  await okta.request("PATCH", `/Users/${ada}`, patchOf({ op: "replace", value: { active: false } }));
  await checkOf(page, "First deactivation seen")
    .getByText(/Ada Lovelace was deactivated \d+ seconds? ago/)
    .waitFor();
  expect(await progressOf(page).textContent()).toBe("3 of 3 seen. Ada Lovelace was deactivated.");
  expect(await faultsOf(page, "setup-validate-green")).toEqual([]);
  await keepPart(page.getByRole("region", { name: "See it work" }), "validate");
  await page.getByRole("button", { name: "Finish the setup" }).click();
  await seen(page, "What happens from now on");
  expect(await faultsOf(page, "setup-finished")).toEqual([]);
  await follow(page, "Provisioning");
  await atScreen(page, "Provisioning");
  await page.getByRole("link", { name: "Setup guide", exact: true }).waitFor();
  expect(await page.getByRole("link", { name: /the setup$/ }).count()).toBe(0);
  await follow(page, "Setup guide");
  await page.getByRole("button", { name: "Start again" }).click();
  await atStep(page, "Choose your identity provider");
  await follow(page, "Activity");
  await seen(page, "started the setup of provisioning again");
  await seen(page, "chose Okta in the setup of provisioning");
});
