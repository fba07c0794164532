import { afterAll, describe, expect, test } from "vitest";
import { setGuard } from "../guard/guard-settings.ts";
import { countDrift, listDriftPeople } from "../health/drift.ts";
import { driftMax } from "../health/drift-page.ts";
import { openDatabase } from "../store/database.ts";
import { migratedDatabase } from "../testing/migrated-database.ts";
import { listMembers } from "./member-read.ts";
import { listMembers as listByOwner, memberStatuses } from "../member/member-list.ts";
import { continueNextJob } from "../provisioning/people-job.ts";
import { createRole } from "../role/role-edit.ts";
import { listCountedRoles, readRoleWithHolders } from "../role/role-list.ts";
import { readTurningOff } from "../provisioning/provisioning-off.ts";
import { listRoles } from "./role-read.ts";
import { moreMembers } from "./shown-members.ts";
import type { SentStatement } from "../store/connection.ts";
import { baseUrl, newTenant, now, person, rows, type Tenant } from "../testing/scim-database.ts";

const sizes = { small: 40, large: 20_000 };
type Size = keyof typeof sizes;

let sent: SentStatement | undefined;
const tenants = new Map<Size, Tenant>();
let count = 0;

const scratch = await migratedDatabase();
// One connection, whose statistics are complete after each statement.
const database = await openDatabase(scratch.url, { poolSize: 1, onStatement: (statement) => (sent = statement) });
afterAll(async () => {
  await database.close();
  await scratch.drop();
});
for (const table of ["member", "account", "role_grant", "change", "member_count", "member_sighting"])
  await rows(database, `alter table ${table} set (autovacuum_enabled = off)`);
for (const size of ["small", "large"] as const) tenants.set(size, await newTenantOf(size));
await rows(database, "vacuum (analyze)");

/** An organization with that many managed people, all with the default role, and the guard on. */
async function newTenantOf(size: Size): Promise<Tenant> {
  const tenant = await newTenant(database, size);
  await setGuard(database, tenant.context, true);
  const values = [tenant.organizationId, sizes[size], size];
  await rows(
    database,
    `with account as (insert into account (id, email, email_key, name, created_at, updated_at)
       select gen_random_uuid(), name, name, name, now(), now()
       from (select 'p' || n || '@' || $3 || '.example' as name from generate_series(1, $2) n) named returning id, email),
     member as (insert into member (organization_id, id, account_id, user_name, user_name_key, external_id, name, name_key,
         active, is_managed, awaits_acceptance, version, created_at, updated_at)
       select $1, id, id, email, email, email, email, email, true, true, false, 1, now(), now() from account returning id)
     insert into role_grant (organization_id, member_id, role_id, source, created_at)
       select $1, id, (select default_role_id from provisioning where organization_id = $1), 'default', now() from member`,
    values,
  );
  return tenant;
}

function tenantOf(size: Size): Tenant {
  const tenant = tenants.get(size);
  if (tenant === undefined) throw new Error(`There is no ${size} organization.`);
  return tenant;
}

const newPerson = ({ ownerEmail }: Tenant, more: object = {}) =>
  person(ownerEmail.replace("owner", `new${count++}`), more);

/** How many blocks of tables and indexes `work` reads. */
async function blocksOf(work: Work): Promise<number> {
  // So that the one request in a hundred that merges rows of the kept counts is none of these.
  await rows(database, "select setseed(0)");
  const before = await blocksRead();
  await work();
  return (await blocksRead()) - before;
}

async function blocksRead(): Promise<number> {
  await rows(database, "select pg_stat_force_next_flush()");
  const [row] = await rows(
    database,
    `select sum(heap_blks_read + heap_blks_hit + coalesce(idx_blks_read + idx_blks_hit, 0))::int as blocks
     from pg_statio_user_tables`,
  );
  return Number(row?.["blocks"]);
}

