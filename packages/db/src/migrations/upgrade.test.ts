import { Migrator } from "@mikro-orm/migrations";
import { MikroORM } from "@mikro-orm/postgresql";
import { scratchDatabase } from "@rollcall/local-postgres";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { migrate, openDatabase, type Database } from "../store/database.ts";
import { entities } from "../model/index.ts";
import { noticeNextToken } from "../scim-token/token-notice.ts";
import { hashPassword, verifyPassword } from "../account/password.ts";
import { migrationsList } from "./index.ts";

/** Those that were there before the owner's console. */
const formerMigrations = migrationsList.slice(0, 4);
const id = (count: number): string => `01900000-0000-7000-8000-${count.toString(16).padStart(12, "0")}`;
const organizationId = id(1);
const alikeId = id(16);

const rows = [
  `insert into organization (id, name, created_at) values ('${organizationId}', 'Old', now())`,
  `insert into role (organization_id, id, name, name_key, kind, is_scim_created, is_linked, permissions, created_at, updated_at)
    values ('${organizationId}', '${id(2)}', 'Members', 'members', 'custom', false, false, '{}', now(), now())`,
  `insert into organization (id, name, created_at) values ('${alikeId}', 'Alike', now())`,
  `insert into role (organization_id, id, name, name_key, kind, is_scim_created, is_linked, permissions, created_at, updated_at)
    select '${alikeId}', ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, name, lower(name), kind, true, false,
      '{}', now() - n * interval '1 day', now()
    from (values (32, 'Account Owners', 'owner'), (33, 'Account  Owners ', 'custom'), (34, U&'Acc\\200Bount Owners', 'custom'),
      (35, U&'Sales\\202E', 'custom')) as t (n, name, kind)`,
  // The same externalId in another organization is another group's, and a deleted group holds none.
  `insert into role (organization_id, id, name, name_key, kind, is_scim_created, is_linked, external_id, permissions,
      created_at, updated_at, deleted_at)
    select organization_id::uuid, ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'G' || n, 'g' || n, 'custom',
      true, false, 'g-1', '{}', now() - n * interval '1 day', now(), case when n = 67 then now() end
    from (values ('${organizationId}', 64), ('${organizationId}', 65), ('${organizationId}', 67), ('${alikeId}', 68))
      as t (organization_id, n)`,
  `insert into account (id, email, email_key, name, created_at, updated_at)
    select ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, email, email, U&'Pam\\202E', now(), now()
    from (values (48, 'pam@xn--bcher-kva.example'), (49, 'jim@bücher.example'), (50, 'jim@xn--bcher-kva.example')) as t (n, email)`,
  `insert into verified_domain (organization_id, domain, verified_at, verified_by)
    values ('${alikeId}', 'bücher.example', now(), 'operator')`,
  `insert into provisioning (organization_id, is_enabled, default_role_id, is_guard_on, enabled_at, updated_at)
    values ('${organizationId}', true, '${id(2)}', true, now(), now())`,
  `insert into account (id, email, email_key, name, created_at, updated_at)
    select ('01900000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, n || '@old.example', n || '@old.example', 'P', now(), now()
    from generate_series(100, 119) n`,
  `insert into member (organization_id, id, account_id, user_name, user_name_key, name, name_key, active, is_managed,
      awaits_acceptance, version, created_at, updated_at, deleted_at)
    select '${organizationId}', id, id, email, email_key, 'P', 'p', true, email < '110', false, 1, now(), now(),
      case when email < '102' then now() end from account where email like '%@old.example'`,
  "update member set awaits_acceptance = true where user_name_key in ('101@old.example', '119@old.example')",
  `insert into role_grant (organization_id, member_id, role_id, source, created_at)
    select organization_id, id, '${id(2)}', 'default', now() from member where deleted_at is null`,
  `insert into session (organization_id, id, account_id, secret_hash, created_at, expires_at)
    select organization_id, id, account_id, '\\x00', now(), now() from member where user_name_key = '103@old.example'`,
  `insert into role (organization_id, id, name, name_key, kind, is_scim_created, is_linked, permissions, created_at, updated_at)
    values ('${organizationId}', '${id(4)}', 'Account Owners', 'account owners', 'owner', false, false, '{}', now(), now())`,
  `insert into role_grant (organization_id, member_id, role_id, source, created_at)
    select organization_id, id, '${id(4)}', 'manual', now() from member where user_name_key = '104@old.example'`,
  `insert into scim_token (organization_id, id, name, key_id, secret_hash, created_by, created_at, expires_at)
    values ('${organizationId}', '${id(3)}', 'Okta', 'abcdefgh', '\\x00', 'operator', now(), now() + interval '5 days')`,
  `insert into scim_request (organization_id, id, at, token_id, method, path, status, duration_ms)
    select '${organizationId}', ('01900000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, now(), '${id(3)}', 'GET',
      '/scim_v2/Users', 200, n from generate_series(1, 50) n`,
];

