import { changeKinds } from "@rollcall/domain";
import { describe, expect, test } from "vitest";
import { startSession } from "../session/session.ts";
import { addRole } from "../scim/role-write.ts";
import { accountIdOf, now, openScimDatabase, person } from "../testing/scim-database.ts";

const home = await openScimDatabase();
const tenant = await home.newTenant("Logged", { domain: "logged.example" });

/** Makes every insert into the log fail while `work` runs. */
async function withoutLog(work: () => Promise<unknown>): Promise<void> {
  await home.rows("alter table change add constraint log_is_broken check (kind = '') not valid");
  try {
    await expect(work()).rejects.toThrow("log_is_broken");
  } finally {
    await home.rows("alter table change drop constraint log_is_broken");
  }
}

const tables = ["account", "member", "role", "role_grant", "session", "change"] as const;

/** All rows that a write could have touched. */
async function everything(): Promise<unknown> {
  const parts = tables.map((table) => `(select json_agg(t order by t::text) from ${table} t) as "${table}"`);
  return (await home.rows(`select ${parts.join(", ")}`))[0];
}

describe("AR-80 when the entry cannot be written", () => {
  test("a new person leaves no member, account or grant behind", async () => {
    const before = await everything();
    await withoutLog(() => tenant.post(person("pam@logged.example")));
    expect(await everything()).toEqual(before);
  });

  test("a new role leaves no role behind", async () => {
    const before = await everything();
    const input = { name: "Sales", externalId: null, memberIds: [] };
    await withoutLog(() => addRole(home.database, tenant.request, input));
    expect(await everything()).toEqual(before);
  });

  test.each([
    ["changed", () => ({ displayName: "Changed" })],
    ["deactivated, with roles and a session", () => ({ active: false })],
    ["moved to another email", () => ({ userName: "moved@logged.example" })],
    ["deleted", "delete"],
  ] as const)("no person is %s", async (how, input) => {
    const member = await tenant.add(person(`${how.slice(0, 5).trim()}.person@logged.example`));
    const who = { organizationId: tenant.organizationId, accountId: accountIdOf(member) };
    await startSession(home.database.sql, who, { userAgent: null, ip: null }, now);
    const before = await everything();
    await withoutLog(() => tenant.write(member.id, input));
    expect(await everything()).toEqual(before);
    expect(await tenant.grantsOf(member.id)).toEqual(["Members:default"]);
  });

  test("no person is reactivated", async () => {
    const { id } = await tenant.add(person("back@logged.example"));
    await tenant.write(id, "delete");
    const before = await everything();
    await withoutLog(() => tenant.post(person("back@logged.example")));
    expect(await everything()).toEqual(before);
  });
});

test("AR-80 an entry has actor, request, time and subject", async () => {
  const member = await tenant.add(person("who@logged.example", { displayName: "Who 🎨" }));
  const text = `select actor_kind, actor_name, actor_id, request_id, at, subject_kind, subject_name, kind
    from change where subject_id = $1`;
  const [token] = await home.rows("select id from scim_token where organization_id = $1", [tenant.organizationId]);
  expect(await home.rows(text, [member.id])).toEqual([
    {
      actor_kind: "token",
      actor_name: "Okta",
      actor_id: token?.["id"],
      request_id: "request-1",
      at: now,
      subject_kind: "member",
      subject_name: "Who 🎨",
      kind: "member.created",
    },
  ]);
});

// Owners must see that a removal was attempted, not something milder.
test.each([
  ["member.deleted", "delete"],
  ["member.deactivated", () => ({ active: false })],
] as const)("AR-53 AR-80 a refused write of the last owner is logged as %s", async (kind, input) => {
  const small = await home.newTenant(`Small-${kind}`);
  const [owner] = await home.rows("select id from member where organization_id = $1", [small.organizationId]);
  const id = String(owner?.["id"]);
  expect(await small.write(id, input)).toMatchObject({ refusal: { kind: "lastOwner" } });
  expect(await small.logOf(id)).toMatchObject([{ kind, refusal: "lastOwner", before: null }]);
});

test("the kinds of changes are unique", () => expect(new Set(changeKinds).size).toBe(changeKinds.length));