type Work = () => Promise<unknown>;
/** Each prepares a request, whose blocks alone are counted. */
const requests: readonly [what: string, prepare: (tenant: Tenant) => Promise<Work>][] = [
  ["a new person", async (tenant) => () => tenant.add(newPerson(tenant, { externalId: `x${count}` }))],
  ["a new person without externalId", async (tenant) => () => tenant.add(newPerson(tenant))],
  ["a deactivation with the guard on", async (tenant) => removal(tenant, () => ({ active: false }))],
  ["a deletion with the guard on", async (tenant) => removal(tenant, "delete")],
  ["the last people of a job on the mappings", lastMapped],
  [
    "a page of groups without their members",
    async ({ credential }) => {
      const query = {
        filter: undefined,
        order: undefined,
        window: { offset: 0, limit: 10 },
        withMembers: false,
        baseUrl,
      };
      return async () => {
        const { found } = await listRoles(database.sql, credential, query, now);
        expect(found.rows.length).toBeGreaterThan(2);
      };
    },
  ],
  [
    "the roles of the console",
    async ({ organizationId }) =>
      () =>
        listCountedRoles(database.sql, organizationId),
  ],
  [
    "a page of the people with a role",
    async ({ organizationId }) => {
      const { id: roleId } = await defaultRoleOf(organizationId);
      return () => readRoleWithHolders(database.sql, organizationId, { roleId, page: 1, pageSize: 10 });
    },
  ],
  [
    "a page of the people in the console",
    async ({ organizationId }) =>
      () =>
        listByOwner(database.sql, organizationId, { page: 1, pageSize: 10 }),
  ],
  [
    "the inactive people in the console",
    async ({ organizationId }) =>
      () =>
        listByOwner(database.sql, organizationId, { page: 1, pageSize: 10, status: "inactive" }),
  ],
  [
    "the active people in the console",
    async ({ organizationId }) =>
      () =>
        listByOwner(database.sql, organizationId, { page: 1, pageSize: 10, status: "active" }),
  ],
  [
    "the last page of the people with a role",
    async ({ organizationId }) => {
      const { id: roleId, memberCount } = await defaultRoleOf(organizationId);
      const last = { roleId, page: Math.ceil(memberCount / 10), pageSize: 10 };
      return () => readRoleWithHolders(database.sql, organizationId, last);
    },
  ],
  [
    "the last page of the people in the console",
    async ({ organizationId }) => {
      const { total } = await listByOwner(database.sql, organizationId, { page: 1, pageSize: 10 });
      return () => listByOwner(database.sql, organizationId, { page: Math.ceil(total / 10), pageSize: 10 });
    },
  ],
  [
    "the drift",
    async ({ organizationId }) =>
      () =>
        countDrift(database.sql, organizationId, new Date()),
  ],
  [
    "what turning provisioning off does",
    async ({ context }) =>
      () =>
        readTurningOff(database.sql, context),
  ],
  [
    "a page of everybody",
    async ({ organizationId, credential }) => {
      const query = { filter: undefined, order: undefined, window: { offset: 0, limit: 10 }, baseUrl };
      const text = "select count(*)::int as people from member where organization_id = $1 and not is_deleted";
      const [counted] = await rows(database, text, [organizationId]);
      return async () => {
        const { found } = await listMembers(database.sql, credential, query, now);
        expect(found.total).toBe(counted?.["people"]);
      };
    },
  ],
];

async function defaultRoleOf(organizationId: string) {
  const role = (await listCountedRoles(database.sql, organizationId)).find(({ isDefault }) => isDefault);
  if (role === undefined) throw new Error("There is no default role.");
  return role;
}

async function removal(tenant: Tenant, input: Parameters<Tenant["write"]>[1]): Promise<Work> {
  const { id } = await tenant.add(newPerson(tenant));
  return async () => expect((await tenant.write(id, input)).kind).toBe("saved");
}

/** Applies a new mapping to the last 20 people, who are in the group. */
async function lastMapped(tenant: Tenant): Promise<Work> {
  const { organizationId, context } = tenant;
  const number = count++;
  const text =
    "select id from member where organization_id = $1 and is_managed and not is_deleted order by id desc limit 21";
  const ids = (await rows(database, text, [organizationId])).map(({ id }) => String(id));
  const groupId = await tenant.addGroup(`Group ${number}`, ids.slice(0, 20));
  const made = await createRole(database, context, { name: `Role ${number}`, permissions: [] });
  if (!made.ok) throw new Error(made.error.kind);
  const mapping = `with gone as (delete from group_mapping where organization_id = $1)
    insert into group_mapping (organization_id, group_id, target_id, position, created_at) values ($1, $2, $3, $4, now())`;
  const job = `insert into people_job (organization_id, choice, step, after_id, people, done, mappings, actor_kind,
      actor_name, started_at, due_at, tries)
    values ($1, 'applyMappings', 'people', $2, 20, 0, 0, 'system', '', $3, $3, 0)
    on conflict (organization_id, choice) do update set step = 'people', after_id = $2, ended_at = null`;
  const given = "select count(*)::int from role_grant where organization_id = $1 and role_id = $2";
  return async () => {
    await rows(database, mapping, [organizationId, groupId, made.value, number]);
    await rows(database, job, [organizationId, ids[20], now]);
    expect(await continueNextJob(database, now)).toBe(true);
    expect(await rows(database, given, [organizationId, made.value])).toEqual([{ count: 20 }]);
  };
}

