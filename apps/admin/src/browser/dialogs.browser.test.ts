import { expect } from "vitest";
import { visitAs } from "./actions.ts";
import { test } from "./fixture.ts";
import { faultsOf } from "./looks.ts";

// Guards the same as the screens' tests for the dialogs of the provisioning screen, which hold its dangerous actions.
test("the dialogs for tokens and for an owners’ default role have no faults", async ({ acme }) => {
  await acme.enableProvisioning();
  await acme.issueToken("Okta production");
  const page = await visitAs(acme, acme.owner, "/settings/provisioning");
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

test("a token that is shown, and provisioning turned off and on, have no faults", async ({ acme }) => {
  await acme.enableProvisioning();
  await acme.issueToken("Okta production");
  const page = await visitAs(acme, acme.owner, "/settings/provisioning");
  const dialog = page.getByRole("dialog");
  await page.getByRole("button", { name: "Generate token" }).click();
  await dialog.getByLabel("Name").fill("Looked at");
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
  await dialog.waitFor();
  expect(await faultsOf(page, "dialog-turn-on")).toEqual([]);
});
