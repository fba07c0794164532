import { sql, type RawBuilder } from "kysely";
import { expect, test } from "vitest";
import { newOrganization, now, openConsoleDatabase } from "../testing/console-database.ts";
import { verifyDomain } from "../domain/verified-domain.ts";
import { enableProvisioning } from "../provisioning/provisioning-switch.ts";
import { entities } from "../model/index.ts";
import { addMember } from "../scim/member-add.ts";
import { credentialOf } from "../scim/caller.ts";
import { copiedTables, openSandbox } from "./sandbox.ts";
import { dropNextLeftSandbox, makeSandboxSchema } from "./sandbox-schema.ts";

const home = await openConsoleDatabase();

/** Tables that are not copied: people, secrets, records and current work. */
const leftTables = [
  "account",
  "change",
  "domain_claim",
  "email_challenge",
  "exemption",
  "guard_hold",
  "guard_tally",
  "invitation",
  "known_browser",
  "mail",
  "member",
  "member_count",
  "member_sighting",
  "password_reset",
  "people_job",
  "recovery_code",
  "role_grant",
  "role_grant_count",
  "scim_request",
  "scim_token",
  "self_check",
  "self_check_step",
  "session",
  "setup",
  "sign_in_attempt",
  "sso_assertion",
  "sso_request",
];

// A new table must be either copied or listed as not copied.
test("every table is either copied or left out", () => {
  const named = [...copiedTables.map(({ table }) => table), ...leftTables];
  expect(named.sort()).toEqual(entities.map(({ meta }) => meta.tableName).sort());
});

type Value = { readonly value: unknown };

async function ask(query: RawBuilder<Value>): Promise<readonly unknown[]> {
  return (await query.execute(home.database.sql.db)).rows.map(({ value }) => value);
}

const schemas = sql<Value>`select nspname as value from pg_namespace where nspname like 'rollcall%' order by 1`;
const person = { externalId: null, givenName: "Ada", familyName: null, displayName: null, active: true };

// The sandbox and the real organization must be isolated in both directions.
test("a sandbox has settings, roles and domains, and writes stay in it", async () => {
  const { organizationId, context } = await newOrganization(home.database, "Real");
  await enableProvisioning(home.database, context, { acknowledgeSso: true });
  await verifyDomain(home.database, context, "real.example");
  const counts = sql<Value>`select (select count(*) from member)::text || (select count(*) from account)::text
    || (select count(*) from change)::text || (select count(*) from scim_token)::text as value`;
  const before = await ask(counts);
  const sandbox = await openSandbox(home.database, organizationId, now);
  const credential = credentialOf(sandbox.token);
  if (credential === undefined) throw new Error("The token is malformed.");
  const request = { now, requestId: "test" };
  const add = (database: typeof sandbox.database) =>
    addMember(database, credential, { ...person, userName: "ada@real.example" }, request);
  // The token is valid in the sandbox only.
  expect((await add(sandbox.database)).added?.ok).toBe(true);
  expect((await add(home.database)).caller).toMatchObject({ ok: false, error: { kind: "tokenUnknown" } });
  const { db } = sandbox.database.sql;
  expect(await db.selectFrom("role").select("name").orderBy("name").execute()).toEqual([
    { name: "Account Owners" },
    { name: "Deploy Owners" },
    { name: "Members" },
  ]);
  const ids = await db.selectFrom("verified_domain").select("organizationId as id").execute();
  expect(ids).toEqual([{ id: expect.not.stringContaining(organizationId) }]);
  expect(await ask(counts)).toEqual(before);
  expect(await ask(schemas)).toHaveLength(1);
  // Names missing in the sandbox's schema are not searched elsewhere.
  await expect(sql`select 1 from mikro_orm_migrations`.execute(db)).rejects.toThrow("does not exist");
  // Nor by qualified names: the role of the sandbox has no other rights.
  for (const text of ["select 1 from public.account", "select 1 from public.scim_token", "create table public.x ()"]) {
    await expect(sql.raw(text).execute(db)).rejects.toThrow("permission denied");
  }
  await sandbox.close();
  expect(await ask(schemas)).toEqual([]);
  expect(await ask(counts)).toEqual(before);
});

// An aborted run may have a request in progress, which could deadlock with dropping the schema.
test("a sandbox is dropped after its current work, and later work is rejected", async () => {
  const { organizationId } = await newOrganization(home.database, "Busy");
  const sandbox = await openSandbox(home.database, organizationId, now);
  const holding = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const busy = sandbox.database.transaction(async (tx) => {
    await tx.db.selectFrom("role").select("id").execute();
    holding.resolve();
    await goOn.promise;
    const members = tx.db.selectFrom("member").select((eb) => eb.fn.countAll<number>().as("count"));
    return members.execute();
  });
  await holding.promise;
  const closed = sandbox.close();
  const late = sandbox.database.sql.db.selectFrom("role").select("id").execute();
  await expect(late).rejects.toThrow("is being closed");
  goOn.resolve();
  expect(await busy).toEqual([{ count: 1 }]);
  await closed;
  expect(await ask(schemas)).toEqual([]);
});

test("no sandbox is left for an unknown organization", async () => {
  const nobody = "0190f3a0-0000-7000-8000-000000000000";
  await expect(openSandbox(home.database, nobody, now)).rejects.toThrow("member_organization_id_foreign");
  expect(await ask(schemas)).toEqual([]);
});

// Schemas must not accumulate after crashes, and the cleanup must spare runs of other processes.
test("a sandbox of a killed process is dropped after ten minutes, not earlier", async () => {
  const { schema: old } = await makeSandboxSchema(home.database, new Date(now.getTime() - 601_000));
  const { schema: young } = await makeSandboxSchema(home.database, new Date(now.getTime() - 500_000));
  expect(old < young).toBe(true);
  expect(await dropNextLeftSandbox(home.database, now)).toBe(true);
  expect(await dropNextLeftSandbox(home.database, now)).toBe(false);
  expect(await ask(schemas)).toEqual([young]);
});

// The same migrations create both, including indexes and checks.
test("the sandbox’s tables have the columns and constraints of the real ones", async () => {
  const { schema } = await makeSandboxSchema(home.database, now);
  const shape = (name: string) => sql<Value>`
    select t.relname || ' ' || pg_get_constraintdef(c.oid) || ' ' || c.conname as value from pg_constraint c
    join pg_class t on t.oid = c.conrelid join pg_namespace n on n.oid = t.relnamespace
    where n.nspname = ${name} and t.relname <> 'mikro_orm_migrations' order by 1`;
  const made = (await ask(shape(schema))).map((text) => String(text).replaceAll(`${schema}.`, ""));
  expect(made).toEqual(await ask(shape("public")));
  expect(made.length).toBeGreaterThan(30);
});
