import { describe, expect, test } from "vitest";
import { leaveOrganization } from "../account/leave.ts";
import { readLocks } from "../account/member-lock.ts";
import { listMembers, type ListedMember } from "./member-list.ts";
import type { Session } from "../session/session.ts";
import { acceptMembership, listMemberships } from "../session/sign-in.ts";
import { verifyDomain } from "../domain/verified-domain.ts";
import { addMember } from "../scim/member-add.ts";
import { accountIdOf, openScimDatabase, person, request, type Tenant } from "../testing/scim-database.ts";

const home = await openScimDatabase();
const acme = await home.newTenant("Acme");
const rival = await home.newTenant("Rival");

let count = 0;
/** An address in a new, unverified domain. */
const fresh = (domain = `third${++count}.example`): string => `pam@${domain}`;

const accountsOf = (email: string): Promise<readonly unknown[]> =>
  home.rows("select id from account where email_key = $1", [email]);

async function memberOf(id: string): Promise<Record<string, unknown> | undefined> {
  const text = `select account_id as account, awaits_acceptance as awaits, active, is_deleted as gone, is_managed as managed
    from member where id = $1`;
  return (await home.rows(text, [id]))[0];
}
const pending = { account: null, awaits: true, active: true, gone: false, managed: true };

/** A person signed in with an account of that address, as the owner of another organization. */
async function signedIn(email: string): Promise<Session> {
  const own = await home.newTenant(`Own${++count}`);
  return own.sessionOf(accountIdOf(await own.addAccepted(person(email))));
}

const accept = (session: Session, tenant: Tenant): Promise<boolean> =>
  acceptMembership(home.database, session, tenant.organizationId, request);

async function listed(tenant: Tenant, userName: string): Promise<readonly Partial<ListedMember>[]> {
  const query = { search: userName, page: 1, pageSize: 10 };
  const { members } = await listMembers(home.database.sql, tenant.organizationId, query);
  return members.map(({ id: _id, createdAt: _created, updatedAt: _updated, ...shown }) => shown);
}

// An organization must not claim addresses of a domain that it has not verified.
describe("rule 5b a POST for a domain that is not verified here", () => {
  test("creates no account: the owner of the address can use it without locks", async () => {
    const email = fresh();
    const { id } = await acme.add(person(email));
    expect(await accountsOf(email)).toEqual([]);
    expect(await memberOf(id)).toEqual(pending);
    const session = await signedIn(email);
    const locks = await readLocks(home.database.sql, session.account.id, acme.organizationId);
    expect(JSON.stringify(locks)).not.toContain("Acme");
    expect(await listMemberships(home.database.sql, session.account.id)).toContainEqual(
      expect.objectContaining({ id: acme.organizationId, isAwaiting: true }),
    );
  });

  test("has the same result with and without an account: member, list, roles and log", async () => {
    const [known, unknown] = [fresh(), fresh()];
    await signedIn(known);
    const seen = [];
    for (const email of [known, unknown]) {
      const member = await acme.add(person(email, { displayName: "Pam" }));
      const log = await acme.logOf(member.id);
      const of = [await memberOf(member.id), await listed(acme, email), await acme.grantsOf(member.id)];
      const { id: _id, ...shown } = member;
      seen.push(JSON.parse(JSON.stringify([shown, of, log]).replaceAll(email, "EMAIL")));
    }
    expect(seen[0]).toEqual(seen[1]);
    expect(JSON.stringify(seen[0])).toContain("EMAIL");
  });

  test("by two organizations at once gives neither the person before acceptance", async () => {
    const email = fresh();
    const posts = await Promise.all(
      [acme, rival].map(({ credential }) => addMember(home.database, credential, person(email), request)),
    );
    const ids = posts.flatMap((outcome) => (outcome.added?.ok === true ? [outcome.added.value.id] : []));
    expect(ids).toHaveLength(2);
    expect(await accountsOf(email)).toEqual([]);
    const session = await signedIn(email);
    expect(await accept(session, acme)).toBe(true);
    expect(await Promise.all(ids.map(memberOf))).toMatchObject([{ account: session.account.id }, pending]);
  });

  test("of a former member requires acceptance again, under the same id", async () => {
    const email = fresh();
    const before = await acme.addAccepted(person(email, { externalId: email }));
    await acme.write(before.id, "delete");
    const back = await acme.add(person(email, { externalId: email }));
    expect(back.id).toBe(before.id);
    expect(await memberOf(back.id)).toEqual(pending);
  });
});

