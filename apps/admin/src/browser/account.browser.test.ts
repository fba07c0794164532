import { generateSync } from "otplib";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { atScreen, mutate, region, seen, signIn, turnOnTwoFactor, visit, visitAs } from "./actions.ts";
import { type Person, test } from "./fixture.ts";
import { faultsOf, unstyledOf } from "./page-checks.ts";

// A person's own account, and what is locked if a directory manages it.

/** Submits the sign-in form; the response may ask for a code. */
async function submitSignIn(page: Page, { email, password }: Person): Promise<void> {
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Submits the code that a sign-in asks for. */
async function submitCode(page: Page, code: string): Promise<void> {
  await page.getByLabel("Code of your authenticator app").fill(code);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Follows the link of the newest email with this subject, from the developer's list of emails. */
async function followLink(page: Page, subject: string): Promise<void> {
  await page.getByRole("listitem").filter({ hasText: subject }).first().getByRole("link").click();
}

test("the last owner cannot leave, and changes the password, which cannot be a common one", async ({ acme }) => {
  const page = await visitAs(acme, acme.owner, "/account");
  await atScreen(page, "Your account");
  await region(page, "Sessions").getByText("This browser").waitFor();
  expect(await faultsOf(page, "account")).toEqual([]);
  await region(page, "Organizations").getByRole("button", { name: "Leave Acme" }).click();
  await page.getByRole("dialog", { name: "Leave Acme?" }).waitFor();
  expect(await faultsOf(page, "dialog-leave")).toEqual([]);
  await page.getByRole("button", { name: "Leave", exact: true }).click();
  await page.getByRole("dialog").getByText("is the last owner").waitFor();
  await page.getByRole("button", { name: "Cancel" }).click();

  const newPassword = region(page, "Password").getByLabel("New password", { exact: true });
  await region(page, "Password").getByLabel("Current password", { exact: true }).fill(acme.owner.password);
  await newPassword.fill("password1234");
  await region(page, "Password").getByRole("button", { name: "Change password" }).click();
  await region(page, "Password").getByText("attackers try first").waitFor();
  const changed = { ...acme.owner, password: "watercolor and yoghurt" };
  await newPassword.fill(changed.password);
  await region(page, "Password").getByRole("button", { name: "Change password" }).click();
  await seen(page, "Your password is changed.");
  expect(await newPassword.inputValue()).toBe("");
  await mutate(page, "session.signIn", changed);
});

/** Turns two-factor sign-in on in the account screen. Returns the first recovery code. */
async function scanTwoFactor(page: Page): Promise<string> {
  await region(page, "Two-factor sign-in").getByRole("button", { name: "Turn on…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Continue" }).click();
  await dialog.getByRole("img", { name: "QR code for the authenticator app" }).waitFor();
  expect(await faultsOf(page, "dialog-two-factor")).toEqual([]);
  const secret = (await dialog.locator("code").textContent()) ?? "";
  await dialog.getByLabel("Code that the app shows").fill(generateSync({ secret }));
  await dialog.getByRole("button", { name: "Turn on" }).click();
  await page.getByRole("dialog", { name: "Your recovery codes" }).waitFor();
  expect(await faultsOf(page, "dialog-recovery-codes")).toEqual([]);
  const [code = ""] = ((await dialog.locator("code").textContent()) ?? "").split("\n");
  await dialog.getByRole("button", { name: "I have stored them" }).click();
  await region(page, "Two-factor sign-in").getByText("10 recovery codes are left.").waitFor();
  return code;
}

test("two-factor sign-in requires a code to sign in and to turn it off; other browsers are signed out", async ({
  acme,
}) => {
  const page = await visitAs(acme, acme.owner, "/account");
  const recoveryCode = await scanTwoFactor(page);

  const visitor = await visit(acme, "/sign-in");
  await submitSignIn(visitor, acme.owner);
  await submitCode(visitor, "000000");
  await visitor.getByText("This code is not right").waitFor();
  expect(await faultsOf(visitor, "sign-in-code")).toEqual([]);
  await submitCode(visitor, recoveryCode);
  await visitor.getByRole("button", { name: /^Account of/ }).waitFor();

  await region(page, "Sessions").getByRole("button", { name: "Sign out the others" }).waitFor();
  await page.reload();
  await region(page, "Sessions").getByRole("button", { name: "Sign out the others" }).click();
  await seen(page, "1 browser is signed out.");
  await visitor.reload();
  await atScreen(visitor, "Sign in");

  await region(page, "Two-factor sign-in").getByRole("button", { name: "Turn off…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Password", { exact: true }).fill(acme.owner.password);
  await dialog.getByLabel("Code of the app, or a recovery code").fill("wrong");
  await dialog.getByRole("button", { name: "Turn off" }).click();
  await dialog.getByText("This code is not right").waitFor();
  expect(await faultsOf(page, "dialog-two-factor-off")).toEqual([]);
  await dialog.getByRole("button", { name: "Cancel" }).click();
});

test("a pending email change can be withdrawn, and counts once its link is followed; other links are refused", async ({
  acme,
}) => {
  const page = await visitAs(acme, acme.owner, "/account");
  const email = region(page, "Email address");
  await email.getByLabel("New email address").fill("other@acme.example");
  await email.getByRole("button", { name: "Send the link" }).click();
  await page.getByRole("button", { name: "Withdraw the change to other@acme.example" }).click();
  await seen(page, "The link no longer works.");
  await email.getByLabel("New email address").fill("olive@acme.example");
  await email.getByRole("button", { name: "Send the link" }).click();
  await seen(page, "Waiting for your confirmation");

  const visitor = await visit(acme, "/developer/mail");
  await atScreen(visitor, "Emails");
  await visitor.getByText("To olive@acme.example").waitFor();
  await followLink(visitor, "Confirm your new email address");
  await visitor.getByRole("button", { name: "Confirm the address" }).click();
  await visitor.getByText("Your email address is olive@acme.example now.").waitFor();
  // The former address gets an email, by which the change is undone below.
  await visitor.goto("/developer/mail");
  const undo = visitor.getByRole("listitem").filter({ hasText: "Your email address was changed" });
  const undoLink = (await undo.getByRole("link").first().getAttribute("href")) ?? "";
  await visitor.goto("/confirm-email?token=x");
  await visitor.getByText("This link no longer works").waitFor();
  expect(await visitor.getByRole("button", { name: "Confirm the address" }).count()).toBe(0);

  await page.reload();
  await seen(page, "You sign in as olive@acme.example.");
  await mutate(visitor, "session.signIn", { ...acme.owner, email: "olive@acme.example" });
  await page.goto(undoLink);
  await atScreen(page, "Take the change back");
  expect(await faultsOf(page, "undo-email")).toEqual([]);
  await page.getByRole("button", { name: "Use the former address again" }).click();
  await page.getByText(`Your email address is ${acme.owner.email} now.`).waitFor();
  await visitor.goto("/account");
  await atScreen(visitor, "Sign in");
});

test("a forgotten password is replaced by the link of an email", async ({ acme }) => {
  const page = await visit(acme, "/sign-in");
  await page.getByRole("link", { name: "Forgot your password?" }).click();
  await atScreen(page, "Forgot your password?");
  await page.getByLabel("Email").fill(acme.owner.email);
  await page.getByRole("button", { name: "Send the link" }).click();
  await page.getByText("an email is on its way").waitFor();
  await page.goto("/developer/mail");
  await followLink(page, "Set a new password");
  await atScreen(page, "Set a new password");
  await page.getByLabel("New password", { exact: true }).waitFor();
  expect(await faultsOf(page, "reset-password")).toEqual([]);
  const changed = { ...acme.owner, password: "sandals under the piano" };
  await page.getByLabel("New password", { exact: true }).fill(changed.password);
  await page.getByRole("button", { name: "Set the password" }).click();
  const next = page.getByRole("link", { name: "Sign in with it" });
  await next.waitFor();
  const used = page.url();
  const other = await visit(acme, new URL(used).pathname + new URL(used).search);
  await other.getByText("This link no longer works").waitFor();
  expect(await other.getByLabel("New password", { exact: true }).count()).toBe(0);
  await next.click();
  await atScreen(page, "Sign in");
  expect(new URL(page.url()).search).toBe("");
  await signIn(page, changed);
});

test("AR-63 AR-64 AR-65 AR-66 disables managed fields, with the reason and a contact, unless the member is exempt", async ({
  acme,
}) => {
  await acme.enableProvisioning();
  await turnOnTwoFactor(acme, acme.owner.email);
  const page = await visit(acme, "/account");
  await submitSignIn(page, acme.owner);
  await submitCode(page, "recovery0");
  await atScreen(page, "Your account");
  for (const [card, words] of [
    ["Email address", "You cannot change your email address here."],
    ["Password", "You cannot change your password here."],
    ["Organizations", "You cannot leave on your own."],
  ] as const) {
    await region(page, card).getByText(words).waitFor();
    await region(page, card).getByText("Acme locks this for every member while provisioning is on.").waitFor();
    // The only owner gets no advice to ask an owner.
    await region(page, card).getByRole("link", { name: "Provisioning" }).waitFor();
  }
  expect(await page.getByText("Switch between them").count()).toBe(0);
  expect(await page.getByText("A new address takes effect").count()).toBe(0);
  expect(await page.getByText("Other browsers are signed out when you change it.").count()).toBe(0);
  const leave = region(page, "Organizations").getByRole("button", { name: "Leave Acme" });
  await expect.poll(() => region(page, "Email address").getByLabel("New email address").isDisabled()).toBe(true);
  await expect
    .poll(() => region(page, "Password").getByRole("button", { name: "Change password" }).isDisabled())
    .toBe(true);
  await expect.poll(() => leave.isDisabled()).toBe(true);
  await expect
    .poll(() => region(page, "Two-factor sign-in").getByRole("button", { name: "Turn off…" }).isEnabled())
    .toBe(true);

  // Enabled for an exempt member.
  await page.goto("/settings/provisioning");
  const exemptions = region(page, "Exempt from the locks");
  // The list of options is hidden if the cards above, once they have loaded, move its field off the screen.
  await expect.poll(() => page.locator(".mantine-Skeleton-root").count()).toBe(0);
  await exemptions.getByText("No one: the locks apply to everyone").waitFor();
  await exemptions.getByLabel("Member").fill("Olive");
  const option = page.getByRole("option", { name: /Olive Owner/ });
  await option.waitFor();
  expect(await unstyledOf(page)).toEqual([]);
  await option.click();
  await exemptions.getByRole("button", { name: "Exempt" }).click();
  await exemptions.getByRole("button", { name: "End the exemption of Olive Owner" }).waitFor();
  expect(await faultsOf(page, "exemptions")).toEqual([]);
  await page.goto("/account");
  await leave.and(page.locator(":enabled")).waitFor();
  await page.goto("/settings/provisioning");
  await exemptions.getByRole("button", { name: "End the exemption of Olive Owner" }).click();
  await exemptions.getByText("No one: the locks apply to everyone").waitFor();
});

test("leaving an organization opens another one of the same person", async ({ acme }) => {
  await acme.enableProvisioning();
  const nina = (await acme.organization("Nina Works", "nina.works@works.example")).owner;
  const memberId = await (await acme.directory("Okta")).addPerson("Nina", "Works", "works.example");
  const exempt = "insert into exemption values ($1, $2, 'locks', 'Olive Owner', now())";
  await acme.sql(exempt, [acme.organizationId, memberId]);
  const page = await visitAs(acme, nina);
  await page.getByRole("button", { name: "Accept the membership of Acme" }).click();
  await page.getByRole("button", { name: /^Organization Nina Works/ }).click();
  await page.getByRole("menuitemradio", { name: "Acme" }).click();
  await atScreen(page, "Acme");
  await page.goto("/account");
  await page.getByRole("button", { name: "Leave Acme" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Leave", exact: true }).click();
  await page.getByText("You have left Acme.").waitFor();
  await page.getByRole("button", { name: "Leave Nina Works" }).waitFor();
  expect(await page.getByRole("button", { name: "Leave Acme" }).count()).toBe(0);
});
