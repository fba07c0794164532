import { describe, expect, test } from "vitest";
import { loadSession } from "../session/session.ts";
import { addSsoExemption } from "../member/exemptions.ts";
import { readRolesOffer } from "../member/roles-offer.ts";
import type { MemberRow } from "../member/member-columns.ts";
import { verifyDomain } from "../domain/verified-domain.ts";
import { acceptInvitation } from "../invitation/invitation-accept.ts";
import { sendInvitation } from "../invitation/invitation-send.ts";
import { whileLocked } from "../testing/locks.ts";
import { accountIdOf, now, openScimDatabase, person, request } from "../testing/scim-database.ts";

const home = await openScimDatabase();
const acme = await home.newTenant("Acme", { domain: "acme.example" });
const rival = await home.newTenant("Rival");

let count = 0;
const fresh = (): string => `reused${++count}@acme.example`;

const accountText = `select id, email, email_key as key, former_email as former, password_hash as password,
  totp_secret as totp, totp_confirmed_at as "totpSince" from account where id = $1`;
const accountOf = async (id: string | null): Promise<Record<string, unknown>> =>
  (await home.rows(accountText, [id]))[0] ?? {};

const lost = { email: null, key: null, password: null, totp: null, totpSince: null };

const leftText = `select 'code' as kind from recovery_code where account_id = $1
  union all select 'challenge' from email_challenge where account_id = $1 and ended_at is null
  union all select 'reset' from password_reset where account_id = $1 and ended_at is null
  union all select 'session' from session where account_id = $1 and ended_at is null`;
const leftTo = (accountId: string | null): Promise<readonly unknown[]> => home.rows(leftText, [accountId]);

/** Gives the account a password, a second factor, a recovery code and open links. */
async function equip(accountId: string | null): Promise<void> {
  const inAnHour = new Date(now.getTime() + 3_600_000);
  await home.rows("update account set password_hash = 'x', totp_secret = 'x', totp_confirmed_at = $2 where id = $1", [
    accountId,
    now,
  ]);
  await home.rows(
    `with code as (insert into recovery_code (account_id, code_hash) values ($1, 'x')),
      reset as (insert into password_reset (account_id, id, secret_hash, created_at, expires_at) values ($1, $1, 'x', $2, $3))
      insert into email_challenge (account_id, id, email, email_key, secret_hash, created_at, expires_at, is_undo)
      values ($1, $1, 'a@b.example', 'a@b.example', 'x', $2, $3, false),
        ($1, gen_random_uuid(), 'c@b.example', 'c@b.example', 'x', $2, $3, true)`,
    [accountId, now, inAnHour],
  );
}

const isSignedIn = async (cookie: string): Promise<boolean> =>
  (await loadSession(home.database.sql, cookie, now)) !== undefined;

