import "@rollcall/local-postgres/vitest-global-setup";
import { scratchDatabase } from "@rollcall/local-postgres";
import { Client } from "pg";
import { afterAll, describe, expect, inject, test, vi } from "vitest";
import { migrate, schemaDifference } from "../store/migrate.ts";
import { migrationsList } from "./index.ts";

const scratch = await scratchDatabase(inject("postgresUrl"));
const client = new Client({ connectionString: scratch.url });
await client.connect();
afterAll(async () => {
  await client.end();
  await scratch.drop();
});

async function column(text: string): Promise<readonly unknown[]> {
  return (await client.query<{ value: unknown }>(text)).rows.map(({ value }) => value);
}

async function onClient<T>(url: string, work: (one: Client) => Promise<T>): Promise<T> {
  const one = new Client({ connectionString: url });
  await one.connect();
  try {
    return await work(one);
  } finally {
    await one.end();
  }
}

const tables = `select table_name as value from information_schema.tables where table_schema = 'public' order by 1`;
const done = `select name as value from mikro_orm_migrations order by id`;

// In a roll-out both services start and migrate at once.
test("concurrent and repeated migrations are applied once", async () => {
  await Promise.all([migrate(scratch.url), migrate(scratch.url), migrate(scratch.url)]);
  const made = await column(tables);
  expect(made).toContain("member");
  expect(await column(done)).toEqual(migrationsList.map(({ name }) => name));
  await migrate(scratch.url);
  expect(await column(tables)).toEqual(made);
  expect(await column(done)).toEqual(migrationsList.map(({ name }) => name));
});

// Statements rely on the model, which must match the schema.
test("the migrations create exactly the model's schema", async () => {
  expect(await schemaDifference(scratch.url)).toBe("");
  await client.query("create table beside (id uuid primary key)");
  expect(await schemaDifference(scratch.url)).toContain("drop table");
  await client.query("drop table beside");
});

test("a database with unknown migrations is rejected and left unchanged", async () => {
  const former = await scratchDatabase(inject("postgresUrl"));
  await migrate(former.url);
  const query = (text: string) => onClient(former.url, (one) => one.query(text));
  await query("insert into mikro_orm_migrations (name) values ('2026-11-24-first-model')");
  await expect(migrate(former.url)).rejects.toThrow("2026-11-24-first-model");
  await former.drop();
});

// Every write locks people first and their counts by its trigger: a migration the other way round waits for it for ever.
test("a migration of people and their counts holds no counts while it waits for the people", async () => {
  const upgraded = await scratchDatabase(inject("postgresUrl"));
  await migrate(upgraded.url);
  await onClient(upgraded.url, async (one) => {
    await one.query("alter table member_count drop column active");
    await one.query("delete from mikro_orm_migrations where name like '%-counts-of-access'");
    await one.query("begin; set local lock_timeout = '100ms'; update member set version = version + 1");
    const migrated = migrate(upgraded.url);
    const waiting = "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    await onClient(upgraded.url, (other) =>
      vi.waitFor(async () => expect((await other.query(waiting)).rows).toHaveLength(1)),
    );
    const count = "insert into member_count (organization_id, id, visible, managed) values ($1, $1, 0, 0)";
    expect(await one.query(count, ["00000000-0000-7000-8000-000000000000"])).toMatchObject({ rowCount: 1 });
    await one.query("commit");
    await migrated;
  });
  await upgraded.drop();
});

// With a count of nobody, mass-removal protection would allow five removals in any organization.
test("an upgrade counts the managed people with access, once", async () => {
  const upgraded = await scratchDatabase(inject("postgresUrl"));
  await migrate(upgraded.url);
  const counted = "select visible, managed, active from member_count where active <> 0";
  await onClient(upgraded.url, async (one) => {
    await one.query(`with acme as (insert into organization (id, name, created_at)
        values (gen_random_uuid(), 'Acme', now()) returning id)
      insert into member (organization_id, id, user_name, user_name_key, name, name_key, active, is_managed,
          awaits_acceptance, version, created_at, updated_at)
        select id, gen_random_uuid(), one, one, one, one, one <> 'former', one <> 'manual', true, 1, now(), now()
        from acme, unnest(array['ada', 'ben', 'former', 'manual']) as one`);
    // As before that migration.
    await one.query("update member_count set active = 0");
    for (let time = 1; time <= 2; time++) {
      await one.query("delete from mikro_orm_migrations where name like '%-access-of-old-rows'");
      await migrate(upgraded.url);
      expect((await one.query(counted)).rows).toEqual([{ visible: 0, managed: 0, active: 2 }]);
    }
  });
  await upgraded.drop();
});

