import "@rollcall/local-postgres/vitest-global-setup";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { faultsOf, visitAs } from "./acts.ts";
import { openStage, type Stage } from "./stage.ts";

// Guards the same as the screens' tests for the dialogs of the provisioning screen, which hold its dangerous acts.
let stage: Stage;
let page: Page;

beforeAll(async () => {
  stage = await openStage(inject("postgresUrl"));
  await stage.operate("provisioning", "enable", "--org", stage.organizationId, "--acknowledge-no-sso");
  await stage.directory("Okta production");
  page = await visitAs(stage, stage.owner);
});

afterAll(async () => stage?.close());

test("the dialogs of the provisioning screen", async () => {
  await page.goto("/settings/provisioning");
  const dialog = page.getByRole("dialog");
  const openings = [
    ["Generate token", "dialog-generate"],
    ["Rotate Okta production", "dialog-rotate"],
    ["Revoke Okta production", "dialog-revoke"],
  ] as const;
  for (const [button, name] of openings) {
    await page.getByRole("button", { name: button }).click();
    await dialog.waitFor();
    expect(await faultsOf(page, name)).toEqual([]);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
  }
  await page.getByRole("combobox", { name: "Default role" }).selectOption({ label: "Account Owners" });
  await page.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor();
  expect(await faultsOf(page, "dialog-owner-role")).toEqual([]);
});

test("a token that is shown, and provisioning turned off and on", async () => {
  await page.goto("/settings/provisioning");
  await page.getByRole("button", { name: "Generate token" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill("Looked at");
  await page.getByRole("button", { name: "Generate", exact: true }).click();
  await page.getByText("Copy the token now").waitFor();
  expect(await faultsOf(page, "dialog-token")).toEqual([]);
  await page.getByRole("button", { name: "I have stored it" }).click();
  await page.getByRole("button", { name: "Turn off…" }).click();
  await page.getByLabel("Type Acme to confirm").fill("Acme");
  await page.getByRole("button", { name: "Turn off", exact: true }).click();
  await page.getByRole("button", { name: "Turn on…" }).waitFor();
  expect(await faultsOf(page, "provisioning-off")).toEqual([]);
  await page.getByRole("button", { name: "Turn on…" }).click();
  await page.getByRole("dialog").waitFor();
  expect(await faultsOf(page, "dialog-turn-on")).toEqual([]);
});