let database: Database;
let drop: () => Promise<void>;
beforeAll(async () => {
  const scratch = await scratchDatabase(inject("postgresUrl"));
  const former = await MikroORM.init({
    clientUrl: scratch.url,
    entities: [...entities],
    extensions: [Migrator],
    migrations: { migrationsList: [...formerMigrations], snapshot: false, allOrNothing: false },
    timezone: "UTC",
    ensureDatabase: false,
    logger: () => undefined,
  });
  await former.migrator.up();
  for (const text of rows) await former.em.getConnection().execute(text);
  await former.em
    .getConnection()
    .execute("update account set password_hash = ? where email = '105@old.example'", [
      await formerHashOf("watercolour and yoghurt"),
    ]);
  await former.close();
  await migrate(scratch.url);
  database = await openDatabase(scratch.url);
  drop = () => scratch.drop();
});
afterAll(async () => {
  await database.close();
  await drop();
});

/** A password hash as it was kept before the PHC string: `argon2id$memory$passes$lanes$salt$hash`, in base64url. */
async function formerHashOf(password: string): Promise<string> {
  const [salt = "", hash = ""] = (await hashPassword(password)).split("$").slice(-2);
  const parts = [salt, hash].map((part) => Buffer.from(part, "base64").toString("base64url"));
  return `argon2id$19456$2$1$${parts.join("$")}`;
}

async function ask(text: string): Promise<unknown> {
  const [row] = await database.sql.query({ name: "", text }, []);
  return row?.["value"];
}

// Guards operators who upgrade: what was there is there still, and what is new begins as if it had always been so.
test("an organization of the version before has its data, and nothing that the new version would take for news", async () => {
  const counts = `select concat_ws(' ', (select count(*) from member), (select count(*) from role_grant),
    (select count(*) from scim_request), (select sum(duration_ms) from scim_request)) as value`;
  expect(await ask(counts)).toBe("20 19 50 1275");
  // Nobody is reported as not confirmed on the first day.
  expect(await ask("select count(*)::int as value from member_sighting where at > now() - interval '1 hour'")).toBe(8);
  expect(await ask("select keeps_locks as value from provisioning")).toBe(false);
  expect(
    await ask("select count(*)::int as value from scim_request where request_body is null and refusal is null"),
  ).toBe(50);
  // One notice, of the time that is left, and not one for each that was never sent.
  expect(await noticeNextToken(database, new Date())).toBe(true);
  expect(await noticeNextToken(database, new Date())).toBe(false);
  expect(await ask("select noticed_days as value from scim_token")).toBe(7);
});

test("a password of the version before is still right, and its hash is a PHC string", async () => {
  const hash = String(await ask("select password_hash as value from account where email = '105@old.example'"));
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await verifyPassword("watercolour and yoghurt", hash)).toBe(true);
  expect(await verifyPassword("watercolour and yoghourt", hash)).toBe(false);
});

// Guards rule 14 for what was there before: no two roles that look alike, and the built-in one keeps its name.
test("names and addresses that look alike are told apart", async () => {
  const roles = `select string_agg(name, '|' order by id) as value from role where organization_id = '${alikeId}' and external_id is null`;
  const others = [33, 34].map((count) => ` (${id(count).slice(-6)})`);
  expect(await ask(roles)).toBe(`Account Owners|Account  Owners ${others[0]}|Acc\u200bount Owners${others[1]}|Sales`);
  const emails =
    "select string_agg(email_key || ' ' || name, '|' order by id) as value from account where email like '%cher%'";
  // Jim of the ASCII form has to change his address, as another account has it.
  expect(await ask(emails)).toBe("pam@bücher.example Pam|jim@bücher.example Pam|jim@xn--bcher-kva.example Pam");
  expect(await ask("select domain as value from verified_domain")).toBe("xn--bcher-kva.example");
});

test("of groups that share an externalId the oldest keeps it", async () => {
  const text = `select string_agg(name || coalesce(' ' || external_id, ''), '|' order by id) as value from role where name like 'G%'`;
  expect(await ask(text)).toBe("G64|G65 g-1|G67 g-1|G68 g-1");
});

// Guards rule 5b for those who were waiting before, and for whom a directory had added without proof that the address is its
// own: 103 has signed in, 104 is an owner, 105 has chosen a password, and nobody manages the others.
test("memberships that await acceptance have no account, and all accounts keep their address", async () => {
  const text = "select string_agg(user_name, ' ' order by user_name) as value from member where account_id is null";
  expect(await ask(text)).toBe([101, 102, 106, 107, 108, 109, 119].map((number) => `${number}@old.example`).join(" "));
  const asked = "select count(*)::int as value from change where kind = 'member.acceptance_asked'";
  expect(await ask(asked)).toBe(5);
  expect(await ask("select count(email_key)::int as value from account where email like '%@old.example'")).toBe(20);
});

// Guards the calls that come while an upgrade runs: each authenticates by the token, whose table one migration locks.
test("each migration is a transaction of its own, so that no lock is held until the last has ended", async () => {
  const text = "select count(*) = count(distinct executed_at) as value from mikro_orm_migrations";
  expect(await ask(text)).toBe(true);
});