describe("rule 5b the holder of the mailbox", () => {
  test("accepts by signing in: the same member with its roles, and a log entry", async () => {
    const email = fresh();
    const { id } = await acme.add(person(email.toUpperCase()));
    const session = await signedIn(email);
    expect(await accept(session, acme)).toBe(true);
    expect(await accept(session, acme)).toBe(false);
    expect(await memberOf(id)).toEqual({ ...pending, account: session.account.id, awaits: false });
    expect(await acme.grantsOf(id)).toEqual(["Members:default"]);
    expect((await acme.logOf(id)).at(-1)).toMatchObject({ kind: "member.accepted" });
    const locks = await readLocks(home.database.sql, session.account.id, acme.organizationId);
    expect(locks).toMatchObject({ leave: {}, changeEmail: {}, changePassword: {} });
  });

  test("of another address cannot accept", async () => {
    const { id } = await acme.add(person(fresh()));
    expect(await accept(await signedIn(fresh()), acme)).toBe(false);
    expect(await memberOf(id)).toEqual(pending);
  });

  test("declines by leaving, regardless of locks", async () => {
    const email = fresh();
    const { id } = await acme.add(person(email));
    const session = await signedIn(email);
    expect((await leaveOrganization(home.database, session, acme.organizationId, request)).ok).toBe(true);
    expect(await memberOf(id)).toMatchObject({ gone: true });
    expect((await acme.logOf(id)).at(-1)).toMatchObject({ kind: "member.left" });
  });

  test("who accepts during a DELETE either is a member or is not", async () => {
    for (let round = 0; round < 10; round++) {
      const email = fresh();
      const { id } = await acme.add(person(email));
      const session = await signedIn(email);
      const [isAccepted] = await Promise.all([accept(session, acme), acme.write(id, "delete")]);
      expect(await memberOf(id)).toMatchObject({ gone: true, account: isAccepted ? session.account.id : null });
    }
  });
});

// Only the owner of a domain decides on its addresses.
describe("rule 5b the verification of a domain", () => {
  test("accepts only the organization's people, with their account or a new one", async () => {
    const domain = `late${++count}.example`;
    const [known, unknown] = [`known@${domain}`, `unknown@${domain}`];
    const session = await signedIn(known);
    const [first, second] = [await acme.add(person(known)), await acme.add(person(unknown))];
    const other = await acme.add(person(fresh()));
    const foreign = await rival.add(person(unknown));
    expect((await verifyDomain(home.database, acme.context, domain)).ok).toBe(true);
    expect(await memberOf(first.id)).toMatchObject({ account: session.account.id, awaits: false });
    const [account] = await home.rows("select id, password_hash as password from account where email_key = $1", [
      unknown,
    ]);
    expect(account).toMatchObject({ password: null });
    expect(await memberOf(second.id)).toMatchObject({ account: account?.["id"], awaits: false });
    expect(await memberOf(other.id)).toEqual(pending);
    expect(await memberOf(foreign.id)).toEqual(pending);
    expect((await acme.logOf(second.id)).map(({ kind }) => kind)).toEqual(["member.created", "member.accepted"]);
  });

  test("does not use an account without memberships", async () => {
    const email = fresh();
    const gone = await rival.addAccepted(person(email));
    await home.rows("update account set password_hash = 'x' where id = $1", [gone.accountId]);
    await rival.write(gone.id, "delete");
    const { id } = await acme.add(person(email));
    await verifyDomain(home.database, acme.context, email.slice(4));
    const member = await memberOf(id);
    expect(member).toMatchObject({ awaits: false });
    expect(member?.["account"]).not.toBe(gone.accountId);
  });

  test("ends other organizations' locks on email and password of its addresses, not on leaving", async () => {
    const email = fresh();
    const { accountId } = await rival.addAccepted(person(email));
    const locks = () => readLocks(home.database.sql, accountId ?? "", rival.organizationId);
    expect(await locks()).toMatchObject({ leave: {}, changeEmail: {}, changePassword: {} });
    await verifyDomain(home.database, acme.context, email.slice(4));
    const open = { changeEmail: undefined, changePassword: undefined };
    expect(await locks()).toEqual({ ...open, leave: expect.objectContaining({ action: "leave" }) });
    await acme.add(person(email));
    expect(await locks()).toMatchObject({ changeEmail: { holders: [{ name: "Acme" }] } });
  });

  test("during concurrent additions leaves no membership of the domain pending", async () => {
    for (let round = 0; round < 5; round++) {
      const domain = `race${++count}.example`;
      const names = Array.from({ length: 8 }, (_, index) => `p${index}@${domain}`);
      const [verified, ...posts] = await Promise.all([
        verifyDomain(home.database, acme.context, domain),
        ...names.map((name) => acme.post(person(name))),
      ]);
      expect(verified.ok).toBe(true);
      expect(posts.every((outcome) => outcome.added?.ok === true)).toBe(true);
      const text = "select user_name from member where user_name_key = any($1) and awaits_acceptance";
      expect(await home.rows(text, [names])).toEqual([]);
      expect(await home.rows("select 1 from account where email_key = any($1)", [names])).toHaveLength(8);
    }
  });
});
