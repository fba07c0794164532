import { randomBytes } from "node:crypto";
import { scratchDatabase } from "@rollcall/local-postgres";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, inject, test, vi } from "vitest";
import { newOrganization } from "../testing/console-database.ts";
import { openDatabase, type Database } from "./database.ts";
import { migrate } from "./migrate.ts";
import { openSandbox } from "../self-check/sandbox.ts";

const suffix = randomBytes(6).toString("hex");
const [owner, servers] = [`migrations_${suffix}`, `servers_${suffix}`];
let scratch: Awaited<ReturnType<typeof scratchDatabase>>;
let admin: Client;
let database: Database;
const urlAs = (role: string): string => {
  const url = new URL(scratch.url);
  [url.username, url.password] = [role, "x"];
  return url.href;
};

beforeAll(async () => {
  scratch = await scratchDatabase(inject("postgresUrl"));
  admin = new Client({ connectionString: scratch.url });
  await admin.connect();
  for (const role of [owner, servers]) await admin.query(`create role ${role} login password 'x'`);
  await admin.query(`alter database ${new URL(scratch.url).pathname.slice(1)} owner to ${owner}`);
  await migrate(urlAs(owner), undefined, urlAs(servers));
  database = await openDatabase(urlAs(servers), { poolSize: 2 });
});
afterAll(async () => {
  await database.close();
  for (const role of [servers, owner]) await admin.query(`drop owned by ${role} cascade`);
  await admin.end();
  await scratch.drop();
  const root = new Client({ connectionString: inject("postgresUrl") });
  await root.connect();
  for (const role of [servers, owner]) await root.query(`drop role ${role}`);
  await root.end();
});

// An injected statement must not have more rights than the servers.
describe("the servers' role", () => {
  test("has the rights that the servers need on a migrated database", async () => {
    await newOrganization(database, "Roles");
    await migrate(urlAs(servers));
    const counted = await database.sql.query({ name: "", text: "select count(*)::int as count from change" }, []);
    expect(counted).toEqual([{ count: expect.any(Number) }]);
  });

  test.each([
    "drop trigger change_kept on change",
    "alter table change disable trigger all",
    "drop function change_change_kept_fn() cascade",
    "create or replace function change_change_kept_fn() returns trigger language plpgsql as 'begin return old; end'",
    "set session_replication_role = replica",
    "update change set refusal = 'x'",
    "truncate change",
    "truncate session",
    "drop table account",
    "alter table account add column x int",
    "create table public.x ()",
    "delete from mikro_orm_migrations",
  ])("may not %s", async (text) => {
    await expect(database.sql.query({ name: "", text }, [])).rejects.toThrow(/permission denied|must be owner/);
  });

  test("may not delete entries of changes", async () => {
    const text = "delete from change";
    await expect(database.sql.query({ name: "", text }, [])).rejects.toThrow("append-only");
  });

  test("runs the self-check as itself, or as a role without other rights once it is a member of it", async () => {
    const { organizationId } = await newOrganization(database, "Checked");
    const seen: unknown[] = [];
    const look = async (): Promise<void> => {
      const sandbox = await openSandbox(database, organizationId, new Date());
      const ask = (text: string) => sandbox.database.sql.query({ name: "", text }, []);
      seen.push((await ask("select current_user::text as role from member"))[0]?.["role"]);
      seen.push(
        await ask("select 1 from public.account").then(
          () => "read",
          () => "refused",
        ),
      );
      await sandbox.close();
    };
    await look();
    await admin.query(`grant rollcall_check to ${servers}`);
    await look();
    expect(seen).toEqual([servers, "read", "rollcall_check", "refused"]);
  });

  test("sees the rows of one organization once it is a member of the tenant role", async () => {
    const { organizationId } = await newOrganization(database, "Tenant");
    const seenBy = async (one: Database): Promise<unknown> => {
      const { db } = one.tenantOf(organizationId).sql;
      const all = await db.selectFrom("member").select("organizationId").distinct().execute();
      return all.length > 1 ? "all" : all[0]?.organizationId;
    };
    const before = await seenBy(database);
    await admin.query(`grant rollcall_tenant to ${servers}`);
    await migrate(urlAs(owner), undefined, urlAs(servers));
    const later = await openDatabase(urlAs(servers), { poolSize: 2 });
    const after = await seenBy(later);
    await later.close();
    expect([before, after]).toEqual(["all", organizationId]);
  });

  // Outside of a transaction the setting is an empty text then, which is no UUID.
  test("changes a row that has changed in the meantime, after an owner's request on the same connection", async () => {
    const { organizationId } = await newOrganization(database, "Met");
    const one = await openDatabase(urlAs(servers), { poolSize: 1 });
    const ask = (text: string) => one.sql.query({ name: "", text }, []);
    await ask(`begin; select set_config('rollcall.organization_id', '${organizationId}', true); commit`);
    const change = "update provisioning set updated_at = now()";
    await admin.query("begin");
    await admin.query(change);
    const changed = ask(`${change} returning organization_id`);
    await vi.waitFor(async () => {
      const { rows } = await admin.query(
        "select 1 from pg_stat_activity where usename = $1 and wait_event_type = 'Lock'",
        [servers],
      );
      expect(rows).toHaveLength(1);
    });
    await admin.query("commit");
    expect(await changed).toContainEqual({ organization_id: organizationId });
    await one.close();
  });

  // Servers that run write by the triggers of a migration before the next one is done.
  test("may write to a table from the moment in which a migration makes it", async () => {
    const maker = new Client({ connectionString: urlAs(owner) });
    await maker.connect();
    await maker.query("create table coming (id int)");
    const insert = { name: "", text: "insert into coming values (1) returning id" };
    expect(await database.sql.query(insert, [])).toEqual([{ id: 1 }]);
    await maker.query("drop table coming");
    await maker.end();
  });

  test("owns nothing", async () => {
    const text = "select count(*)::int as count from pg_class where relowner = $1::regrole";
    expect(await database.sql.query({ name: "", text }, [servers])).toEqual([{ count: 0 }]);
  });
});
