import { describe, expect, test } from "vitest";
import { addMember } from "./member-add.ts";
import { openScimDatabase, person, type Tenant } from "../testing/scim-database.ts";

const home = await openScimDatabase();
const acme = await home.newTenant("Acme", { domain: "acme.example" });
const rival = await home.newTenant("Rival");

const post = (tenant: Tenant, ...input: Parameters<typeof person>): ReturnType<typeof addMember> =>
  tenant.post(person(...input));

/** The member's account, and whether the membership is pending. */
async function rowOf(id: string): Promise<unknown> {
  const text = `select a.email, a.name, a.id as "accountId", m.awaits_acceptance as awaits, m.is_managed as "isManaged",
    m.version, m.is_deleted as "isDeleted" from member m join account a on a.id = m.account_id where m.id = $1`;
  return (await home.rows(text, [id]))[0];
}

describe("AR-30 an unknown person", () => {
  test("gets an account, a managed membership, the default role and one log entry", async () => {
    const member = await acme.add(person("Pam@acme.example", { givenName: "Pam", externalId: "p-1" }));
    expect(await rowOf(member.id)).toMatchObject({
      email: "Pam@acme.example",
      name: "Pam",
      awaits: false,
      isManaged: true,
      version: 1,
    });
    expect(await acme.grantsOf(member.id)).toEqual(["Members:default"]);
    expect(await acme.logOf(member.id)).toMatchObject([
      { kind: "member.created", before: null, after: { userName: "Pam@acme.example", active: true }, refusal: null },
    ]);
  });

  test("AR-49 gets no role when inactive", async () => {
    const member = await acme.add(person("off@acme.example", { active: false }));
    expect(member.active).toBe(false);
    expect(await acme.grantsOf(member.id)).toEqual([]);
  });
});

// Retries and concurrent requests must create one member, account, role grant and log entry.
describe("AR-32 the same person posted 20 times at once", () => {
  test.each([
    ["under one spelling", (index: number) => person("twin@acme.example", { externalId: `twin-${index}` })],
    ["in any letter case", (index: number) => person(index % 2 === 0 ? "Case@acme.example" : "cAsE@ACME.example")],
  ])("%s is added once and refused 19 times", async (_, input) => {
    const outcomes = await Promise.all(Array.from({ length: 20 }, (_, index) => acme.post(input(index))));
    const refusals = outcomes.flatMap((outcome) => (outcome.added?.ok === false ? [outcome.added.error.kind] : []));
    expect(refusals).toEqual(Array(19).fill("userNameTaken"));
    const [one] = outcomes.flatMap((outcome) => (outcome.added?.ok === true ? [outcome.added.value] : []));
    const key = input(0).userName.toLowerCase();
    const text = "select count(*)::int as count from";
    expect(await home.rows(`${text} account where email_key = $1`, [key])).toEqual([{ count: 1 }]);
    expect(await home.rows(`${text} member where user_name_key = $1`, [key])).toEqual([{ count: 1 }]);
    expect(await acme.grantsOf(one?.id ?? "")).toEqual(["Members:default"]);
    expect(await acme.logOf(one?.id ?? "")).toHaveLength(1);
  });

  test("rule 1 with one externalId for different people: one of them is added", async () => {
    const names = Array.from({ length: 8 }, (_, index) => `same${index}@acme.example`);
    const outcomes = await Promise.all(names.map((name) => post(acme, name, { externalId: "same" })));
    expect(outcomes.filter((outcome) => outcome.added?.ok === true)).toHaveLength(1);
    const refused = outcomes.flatMap((outcome) => (outcome.added?.ok === false ? [outcome.added.error] : []));
    expect(refused).toEqual(Array.from({ length: 7 }, () => ({ kind: "externalIdTaken", externalId: "same" })));
  });

  test("by two organizations, one of which has verified the domain: both have the person with one account", async () => {
    const outcomes = await Promise.all([acme, rival].map((tenant) => post(tenant, "shared@acme.example")));
    expect(outcomes.map((outcome) => outcome.added?.ok)).toEqual([true, true]);
    const text = "select count(*)::int as count from account where email_key = 'shared@acme.example'";
    expect(await home.rows(text)).toEqual([{ count: 1 }]);
  });
});

// An organization must not get access to another person's account (AR-34).
describe("AR-34 an account made elsewhere", () => {
  test("is used immediately if its domain is verified, and keeps its own name", async () => {
    const there = await rival.addAccepted(person("kim@acme.example"));
    const here = await acme.add(person("KIM@acme.example", { displayName: "Someone Else" }));
    expect(here).toMatchObject({ accountId: there.accountId, name: "Someone Else" });
    expect(await rowOf(here.id)).toMatchObject({ awaits: false, name: "Own Name", email: "kim@acme.example" });
  });

  test("waits for the person's acceptance otherwise, and is not read", async () => {
    await acme.addAccepted(person("lee@third.example", { displayName: "Lee" }));
    const here = await rival.add(person("Lee@third.example", { displayName: "Someone Else" }));
    expect(here).toMatchObject({ accountId: null, name: "Someone Else" });
    expect(await rival.logOf(here.id)).toMatchObject([{ after: { awaitsAcceptance: true } }]);
  });
});

