import { listKeptMails } from "@rollcall/db";
import type { AccountAction } from "@rollcall/domain";
import { describe, expect, test } from "vitest";
import { countRows, lastLink, refusalOf } from "../testing/observations.ts";
import { openBrowser, type TestBrowser } from "../testing/test-browser.ts";
import type { TestOrganization } from "../testing/test-console.ts";
import { useTestConsole } from "../testing/test-hooks.ts";

const home = await useTestConsole();

/** A person with a password who belongs to `here`, which has provisioning, and to an organization of their own. */
type Visitor = {
  readonly here: TestOrganization;
  readonly elsewhere: TestOrganization;
  readonly memberId: string;
  readonly browser: TestBrowser;
  readonly owner: TestBrowser;
  /** Links that were sent before provisioning was turned on. */
  readonly earlier: { readonly confirm: string; readonly reset: string };
};

const nextPassword = "watercolor and yoghurt";
let count = 0;

async function visitor(): Promise<Visitor> {
  count += 1;
  const here = await home.organization(`Here${count}`);
  const { organization: elsewhere, browser } = await home.ownerOf(`Elsewhere${count}`);
  await browser.api.account.startEmailChange.mutate({ email: `moved@elsewhere${count}.example` });
  const confirm = await lastLink(home.database, `moved@elsewhere${count}.example`);
  await browser.api.forgottenPassword.request.mutate({ email: elsewhere.ownerEmail });
  const reset = await lastLink(home.database, elsewhere.ownerEmail);
  const memberId = await home.provision(here, elsewhere.ownerEmail);
  await browser.api.session.accept.mutate({ organizationId: here.id });
  await browser.api.session.switchTo.mutate({ organizationId: here.id });
  const owner = await openBrowser(home.url).signIn(here);
  return { here, elsewhere, memberId, browser, owner, earlier: { confirm, reset } };
}

type Try = (who: Visitor) => Promise<{ status: number; body: unknown }>;
type Row = readonly [accountAction: AccountAction, kind: string, attempt: Try];

/** Every locked action with a request of its own; requesting a reset has a neutral response and is tested separately. */
const rows: readonly Row[] = [
  [
    "leave the organization",
    "member.left",
    ({ browser, here }) => browser.call("mutation", "account.leave", { organizationId: here.id }),
  ],
  [
    "ask for a new email address",
    "member.email_change_started",
    ({ browser }) => browser.call("mutation", "account.startEmailChange", { email: "other@free.example" }),
  ],
  [
    "confirm a new email address",
    "member.email_changed",
    ({ browser, earlier }) => browser.call("mutation", "account.confirmEmailChange", { token: earlier.confirm }),
  ],
  [
    "change the password",
    "member.password_changed",
    ({ browser, elsewhere }) =>
      browser.call("mutation", "account.changePassword", { current: elsewhere.ownerPassword, next: nextPassword }),
  ],
  [
    "complete a password reset",
    "member.password_reset",
    ({ earlier }) =>
      openBrowser(home.url).call("mutation", "forgottenPassword.complete", {
        token: earlier.reset,
        password: nextPassword,
      }),
  ],
];

// For every locked action: owners see the refused attempt, and nothing else is written.
describe("AR-63 AR-64 AR-65 AR-66 a member of an organization with provisioning", () => {
  test.each(rows)("cannot %s", async (_action, kind, attempt) => {
    const who = await visitor();
    const before = await countRows(home.database);
    const response = await attempt(who);
    expect([response.status, refusalOf(response)]).toEqual([403, "memberLocked"]);
    const said = JSON.stringify(response.body);
    for (const word of [who.here.name, "Ask an owner"]) expect(said).toContain(word);
    expect(said).not.toContain(who.elsewhere.name);

    const { entries } = await who.owner.api.activity.list.query({ limit: 1, outcome: "refused" });
    expect(entries[0]).toMatchObject({ kind, refusal: "memberLocked", subject: { id: who.memberId } });
    expect(await countRows(home.database)).toEqual({ ...before, change: (before["change"] ?? 0) + 1 });
  });

  test.each(rows)("can %s again when provisioning is off (AR-67)", async (_action, _kind, attempt) => {
    const who = await visitor();
    await home.release(who.here);
    expect((await attempt(who)).status).toBe(200);
  });

  test.each(rows)("can %s when an owner has put them on the list of exemptions", async (_action, _kind, attempt) => {
    const who = await visitor();
    await who.owner.api.locks.setExemption.mutate({ memberId: who.memberId, isExempt: true });
    expect((await who.owner.api.locks.exemptions.query()).map(({ memberId }) => memberId)).toEqual([who.memberId]);
    expect((await attempt(who)).status).toBe(200);
  });

  test.each(rows)("cannot %s any more when the exemption ends", async (_action, _kind, attempt) => {
    const who = await visitor();
    await who.owner.api.locks.setExemption.mutate({ memberId: who.memberId, isExempt: true });
    await who.owner.api.locks.setExemption.mutate({ memberId: who.memberId, isExempt: false });
    expect(refusalOf(await attempt(who))).toBe("memberLocked");
  });

  test("AR-48 gets the lock and its contacts on every screen, and so does an owner", async () => {
    const who = await visitor();
    const holder = { id: who.here.id, name: who.here.name };
    const contact = { name: expect.any(String), email: who.here.ownerEmail };
    for (const [browser, lock] of [
      [who.browser, { holders: [{ ...holder, reason: "managed", isOwner: false }], owners: [contact] }],
      // The directory does not manage the owner, so she is not listed as her own contact.
      [who.owner, { holders: [{ ...holder, reason: "everybody", isOwner: true }], owners: [] }],
    ] as const) {
      const { locks } = await browser.api.account.get.query();
      expect(locks).toMatchObject({ leave: lock, changeEmail: lock, changePassword: lock });
    }
    const response = await who.owner.call("mutation", "account.startEmailChange", { email: "new@free.example" });
    expect(refusalOf(response)).toBe("memberLocked");
  });
});