// A request must not read more because an organization has more people; an index is a few blocks deeper.
describe("the blocks that a request reads do not depend on the organization's size", () => {
  test.each(requests)("%s", async (_what, prepare) => {
    const costs = { small: 0, large: 0 };
    for (const size of ["small", "large"] as const) {
      const [first, second] = [await prepare(tenantOf(size)), await prepare(tenantOf(size))];
      // The first one also reads catalogs.
      await first();
      costs[size] = await blocksOf(second);
    }
    expect(costs.small).toBeGreaterThan(0);
    expect(costs.large).toBeLessThan(costs.small * 1.5 + 20);
  });
});

// The fifth loss is the lowest limit of any organization.
test("a removal within the limit reads no more after many removals", async () => {
  const tenant = tenantOf("large");
  const text = "select id from member where organization_id = $1 and is_managed and active limit 150";
  const costs: number[] = [];
  for (const { id } of await rows(database, text, [tenant.organizationId])) {
    const remove = async (): Promise<unknown> =>
      expect((await tenant.write(String(id), () => ({ active: false }))).kind).toBe("saved");
    costs.push(await blocksOf(remove));
  }
  expect(Math.max(...costs.slice(-3))).toBeLessThan(Math.max(...costs.slice(0, 3)) * 1.5 + 20);
});

test("the kept grants of each role are those that there are", async () => {
  const large = tenantOf("large");
  const { id } = await large.add(newPerson(large));
  await Promise.all(["A", "B"].map((name) => large.addGroup(name, [id])));
  await large.write(id, () => ({ active: false }));
  await large.write(id, "delete");
  const counted = `select role_id, source, count(*) as grants from role_grant where organization_id = $1 group by 1, 2`;
  const kept = `select role_id, source, sum(grants) as grants from role_grant_count where organization_id = $1
    group by 1, 2 having sum(grants) <> 0`;
  const values = [large.organizationId];
  expect(await rows(database, `${kept} order by 1, 2`, values)).toEqual(
    await rows(database, `${counted} order by 1, 2`, values),
  );
});

test("the people of a large role are not counted, and all its pages can be reached", async () => {
  const { organizationId } = tenantOf("large");
  const role = await defaultRoleOf(organizationId);
  const [held] = await rows(
    database,
    "select count(*)::int as people from role_grant where organization_id = $1 and role_id = $2",
    [organizationId, role.id],
  );
  const people = Number(held?.["people"]);
  expect(role).toMatchObject({ isEstimate: true, memberCount: people });
  const at = (page: number) =>
    readRoleWithHolders(database.sql, organizationId, { roleId: role.id, page, pageSize: 100 });
  const last = Math.ceil(people / 100);
  expect((await at(last))?.holders).toHaveLength(people - (last - 1) * 100);
  // Another source than the largest one.
  const extra =
    "insert into role_grant select organization_id, member_id, role_id, 'manual', now() from role_grant where organization_id = $1 and role_id = $2 limit 50";
  await rows(database, extra, [organizationId, role.id]);
  expect((await defaultRoleOf(organizationId)).memberCount).toBe(people);
  expect(await defaultRoleOf(tenantOf("small").organizationId)).toMatchObject({ isEstimate: false });
});

// Late pages are read from the end.
test.each(["name", "changed", "status"] as const)("the pages of the people by %s are the whole list", async (sort) => {
  const { organizationId } = tenantOf("small");
  for (const desc of [false, true]) {
    const read = async (page: number, pageSize: number): Promise<readonly string[]> => {
      const { members } = await listByOwner(database.sql, organizationId, { sort, desc, page, pageSize });
      return members.map(({ id }) => id);
    };
    const whole = await read(1, 100);
    expect(whole.length).toBeGreaterThan(40);
    const pages = await Promise.all(
      Array.from({ length: Math.ceil(whole.length / 7) + 1 }, (_, at) => read(at + 1, 7)),
    );
    expect(pages.flat()).toEqual(whole);
  }
});

