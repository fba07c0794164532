import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { describe, expect } from "vitest";
import { atScreen, dialogOf, forbidCopying, requestsLogged, visitAs } from "./actions.ts";
import { controlClock, passTime } from "./chromium.ts";
import { type Directory, directory } from "./directory.ts";
import { type Acme, test } from "./fixture.ts";
import { faultsOf } from "./page-checks.ts";

/** The refetch interval of the tokens during a rotation. */
const refreshMs = 5000;
const rotationsOf = (page: Page) => page.getByRole("region", { name: "Rotations under way" });

/** Acme with a token that has added Lena, and its owner at `path`. */
async function withToken(acme: Acme, path: string): Promise<{ readonly page: Page; readonly okta: Directory }> {
  await acme.enableProvisioning();
  const okta = await acme.directory("Okta");
  await okta.addPerson("Lena", "Leaked", "acme.example");
  return { page: await visitAs(acme, acme.owner, path), okta };
}

// Owners rotate a token without downtime.
test("a rotation waits for the new token’s first request, then offers to end the old one", async ({ acme }) => {
  const { page } = await withToken(acme, "/settings/provisioning");
  const banner = page.getByRole("region", { name: "Tokens that expire soon" });
  await atScreen(page, "Provisioning");
  expect(await banner.count()).toBe(0);
  const text = "update scim_token set expires_at = now() + interval '6 days 23 hours' where organization_id = $1";
  await acme.sql(text, [acme.organizationId]);
  await controlClock(page);
  await page.goto("/members");
  await banner.getByText("The SCIM token Okta expires in 7 days").waitFor();
  expect(await faultsOf(page, "token-expires")).toEqual([]);
  await banner.getByRole("link", { name: "Rotate it" }).click();
  await atScreen(page, "Provisioning");
  await page.getByRole("button", { name: "Rotate Okta" }).click();
  await dialogOf(page).getByRole("button", { name: "Rotate", exact: true }).click();
  await forbidCopying(page);
  await dialogOf(page).getByRole("button", { name: "Copy token" }).click();
  const refusal = dialogOf(page).getByText("Copying is not allowed here. Select the text and copy it by hand.");
  expect((await refusal.boundingBox())?.height).toBeGreaterThan(10);
  const token = (await dialogOf(page).locator("code").textContent()) ?? "";
  await dialogOf(page).getByRole("button", { name: "I have stored it" }).click();
  await rotationsOf(page).getByText("Waiting for the first request").waitFor();
  expect(await banner.count()).toBe(0);
  expect(await faultsOf(page, "rotation-waits")).toEqual([]);
  await directory(acme.scimUrl, token).addPerson("Nora", "Next", "acme.example");
  await requestsLogged(acme, 2);
  await passTime(page, refreshMs, rotationsOf(page).getByText("is in use"));
  expect(await faultsOf(page, "rotation-in-use")).toEqual([]);
  await rotationsOf(page).getByRole("button", { name: "Revoke the old token now: Okta" }).click();
  const revoke = dialogOf(page).getByRole("button", { name: "Revoke", exact: true });
  await revoke.waitFor();
  const last = dialogOf(page).getByRole("checkbox", { name: "Revoke it anyway" });
  expect(await last.count()).toBe(0);
  await dialogOf(page).getByRole("button", { name: "Cancel" }).click();
  // Without the new token no token is left when the old one ends.
  await page.getByRole("button", { name: "Revoke Okta" }).first().click();
  await last.waitFor();
  await revoke.click();
  expect(await last.evaluate((box) => box.matches(":invalid"))).toBe(true);
  await dialogOf(page).getByText("The last other token ends on").waitFor();
  await last.check();
  expect(await faultsOf(page, "dialog-revoke-last")).toEqual([]);
  await revoke.click();
  await banner.getByText("it was rotated, and its successor was revoked").waitFor();
});

describe("a token that has leaked", () => {
  test("is revoked, and its activity is shown", async ({ acme }) => {
    const { page } = await withToken(acme, "/settings/provisioning");
    await (await acme.directory("Next")).addPerson("Nora", "Next", "acme.example");
    await page.reload();
    await page.getByRole("button", { name: "Revoke Okta" }).click();
    await dialogOf(page)
      .getByRole("combobox", { name: "After revoking" })
      .selectOption("Show what it did in the last day");
    expect(await faultsOf(page, "dialog-revoke")).toEqual([]);
    await dialogOf(page).getByRole("button", { name: "Revoke", exact: true }).click();
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

  test("leaves a list that is exported as it is filtered", async ({ acme }) => {
    const { page } = await withToken(acme, "/activity");
    await page.getByRole("switch", { name: "Refused only" }).check();
    await page.getByRole("button", { name: "Export" }).click();
    await page.getByRole("menuitem", { name: "JSON, for programs" }).waitFor();
    expect(await faultsOf(page, "export")).toEqual([]);
    const started = page.waitForEvent("download");
    await page.getByRole("menuitem", { name: "CSV, for spreadsheets" }).click();
    const file = await started;
    expect(file.suggestedFilename()).toMatch(/^rollcall-activity-[-\d]+\.csv$/);
    expect(file.url()).toContain("/export/activity.csv?outcome=refused");
    expect(readFileSync(await file.path(), "utf8")).toMatch(/^"id","at","what","kind","refusal"/);
  });
});