// The former holder's password, second factor, links and sessions must not give access to the next holder's account.
describe("rule 5a a POST with the userName of a removed member and another externalId", () => {
  test("creates a new member and a new account; the former account loses the address and its credentials", async () => {
    const userName = fresh();
    const former = await acme.add(person(userName, { externalId: "p-1", givenName: "Old" }));
    await equip(former.accountId);
    const elsewhere = await rival.addAccepted(person(userName));
    const cookie = await rival.cookieOf(accountIdOf(former));
    await acme.write(former.id, "delete");
    expect(await isSignedIn(cookie)).toBe(true);
    const next = await acme.add(person(userName, { externalId: "p-2", givenName: "New" }));
    expect(next.id).not.toBe(former.id);
    expect(next.accountId).not.toBe(former.accountId);
    expect(await accountOf(next.accountId)).toMatchObject({ email: userName, password: null, totp: null });
    expect(await accountOf(former.accountId)).toMatchObject({ ...lost, former: userName });
    expect(await leftTo(former.accountId)).toEqual([]);
    expect(await isSignedIn(cookie)).toBe(false);
    const there = "select account_id as account, is_deleted as gone, active from member where id = $1";
    expect(await home.rows(there, [elsewhere.id])).toEqual([{ account: former.accountId, gone: false, active: true }]);
    expect((await rival.logOf(elsewhere.id)).at(-1)).toEqual({
      kind: "member.address_lost",
      before: { userName },
      after: null,
      refusal: null,
    });
  });

  test.each([["p-1"], [null]])("with the externalId %j reactivates the same member and account", async (externalId) => {
    const userName = fresh();
    const former = await acme.add(person(userName, { externalId: `${userName}-1` }));
    await equip(former.accountId);
    await acme.write(former.id, "delete");
    const given = externalId === null ? null : `${userName}-1`;
    const back = await acme.add(person(userName, { externalId: given }));
    expect(back).toMatchObject({ id: former.id, accountId: former.accountId });
    expect(await accountOf(back.accountId)).toMatchObject({ email: userName, password: "x" });
  });

  test("20 times at once creates one member and one account", async () => {
    const userName = fresh();
    const former = await acme.add(person(userName, { externalId: `${userName}-1` }));
    await acme.write(former.id, "delete");
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, index) => acme.post(person(userName, { externalId: `${userName}-x${index}` }))),
    );
    expect(outcomes.filter(({ added: one }) => one?.ok === true)).toHaveLength(1);
    expect(outcomes.filter(({ added: one }) => one?.ok === false)).toHaveLength(19);
    const holders = "select count(*)::int as count from account where email_key = $1";
    expect(await home.rows(holders, [userName])).toEqual([{ count: 1 }]);
    expect(await accountOf(former.accountId)).toMatchObject(lost);
  });

  test("the change of an externalId before the DELETE does not prevent it", async () => {
    const userName = fresh();
    const former = await acme.add(person(userName, { externalId: `${userName}-1` }));
    await acme.write(former.id, () => ({ active: false }));
    await acme.write(former.id, () => ({ externalId: `${userName}-2` }));
    await acme.write(former.id, "delete");
    const next = await acme.add(person(userName, { externalId: `${userName}-2` }));
    expect(next.accountId).not.toBe(former.accountId);
    expect(await accountOf(former.accountId)).toMatchObject(lost);
  });

  test("an externalId that was cleared before the DELETE does not prevent it", async () => {
    const userName = fresh();
    const former = await acme.add(person(userName, { externalId: `${userName}-1` }));
    await acme.write(former.id, () => ({ externalId: null }));
    await acme.write(former.id, () => ({ givenName: "Former" }));
    await acme.write(former.id, "delete");
    const next = await acme.add(person(userName, { externalId: `${userName}-2` }));
    expect(next.accountId).not.toBe(former.accountId);
    expect(await accountOf(former.accountId)).toMatchObject(lost);
  });
});