// A statement that waits for a lock blocks every later one on the table.
test("a migration does not keep other writes waiting while it waits for a lock", async () => {
  const upgraded = await scratchDatabase(inject("postgresUrl"));
  const { url } = upgraded;
  await migrate(url);
  const change = "update member set version = version + 1";
  await onClient(url, async (one) => {
    // As before that migration.
    await one.query("drop table role_grant_count");
    await one.query(
      "drop function member_member_renamed_fn, role_grant_role_granted_fn, role_grant_role_revoked_fn cascade",
    );
    await one.query("alter table member_count drop column active");
    const later = ["%kept-grants", "%deleted-without-%", "%-access", "%access-of-%", "%-tenant-setting"];
    await one.query("delete from mikro_orm_migrations where name like any ($1)", [later]);
    await one.query("begin");
    await one.query(change);
    let isDone = false;
    const migrated = migrate(url).then(() => (isDone = true));
    const waits: number[] = [];
    await onClient(url, async (other) => {
      // Three times the 500 ms that a migration waits for its lock.
      for (const end = performance.now() + 1500; performance.now() < end;) {
        const from = performance.now();
        await other.query(change);
        waits.push(performance.now() - from);
      }
    });
    expect(isDone).toBe(false);
    expect(Math.max(...waits)).toBeLessThan(1000);
    // The migration did wait for the lock.
    expect(Math.max(...waits)).toBeGreaterThan(100);
    await one.query("commit");
    await migrated;
  });
  expect(await schemaDifference(url)).toBe("");
  await upgraded.drop();
});

const global = [
  "account",
  "email_challenge",
  "known_browser",
  "mail",
  "mikro_orm_migrations",
  "organization",
  "password_reset",
  "recovery_code",
  "sign_in_attempt",
];
/** The six lookups across organizations of docs/decisions/0002; the account's email is in a global table. */
const lookups = [
  "invitation_to",
  "member_account",
  "member_awaiting",
  "scim_token_key_unique",
  "verified_domain_key",
  "verified_domain_unique",
];

// Tenant data can be distributed by organization, and lookups do not cross tenants (docs/design.md, section 2).
describe("organization_id leads", () => {
  test("every primary key, unique constraint and index of tenant data, except the documented lookups", async () => {
    const others = await column(`select i.relname as value from pg_index x
      join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
      join pg_namespace n on n.oid = t.relnamespace
      left join pg_attribute a on a.attrelid = t.oid and a.attnum = x.indkey[0]
      where n.nspname = 'public' and t.relname <> all (array['${global.join("','")}'])
        and a.attname is distinct from 'organization_id' order by 1`);
    expect(others).toEqual(lookups);
  });

  test("every table except the global ones", async () => {
    const others = await column(`select table_name as value from information_schema.tables t
      where table_schema = 'public' and not exists (select 1 from information_schema.columns c
        where c.table_name = t.table_name and c.column_name = 'organization_id' and c.is_nullable = 'NO') order by 1`);
    expect(others).toEqual(global);
  });

  test("every foreign key between tables of tenant data", async () => {
    const others = await column(`select k.conname as value from pg_constraint k
      join pg_class t on t.oid = k.confrelid join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
      where k.contype = 'f' and t.relname not in ('account', 'organization') and a.attname <> 'organization_id'`);
    expect(others).toEqual([]);
  });

  test("where people are unique: by userName, account and externalId, among those who are not deleted", async () => {
    const shapes = await column(`select replace(indexdef, 'CREATE UNIQUE INDEX ', '') as value from pg_indexes
      where tablename = 'member' and indexdef like '%UNIQUE%' and indexname <> 'member_pkey' order by 1`);
    expect(shapes).toEqual([
      "member_account_unique ON public.member USING btree (organization_id, account_id) WHERE (NOT is_deleted)",
      expect.stringMatching(/^member_external_id_unique .* \(organization_id, external_id\) WHERE .*NOT is_deleted/),
      "member_user_name_unique ON public.member USING btree (organization_id, user_name_key) WHERE (NOT is_deleted)",
    ]);
  });
});

// Paging and filters need the order of code points, on servers of any locale.
test("every normalized key is compared by code points", async () => {
  const others = await column(`select table_name || '.' || column_name as value from information_schema.columns
    where table_schema = 'public' and table_name in ('member', 'role')
      and (column_name like '%\\_key' or column_name = 'external_id') and collation_name is distinct from 'C'`);
  expect(others).toEqual([]);
});

describe("the change log is append-only", () => {
  test.each([
    "update change set kind = 'member.updated'",
    "update change set refusal = null where false",
    "delete from change",
    "truncate change",
    "truncate change, session",
    "merge into change using (select 1) as one on true when matched then delete",
  ])("%s", async (text) => {
    await client.query(`insert into change (organization_id, id, at, actor_kind, actor_name, subject_kind, subject_name, kind)
      values (gen_random_uuid(), gen_random_uuid(), now(), 'system', '', 'member', 'x', 'member.created')`);
    const count = "select count(*)::int as value from change";
    const before = await column(count);
    await expect(client.query(text)).rejects.toThrow("The change log is append-only.");
    expect(await column(count)).toEqual(before);
  });

  test("except refusals, which may be deleted after 180 days", async () => {
    await client.query(`insert into change (organization_id, id, at, actor_kind, actor_name, subject_kind, subject_name, kind,
        refusal)
      select gen_random_uuid(), gen_random_uuid(), now() - days * interval '1 day', 'system', '', 'member', 'x',
        'member.created', refusal from (values (181, 'lastOwner'), (179, 'lastOwner'), (181, null)) as entry (days, refusal)`);
    const where = "where actor_name = '' and refusal = 'lastOwner' and at < now() - interval '180 days'";
    await client.query(`delete from change ${where}`);
    expect(await column(`select count(*)::int as value from change ${where}`)).toEqual([0]);
    for (const kept of ["refusal = 'lastOwner'", "at < now() - interval '180 days'"]) {
      await expect(client.query(`delete from change where ${kept}`)).rejects.toThrow("The change log is append-only.");
    }
  });
});
