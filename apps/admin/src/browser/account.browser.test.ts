import "@rollcall/local-postgres/vitest-global-setup";
import { generateSync } from "otplib";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { atScreen, faultsOf, visit, visitAs } from "./acts.ts";
import { openStage, type Person, type Stage } from "./stage.ts";

// Guards what people do with their own account, by role and label, and what they meet where a directory holds it. The
// tests tell one story in order.
let stage: Stage;
let page: Page;
let owner: Person;
/** Recovery codes that are left: the app's own code would have to wait for the next half minute. */
let spareCodes: readonly string[] = [];

beforeAll(async () => {
  stage = await openStage(inject("postgresUrl"));
  owner = stage.owner;
  page = await visitAs(stage, owner, "/account");
});
afterAll(async () => stage?.close());

const card = (name: string) => page.getByRole("region", { name });
const seen = (text: string | RegExp) => page.getByText(text).first().waitFor();

/** Follows the newest mail's link from the developer's letterbox, as somebody who is not signed in. */
async function followMail(subject: string): Promise<Page> {
  const visitor = await visit(stage, "/developer/mail");
  const mail = visitor.getByRole("listitem").filter({ hasText: subject }).first();
  await mail.getByRole("link").click();
  return visitor;
}

test("the account, its dialogs and the screens before signing in have no fault", async () => {
  await atScreen(page, "Your account");
  await card("Sessions").getByText("This browser").waitFor();
  expect(await faultsOf(page, "account")).toEqual([]);
  await card("Organizations").getByRole("button", { name: "Leave Acme" }).click();
  await page.getByRole("dialog", { name: "Leave Acme?" }).waitFor();
  expect(await faultsOf(page, "dialog-leave")).toEqual([]);
  await page.getByRole("button", { name: "Leave", exact: true }).click();
  await page.getByRole("dialog").getByText("is the last owner").waitFor();
  await page.getByRole("button", { name: "Cancel" }).click();
  const visitor = await visit(stage, "/forgot-password");
  await atScreen(visitor, "Forgot your password?");
  expect(await faultsOf(visitor, "forgot-password")).toEqual([]);
  await visitor.goto("/reset-password?token=x");
  await atScreen(visitor, "Set a new password");
  expect(await faultsOf(visitor, "reset-password")).toEqual([]);
  await visitor.goto("/confirm-email?token=x");
  await visitor.getByRole("button", { name: "Confirm the address" }).click();
  await visitor.getByText("This link no longer works").waitFor();
  expect(await faultsOf(visitor, "confirm-email")).toEqual([]);
  await visitor.context().close();
});

test("the password is changed, with a word on a weak one", async () => {
  await card("Password").getByLabel("Current password", { exact: true }).fill(owner.password);
  await card("Password").getByLabel("New password", { exact: true }).fill("password1234");
  await card("Password").getByRole("button", { name: "Change password" }).click();
  await card("Password").getByText("everybody tries first").waitFor();
  owner = { ...owner, password: "watercolour and yoghurt" };
  await card("Password").getByLabel("New password", { exact: true }).fill(owner.password);
  await card("Password").getByRole("button", { name: "Change password" }).click();
  await seen("Your password is changed.");
  expect(await card("Password").getByLabel("New password", { exact: true }).inputValue()).toBe("");
});

