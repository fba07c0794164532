import { listKeptMails } from "@rollcall/db";
import { generateSync } from "otplib";
import { describe, expect, test } from "vitest";
import { lastLink, refusalOf } from "../testing/observations.ts";
import { openBrowser, type TestBrowser } from "../testing/test-browser.ts";
import { useTestConsole, useTestIdp } from "../testing/test-hooks.ts";

const home = await useTestConsole();
const idp = await useTestIdp();

/** The emails to an address, oldest first. */
async function mailsTo(recipient: string): Promise<Awaited<ReturnType<typeof listKeptMails>>> {
  const mails = await listKeptMails(home.database.sql);
  return mails.filter((mail) => mail.recipient === recipient).toReversed();
}

const subjectsTo = async (recipient: string): Promise<readonly string[]> =>
  (await mailsTo(recipient)).map(({ subject }) => subject);

describe("a person is notified of", () => {
  test("a sign-in from a browser that is new, once", async () => {
    const { organization: own, browser } = await home.ownerOf("Browsers");
    await browser.signIn(own);
    expect(await subjectsTo(own.ownerEmail)).toEqual([]);
    const other = await openBrowser(home.url).signIn(own);
    await other.signIn(own);
    await browser.signIn(own);
    const mails = await mailsTo(own.ownerEmail);
    expect(mails.map(({ subject }) => subject)).toEqual(["New sign-in to your account"]);
    expect(mails[0]?.body).toContain("A browser (address 127.0.0.1) has signed in to your account.");
  });

  test("a new password, by whichever way", async () => {
    const { organization: own, browser } = await home.ownerOf("Passwords");
    const next = "watercolor and yoghurt";
    await browser.api.account.changePassword.mutate({ current: own.ownerPassword, next });
    await browser.api.forgottenPassword.request.mutate({ email: own.ownerEmail });
    const token = await lastLink(home.database, own.ownerEmail);
    await browser.api.forgottenPassword.complete.mutate({ token, password: "sandals under the piano" });
    const changed = "Your password was changed";
    expect(await subjectsTo(own.ownerEmail)).toEqual([changed, "Set a new password", changed]);
  });

  test("the second factor, and of recovery codes that are used", async () => {
    const { organization: own, browser } = await home.ownerOf("Factors");
    const { secret } = await browser.api.twoFactor.begin.mutate();
    const epoch = Math.floor(home.clock.now.getTime() / 1000);
    const code = generateSync({ secret, epoch });
    const { recoveryCodes } = await browser.api.twoFactor.confirm.mutate({ code });
    await browser.api.session.prove.mutate({ code: recoveryCodes[0] ?? "" });
    await browser.api.twoFactor.end.mutate({ password: own.ownerPassword, code: recoveryCodes[1] ?? "" });
    expect(await subjectsTo(own.ownerEmail)).toEqual([
      "Two-factor sign-in was turned on",
      "A recovery code was used",
      "A recovery code was used",
      "Two-factor sign-in was turned off",
    ]);
    expect((await mailsTo(own.ownerEmail))[1]?.body).toContain("9 recovery codes are left.");
  });
});

async function moveTo(browser: TestBrowser, email: string): Promise<void> {
  await browser.api.account.startEmailChange.mutate({ email });
  await browser.api.account.confirmEmailChange.mutate({ token: await lastLink(home.database, email) });
}

const confirm = (token: string): Promise<{ status: number; body: unknown }> =>
  openBrowser(home.url).call("mutation", "account.confirmEmailChange", { token });

// An intruder who has moved the address of an account must not be able to end the link that reverts it.
describe("a new email address", () => {
  test("is reported to the former one, which can revert it, once, ending every session", async () => {
    const { organization: own, browser } = await home.ownerOf("Moved");
    await moveTo(browser, "thief@rival.example");
    expect(await subjectsTo(own.ownerEmail)).toEqual(["Your email address was changed"]);
    const undo = await lastLink(home.database, own.ownerEmail);
    await browser.api.account.changePassword.mutate({ current: own.ownerPassword, next: "watercolor and yoghurt" });
    expect(await browser.api.account.get.query()).toMatchObject({ email: "thief@rival.example", emailChanges: [] });
    expect(await confirm(undo)).toMatchObject({ status: 200, body: { result: { data: { email: own.ownerEmail } } } });
    expect(await browser.api.session.current.query()).toBeNull();
    expect(refusalOf(await confirm(undo))).toBe("linkEnded");
    // The intruder gets no link that reverts the revert.
    expect(await subjectsTo("thief@rival.example")).toEqual([
      "Confirm your new email address",
      "Your password was changed",
    ]);
  });

  test("that was followed by another one goes back to the first, and the links between end", async () => {
    const { organization: own, browser } = await home.ownerOf("Chain");
    await moveTo(browser, "second@rival.example");
    const first = await lastLink(home.database, own.ownerEmail);
    await moveTo(browser, "third@rival.example");
    const second = await lastLink(home.database, "second@rival.example");
    expect((await confirm(first)).status).toBe(200);
    expect(refusalOf(await confirm(second))).toBe("linkEnded");
  });

  test("stays after 72 hours", async () => {
    const { organization: own, browser } = await home.ownerOf("Settled");
    await moveTo(browser, "settled@moved.example");
    const undo = await lastLink(home.database, own.ownerEmail);
    const movedAt = home.clock.now;
    try {
      home.clock.now = new Date(movedAt.getTime() + 72 * 3_600_000);
      expect(refusalOf(await confirm(undo))).toBe("linkEnded");
      home.clock.now = new Date(movedAt.getTime() + 72 * 3_600_000 - 1);
      expect((await confirm(undo)).status).toBe(200);
    } finally {
      home.clock.now = movedAt;
    }
  });
});

test("all owners are notified of tokens, single sign-on and new owners", async () => {
  const { organization: own, browser } = await home.ownerOf("Owners");
  const { api } = browser;
  const { id } = await api.tokens.issue.mutate({ name: "Okta" });
  await api.tokens.rotate.mutate({ id, overlapDays: 1 });
  await api.sso.configure.mutate({ metadataXml: idp.metadataXml });
  await api.sso.setRequired.mutate({ isRequired: true });
  await api.sso.remove.mutate({ confirm: "remove" });
  const memberId = await home.provision(own, "pam@owners.example");
  const roleId = (await api.roles.list.query()).find(({ kind }) => kind === "owner")?.id ?? "";
  await api.members.grantRole.mutate({ memberId, roleId });
  await api.provisioning.setDefaultRole.mutate({ roleId, confirmOwnerRole: true });
  await api.invitations.send.mutate({ email: "zoe@owners.example", roleIds: [roleId] });
  const token = await lastLink(home.database, "zoe@owners.example");
  await openBrowser(home.url).api.invitations.accept.mutate({
    token,
    name: "Zoe",
    password: "watercolor and yoghurt",
  });
  expect(await subjectsTo(own.ownerEmail)).toEqual([
    "A SCIM token was created",
    "A SCIM token was rotated",
    "Single sign-on was changed",
    "Single sign-on was changed",
    "Single sign-on was removed",
    "A SCIM token was created",
    "Your organization has a new owner",
    "New people become owners of your organization",
    "Your organization has a new owner",
  ]);
  const bodies = (await mailsTo(own.ownerEmail)).map(({ body }) => body);
  expect(bodies[0]).toContain("Owner Owners created the SCIM token “Okta”.");
  expect(bodies.at(-1)).toContain("Zoe accepted an invitation and is now an owner of your organization.");
});