describe("AR-51 a POST after a DELETE", () => {
  test("reactivates the same id with the default role and not with former roles", async () => {
    const pam = await acme.add(person("back@acme.example", { externalId: "b-1", givenName: "Pam" }));
    await acme.write(pam.id, "delete");
    expect(await acme.grantsOf(pam.id)).toEqual([]);
    const again = await acme.add(person("Back@acme.example", { givenName: "Pamela" }));
    expect(again).toMatchObject({
      id: pam.id,
      accountId: pam.accountId,
      userName: "Back@acme.example",
      name: "Pamela",
    });
    expect(again).toMatchObject({ externalId: "b-1", active: true, version: 3, createdAt: pam.createdAt });
    expect(await acme.grantsOf(pam.id)).toEqual(["Members:default"]);
    const kinds = (await acme.logOf(pam.id)).map(({ kind }) => kind);
    expect(kinds).toEqual(["member.created", "member.deleted", "member.revived"]);
  });

  test("with another externalId is a new identity, and each is found again by its own externalId", async () => {
    const first = await acme.add(person("heir@acme.example", { externalId: "h-1" }));
    await acme.write(first.id, "delete");
    const second = await acme.add(person("heir@acme.example", { externalId: "h-2" }));
    expect(second.id).not.toBe(first.id);
    await acme.write(second.id, "delete");
    const third = await acme.add(person("heir@acme.example", { externalId: "h-1" }));
    expect(third.id).toBe(first.id);
  });

  test("20 times at once reactivates the person once", async () => {
    const pam = await acme.add(person("rush@acme.example"));
    await acme.write(pam.id, "delete");
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => post(acme, "rush@acme.example")));
    const back = outcomes.flatMap((outcome) => (outcome.added?.ok === true ? [outcome.added.value.id] : []));
    expect(back).toEqual([pam.id]);
  });

  // The externalId belongs to another person by now: the person returns without it.
  test("rule 1 leaves an externalId with its new holder", async () => {
    const old = await acme.add(person("old@acme.example", { externalId: "moved" }));
    await acme.write(old.id, "delete");
    await acme.add(person("new@acme.example", { externalId: "moved" }));
    const next = await acme.add(person("old@acme.example", { externalId: "third" }));
    expect(next.id).not.toBe(old.id);
    await acme.write(next.id, "delete");
    await home.rows("delete from member where id = $1", [next.id]);
    const back = await acme.add(person("old@acme.example"));
    expect(back).toMatchObject({ id: old.id, externalId: null });
  });
});

// A person is a member even if another organization has changed the account's address (AR-32, AR-45).
test("AR-32 a POST of the new address of a member with the old one is refused", async () => {
  const beta = await home.newTenant("Beta", { domain: "beta.example" });
  const here = await acme.addAccepted(person("dwight@beta.example", { externalId: "d-1" }));
  const there = await beta.add(person("dwight@beta.example"));
  const moved = await beta.write(there.id, () => ({ userName: "schrute@beta.example" }));
  expect(moved).toMatchObject({ kind: "saved" });
  expect(await post(acme, "schrute@beta.example")).toMatchObject({
    added: { ok: false, error: { kind: "userNameTaken", userName: "schrute@beta.example" } },
  });
  expect(await rowOf(here.id)).toMatchObject({ email: "schrute@beta.example", version: 2 });
});

// Owners must find the reason for a refusal in the log (AR-80).
test.each([
  ["userNameNotEmail", "no address", {}, { userName: "no address" }],
  ["userNameTaken", acmeOwner(), {}, { userName: acmeOwner() }],
])("AR-80 a refused POST is logged: %s", async (refusal, userName, more, facts) => {
  expect(await post(acme, userName, more)).toMatchObject({ added: { ok: false, error: { kind: refusal } } });
  const text = `select refusal, after from change where organization_id = $1 and subject_name = $2 and refusal is not null`;
  expect(await home.rows(text, [acme.organizationId, userName])).toMatchObject([{ refusal, after: facts }]);
});

function acmeOwner(): string {
  return "owner@acme.example";
}

test("AR-14 AR-16 AR-21 a rejected token adds nobody", async () => {
  const tenant = await home.newTenant("Closed");
  await home.rows("update scim_token set revoked_at = created_at where organization_id = $1", [tenant.organizationId]);
  expect(await post(tenant, "pam@closed.example")).toMatchObject({ caller: { error: { kind: "tokenRevoked" } } });
  const text = "select 1 from account where email_key = 'pam@closed.example'";
  expect(await home.rows(text)).toEqual([]);
});