test("two-factor sign-in is turned on, asked for, and turned off", async () => {
  await card("Two-factor sign-in").getByRole("button", { name: "Turn on…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Continue" }).click();
  await dialog.getByRole("img", { name: "QR code for the authenticator app" }).waitFor();
  expect(await faultsOf(page, "dialog-two-factor")).toEqual([]);
  const secret = (await dialog.locator("code").textContent()) ?? "";
  await dialog.getByLabel("Code that the app shows").fill(generateSync({ secret }));
  await dialog.getByRole("button", { name: "Turn on" }).click();
  await page.getByRole("dialog", { name: "Your recovery codes" }).waitFor();
  expect(await faultsOf(page, "dialog-recovery-codes")).toEqual([]);
  const [code = "", ...others] = ((await dialog.locator("code").textContent()) ?? "").split("\n");
  spareCodes = others;
  await dialog.getByRole("button", { name: "I have stored them" }).click();
  await card("Two-factor sign-in").getByText("10 recovery codes are left.").waitFor();

  const visitor = await visit(stage, "/sign-in");
  await visitor.getByLabel("E-mail").fill(owner.email);
  await visitor.getByLabel("Password", { exact: true }).fill(owner.password);
  await visitor.getByRole("button", { name: "Sign in" }).click();
  await visitor.getByLabel("Code of your authenticator app").fill("000000");
  await visitor.getByRole("button", { name: "Sign in" }).click();
  await visitor.getByText("This code is not right").waitFor();
  expect(await faultsOf(visitor, "sign-in-code")).toEqual([]);
  await visitor.getByLabel("Code of your authenticator app").fill(code);
  await visitor.getByRole("button", { name: "Sign in" }).click();
  await visitor.getByRole("button", { name: /^Account of/ }).waitFor();

  await card("Sessions").getByRole("button", { name: "Log out the others" }).waitFor();
  await page.reload();
  await card("Sessions").getByRole("button", { name: "Log out the others" }).click();
  await seen("1 browser is signed out.");
  await visitor.reload();
  await atScreen(visitor, "Sign in");
  await visitor.context().close();

  await card("Two-factor sign-in").getByRole("button", { name: "Turn off…" }).click();
  await dialog.getByLabel("Password", { exact: true }).fill(owner.password);
  await dialog.getByLabel("Code of the app, or a recovery code").fill("wrong");
  await dialog.getByRole("button", { name: "Turn off" }).click();
  await dialog.getByText("This code is not right").waitFor();
  expect(await faultsOf(page, "dialog-two-factor-off")).toEqual([]);
  await dialog.getByRole("button", { name: "Cancel" }).click();
});

test("a new address counts once its link is followed; an old change can be withdrawn", async () => {
  await card("E-mail address").getByLabel("New e-mail address").fill("other@acme.example");
  await card("E-mail address").getByRole("button", { name: "Send the link" }).click();
  await page.getByRole("button", { name: "Withdraw the change to other@acme.example" }).click();
  await seen("The link no longer works.");
  await card("E-mail address").getByLabel("New e-mail address").fill("olive@acme.example");
  await card("E-mail address").getByRole("button", { name: "Send the link" }).click();
  await seen("Waiting for your confirmation");
  const visitor = await visit(stage, "/developer/mail");
  await atScreen(visitor, "Mails");
  await visitor.getByText("To olive@acme.example").waitFor();
  expect(await faultsOf(visitor, "developer-mail")).toEqual([]);
  await visitor.context().close();
  const follower = await followMail("Confirm your new e-mail address");
  await follower.getByRole("button", { name: "Confirm the address" }).click();
  await follower.getByText("Your e-mail address is olive@acme.example now.").waitFor();
  await follower.context().close();
  owner = { ...owner, email: "olive@acme.example" };
  await page.reload();
  await seen("You sign in as olive@acme.example.");
});

test("a forgotten password is set anew by a mail", async () => {
  const visitor = await visit(stage, "/sign-in");
  await visitor.getByRole("link", { name: "Forgot your password?" }).click();
  await atScreen(visitor, "Forgot your password?");
  await visitor.getByLabel("E-mail").fill(owner.email);
  await visitor.getByRole("button", { name: "Send the link" }).click();
  await visitor.getByText("a mail is on its way").waitFor();
  await visitor.context().close();
  const follower = await followMail("Set a new password");
  owner = { ...owner, password: "sandals under the piano" };
  await follower.getByLabel("New password", { exact: true }).fill(owner.password);
  await follower.getByRole("button", { name: "Set the password" }).click();
  await follower.getByRole("link", { name: "Sign in with it" }).click();
  await atScreen(follower, "Sign in");
  expect(new URL(follower.url()).search).toBe("");
  await follower.context().close();
});