test("the kept counts are those of the members, in few rows", async () => {
  const large = tenantOf("large");
  const { id } = await large.add(newPerson(large));
  await Promise.all(Array.from({ length: 20 }, () => large.add(newPerson(large))));
  await large.write(id, "delete");
  const former = await large.add(newPerson(large));
  await large.write(former.id, () => ({ active: false }));
  for (const size of ["small", "large"] as const) {
    const [row] = await rows(
      database,
      `select (select count(*) from member where organization_id = $1 and not is_deleted)::int as visible,
         (select count(*) from member where organization_id = $1 and not is_deleted and is_managed)::int as managed,
         (select count(*) from member where organization_id = $1 and not is_deleted and is_managed and active)::int as active,
         sum(visible)::int as "keptVisible", sum(managed)::int as "keptManaged", sum(active)::int as "keptActive",
         count(*)::int as kept
       from member_count where organization_id = $1`,
      [tenantOf(size).organizationId],
    );
    expect(row).toMatchObject({
      keptVisible: row?.["visible"],
      keptManaged: row?.["managed"],
      keptActive: row?.["active"],
    });
    expect(row?.["kept"]).toBeLessThan(2000);
  }
});

test("of too many unconfirmed people, those who were not seen for the longest time are counted and listed", async () => {
  const { organizationId } = tenantOf("large");
  const oldest = `update member_sighting as s set at = '2000-01-01' from (select id from member
    where organization_id = $1 and is_managed and active and not is_deleted order by name_key desc limit 1) as m
    where s.organization_id = $1 and s.member_id = m.id returning m.id`;
  const [last] = await rows(database, oldest, [organizationId]);
  const later = new Date(Date.now() + 90 * 86_400_000);
  expect(await countDrift(database.sql, organizationId, later)).toMatchObject({ unconfirmed: driftMax });
  const query = { kind: "unconfirmed", now: later, pageSize: 10, page: driftMax / 10 } as const;
  const { total, people } = await listDriftPeople(database.sql, organizationId, query);
  expect([total, people.length, people.at(-1)?.id]).toEqual([driftMax, 10, last?.["id"]]);
});

// The total of the active people is everybody but the others.
test.each(memberStatuses)("the total of the people who are %s is their number", async (status) => {
  const { organizationId } = tenantOf("small");
  const text = `select count(*)::int as people from member where organization_id = $1 and not is_deleted
    and $2 = case when not active then 'inactive' when awaits_acceptance then 'awaiting' else 'active' end
    and ($3::boolean is null or is_managed = $3)`;
  const waits = `update member set awaits_acceptance = true, account_id = null, version = version + 1
    where organization_id = $1 and id = (select id from member where organization_id = $1 and is_managed and active
      and not is_deleted order by id limit 1)`;
  await rows(database, waits, [organizationId]);
  const totals: number[] = [];
  for (const isManaged of [undefined, true, false]) {
    const [counted] = await rows(database, text, [organizationId, status, isManaged ?? null]);
    const { total, members } = await listByOwner(database.sql, organizationId, {
      status,
      isManaged,
      page: 1,
      pageSize: 100,
    });
    expect([total, members.length]).toEqual([counted?.["people"], counted?.["people"]]);
    totals.push(total);
  }
  expect(totals[0]).toBeGreaterThan(0);
});

test("a page of a group's members is read without the members after it", async () => {
  const { organizationId } = tenantOf("large");
  const { id } = await defaultRoleOf(organizationId);
  const before = { id: "00000000-0000-7000-8000-000000000000", userName: "" };
  const pages = moreMembers(database.sql, {
    organizationId,
    id,
    members: [before],
    hasMoreMembers: true,
    membersTag: "",
  });
  const { value: page } = await pages.next();
  const asked = sent;
  if (asked === undefined) throw new Error("No statement was sent.");
  const [explained] = await rows(database, `explain (analyze, format json) ${asked.sql}`, [...asked.parameters]);
  expect(page?.length).toBe(2000);
  // A few people have the role twice.
  expect(Math.max(...rowsIn(explained?.["QUERY PLAN"]))).toBeLessThan(2100);
});

/** The rows that each node of a plan has returned in all. */
function rowsIn(plan: unknown): readonly number[] {
  if (typeof plan !== "object" || plan === null) return [];
  const own = Number(Reflect.get(plan, "Actual Rows")) * Number(Reflect.get(plan, "Actual Loops"));
  return [...(Number.isNaN(own) ? [] : [own]), ...Object.values(plan).flatMap(rowsIn)];
}
