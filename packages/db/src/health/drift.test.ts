import { describe, expect, onTestFinished, test } from "vitest";
import { recordRequests } from "../request-log/request-log.ts";
import { whileLocked } from "../testing/locks.ts";
import { migratedDatabase } from "../testing/migrated-database.ts";
import { newTenant, now, openScimDatabase, person, requestOf, rows, type Tenant } from "../testing/scim-database.ts";
import { openDatabase } from "../store/database.ts";
import { countDrift, listDriftPeople, unconfirmedAfterDays } from "./drift.ts";
import { listDriftHolders, listDriftHoldersAfter } from "./drift-holders.ts";

const home = await openScimDatabase();

const later = new Date(now.getTime() + (unconfirmedAfterDays + 10) * 86_400_000);
const page = { page: 1, pageSize: 10 };

async function namesOf(tenant: Tenant, kind: "unlinked" | "unconfirmed", at = now): Promise<readonly string[]> {
  const query = { kind, now: at, ...page };
  const { people, total } = await listDriftPeople(home.database.sql, tenant.organizationId, query);
  expect(total).toBe(people.length);
  return people.map(({ userName }) => userName);
}

/** A SCIM request a day before `later`. */
async function called(
  tenant: Tenant,
  method: string,
  path: string,
  memberId: string | undefined,
  status = 200,
): Promise<void> {
  const at = new Date(later.getTime() - 86_400_000);
  const call = requestOf(tenant, { at, method, path, status, memberId: memberId ?? null });
  await recordRequests(home.database.sql, [call]);
}

test("unlinked are active people without a managing directory", async () => {
  const tenant = await home.newTenant("Unlinked");
  await tenant.add(person("pam@unlinked.example"));
  expect(await namesOf(tenant, "unlinked")).toEqual([tenant.ownerEmail]);
});

// A person whom the provider has confirmed by any request must not be reported.
describe("unconfirmed are managed people without a SCIM request for 30 days", () => {
  test("each of these requests confirms one person only", async () => {
    const tenant = await home.newTenant("Confirmed");
    const names = ["read", "written", "found", "missed", "refused", "listed"];
    const ids = new Map<string, string>();
    for (const name of names) {
      ids.set(name, (await tenant.add(person(`${name}+1@confirmed.example`))).id);
    }
    expect(await namesOf(tenant, "unconfirmed")).toEqual([]);
    expect(await namesOf(tenant, "unconfirmed", later)).toHaveLength(6);
    const call = (method: string, path: string, name: string, status?: number) =>
      called(tenant, method, path.replace("ID", ids.get(name) ?? ""), ids.get(name), status);
    await call("GET", "/scim_v2/Users/ID", "read");
    await call("PATCH", "/scim/v2/Users/ID?attributes=id", "written");
    const filter = encodeURIComponent('userName eq "FOUND+1@confirmed.example"');
    await call("GET", `/scim_v2/Users?startIndex=1&filter=${filter}`, "found");
    await called(tenant, "GET", `/scim_v2/Users?filter=${encodeURIComponent('userName sw "missed"')}`, undefined);
    await call("PUT", "/scim_v2/Users/ID", "refused", 400);
    // A list is no question about its only person.
    await call("GET", "/scim_v2/Users?startIndex=1&count=100", "listed");
    const left = ["listed", "missed", "refused"].map((name) => `${name}+1@confirmed.example`);
    expect(await namesOf(tenant, "unconfirmed", later)).toEqual(left);
    // It is written again only after a day, so that a busy provider does not rewrite the row with each request.
    const text = "select count(*)::int as count from member_sighting where organization_id = $1 and at > $2";
    expect(await home.rows(text, [tenant.organizationId, now])).toEqual([{ count: 3 }]);
  });

  test("a group change confirms a person, an owner's change does not", async () => {
    const tenant = await home.newTenant("Grouped");
    const { id } = await tenant.add(person("pam@grouped.example"));
    const old = await tenant.add(person("old@grouped.example"));
    // Backdates the members; the log cannot be rewritten.
    await home.rows("update member set created_at = $2 where organization_id = $1", [
      tenant.organizationId,
      new Date(now.getTime() - 90 * 86_400_000),
    ]);
    expect(await namesOf(tenant, "unconfirmed")).toEqual([]);
    expect(await namesOf(tenant, "unconfirmed", later)).toEqual([old.userName, "pam@grouped.example"]);
    await tenant.addGroup("Ops", [id]);
    expect(await namesOf(tenant, "unconfirmed", new Date(now.getTime() + 29 * 86_400_000))).toEqual([]);
  });

  test("another organization's requests and ids confirm no person here", async () => {
    const [tenant, other] = [await home.newTenant("Ours"), await home.newTenant("Theirs")];
    const { id } = await tenant.add(person("pam@ours.example"));
    await called(other, "GET", `/scim_v2/Users/${id}`, id);
    expect(await namesOf(tenant, "unconfirmed", later)).toEqual(["pam@ours.example"]);
  });
});