test("AR-63 AR-64 AR-65 AR-66 what a directory holds is disabled and says who holds it and whom to ask", async () => {
  await stage.operate("provisioning", "enable", "--org", stage.organizationId, "--acknowledge-no-sso");
  await page.goto("/account");
  await page.getByLabel("E-mail").fill(owner.email);
  await page.getByLabel("Password", { exact: true }).fill(owner.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByLabel("Code of your authenticator app").fill(spareCodes[0] ?? "");
  await page.getByRole("button", { name: "Sign in" }).click();
  await atScreen(page, "Your account");
  for (const [region, words] of [
    ["E-mail address", "You cannot change your e-mail address here."],
    ["Password", "You cannot change your password here."],
    ["Organizations", "You cannot leave on your own."],
  ] as const) {
    await card(region).getByText(words).waitFor();
    await card(region).getByText("Ask an owner: Olive Owner").waitFor();
  }
  expect(await card("E-mail address").getByLabel("New e-mail address").isDisabled()).toBe(true);
  expect(await card("Password").getByRole("button", { name: "Change password" }).isDisabled()).toBe(true);
  expect(await card("Organizations").getByRole("button", { name: "Leave Acme" }).isDisabled()).toBe(true);
  expect(await card("Two-factor sign-in").getByRole("button", { name: "Turn off…" }).isEnabled()).toBe(true);
  expect(await faultsOf(page, "account-locked")).toEqual([]);
});

test("an owner exempts somebody from the locks, and ends that", async () => {
  await page.goto("/settings/provisioning");
  const exemptions = card("Exempt from the locks");
  await exemptions.getByLabel("Member").fill("Olive");
  await page.getByRole("option", { name: /Olive Owner/ }).click();
  await exemptions.getByRole("button", { name: "Exempt" }).click();
  await exemptions.getByRole("button", { name: "End the exemption of Olive Owner" }).waitFor();
  expect(await faultsOf(page, "exemptions")).toEqual([]);
  await page.goto("/account");
  await card("Organizations").getByRole("button", { name: "Leave Acme" }).and(page.locator(":enabled")).waitFor();
  await page.goto("/settings/provisioning");
  await exemptions.getByRole("button", { name: "End the exemption of Olive Owner" }).click();
  await exemptions.getByText("Nobody: the locks hold for everybody").waitFor();
});

test("who leaves is led to another organization of theirs", async () => {
  const nina = (await stage.organization("Nina Works", "nina.works@works.example")).owner;
  await (await stage.directory("Okta")).addPerson("Nina", "Works", "works.example");
  const visitor = await visitAs(stage, nina);
  await visitor.getByRole("button", { name: "Accept the membership of Acme" }).click();
  await visitor.getByRole("button", { name: /^Organization Nina Works/ }).click();
  await visitor.getByRole("menuitemradio", { name: "Acme" }).click();
  await atScreen(visitor, "Acme");
  await page.getByRole("region", { name: "Exempt from the locks" }).getByLabel("Member").fill("Nina");
  await page.getByRole("option", { name: /Nina Works/ }).click();
  await page.getByRole("button", { name: "Exempt" }).click();
  await page.getByRole("button", { name: "End the exemption of Nina Works" }).waitFor();
  await visitor.goto("/account");
  await visitor.getByRole("button", { name: "Leave Acme" }).click();
  await visitor.getByRole("dialog").getByRole("button", { name: "Leave", exact: true }).click();
  await visitor.getByText("You have left Acme.").waitFor();
  await visitor.getByRole("button", { name: "Leave Nina Works" }).waitFor();
  expect(await visitor.getByRole("button", { name: "Leave Acme" }).count()).toBe(0);
});
