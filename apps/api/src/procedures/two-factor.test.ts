import { resetTwoFactor } from "@rollcall/db";
import { generateSync } from "otplib";
import { expect, test } from "vitest";
import { countRows, refusalOf } from "../testing/observations.ts";
import { openBrowser, type TestBrowser } from "../testing/test-browser.ts";
import type { TestOrganization } from "../testing/test-console.ts";
import { useTestConsole } from "../testing/test-hooks.ts";

const home = await useTestConsole();
let count = 0;

type Guarded = {
  readonly own: TestOrganization;
  readonly browser: TestBrowser;
  readonly recoveryCodes: readonly string[];
  code(): string;
};

/** An owner with a second factor; the clock has moved on since its first code. */
async function protectedAccount(): Promise<Guarded> {
  count += 1;
  const { organization: own, browser } = await home.ownerOf(`Guarded${count}`);
  const { secret } = await browser.api.twoFactor.begin.mutate();
  const code = (): string => generateSync({ secret, epoch: Math.floor(home.clock.now.getTime() / 1000) });
  const { recoveryCodes } = await browser.api.twoFactor.confirm.mutate({ code: code() });
  home.clock.now = new Date(home.clock.now.getTime() + 60_000);
  return { own, browser, recoveryCodes, code };
}

function signIn({ own }: Guarded, code?: string): Promise<{ status: number; body: unknown }> {
  const given = { email: own.ownerEmail, password: own.ownerPassword };
  return openBrowser(home.url).call("mutation", "session.signIn", code === undefined ? given : { ...given, code });
}

// Neither factor alone is enough, and no code is accepted twice.
test("the password alone requires a code, and the right code signs in, once", async () => {
  const who = await protectedAccount();
  const before = await countRows(home.database);
  expect(refusalOf(await signIn(who))).toBe("twoFactorRequired");
  expect(refusalOf(await signIn(who, "000000"))).toBe("twoFactorWrong");
  expect(await countRows(home.database)).toEqual(before);
  const code = who.code();
  expect((await signIn(who, code)).status).toBe(200);
  expect(refusalOf(await signIn(who, code))).toBe("twoFactorWrong");
});

test("two sign-ins with one code at once let one in", async () => {
  const who = await protectedAccount();
  const code = who.code();
  const responses = await Promise.all([signIn(who, code), signIn(who, code)]);
  expect(responses.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 401]);
});

test("a wrong password says nothing of the second factor", async () => {
  const { own } = await protectedAccount();
  const given = { email: own.ownerEmail, password: "wrong", code: "123456" };
  expect(refusalOf(await openBrowser(home.url).call("mutation", "session.signIn", given))).toBe("signInWrong");
});

test("each recovery code lets in once, however it is typed", async () => {
  const who = await protectedAccount();
  expect(who.recoveryCodes).toHaveLength(10);
  const [first = ""] = who.recoveryCodes;
  const typed = ` ${first.slice(0, 5).toUpperCase()}-${first.slice(5)}`;
  expect((await signIn(who, typed)).status).toBe(200);
  expect(refusalOf(await signIn(who, first))).toBe("twoFactorWrong");
  expect((await who.browser.api.account.get.query()).twoFactor).toEqual({ isOn: true, recoveryCodesLeft: 9 });
  const text = "select string_agg(r::text, '') as all from recovery_code r";
  expect(JSON.stringify(await home.rows(text))).not.toContain(first);
});

test("checking codes stops after ten attempts, also with the right password in between", async () => {
  const who = await protectedAccount();
  for (let tries = 0; tries < 10; tries++) {
    if (tries % 3 === 2) expect(refusalOf(await signIn(who))).toBe("twoFactorRequired");
    expect(refusalOf(await signIn(who, "000000"))).toBe("twoFactorWrong");
  }
  expect((await signIn(who, who.code())).status).toBe(429);
});

test("is turned off with both factors only, and is not begun anew while it is on", async () => {
  const who = await protectedAccount();
  const { browser, own } = who;
  const password = own.ownerPassword;
  const end = (given: object): Promise<{ status: number; body: unknown }> =>
    browser.call("mutation", "twoFactor.end", { password, code: who.code(), ...given });
  expect(refusalOf(await browser.call("mutation", "twoFactor.begin"))).toBe("twoFactorAlreadyOn");
  expect(refusalOf(await end({ password: "wrong" }))).toBe("passwordWrong");
  expect(refusalOf(await end({ code: "000000" }))).toBe("twoFactorWrong");
  expect((await end({})).status).toBe(200);
  expect((await signIn(who)).status).toBe(200);
});

test("a secret whose code was never given counts for nothing", async () => {
  count += 1;
  const { organization: own, browser } = await home.ownerOf(`Begun${count}`);
  await browser.api.twoFactor.begin.mutate();
  expect(refusalOf(await browser.call("mutation", "twoFactor.confirm", { code: "000000" }))).toBe("twoFactorWrong");
  await openBrowser(home.url).signIn(own);
});

// A stolen backup does not contain the key, so no codes can be generated from it.
test("the secret is in the database only encrypted, each for its own account", async () => {
  const [first, second] = [await protectedAccount(), await protectedAccount()];
  const read = { name: "", text: "select totp_secret as secret from account where email = $1" };
  const [row] = await home.database.sql.query(read, [first.own.ownerEmail]);
  expect(row?.["secret"]).toMatch(/^enc1\.[0-9a-f]{8}\.[\w-]+$/);
  const move = { name: "", text: "update account set totp_secret = $2 where email = $1" };
  await home.database.sql.query(move, [second.own.ownerEmail, row?.["secret"]]);
  expect((await signIn(second, first.code())).status).toBe(500);
  expect((await signIn(first, first.code())).status).toBe(200);
});

// A thief who turned it on, or a lost phone, must not lock the only owner out for good.
test("is reset by the operator, which signs out every browser and is in the log", async () => {
  const who = await protectedAccount();
  const other = openBrowser(home.url);
  await other.api.session.signIn.mutate({
    email: who.own.ownerEmail,
    password: who.own.ownerPassword,
    code: who.code(),
  });
  const at = { now: home.clock.now, requestId: null };
  expect(await resetTwoFactor(home.database, who.own.ownerEmail.toUpperCase(), at)).toBe(true);
  expect(await resetTwoFactor(home.database, "nobody@nowhere.example", at)).toBe(false);
  expect(await other.api.session.current.query()).toBeNull();
  const browser = await openBrowser(home.url).signIn(who.own);
  const { entries } = await browser.api.activity.list.query({ limit: 20 });
  expect(entries[0]).toMatchObject({ kind: "member.two_factor_off", actor: { kind: "operator" } });
});