test("becoming managed or active is a sighting; a person without access has none", async () => {
  const tenant = await home.newTenant("Sighted");
  const { id } = await tenant.add(person("pam@sighted.example"));
  const sightings = () =>
    home.rows("select member_id as id, at from member_sighting where organization_id = $1", [tenant.organizationId]);
  expect(await sightings()).toEqual([{ id, at: now }]);
  await tenant.write(id, () => ({ active: false }));
  await called(tenant, "PATCH", `/scim_v2/Users/${id}`, id);
  expect(await sightings()).toEqual([]);
  await tenant.write(id, () => ({ active: true }), { ...tenant.request, now: later });
  expect(await sightings()).toEqual([{ id, at: later }]);
  await tenant.write(id, "delete");
  await called(tenant, "DELETE", `/scim_v2/Users/${id}`, id, 204);
  expect(await sightings()).toEqual([]);
  const link = `update member set is_managed = true, version = version + 1, updated_at = $2
    where organization_id = $1 and not is_managed returning id`;
  const [owner] = await home.rows(link, [tenant.organizationId, later]);
  expect(await sightings()).toEqual([{ id: owner?.["id"], at: later }]);
});

// The request log writes the sightings of many people in one statement.
test("a person is deactivated while the request log is writing their sighting", async () => {
  const tenant = await home.newTenant("Busy");
  const { id } = await tenant.add(person("pam@busy.example"));
  const lock = "select from member_sighting where member_id = $1 for update";
  const text = "select count(*)::int as count from member_sighting where member_id = $1";
  await whileLocked(home.database, { text: lock, values: [id] }, async () => {
    expect((await tenant.write(id, () => ({ active: false }))).kind).toBe("saved");
  });
  // It is read in vain until the person is active again or deleted.
  expect(await home.rows(text, [id])).toEqual([{ count: 1 }]);
});

// A trigger keeps its plans, here those that were made for a table of two rows.
test("a deactivation reads no sightings of others", async () => {
  const scratch = await migratedDatabase();
  const database = await openDatabase(scratch.url, { poolSize: 1 });
  onTestFinished(async () => {
    await database.close();
    await scratch.drop();
  });
  await rows(database, "alter table member_sighting set (autovacuum_enabled = off)");
  const tenant = await newTenant(database, "Kept");
  const { id } = await tenant.add(person("pam@kept.example"));
  await tenant.add(person("jim@kept.example"));
  await rows(database, "analyze");
  for (let write = 0; write < 20; write++) await tenant.write(id, ({ active }) => ({ active: !active }));
  const many = "insert into member_sighting select $1, gen_random_uuid(), now() from generate_series(1, 20000)";
  await rows(database, many, [tenant.organizationId]);
  const blocks = `select (idx_blks_hit + idx_blks_read)::int as blocks
    from pg_statio_user_tables where relname = 'member_sighting'`;
  const read = async (): Promise<number> => {
    await rows(database, "select pg_stat_force_next_flush()");
    return Number((await rows(database, blocks))[0]?.["blocks"]);
  };
  const before = await read();
  expect((await tenant.write(id, () => ({ active: false }))).kind).toBe("saved");
  expect((await read()) - before).toBeLessThan(30);
});

/** All holders, read one by one, by name. */
async function exported(tenant: Tenant): Promise<readonly string[]> {
  const found: string[] = [];
  let last: { roleId: string; memberId: string } | undefined;
  for (;;) {
    const after = { last, limit: 1 };
    const [one] = await listDriftHoldersAfter(home.database.sql, tenant.organizationId, undefined, after);
    if (one === undefined) return found.toSorted();
    found.push(`${one.member.userName} ${one.role.name}`);
    last = { roleId: one.role.id, memberId: one.member.id };
  }
}

test("holders are people in the directory's roles who are not assigned or managed by it, or deactivated", async () => {
  const tenant = await home.newTenant("Held");
  const [pam, jim] = [await tenant.add(person("pam@held.example")), await tenant.add(person("jim@held.example"))];
  await tenant.addGroup("Ops", [pam.id, jim.id]);
  const of = () => listDriftHolders(home.database.sql, tenant.organizationId, page);
  expect(await of()).toEqual({ total: 0, holders: [] });
  await tenant.write(jim.id, () => ({ active: false }));
  // An owner gives the directory's role to a person whom it does not manage.
  const text = `insert into role_grant (organization_id, member_id, role_id, source, created_at)
    select m.organization_id, m.id, r.id, 'manual', $2 from member m
      join role r on r.organization_id = m.organization_id and r.name = 'Ops'
    where m.organization_id = $1 and not m.is_managed`;
  await home.rows(text, [tenant.organizationId, now]);
  // And to Kim, whom it manages, and to Pam, whom it has assigned as well.
  const kim = await tenant.add(person("kim@held.example"));
  for (const { id } of [kim, pam]) await tenant.grant(id, "Ops");
  const { total, holders } = await of();
  expect(
    holders.map(({ member, isManaged, isActive, sources }) => [member.userName, isManaged, isActive, sources]),
  ).toEqual([
    ["jim@held.example", true, false, ["group"]],
    ["kim@held.example", true, true, ["manual"]],
    ["owner@held.example", false, true, ["manual"]],
  ]);
  expect(total).toBe(holders.length);
  await tenant.addGroup("Staff", [jim.id]);
  expect(await exported(tenant)).toEqual([
    "jim@held.example Ops",
    "jim@held.example Staff",
    "kim@held.example Ops",
    "owner@held.example Ops",
  ]);
  expect(await countDrift(home.database.sql, tenant.organizationId, now)).toEqual({
    unlinked: 1,
    unconfirmed: 0,
    holders: total + 1,
  });
});
