import { recheckMs, lapseMs, type DnsFinding } from "@rollcall/domain";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readLocks } from "../account/member-lock.ts";
import { acceptMembership } from "../session/sign-in.ts";
import { addMember } from "../scim/member-add.ts";
import {
  accepted,
  accountIdOf,
  added,
  request,
  cookieFor,
  grantByHand,
  logOf,
  newTenant,
  now,
  openScimDatabase,
  person,
  rows,
  sessionOf,
  write,
  type ScimDatabase,
  type Tenant,
} from "../testing/scim-database.ts";
import { addDomain, listDomains, removeDomain, saveCheck } from "./domain-claim.ts";
import { saveRecheck } from "./domain-recheck.ts";
import { verifyDomain } from "./verified-domain.ts";

let home: ScimDatabase;
let acme: Tenant;
let rival: Tenant;
beforeAll(async () => {
  home = await openScimDatabase();
  acme = await newTenant(home.database, "Acme");
  rival = await newTenant(home.database, "Rival");
});
afterAll(() => home.close());

let count = 0;
/** A domain that Acme has verified. */
async function owned(): Promise<string> {
  const domain = `owned${++count}.example`;
  await verifyDomain(home.database, acme.context, domain);
  return domain;
}

async function memberOf(id: string): Promise<Record<string, unknown> | undefined> {
  const text = `select account_id as account, awaits_acceptance as awaits from member where id = $1`;
  return (await rows(home.database, text, [id]))[0];
}
const pending = { account: null, awaits: true };

/** A person added by Acme's directory in a domain that Acme has verified. */
const joined = (domain: string, name: string) => added(home.database, acme, person(`${name}@${domain}`));
const signIn = (tenant: Tenant, accountId: string) =>
  cookieFor(home.database, { organizationId: tenant.organizationId, accountId });
const remove = (domain: string) => removeDomain(home.database, acme.context, domain);

