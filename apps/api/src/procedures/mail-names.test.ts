import { inviteNextAdded, listKeptMails, noticeNextToken } from "@rollcall/db";
import { generateSync } from "otplib";
import { z } from "zod";
import { expect, test } from "vitest";
import { lastLink } from "../testing/observations.ts";
import { openBrowser, type TestBrowser } from "../testing/test-browser.ts";
import type { TestOrganization } from "../testing/test-console.ts";
import { useTestConsole, useTestIdp } from "../testing/test-hooks.ts";

const home = await useTestConsole();
const idp = await useTestIdp();

const hostile = "Visit https://evil.example now\r\n\r\nwww.evil.example\u2028evil.example/x";
const password = "sandals under the piano";

async function run(text: string, values: readonly unknown[]): Promise<readonly Record<string, unknown>[]> {
  return home.rows(text, values);
}

/** Every name that people can set, with hostile values, as rows from before the validation may have. */
async function renameAll(): Promise<void> {
  for (const table of ["account", "member", "organization", "scim_token"]) {
    await run(`update ${table} set name = $1`, [hostile]);
  }
}

async function mailOfAccount(browser: TestBrowser, own: TestOrganization): Promise<void> {
  const { api } = browser;
  await openBrowser(home.url).signIn(own);
  const { secret } = await api.twoFactor.begin.mutate();
  const code = generateSync({ secret, epoch: Math.floor(home.clock.now.getTime() / 1000) });
  const { recoveryCodes } = await api.twoFactor.confirm.mutate({ code });
  await api.session.prove.mutate({ code: recoveryCodes[0] ?? "" });
  await api.twoFactor.end.mutate({ password: own.ownerPassword, code: recoveryCodes[1] ?? "" });
  await api.account.changePassword.mutate({ current: own.ownerPassword, next: password });
  await api.forgottenPassword.request.mutate({ email: own.ownerEmail });
  await api.account.startEmailChange.mutate({ email: "moved@named.example" });
  await api.account.confirmEmailChange.mutate({ token: await lastLink(home.database, "moved@named.example") });
}

async function mailOfOrganization({ api }: TestBrowser, own: TestOrganization): Promise<void> {
  const { id } = await api.tokens.issue.mutate({ name: "Okta" });
  await renameAll();
  await api.tokens.rotate.mutate({ id, overlapDays: 1 });
  const tokensExpireAt = new Date(home.clock.now.getTime() + 340 * 86_400_000);
  expect(await noticeNextToken(home.database, tokensExpireAt)).toBe(true);
  await api.sso.configure.mutate({ metadataXml: idp.metadataXml });
  await api.sso.remove.mutate({ confirm: "remove" });
  const roleId = (await api.roles.list.query()).find(({ kind }) => kind === "owner")?.id ?? "";
  const memberId = await home.provision(own, "pam@named.example");
  await renameAll();
  await api.members.grantRole.mutate({ memberId, roleId });
  await api.invitations.send.mutate({ email: "zoe@elsewhere.example", roleIds: [roleId] });
  await home.provision(own, "kim@awaited.example");
  await renameAll();
  for (const email of ["pam@named.example", "kim@awaited.example"])
    await api.forgottenPassword.request.mutate({ email });
  await home.provision(own, "lee@awaited.example");
  await renameAll();
  const linkTo = (token: string): string => `https://console.example/invitation?token=${token}`;
  while (await inviteNextAdded(home.database, linkTo, new Date(home.clock.now.getTime() + 3_600_000)));
}

// A name from another person must never become a link or a paragraph in our emails.
test("names are on one line of a mail and make no link, in every kind of mail", async () => {
  const { organization: own, browser } = await home.ownerOf("Named");
  await renameAll();
  await mailOfAccount(browser, own);
  await mailOfOrganization(browser, own);

  const kinds = await run("select kind from mail group by kind order by kind", []);
  expect(kinds.map(({ kind }) => z.string().parse(kind))).toEqual([
    "addedByDirectory",
    "awaitedInvitation",
    "emailChange",
    "emailChanged",
    "invitation",
    "newBrowser",
    "newOwner",
    "passwordChanged",
    "passwordReset",
    "recoveryCodeUsed",
    "ssoChanged",
    "tokenExpiry",
    "tokenIssued",
    "twoFactorOff",
    "twoFactorOn",
  ]);
  const texts = (await listKeptMails(home.database.sql)).map(({ subject, body }) => `${subject}\n${body ?? ""}`);
  expect(
    texts.filter((text) => text.includes("Visit https: evil[.]example now www[.]evil[.]example")).length,
  ).toBeGreaterThan(10);
  for (const text of texts) {
    expect(text).not.toContain("evil.example");
    expect(text).not.toMatch(/^\s*(?:www|evil)/m);
    for (const [link] of text.matchAll(/https?:\/\/\S+/g)) expect(link).toMatch(/^https:\/\/console\.example\//);
  }
});