// Okta never deletes people: it finds the inactive user by name and sends a PUT.
describe("rule 5a a write that reactivates an inactive managed member with another externalId", () => {
  async function inactive(): Promise<{ member: MemberRow; userName: string; cookie: string; elsewhere: MemberRow }> {
    const userName = fresh();
    const member = await acme.add(person(userName, { externalId: `${userName}-1` }));
    await acme.grant(member.id, "Deploy Owners");
    await equip(member.accountId);
    const exempt = "insert into exemption select $1, $2, kind, 'Ada', $3 from (values ('locks'), ('sso')) as t (kind)";
    await home.rows(exempt, [acme.organizationId, member.id, now]);
    const elsewhere = await rival.addAccepted(person(userName));
    const cookie = await rival.cookieOf(accountIdOf(member));
    await acme.write(member.id, () => ({ active: false }));
    return { member, userName, cookie, elsewhere };
  }
  const exemptText = "select 1 from exemption where member_id = $1";
  const offerOf = async (id: string): Promise<readonly string[]> => {
    const offer = await readRolesOffer(home.database.sql, acme.organizationId, id);
    return offer.ok ? offer.value.map(({ name }) => name) : [];
  };

  test("keeps the member's id and ends credentials, sessions, exemptions and offers of roles", async () => {
    const { member, userName, cookie, elsewhere } = await inactive();
    const change = { active: true, externalId: `${userName}-2`, givenName: "Next" };
    const outcome = await acme.write(member.id, () => change);
    expect(outcome).toMatchObject({
      kind: "saved",
      member: { id: member.id, active: true, externalId: `${userName}-2` },
    });
    if (outcome.kind !== "saved") return;
    expect(outcome.member.accountId).not.toBe(member.accountId);
    expect(await accountOf(outcome.member.accountId)).toMatchObject({ email: userName, password: null, totp: null });
    expect(await accountOf(member.accountId)).toMatchObject(lost);
    expect(await leftTo(member.accountId)).toEqual([]);
    expect(await isSignedIn(cookie)).toBe(false);
    expect(await home.rows(exemptText, [member.id])).toEqual([]);
    expect(await offerOf(member.id)).toEqual([]);
    expect(await acme.grantsOf(member.id)).toEqual(["Members:default"]);
    const kinds = (await acme.logOf(member.id)).map(({ kind }) => kind);
    expect(kinds.slice(-2)).toEqual(["member.handed_over", "member.reactivated"]);
    expect((await rival.logOf(elsewhere.id)).at(-1)).toMatchObject({ kind: "member.address_lost" });
  });

  test("also if the externalId was changed or removed before", async () => {
    for (const between of [`next`, null]) {
      const { member, userName } = await inactive();
      const step = between === null ? null : `${userName}-2`;
      await acme.write(member.id, () => ({ externalId: step }));
      await acme.write(member.id, () => ({ active: true, externalId: `${userName}-2` }));
      expect(await accountOf(member.accountId)).toMatchObject(lost);
    }
  });

  test("without roles granted manually while the member was inactive", async () => {
    const { member, userName } = await inactive();
    await acme.grant(member.id, "Deploy Owners");
    await acme.write(member.id, () => ({ active: true, externalId: `${userName}-2` }));
    expect(await acme.grantsOf(member.id)).toEqual(["Members:default"]);
    expect((await acme.logOf(member.id)).at(-2)).toMatchObject({
      kind: "member.handed_over",
      before: { roles: [{ source: "manual" }] },
    });
    expect(await offerOf(member.id)).toEqual([]);
  });

  test("also if the externalId was removed while the person was active", async () => {
    const { member, userName } = await inactive();
    await acme.write(member.id, () => ({ active: true, externalId: `${userName}-1` }));
    await acme.write(member.id, () => ({ externalId: null }));
    await acme.write(member.id, () => ({ active: false }));
    await acme.write(member.id, () => ({ active: true, externalId: `${userName}-2` }));
    expect(await accountOf(member.accountId)).toMatchObject(lost);
  });

  test.each([
    ["the same externalId", (userName: string) => ({ externalId: `${userName}-1` })],
    ["no externalId", () => ({ externalId: null })],
  ])("not with %s: the same person returns with former data", async (_, more) => {
    const { member, userName } = await inactive();
    await acme.write(member.id, () => ({ active: true, ...more(userName) }));
    expect(await accountOf(member.accountId)).toMatchObject({ email: userName, password: "x" });
    expect(await home.rows(exemptText, [member.id])).toHaveLength(2);
    expect(await offerOf(member.id)).toEqual(["Deploy Owners"]);
  });

  test("sets the new address for the new person", async () => {
    const { member, userName } = await inactive();
    const to = fresh();
    const change = { active: true, externalId: `${userName}-2`, userName: to };
    const outcome = await acme.write(member.id, () => change);
    expect(outcome).toMatchObject({ kind: "saved", member: { userName: to } });
    expect(await accountOf(outcome.kind === "saved" ? outcome.member.accountId : null)).toMatchObject({ email: to });
    expect(await accountOf(member.accountId)).toMatchObject(lost);
  });

  test("gives the new person an account of the new address, not one that others use or the former person has", async () => {
    const { member, userName } = await inactive();
    const [former, to] = [fresh(), fresh()];
    const move = "update account set email = $2, email_key = $2 where id = $1";
    await home.rows(move, [member.accountId, former]);
    // The former address belongs to somebody else by now.
    const stranger = await rival.addAccepted(person(fresh()));
    await home.rows(move, [stranger.accountId, userName]);
    const change = { active: true, externalId: `${userName}-2`, userName: to, displayName: "Next" };
    const outcome = await acme.write(member.id, () => change);
    const accountId = outcome.kind === "saved" ? outcome.member.accountId : null;
    expect(await accountOf(accountId)).toMatchObject({ email: to });
    expect(await home.rows("select name from account where id = $1", [accountId])).toEqual([{ name: "Next" }]);
    expect(await accountOf(stranger.accountId)).toMatchObject({ email: userName });
    expect(await accountOf(member.accountId)).toMatchObject({ ...lost, former });
  });

  // Eve's account, which she uses in another organization, must not become the next person's.
  test.each([
    ["another address, of a person who was removed here", true, "eve-1"],
    ["the address that the account of a person who was removed here has now", false, "eve-1"],
  ])("with %s: that account loses it, and the new person gets another one", async (_what, isMoved, externalId) => {
    const { member, userName, elsewhere } = await inactive();
    await rival.write(elsewhere.id, "delete");
    const to = isMoved ? fresh() : userName;
    const eve = await acme.add(person(isMoved ? to : fresh(), { externalId: `${userName}${externalId}` }));
    await rival.addAccepted(person(eve.userName));
    await acme.write(eve.id, "delete");
    if (!isMoved) {
      const move = "update account set email = $2, email_key = $2 where id = $1";
      await home.rows(move, [member.accountId, fresh()]);
      await home.rows(move, [eve.accountId, userName]);
    }
    const outcome = await acme.write(member.id, () => ({
      active: true,
      externalId: `${userName}-2`,
      userName: to,
    }));
    const accountId = outcome.kind === "saved" ? outcome.member.accountId : null;
    expect([member.accountId, eve.accountId]).not.toContain(accountId);
    expect(await accountOf(accountId)).toMatchObject({ email: to, password: null });
    expect(await accountOf(eve.accountId)).toMatchObject({ email: null });
  });

  test.each([
    ["who was never here", false],
    ["who was removed here without an externalId", true],
  ])("is refused with another address that a person has %s", async (_what, wasHere) => {
    const { member, userName } = await inactive();
    const to = fresh();
    if (wasHere) await acme.write((await acme.add(person(to))).id, "delete");
    const eve = await rival.addAccepted(person(to));
    const change = { active: true, externalId: `${userName}-2`, userName: to };
    expect(await acme.write(member.id, () => change)).toMatchObject({
      kind: "refused",
      refusal: { kind: "emailTaken" },
    });
    expect(await accountOf(eve.accountId)).toMatchObject({ email: to });
    expect(await accountOf(member.accountId)).toMatchObject({ email: userName });
  });

  test("gives the former person's own new address to the new person", async () => {
    const { member, userName } = await inactive();
    const to = fresh();
    await home.rows("update account set email = $2, email_key = $2 where id = $1", [member.accountId, to]);
    const outcome = await acme.write(member.id, () => ({ active: true, externalId: `${userName}-2`, userName: to }));
    const accountId = outcome.kind === "saved" ? outcome.member.accountId : null;
    expect(accountId).not.toBe(member.accountId);
    expect(await accountOf(accountId)).toMatchObject({ email: to });
    expect(await accountOf(member.accountId)).toMatchObject({ ...lost, former: to });
  });

  test("a deleted member loses the exemptions, and gets none by an owner's concurrent write", async () => {
    const { member } = await inactive();
    await acme.write(member.id, "delete");
    expect(await home.rows(exemptText, [member.id])).toEqual([]);
    for (let round = 0; round < 20; round++) {
      const { id } = await acme.add(person(fresh()));
      await Promise.all([addSsoExemption(home.database, acme.context, id), acme.write(id, "delete")]);
      expect(await home.rows(exemptText, [id])).toEqual([]);
    }
  });

  test("an organization that has not verified the domain changes no account", async () => {
    const userName = `elsewhere${++count}@third.example`;
    const member = await rival.addAccepted(person(userName, { externalId: `${userName}-1` }));
    const { accountId } = member;
    await equip(accountId);
    await rival.write(member.id, () => ({ active: false }));
    await rival.write(member.id, () => ({ active: true, externalId: `${userName}-2` }));
    const text = "select account_id as account, awaits_acceptance as awaits from member where id = $1";
    expect(await home.rows(text, [member.id])).toEqual([{ account: null, awaits: true }]);
    expect(await accountOf(accountId)).toMatchObject({ email: userName, password: "x" });
    expect((await rival.logOf(member.id)).at(-2)).toMatchObject({
      kind: "member.handed_over",
      after: { awaitsAcceptance: true },
    });
  });
});