// A lost domain must not give access to people who have neither signed in nor accepted.
describe("rule 5b when an organization loses a domain", () => {
  test("people who have signed in or accepted stay, and the others must accept", async () => {
    const domain = await owned();
    const [pam, jim, kim] = [await joined(domain, "pam"), await joined(domain, "jim"), await joined(domain, "kim")];
    await signIn(acme, accountIdOf(pam));
    // Kim uses the account in another organization, where she has accepted.
    await accepted(home.database, rival, person(`kim@${domain}`));
    await signIn(rival, accountIdOf(kim));
    const listed = await listDomains(home.database.sql, acme.organizationId);
    expect(listed.find((one) => one.domain === domain)).toMatchObject({ memberCount: 3, unacceptedCount: 2 });
    expect((await remove(domain)).ok).toBe(true);
    expect(await memberOf(pam.id)).toEqual({ account: pam.accountId, awaits: false });
    expect(await Promise.all([jim.id, kim.id].map(memberOf))).toEqual([pending, pending]);
    expect((await logOf(home.database, acme, jim.id)).at(-1)).toMatchObject({ kind: "member.acceptance_asked" });
    const locks = await readLocks(home.database.sql, accountIdOf(kim), acme.organizationId);
    expect(JSON.stringify(locks)).not.toContain("Acme");
    const session = await sessionOf(home.database, {
      organizationId: rival.organizationId,
      accountId: accountIdOf(kim),
    });
    expect(await acceptMembership(home.database, session, acme.organizationId, request)).toBe(true);
    expect(await memberOf(kim.id)).toEqual({ account: kim.accountId, awaits: false });
  });

  test("verifying a removed domain again restores all members under the same id", async () => {
    const domain = await owned();
    const jim = await joined(domain, "jim");
    await remove(domain);
    expect(await memberOf(jim.id)).toEqual(pending);
    await verifyDomain(home.database, acme.context, domain);
    expect(await memberOf(jim.id)).toEqual({ account: expect.any(String), awaits: false });
  });

  test("a person who was inactive must accept when the directory reactivates them", async () => {
    const domain = await owned();
    const jim = await joined(domain, "jim");
    await write(home.database, acme, jim.id, () => ({ active: false }));
    await remove(domain);
    await write(home.database, acme, jim.id, () => ({ active: true }));
    expect(await memberOf(jim.id)).toEqual(pending);
  });

  test("the next organization that verifies it can give the address to another person", async () => {
    const domain = await owned();
    const jim = await joined(domain, "jim");
    await remove(domain);
    await verifyDomain(home.database, rival.context, domain);
    const theirs = await added(home.database, rival, person(`jim@${domain}`));
    expect(theirs.accountId).not.toBe(jim.accountId);
    expect(await memberOf(jim.id)).toEqual(pending);
  });

  test("the only owner stays, although they have never signed in", async () => {
    const tenant = await newTenant(home.database, "Lonely", { domain: "lonely.test" });
    await rows(home.database, "update member set accepted_at = null where organization_id = $1", [
      tenant.organizationId,
    ]);
    const [owner] = await rows(home.database, "select id from member where organization_id = $1", [
      tenant.organizationId,
    ]);
    await verifyDomain(home.database, tenant.context, "lonely.example");
    const other = await added(home.database, tenant, person("other@lonely.example"));
    await removeDomain(home.database, tenant.context, "lonely.example");
    expect(await memberOf(String(owner?.["id"]))).toMatchObject({ awaits: false });
    expect(await memberOf(other.id)).toEqual(pending);
  });

  test("an owner whom the directory has added must accept if there is another owner", async () => {
    const domain = await owned();
    const jim = await joined(domain, "jim");
    await grantByHand(home.database, acme, jim.id, "Account Owners");
    await remove(domain);
    expect(await memberOf(jim.id)).toEqual(pending);
  });

  test("a record missing for a week has the same effect, and the mail to owners has the number of people", async () => {
    const domain = `lapsed${++count}.example`;
    await addDomain(home.database, acme.context, domain);
    const [claim] = await rows(home.database, "select proof from domain_claim where domain = $1", [domain]);
    const proven: DnsFinding = { values: [String(claim?.["proof"])], silence: null };
    expect((await saveCheck(home.database, acme.context, { domain, finding: proven })).ok).toBe(true);
    const jim = await joined(domain, "jim");
    const due = { organizationId: acme.organizationId, domain, checkedAt: now };
    const gone: DnsFinding = { values: [], silence: null };
    await saveRecheck(home.database, due, gone, new Date(now.getTime() + recheckMs));
    const late = new Date(now.getTime() + recheckMs + lapseMs + 1);
    expect((await saveRecheck(home.database, { ...due, checkedAt: late }, gone, late))?.kind).toBe("lapsed");
    expect(await memberOf(jim.id)).toEqual(pending);
    const [mail] = await rows(home.database, "select body from mail where subject like $1", [
      `${domain} is no longer%`,
    ]);
    expect(mail?.["body"]).toContain("one person of that domain who had done neither get");
  });

  test("a concurrent POST gives no access either", async () => {
    for (let round = 0; round < 5; round++) {
      const domain = await owned();
      const inputs = ["a", "b", "c"].map((name) => person(`${name}@${domain}`));
      await Promise.all([
        ...inputs.map((input) => addMember(home.database, acme.credential, input, request)),
        remove(domain),
      ]);
      const text = "select count(*)::int as count from member where user_name_key like $1 and not awaits_acceptance";
      expect(await rows(home.database, text, [`%@${domain}`])).toEqual([{ count: 0 }]);
    }
  });
});

// Addresses have the Unicode form of the domain in their key (rule 14).
test("a domain of another script counts its members, accepts them and prevents locks by other organizations", async () => {
  const domain = "xn--bcher-kva.example";
  const pam = await added(home.database, acme, person("pam@bücher.example"));
  const jim = await accepted(home.database, rival, person(`jim@${domain}`));
  await addDomain(home.database, acme.context, domain);
  const counted = async () =>
    (await listDomains(home.database.sql, acme.organizationId)).find((one) => one.domain === domain);
  expect(await counted()).toMatchObject({ memberCount: 1, verifiedAt: null });
  const locked = async () => (await readLocks(home.database.sql, accountIdOf(jim), null)).changeEmail;
  expect(await locked()).toMatchObject({ kind: "memberLocked" });
  await verifyDomain(home.database, acme.context, domain);
  expect(await memberOf(pam.id)).toEqual({ account: expect.any(String), awaits: false });
  expect(await locked()).toBeUndefined();
  expect(await counted()).toMatchObject({ memberCount: 1 });
});
