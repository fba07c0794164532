import { changeKinds } from "@rollcall/domain";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startSession } from "../session/session.ts";
import { addMember } from "../scim/member-add.ts";
import { addRole } from "../scim/role-write.ts";
import {
  accountIdOf,
  added,
  request,
  grantsOf,
  logOf,
  newTenant,
  now,
  openScimDatabase,
  person,
  rows,
  type ScimDatabase,
  type Tenant,
  write,
} from "../testing/scim-database.ts";

let home: ScimDatabase;
let tenant: Tenant;
beforeAll(async () => {
  home = await openScimDatabase();
  tenant = await newTenant(home.database, "Logged", { domain: "logged.example" });
});
afterAll(() => home.close());

/** Makes every insert into the log fail while `work` runs. */
async function withoutLog(work: () => Promise<unknown>): Promise<void> {
  await rows(home.database, "alter table change add constraint log_is_broken check (kind = '') not valid");
  try {
    await expect(work()).rejects.toThrow("log_is_broken");
  } finally {
    await rows(home.database, "alter table change drop constraint log_is_broken");
  }
}

const tables = ["account", "member", "role", "role_grant", "session", "change"] as const;

/** All rows that a write could have touched. */
async function everything(): Promise<unknown> {
  const parts = tables.map((table) => `(select json_agg(t order by t::text) from ${table} t) as "${table}"`);
  return (await rows(home.database, `select ${parts.join(", ")}`))[0];
}

describe("AR-80 when the entry cannot be written", () => {
  test("a new person leaves no member, account or grant behind", async () => {
    const before = await everything();
    await withoutLog(() => addMember(home.database, tenant.credential, person("pam@logged.example"), request));
    expect(await everything()).toEqual(before);
  });

  test("a new role leaves no role behind", async () => {
    const before = await everything();
    const input = { name: "Sales", externalId: null, memberIds: [] };
    await withoutLog(() => addRole(home.database, { ...request, credential: tenant.credential }, input));
    expect(await everything()).toEqual(before);
  });

  test.each([
    ["changed", () => ({ displayName: "Changed" })],
    ["deactivated, with roles and a session", () => ({ active: false })],
    ["moved to another email", () => ({ userName: "moved@logged.example" })],
    ["deleted", "delete"],
  ] as const)("no person is %s", async (how, input) => {
    const member = await added(home.database, tenant, person(`${how.slice(0, 5).trim()}.person@logged.example`));
    const who = { organizationId: tenant.organizationId, accountId: accountIdOf(member) };
    await startSession(home.database.sql, who, { userAgent: null, ip: null }, now);
    const before = await everything();
    await withoutLog(() => write(home.database, tenant, member.id, input));
    expect(await everything()).toEqual(before);
    expect(await grantsOf(home.database, tenant, member.id)).toEqual(["Members:default"]);
  });

  test("no person is reactivated", async () => {
    const { id } = await added(home.database, tenant, person("back@logged.example"));
    await write(home.database, tenant, id, "delete");
    const before = await everything();
    await withoutLog(() => addMember(home.database, tenant.credential, person("back@logged.example"), request));
    expect(await everything()).toEqual(before);
  });
});

test("AR-80 an entry has actor, request, time and subject", async () => {
  const member = await added(home.database, tenant, person("who@logged.example", { displayName: "Who 🎨" }));
  const text = `select actor_kind, actor_name, actor_id, request_id, at, subject_kind, subject_name, kind
    from change where subject_id = $1`;
  const [token] = await rows(home.database, "select id from scim_token where organization_id = $1", [
    tenant.organizationId,
  ]);
  expect(await rows(home.database, text, [member.id])).toEqual([
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
  const small = await newTenant(home.database, `Small-${kind}`);
  const [owner] = await rows(home.database, "select id from member where organization_id = $1", [small.organizationId]);
  const id = String(owner?.["id"]);
  expect(await write(home.database, small, id, input)).toMatchObject({ refusal: { kind: "lastOwner" } });
  expect(await logOf(home.database, small, id)).toMatchObject([{ kind, refusal: "lastOwner", before: null }]);
});

test("the kinds of changes are unique", () => expect(new Set(changeKinds).size).toBe(changeKinds.length));
