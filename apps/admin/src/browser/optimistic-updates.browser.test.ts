import type { Page } from "playwright-core";
import { expect } from "vitest";
import { mutate, visitAs } from "./actions.ts";
import { failureOf } from "./network.ts";
import { type Acme, test } from "./fixture.ts";
import { faultsOf } from "./page-checks.ts";

// Changes are shown before the response and reverted if the request fails.

/** Acme with one managed member, Ada. */
async function withAda(acme: Acme): Promise<string> {
  await acme.enableProvisioning();
  return (await acme.directory("Okta")).addPerson("Ada", "Managed", "acme.example");
}

/** Holds the response back until `isShown` is true, then fails it. */
async function failing(
  page: Page,
  name: string,
  act: () => Promise<void>,
  isShown: () => Promise<void>,
): Promise<void> {
  const held = Promise.withResolvers<void>();
  await page.route(`**/trpc/${name}?**`, async (route) => {
    await held.promise;
    await route.fulfill({ status: 500, json: [failureOf(name)] });
  });
  await act();
  await isShown();
  held.resolve();
  await page.getByRole("alert").getByText("Something went wrong on our side.").waitFor();
  await page.unroute(`**/trpc/${name}?**`);
}

test("a switch changes at once, and back when the request fails", async ({ acme }) => {
  await acme.enableProvisioning();
  const page = await visitAs(acme, acme.owner, "/settings/provisioning");
  const control = page.getByRole("switch", { name: "Identity provider only" });
  const isOn = async (expected: boolean): Promise<void> => {
    await expect.poll(() => control.isChecked()).toBe(expected);
  };
  await failing(
    page,
    "provisioning.setRemovalPolicy",
    () => control.press("Space"),
    () => isOn(true),
  );
  await isOn(false);
  await control.press("Space");
  await isOn(true);
  expect(await page.getByRole("alert").count()).toBe(0);
});

test("a role’s checkbox changes at once, and back when the request fails, and keeps the focus", async ({ acme }) => {
  const page = await visitAs(acme, acme.owner, `/members/${await withAda(acme)}`);
  const box = page.getByRole("checkbox", { name: "Deploy Owners" });
  const isHeld = async (expected: boolean): Promise<void> => {
    await expect.poll(() => box.isChecked()).toBe(expected);
  };
  const changes = [
    ["members.grantRole", false, "Ada Managed has the role Deploy Owners."],
    ["members.revokeRole", true, "Ada Managed no longer has Deploy Owners."],
  ] as const;
  for (const [name, wasHeld, notice] of changes) {
    await failing(
      page,
      name,
      () => box.press("Space"),
      () => isHeld(!wasHeld),
    );
    await isHeld(wasHeld);
    await box.press("Space");
    await page.getByText(notice, { exact: true }).waitFor();
    expect(await box.evaluate((element) => element === document.activeElement)).toBe(true);
  }
  await page.getByRole("button", { name: "Undo" }).last().click();
  await isHeld(true);

  // Making an owner needs a confirmation and can be undone.
  const owners = page.getByRole("checkbox", { name: "Account Owners" });
  await owners.press("Space");
  const dialog = page.getByRole("dialog", { name: "Make Ada Managed an owner?" });
  await dialog.waitFor();
  expect(await faultsOf(page, "dialog-make-owner")).toEqual([]);
  await expect.poll(() => owners.isChecked()).toBe(false);
  await dialog.getByRole("button", { name: "Make an owner" }).click();
  await page.getByText("Ada Managed has the role Account Owners.", { exact: true }).waitFor();
  await expect.poll(() => owners.isChecked()).toBe(true);
  await page.getByRole("button", { name: "Undo" }).last().click();
  await expect.poll(() => owners.isChecked()).toBe(false);
});

test.for([
  ["locks.setExemption", "/settings/provisioning", "End the exemption of Ada Managed"],
  ["sso.removeExemption", "/settings/sso", "Remove Ada Managed"],
] as const)(
  "%s: the removed entry disappears at once, and returns when the request fails",
  async ([name, path, label], { acme, idp }) => {
    const ada = await withAda(acme);
    const page = await visitAs(acme, acme.owner, path);
    await mutate(page, "locks.setExemption", { memberId: ada, isExempt: true });
    await mutate(page, "sso.configure", { metadataUrl: idp.metadataUrl });
    await mutate(page, "sso.addExemption", { memberId: ada });
    await page.reload();
    const button = page.getByRole("button", { name: label });
    await failing(
      page,
      name,
      () => button.press("Enter"),
      () => button.waitFor({ state: "detached" }),
    );
    await button.waitFor();
    await button.press("Enter");
    await page.getByRole("status").filter({ hasText: "Ada Managed" }).waitFor();
    expect(await button.count()).toBe(0);
    expect(await page.evaluate(() => document.activeElement?.tagName)).not.toBe("BODY");
  },
);