// RFC 7644, section 3.6: a removed person must not block others.
describe("the address of an account without any visible membership", () => {
  test("is free for a rename, and the account loses it", async () => {
    const [userName, other] = [fresh(), fresh()];
    const gone = await acme.add(person(userName));
    await equip(gone.accountId);
    await acme.write(gone.id, "delete");
    const { id } = await acme.add(person(other));
    expect(await acme.write(id, () => ({ userName }))).toMatchObject({ kind: "saved" });
    expect(await accountOf(gone.accountId)).toMatchObject({ ...lost, former: userName });
  });

  test("is free for a POST of another organization that has verified the domain, which does not use the account", async () => {
    const userName = fresh();
    const guest = await rival.add(person(`guest${count}@rival.example`));
    await equip(guest.accountId);
    await home.rows("update account set email = $2, email_key = $2 where id = $1", [guest.accountId, userName]);
    await rival.write(guest.id, "delete");
    const here = await acme.add(person(userName));
    expect(here.accountId).not.toBe(guest.accountId);
    expect(await accountOf(here.accountId)).toMatchObject({ email: userName, password: null });
  });

  test("is given to one of a reactivation and a concurrent rename", async () => {
    for (let round = 0; round < 10; round++) {
      const [userName, other] = [fresh(), fresh()];
      const gone = await acme.add(person(userName));
      await acme.write(gone.id, "delete");
      const { id } = await acme.add(person(other));
      const [renamed, revived] = await Promise.all([acme.write(id, () => ({ userName })), acme.post(person(userName))]);
      expect(renamed.kind === "saved").toBe(revived.added?.ok === false);
      const text = `select count(*)::int as count from member m join account a on a.id = m.account_id
        where m.user_name_key = $1 and not m.is_deleted and a.email_key = $1`;
      expect(await home.rows(text, [userName])).toEqual([{ count: 1 }]);
    }
  });
});

