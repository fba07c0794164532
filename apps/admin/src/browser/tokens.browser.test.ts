import "@rollcall/local-postgres/vitest-global-setup";
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { atScreen, faultsOf, visitAs } from "./acts.ts";
import { directory } from "./directory.ts";
import { openStage, type Stage } from "./stage.ts";

// Guards how owners exchange a token without a gap, and what they see when one has leaked. One story in order.
let stage: Stage;
let page: Page;

beforeAll(async () => {
  stage = await openStage(inject("postgresUrl"));
  await stage.operate("provisioning", "enable", "--org", stage.organizationId, "--acknowledge-no-sso");
  await (await stage.directory("Okta")).addPerson("Lena", "Leaked", "acme.example");
  page = await visitAs(stage, stage.owner, "/settings/provisioning");
});
afterAll(async () => stage?.close());

const dialog = () => page.getByRole("dialog");
const watch = () => page.getByRole("region", { name: "Rotations under way" });

test("every screen says that a token expires soon, until it is rotated", async () => {
  const banner = page.getByRole("region", { name: "Tokens that expire soon" });
  await atScreen(page, "Provisioning");
  expect(await banner.count()).toBe(0);
  const text = "update scim_token set expires_at = now() + interval '6 days 1 hour' where organization_id = $1";
  await stage.sql(text, [stage.organizationId]);
  await page.goto("/members");
  await banner.getByText("The SCIM token Okta expires in 6 days").waitFor();
  expect(await faultsOf(page, "token-expires")).toEqual([]);
  await banner.getByRole("link", { name: "Rotate it" }).click();
  await atScreen(page, "Provisioning");
});

test("a rotation waits for the new token’s first call and then offers to end the old one", async () => {
  await page.getByRole("button", { name: "Rotate Okta" }).click();
  await dialog().getByRole("button", { name: "Rotate", exact: true }).click();
  const token = (await dialog().locator("code").textContent()) ?? "";
  await dialog().getByRole("button", { name: "I have stored it" }).click();
  await watch().getByText("Waiting for the first call").waitFor();
  expect(await page.getByRole("region", { name: "Tokens that expire soon" }).count()).toBe(0);
  expect(await faultsOf(page, "rotation-waits")).toEqual([]);
  await directory(stage.scimUrl, token).addPerson("Nora", "Next", "acme.example");
  await watch().getByText("is in use").waitFor();
  expect(await faultsOf(page, "rotation-in-use")).toEqual([]);
  await watch().getByRole("button", { name: "End the old one now: Okta" }).click();
});

test("a token that may have leaked is revoked, and what it did is on the screen", async () => {
  await dialog().getByRole("combobox", { name: "And then" }).selectOption("Show what it did in the last day");
  expect(await faultsOf(page, "dialog-revoke")).toEqual([]);
  await dialog().getByRole("button", { name: "Revoke", exact: true }).click();
  await atScreen(page, "Activity");
  const entries = page.getByRole("list", { name: "Activity, newest first" });
  await entries.getByText("Lena Leaked").first().waitFor();
  expect(await entries.getByText("Nora Next").count()).toBe(0);
  await page.getByText("Only what the token Okta did since").waitFor();
  expect(await faultsOf(page, "activity-of-token")).toEqual([]);
  await page.reload();
  await page.getByRole("button", { name: "Show everything" }).click();
  await entries.getByText("Nora Next").first().waitFor();
});

test("the list as it is filtered is carried away as a file", async () => {
  await page.getByRole("switch", { name: "Refused only" }).check();
  await page.getByRole("button", { name: "Export" }).click();
  await page.getByRole("menuitem", { name: "JSON, for programs" }).waitFor();
  expect(await faultsOf(page, "export")).toEqual([]);
  const started = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: "CSV, for spreadsheets" }).click();
  const file = await started;
  expect(file.suggestedFilename()).toMatch(/^rollcall-activity-[-\d]+\.csv$/);
  expect(file.url()).toContain("/export/activity.csv?outcome=refused");
  expect(readFileSync(await file.path(), "utf8")).toMatch(/^id,at,what,kind,refusal/);
});
