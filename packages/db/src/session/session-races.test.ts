import { describe, expect, test } from "vitest";
import { verifyDomain } from "../domain/verified-domain.ts";
import { undoRoleChange, grantRole, revokeRole } from "../member/member-roles.ts";
import { readRolesOffer } from "../member/roles-offer.ts";
import { createRole } from "../role/role-edit.ts";
import { whileLocked } from "../testing/locks.ts";
import { accountIdOf, now, openScimDatabase, person, type Tenant } from "../testing/scim-database.ts";
import { loadSession, startSession } from "./session.ts";
import { switchOrganization } from "./sign-in.ts";

// What a person is given while the directory ends their access, in another transaction, is ended with it.

const home = await openScimDatabase();
const { database } = home;
const browser = { userAgent: null, ip: null };
const locked = (memberId: string) => ({
  text: "select from member where id = $1 for no key update",
  values: [memberId],
});

type Added = { readonly tenant: Tenant; readonly id: string; readonly accountId: string };

async function added(name: string): Promise<Added> {
  const tenant = await home.newTenant(name);
  const member = await tenant.add(person(`bob@${name.toLowerCase()}.example`, { externalId: "b" }));
  return { tenant, id: member.id, accountId: accountIdOf(member) };
}

const off = () => ({ active: false });
const on = () => ({ active: true });

describe("AR-50 a session that starts while the directory's request waits is ended", () => {
  test.each([
    ["a deactivation", "Off", off, async ({ tenant, id }: Added) => tenant.write(id, on)],
    [
      "a removal",
      "Gone",
      "delete",
      async ({ tenant }: Added) => tenant.add(person("bob@gone.example", { externalId: "b" })),
    ],
  ] as const)("%s", async (_, name, input, comeBack) => {
    const bob = await added(name);
    const { tenant, id, accountId } = bob;
    const who = { organizationId: tenant.organizationId, accountId };
    const { started, ended } = await whileLocked(database, locked(id), async (waitFor) => {
      const started = database.transaction((tx) => startSession(tx, who, browser, now));
      await waitFor(1, started);
      const ended = tenant.write(id, input);
      await waitFor(2, ended);
      return { started, ended };
    });
    expect((await ended).kind).toBe("saved");
    await comeBack(bob);
    expect(await loadSession(database.sql, (await started) ?? "", now)).toBeUndefined();
  });
});

test("a switch within the organization and a deactivation are not deadlocked", async () => {
  const { tenant, id, accountId } = await added("Switch");
  const session = await tenant.sessionOf(accountId);
  const both = await whileLocked(database, locked(id), async (waitFor) => {
    const switched = switchOrganization(database, session, tenant.organizationId, { browser, now });
    await waitFor(1, switched);
    const ended = tenant.write(id, off);
    await waitFor(2, ended);
    return { switched, ended };
  });
  expect((await both.switched)?.ok).toBe(true);
  expect((await both.ended).kind).toBe("saved");
  expect(await home.rows("select from session where account_id = $1 and ended_at is null", [accountId])).toEqual([]);
});

test("a sign-in to a pending membership and the verification of its domain are not deadlocked", async () => {
  const tenant = await home.newTenant("Pending");
  const { id, userName } = await tenant.add(person("bob@later.example", { externalId: "b" }));
  const text = `insert into account (id, email, email_key, name, created_at, updated_at)
    values (gen_random_uuid(), $1, $1, 'Bob', now(), now()) returning id`;
  const [account] = await home.rows(text, [userName]);
  const who = { organizationId: tenant.organizationId, accountId: String(account?.["id"]) };
  const both = await whileLocked(database, locked(id), async (waitFor) => {
    const started = database.transaction((tx) => startSession(tx, who, browser, now));
    await waitFor(1, started);
    const verified = verifyDomain(database, tenant.context, "later.example");
    await waitFor(2, verified);
    return { started, verified };
  });
  expect(await both.started).toEqual(expect.any(String));
  expect((await both.verified).ok).toBe(true);
});

test("a sign-in and a rename by the directory are not deadlocked", async () => {
  const { tenant, id, accountId } = await added("Rename");
  const who = { organizationId: tenant.organizationId, accountId };
  const both = await whileLocked(database, locked(id), async (waitFor) => {
    const renamed = tenant.write(id, () => ({ userName: "bobby@rename.example" }));
    await waitFor(1, renamed);
    const started = database.transaction((tx) => startSession(tx, who, browser, now));
    await waitFor(2, started);
    return { renamed, started };
  });
  expect((await both.renamed).kind).toBe("saved");
  expect(await both.started).toEqual(expect.any(String));
});

test("an account without an address starts no session", async () => {
  const { tenant, accountId } = await added("Unreachable");
  await home.rows("update account set email = null, email_key = null where id = $1", [accountId]);
  const who = { organizationId: tenant.organizationId, accountId };
  expect(await database.transaction((tx) => startSession(tx, who, browser, now))).toBeUndefined();
});

describe("a role that an owner", () => {
  /** An owner's role of their own, and a change of it, for which the directory's request waits. */
  async function whileChanging<T>(bob: Added, input: typeof off | "delete", change: (roleId: string) => Promise<T>) {
    const { tenant, id } = bob;
    const made = await createRole(database, tenant.context, { name: "Extra", permissions: [] });
    if (!made.ok) throw new Error(made.error.kind);
    if (input === off) await tenant.grant(id, "Extra");
    const run = await whileLocked(database, locked(id), async (waitFor) => {
      const changed = change(made.value);
      await waitFor(1, changed);
      const ended = tenant.write(id, input);
      await waitFor(2, ended);
      return { changed, ended };
    });
    expect((await run.ended).kind).toBe("saved");
    return { roleId: made.value, changed: await run.changed };
  }

  test("AR-52 gives while a removal waits is offered again", async () => {
    const bob = await added("Given");
    const { tenant, id: memberId } = bob;
    const { roleId } = await whileChanging(bob, "delete", (role) =>
      grantRole(database, tenant.context, { memberId, roleId: role }),
    );
    await tenant.add(person("bob@given.example", { externalId: "b" }));
    const offer = await readRolesOffer(database.sql, tenant.organizationId, memberId);
    expect(JSON.stringify(offer)).toContain(roleId);
  });

  test("takes away while a deactivation waits is not given back by an undo", async () => {
    const bob = await added("Taken");
    const { tenant, id: memberId } = bob;
    const context = { ...tenant.context, actor: { kind: "person", id: bob.accountId, name: "Olive" } } as const;
    const { roleId, changed } = await whileChanging(bob, off, (role) =>
      revokeRole(database, context, { memberId, roleId: role }),
    );
    if (!changed.ok) throw new Error(changed.error.kind);
    const undone = await undoRoleChange(database, context, {
      memberId,
      roleId,
      changeId: changed.value.changeId ?? "",
    });
    expect(undone).toMatchObject({ ok: false });
    expect(await tenant.grantsOf(memberId)).toEqual([]);
  });
});
