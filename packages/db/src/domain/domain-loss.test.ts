import { recheckMs, lapseMs, type DnsFinding } from "@rollcall/domain";
import { describe, expect, test } from "vitest";
import { readLocks } from "../account/member-lock.ts";
import { acceptMembership } from "../session/sign-in.ts";
import { accountIdOf, now, openScimDatabase, person, request } from "../testing/scim-database.ts";
import { whileLocked } from "../testing/locks.ts";
import { addDomain, listDomains, removeDomain, saveCheck } from "./domain-claim.ts";
import { saveRecheck } from "./domain-recheck.ts";
import { verifyDomain } from "./verified-domain.ts";

const home = await openScimDatabase();
const acme = await home.newTenant("Acme");
const rival = await home.newTenant("Rival");

let count = 0;
/** A domain that Acme has verified. */
async function owned(): Promise<string> {
  const domain = `owned${++count}.example`;
  await verifyDomain(home.database, acme.context, domain);
  return domain;
}

async function memberOf(id: string): Promise<Record<string, unknown> | undefined> {
  const text = `select account_id as account, awaits_acceptance as awaits from member where id = $1`;
  return (await home.rows(text, [id]))[0];
}
const pending = { account: null, awaits: true };

/** A person added by Acme's directory in a domain that Acme has verified. */
const joined = (domain: string, name: string) => acme.add(person(`${name}@${domain}`));
const remove = (domain: string) => removeDomain(home.database, acme.context, domain);