// An organization without a claim must not lock a person, and the directory's lock must have no way around it.
test("AR-68 a person in two organizations may leave the one without provisioning, and nothing else", async () => {
  const who = await visitor();
  const other = await home.organization(`Third${count}`);
  await home.provision(other, who.elsewhere.ownerEmail);
  await who.browser.api.session.accept.mutate({ organizationId: other.id });
  await home.release(other);
  await who.browser.api.session.switchTo.mutate({ organizationId: other.id });
  expect((await who.browser.api.account.get.query()).locks).toMatchObject({ leave: null, changeEmail: {} });
  const response = await who.browser.call("mutation", "account.startEmailChange", { email: "new@free.example" });
  expect(refusalOf(response)).toBe("memberLocked");
  await who.browser.api.account.leave.mutate({ organizationId: other.id });
});

test("AR-65 a managed person gets no reset link but the name of the directory; owners see the attempt", async () => {
  const who = await visitor();
  const response = await openBrowser(home.url).call("mutation", "forgottenPassword.request", {
    email: who.elsewhere.ownerEmail,
  });
  expect(response).toEqual({ status: 200, body: { result: { data: { ok: true } } } });
  const [mail] = (await listKeptMails(home.database.sql)).filter(
    ({ recipient }) => recipient === who.elsewhere.ownerEmail,
  );
  expect(mail).toMatchObject({
    subject: "Your password is managed by your organization",
    body: expect.not.stringContaining("token="),
  });
  expect(mail?.body).toContain(`The identity provider of ${who.here.name} manages your membership`);
  expect(mail?.body).toContain(`(${who.here.ownerEmail})`);
  const { entries } = await who.owner.api.activity.list.query({ limit: 1, outcome: "refused" });
  expect(entries[0]).toMatchObject({ kind: "member.password_reset_asked", refusal: "memberLocked" });
});

test("AR-69 two-factor sign-in, other browsers and the own name stay free", async () => {
  const { browser, elsewhere } = await visitor();
  await openBrowser(home.url).signIn(elsewhere);
  expect(await browser.api.account.endOtherSessions.mutate()).toEqual({ ended: 1 });
  expect(await browser.api.twoFactor.begin.mutate()).toMatchObject({ uri: expect.stringMatching(/^otpauth:/) });
  await browser.api.account.rename.mutate({ name: "Pam B." });
});

// Rule 7 for every other account action: a person without access leaves no trace, whatever link they hold.
describe("AR-49 AR-50 a deactivated person", () => {
  async function deactivated(): Promise<Visitor> {
    const who = await visitor();
    await home.release(who.here);
    const text = "update member set active = false where account_id = (select account_id from member where id = $1)";
    await home.rows(text, [who.memberId]);
    return who;
  }

  test.each<readonly [string, Try, number]>([
    [
      "a password",
      ({ elsewhere: { ownerEmail: email, ownerPassword: password } }) =>
        openBrowser(home.url).call("mutation", "session.signIn", { email, password }),
      403,
    ],
    ["a session", ({ browser }) => browser.call("query", "account.get"), 401],
    [
      "a pending change of the address",
      ({ earlier }) => openBrowser(home.url).call("mutation", "account.confirmEmailChange", { token: earlier.confirm }),
      404,
    ],
    [
      "a reset link",
      ({ earlier }) =>
        openBrowser(home.url).call("mutation", "forgottenPassword.complete", {
          token: earlier.reset,
          password: nextPassword,
        }),
      404,
    ],
    [
      "a forgotten password",
      ({ elsewhere: { ownerEmail: email } }) =>
        openBrowser(home.url).call("mutation", "forgottenPassword.request", { email }),
      200,
    ],
  ])("gets nowhere with %s, and no row is written", async (_what, attempt, status) => {
    const who = await deactivated();
    const before = await countRows(home.database);
    expect((await attempt(who)).status).toBe(status);
    expect(await countRows(home.database)).toEqual(before);
  });

  test("gets the error with contacts after the right password, never after a wrong one", async () => {
    const who = await deactivated();
    const signIn = (password: string) =>
      openBrowser(home.url).call("mutation", "session.signIn", { email: who.elsewhere.ownerEmail, password });
    const right = await signIn(who.elsewhere.ownerPassword);
    expect(refusalOf(right)).toBe("accessEnded");
    // The owner of `here` is named; that of `elsewhere` was the person.
    expect(JSON.stringify(right.body)).toContain(
      `Your access to ${who.elsewhere.name} and ${who.here.name} was deactivated. Ask an owner: `,
    );
    expect(JSON.stringify(right.body)).toContain(`(${who.here.ownerEmail}).`);
    const wrong = await signIn("not the password");
    const unknown = await openBrowser(home.url).call("mutation", "session.signIn", {
      email: "nobody@nowhere.example",
      password: "not the password",
    });
    expect([wrong.status, refusalOf(wrong)]).toEqual([401, "signInWrong"]);
    expect(refusalOf(unknown)).toBe("signInWrong");
  });

  test("gets the same error for any password while the sign-in limit holds", async () => {
    const who = await deactivated();
    const { ownerEmail: email, ownerPassword } = who.elsewhere;
    const browser = openBrowser(home.url);
    const signIn = (password: string) => browser.call("mutation", "session.signIn", { email, password });
    for (let failures = 0; failures < 10; failures++) await signIn("not the password");
    expect((await signIn(ownerPassword)).status).toBe(429);
  });
});