// A rename gives a removed person's address away under the same conditions as a POST (rule 5a).
describe("rule 5a a rename to the address of a removed member who is in another organization", () => {
  async function renamed(former: string | null, next: string | null) {
    const [userName, other] = [fresh(), fresh()];
    const gone = await acme.add(person(userName, { externalId: former && `${userName}${former}` }));
    await equip(gone.accountId);
    const elsewhere = await rival.addAccepted(person(userName));
    const { id } = await acme.add(person(other, { externalId: next && `${userName}${next}` }));
    const rename = () => acme.write(id, () => ({ userName }));
    const before = await rename();
    await acme.write(gone.id, "delete");
    return { userName, gone, elsewhere, before, rename };
  }
  test("releases it", async () => {
    const { userName, gone, elsewhere, before, rename } = await renamed("-1", "-2");
    expect(before).toMatchObject({ kind: "refused" });
    expect(await rename()).toMatchObject({ kind: "saved", member: { userName } });
    expect(await accountOf(gone.accountId)).toMatchObject({ ...lost, former: userName });
    expect((await rival.logOf(elsewhere.id)).at(-1)).toMatchObject({ kind: "member.address_lost" });
  });

  test.each([
    [null, "-2"],
    ["-1", null],
  ])("is refused where the externalIds %j and %j do not distinguish two people", async (former, next) => {
    const { gone, userName, rename } = await renamed(former, next);
    expect(await rename()).toMatchObject({ kind: "refused", refusal: { kind: "emailTaken" } });
    expect(await accountOf(gone.accountId)).toMatchObject({ email: userName, password: "x" });
  });

  test("is refused where the person was never a member here", async () => {
    const [userName, other] = [fresh(), fresh()];
    await rival.addAccepted(person(userName));
    const { id } = await acme.add(person(other, { externalId: `${userName}-2` }));
    expect(await acme.write(id, () => ({ userName }))).toMatchObject({ kind: "refused" });
  });
});

test("a POST that takes an address, an acceptance of an invitation and a verification are not deadlocked", async () => {
  const tenant = await home.newTenant("Three");
  const userName = "bob@three.example";
  await tenant.write((await tenant.add(person(userName, { externalId: "b-1" }))).id, "delete");
  let token = "";
  const linkTo = (text: string): string => (token = text);
  await sendInvitation(home.database, tenant.context, { email: userName, roleIds: [], linkTo });
  const given = { token, name: "Bob", password: "four words on a wall" };
  const browser = { userAgent: null, ip: null };
  const lock = {
    text: "select from provisioning where organization_id = $1 for update",
    values: [tenant.organizationId],
  };
  const all = await whileLocked(home.database, lock, async (waitFor) => {
    const accepted = acceptInvitation(home.database, given, undefined, browser, request);
    await waitFor(1, accepted);
    const verified = verifyDomain(home.database, tenant.context, "more.example");
    await waitFor(2, verified);
    const posted = tenant.post(person(userName, { externalId: "b-2" }));
    await waitFor(3, posted);
    return { done: Promise.all([accepted, verified, posted]) };
  });
  const [accepted, verified, posted] = await all.done;
  expect([accepted.ok, verified.ok, posted.caller.ok]).toEqual([true, true, true]);
});