// A lost domain must not give access to people who have neither signed in nor accepted.
describe("rule 5b when an organization loses a domain", () => {
  test("people who have signed in or accepted stay, and the others must accept", async () => {
    const domain = await owned();
    const [pam, jim, kim] = [await joined(domain, "pam"), await joined(domain, "jim"), await joined(domain, "kim")];
    await acme.cookieOf(accountIdOf(pam));
    // Kim uses the account in another organization, where she has accepted.
    await rival.addAccepted(person(`kim@${domain}`));
    await rival.cookieOf(accountIdOf(kim));
    const listed = await listDomains(home.database.sql, acme.organizationId);
    expect(listed.find((one) => one.domain === domain)).toMatchObject({ memberCount: 3, unacceptedCount: 2 });
    expect((await remove(domain)).ok).toBe(true);
    expect(await memberOf(pam.id)).toEqual({ account: pam.accountId, awaits: false });
    expect(await Promise.all([jim.id, kim.id].map(memberOf))).toEqual([pending, pending]);
    expect((await acme.logOf(jim.id)).at(-1)).toMatchObject({ kind: "member.acceptance_asked" });
    const locks = await readLocks(home.database.sql, accountIdOf(kim), acme.organizationId);
    expect(JSON.stringify(locks)).not.toContain("Acme");
    const session = await rival.sessionOf(accountIdOf(kim));
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

  // The organization's writes wait meanwhile.
  test("verifying it again takes as many statements for many people as for one", async () => {
    const counts: number[] = [];
    for (const people of [1, 6]) {
      const domain = await owned();
      for (let index = 0; index < people; index++) await joined(domain, `p${index}`);
      await remove(domain);
      const sent = home.watch();
      await verifyDomain(home.database, acme.context, domain);
      counts.push(sent.length);
    }
    expect(counts[0]).toBe(counts[1]);
  });

  test("a person who was inactive must accept when the directory reactivates them", async () => {
    const domain = await owned();
    const jim = await joined(domain, "jim");
    await acme.write(jim.id, () => ({ active: false }));
    await remove(domain);
    await acme.write(jim.id, () => ({ active: true }));
    expect(await memberOf(jim.id)).toEqual(pending);
  });

  test("the next organization that verifies it can give the address to another person", async () => {
    const domain = await owned();
    const jim = await joined(domain, "jim");
    await remove(domain);
    await verifyDomain(home.database, rival.context, domain);
    const theirs = await rival.add(person(`jim@${domain}`));
    expect(theirs.accountId).not.toBe(jim.accountId);
    expect(await memberOf(jim.id)).toEqual(pending);
  });

  test("the only owner stays, although they have never signed in", async () => {
    const tenant = await home.newTenant("Lonely", { domain: "lonely.test" });
    await home.rows("update member set accepted_at = null where organization_id = $1", [tenant.organizationId]);
    const [owner] = await home.rows("select id from member where organization_id = $1", [tenant.organizationId]);
    await verifyDomain(home.database, tenant.context, "lonely.example");
    const other = await tenant.add(person("other@lonely.example"));
    await removeDomain(home.database, tenant.context, "lonely.example");
    expect(await memberOf(String(owner?.["id"]))).toMatchObject({ awaits: false });
    expect(await memberOf(other.id)).toEqual(pending);
  });

  test("an owner whom the directory has added must accept if there is another owner", async () => {
    const domain = await owned();
    const jim = await joined(domain, "jim");
    await acme.grant(jim.id, "Account Owners");
    await remove(domain);
    expect(await memberOf(jim.id)).toEqual(pending);
  });

  test("an owner whom the owners are removing, or whose account has no address, is no other owner", async () => {
    for (const [index, text] of [
      `insert into people_job (organization_id, choice, step, after_id, people, done, mappings, actor_kind, actor_name, started_at, due_at, tries)
        values ($1, 'remove', 'people', '00000000-0000-0000-0000-000000000000', 1, 0, 0, 'system', '', now(), now(), 0)`,
      `update account set email = null, email_key = null
        where id in (select account_id from member where organization_id = $1 and user_name like 'other@%')`,
    ].entries()) {
      const tenant = await home.newTenant(`Last${index}`);
      const domain = `last${index}.example`;
      const jim = await tenant.add(person(`jim@${domain}`));
      const other = await tenant.addAccepted(person(`other@far${index}.example`));
      for (const { id } of [jim, other]) await tenant.grant(id, "Account Owners");
      const owners = `delete from role_grant where organization_id = $1 and member_id not in ($2, $3)`;
      await home.rows(owners, [tenant.organizationId, jim.id, other.id]);
      await home.rows("update member set is_managed = false where id = $1", [jim.id]);
      await home.rows(text, [tenant.organizationId]);
      expect((await removeDomain(home.database, tenant.context, domain)).ok).toBe(true);
      expect(await memberOf(jim.id)).toMatchObject({ awaits: false });
    }
  });

  test("a record missing for a week has the same effect, and the mail to owners has the number of people", async () => {
    const domain = `lapsed${++count}.example`;
    await addDomain(home.database, acme.context, domain);
    const [claim] = await home.rows("select proof from domain_claim where domain = $1", [domain]);
    const proven: DnsFinding = { values: [String(claim?.["proof"])], silence: null };
    expect((await saveCheck(home.database, acme.context, { domain, finding: proven })).ok).toBe(true);
    const jim = await joined(domain, "jim");
    const due = { organizationId: acme.organizationId, domain, checkedAt: now };
    const gone: DnsFinding = { values: [], silence: null };
    await saveRecheck(home.database, due, gone, new Date(now.getTime() + recheckMs));
    const late = new Date(now.getTime() + recheckMs + lapseMs + 1);
    expect((await saveRecheck(home.database, { ...due, checkedAt: late }, gone, late))?.kind).toBe("lapsed");
    expect(await memberOf(jim.id)).toEqual(pending);
    const [mail] = await home.rows("select body from mail where subject like $1", [`${domain} is no longer%`]);
    expect(mail?.["body"]).toContain("1 person with an address at this domain lost access");
  });

  test("a concurrent POST gives no access either", async () => {
    for (let round = 0; round < 5; round++) {
      const domain = await owned();
      const inputs = ["a", "b", "c"].map((name) => person(`${name}@${domain}`));
      await Promise.all([...inputs.map((input) => acme.post(input)), remove(domain)]);
      const text = "select count(*)::int as count from member where user_name_key like $1 and not awaits_acceptance";
      expect(await home.rows(text, [`%@${domain}`])).toEqual([{ count: 0 }]);
    }
  });
});

// Addresses have the Unicode form of the domain in their key (rule 14).
test("a domain of another script counts its members, accepts them and prevents locks by other organizations", async () => {
  const domain = "xn--bcher-kva.example";
  const pam = await acme.add(person("pam@bücher.example"));
  const jim = await rival.addAccepted(person(`jim@${domain}`));
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

test("verifying a domain accepts a person whose account another request is creating", async () => {
  const pam = await acme.add(person("pam@beside.example"));
  const text = `insert into account (id, email, email_key, name, created_at, updated_at)
    values (gen_random_uuid(), $1, $1, 'Pam', now(), now())`;
  const { verified } = await whileLocked(home.database, { text, values: [pam.userName] }, async (waitFor) => {
    const verified = verifyDomain(home.database, acme.context, "beside.example");
    await waitFor(1, verified);
    return { verified };
  });
  expect((await verified).ok).toBe(true);
  expect(await memberOf(pam.id)).toMatchObject({ awaits: false });
});
