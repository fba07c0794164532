import "@rollcall/local-postgres/vitest-global-setup";
import { startTestIdp, type TestIdp } from "@rollcall/api/test-idp";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { visitAs } from "./acts.ts";
import { failureOf } from "./answers.ts";
import { openStage, type Stage } from "./stage.ts";

// Guards what is shown before the server has answered: at once, and taken back with the reason where it says no.
let stage: Stage;
let idp: TestIdp;
let page: Page;
let ada: string;

beforeAll(async () => {
  stage = await openStage(inject("postgresUrl"));
  await stage.operate("provisioning", "enable", "--org", stage.organizationId, "--acknowledge-no-sso");
  ada = await (await stage.directory("Okta")).addPerson("Ada", "Managed", "acme.example");
  page = await visitAs(stage, stage.owner, "/settings/provisioning");
  await ask("locks.setExemption", { memberId: ada, isExempt: true });
  idp = await startTestIdp();
  await ask("sso.configure", { metadataUrl: idp.metadataUrl });
  await ask("sso.addExemption", { memberId: ada });
});
afterAll(async () => {
  await idp?.close();
  await stage?.close();
});

async function ask(name: string, data: object): Promise<void> {
  const answer = await page.request.post(`/trpc/${name}`, { data, headers: { "x-rollcall-client": "test" } });
  expect(answer.status(), await answer.text()).toBe(200);
}

/** Lets the server's answer wait while `isShown` looks, and then be a refusal. */
async function refused(name: string, act: () => Promise<void>, isShown: () => Promise<void>): Promise<void> {
  let answer = (): void => undefined;
  const isLooked = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route(`**/trpc/${name}?**`, async (route) => {
    await isLooked;
    await route.fulfill({ status: 500, json: [failureOf(name)] });
  });
  await act();
  await isShown();
  answer();
  await page.getByRole("alert").getByText("Something went wrong on our side.").waitFor();
  await page.unroute(`**/trpc/${name}?**`);
}

test.each([
  ["provisioning.setGuard", "Stop mass removals", true],
  ["provisioning.setRemovalPolicy", "Identity provider only", false],
])("%s: the switch goes over at once, and back", async (name, label, wasOn) => {
  await page.goto("/settings/provisioning");
  const control = page.getByRole("switch", { name: label });
  await refused(
    name,
    () => control.press("Space"),
    async () => {
      await expect.poll(() => control.isChecked()).toBe(!wasOn);
    },
  );
  await expect.poll(() => control.isChecked()).toBe(wasOn);
  await control.press("Space");
  await expect.poll(() => control.isChecked()).toBe(!wasOn);
  expect(await page.getByRole("alert").count()).toBe(0);
});

test.each([
  ["members.grantRole", "Account Owners", false],
  ["members.revokeRole", "Account Owners", true],
])("%s: a tick shows at once, goes back, and the focus stays", async (name, label, wasHeld) => {
  await page.goto(`/members/${ada}`);
  const box = page.getByRole("checkbox", { name: label });
  await refused(
    name,
    () => box.press("Space"),
    async () => {
      await expect.poll(() => box.isChecked()).toBe(!wasHeld);
    },
  );
  await expect.poll(() => box.isChecked()).toBe(wasHeld);
  await box.press("Space");
  await page.getByText(/^Ada Managed (has the role|no longer has) Account Owners\.$/).waitFor();
  expect(await box.evaluate((element) => element === document.activeElement)).toBe(true);
});

test.each([
  ["locks.setExemption", "/settings/provisioning", "End the exemption of Ada Managed"],
  ["sso.removeExemption", "/settings/sso", "Remove Ada Managed"],
])("%s: who is taken off the list is gone at once, and back", async (name, path, label) => {
  await page.goto(path);
  const button = page.getByRole("button", { name: label });
  await refused(
    name,
    () => button.press("Enter"),
    () => button.waitFor({ state: "detached" }),
  );
  await button.waitFor();
  await button.press("Enter");
  await page.getByRole("status").filter({ hasText: "Ada Managed" }).waitFor();
  expect(await button.count()).toBe(0);
  expect(await page.evaluate(() => document.activeElement?.tagName)).not.toBe("BODY");
});
