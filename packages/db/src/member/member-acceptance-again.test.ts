import { describe, expect, test } from "vitest";
import { leaveOrganization } from "../account/leave.ts";
import { requestPasswordReset, completePasswordReset } from "../account/password-reset.ts";
import type { Session } from "../session/session.ts";
import { acceptMembership, listMemberships } from "../session/sign-in.ts";
import { acceptInvitation } from "../invitation/invitation-accept.ts";
import { sendInvitation } from "../invitation/invitation-send.ts";
import { verifyDomain } from "../domain/verified-domain.ts";
import type { MemberRow } from "./member-columns.ts";
import { accountIdOf, now, openScimDatabase, person, request, type Tenant } from "../testing/scim-database.ts";
import type { RequestStamp } from "../store/write-context.ts";

const home = await openScimDatabase();
const acme = await home.newTenant("Acme");
const rival = await home.newTenant("Rival");

let count = 0;
const fresh = (): { readonly email: string; readonly domain: string } => {
  const domain = `third${++count}.example`;
  return { email: `pat@${domain}`, domain };
};

async function memberOf(id: string): Promise<Record<string, unknown> | undefined> {
  const text = "select account_id as account, awaits_acceptance as awaits from member where id = $1";
  return (await home.rows(text, [id]))[0];
}
async function accountOf(id: string): Promise<Record<string, unknown> | undefined> {
  return (await home.rows("select email, password_hash as password from account where id = $1", [id]))[0];
}

const signedIn = (accountId: string): Promise<Session> => rival.sessionOf(accountId);

/** Ends the locks of an organization for one account, as an exemption does. */
async function exempt(tenant: Tenant, { id }: MemberRow): Promise<void> {
  const text = "insert into exemption values ($1, $2, 'locks', 'Ada', $3)";
  await home.rows(text, [tenant.organizationId, id, now]);
}

async function mailed(email: string, at: RequestStamp): Promise<string> {
  let token = "";
  await requestPasswordReset(home.database, { email, linkTo: (text) => (token = text) }, at);
  return token;
}
async function reset(token: string, at: RequestStamp): Promise<void> {
  const done = await completePasswordReset(home.database, { token, password: "four words on a wall" }, at);
  if (!done.ok) throw new Error(done.error.kind);
}

type Place = { readonly accountId: string; readonly elsewhere: MemberRow; readonly id: string };
type Way = (email: string, former: MemberRow) => Promise<string>;

/** The ways for an organization without the verified domain to give a person's membership to another person. */
const ways: readonly (readonly [name: string, way: Way])[] = [
  [
    "a DELETE and a POST",
    async (email, former) => {
      await acme.write(former.id, "delete");
      return (await acme.add(person(email, { externalId: `next-${email}` }))).id;
    },
  ],
  [
    "a hand-over",
    async (email, former) => {
      await acme.write(former.id, () => ({ active: false }));
      await acme.write(former.id, () => ({ active: true, externalId: `next-${email}` }));
      return former.id;
    },
  ],
];

/** Pat, with a password, is a member of both organizations and loses the membership in the first to another person. */
async function place(email: string, way: Way): Promise<Place> {
  const elsewhere = await rival.addAccepted(person(email));
  const accountId = accountIdOf(elsewhere);
  await home.rows("update account set password_hash = 'x' where id = $1", [accountId]);
  const former = await acme.addAccepted(person(email, { externalId: email }));
  await exempt(rival, elsewhere);
  await exempt(acme, former);
  return { accountId, elsewhere, id: await way(email, former) };
}

describe.each(ways)("rule 5a after %s for a domain that is not verified", (_, way) => {
  test("its verification creates an account for the next person, and the former account loses the address", async () => {
    const { email, domain } = fresh();
    const { accountId, elsewhere, id } = await place(email, way);
    expect(await memberOf(id)).toEqual({ account: null, awaits: true });
    await verifyDomain(home.database, acme.context, domain);
    const next = await memberOf(id);
    expect(next).toMatchObject({ awaits: false, account: expect.any(String) });
    expect(next?.["account"]).not.toBe(accountId);
    expect(await accountOf(String(next?.["account"]))).toEqual({ email, password: null });
    expect(await accountOf(accountId)).toEqual({ email: null, password: null });
    expect(await memberOf(elsewhere.id)).toMatchObject({ account: accountId });
  });

  test("a person with the former password cannot see, accept or decline the membership", async () => {
    const { email } = fresh();
    const { accountId, id } = await place(email, way);
    const session = await signedIn(accountId);
    const seen = await listMemberships(home.database.sql, accountId);
    expect(seen.map((one) => one.id)).toEqual([rival.organizationId]);
    expect(await acceptMembership(home.database, session, acme.organizationId, request)).toBe(false);
    const left = await leaveOrganization(home.database, session, acme.organizationId, request);
    expect(left).toMatchObject({ error: { kind: "memberNotFound" } });
    expect(await memberOf(id)).toEqual({ account: null, awaits: true });
  });

  test("only a password reset mailed afterwards lets the person accept", async () => {
    const { email } = fresh();
    const early = { now: new Date(now.getTime() - 60_000), requestId: null };
    const late = { now: new Date(now.getTime() + 60_000), requestId: null };
    let before = "";
    const { accountId, id } = await place(email, async (address, former) => {
      before = await mailed(address, early);
      return way(address, former);
    });
    await reset(before, late);
    expect(await acceptMembership(home.database, await signedIn(accountId), acme.organizationId, late)).toBe(false);
    await reset(await mailed(email, late), late);
    expect(await acceptMembership(home.database, await signedIn(accountId), acme.organizationId, late)).toBe(true);
    expect(await memberOf(id)).toEqual({ account: accountId, awaits: false });
  });

  test("a person accepts with the owners' invitation", async () => {
    const { email } = fresh();
    const { accountId, id } = await place(email, way);
    let token = "";
    const linkTo = (text: string): string => (token = text);
    await sendInvitation(home.database, acme.context, { email, roleIds: [], linkTo });
    const browser = { userAgent: null, ip: null };
    const joined = await acceptInvitation(home.database, { token }, await signedIn(accountId), browser, request);
    expect(joined.ok).toBe(true);
    expect(await memberOf(id)).toEqual({ account: accountId, awaits: false });
  });
});
