import { emailKey, peopleJobTriesMax, removalPhrase, type AfterProvisioning } from "@rollcall/domain";
import { beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { accountByEmail } from "../account/account-row.ts";
import { takeMembership } from "../member/member-acceptance.ts";
import { loadCaller } from "../scim/caller.ts";
import { loadSession, startSession } from "../session/session.ts";
import { listMemberships } from "../session/sign-in.ts";
import { listEntries } from "../sso/sso-entry.ts";
import type { Database } from "../store/database.ts";
import { otherActiveOwners } from "../member/active-owners.ts";
import { whileLocked } from "../testing/locks.ts";
import { now, openScimDatabase, person, request, type Tenant } from "../testing/scim-database.ts";
import { continueNextJob, readPeopleJob, resumePeopleJob } from "./people-job.ts";
import { disableProvisioning, readTurningOff, releaseKeptPeople } from "./provisioning-off.ts";
import { enableProvisioning } from "./provisioning-switch.ts";

let tenant: Tenant;
let count = 0;
const home = await openScimDatabase();
const { database } = home;
beforeEach(async () => {
  // Each test sees only its own job.
  while (await continueNextJob(database, later(1e9)));
  tenant = await home.newTenant(`Large${++count}`);
});

const later = (ms: number): Date => new Date(now.getTime() + ms);
const job = ({ organizationId } = tenant) => readPeopleJob(database.sql, organizationId, "turnedOff");

/** Adds managed people with accounts; the ids are random, so that the order of the job is. */
async function fill(people: number, { organizationId } = tenant): Promise<void> {
  const accounts = `insert into account (id, email, email_key, name, created_at, updated_at)
    select gen_random_uuid(), e, e, 'P', now(), now() from (select 'm' || n || $1 as e from generate_series(1, $2::int) n) x
    on conflict do nothing`;
  const domain = `@${organizationId}.example`;
  await home.rows(accounts, [domain, people]);
  const members = `insert into member (organization_id, id, account_id, user_name, user_name_key, name, name_key, active,
      external_id, is_managed, awaits_acceptance, version, created_at, updated_at)
    select $1, gen_random_uuid(), id, email, email_key, 'P', 'p', true, email, true, false, 1, now(), now()
    from account where email_key like 'm%' || $2`;
  await home.rows(members, [organizationId, domain]);
}

const turnOff = (after: AfterProvisioning, people: number, { context } = tenant) =>
  disableProvisioning(database, context, { after, typed: removalPhrase(people), isOwnersConfirmed: true });

/** Runs the job to its end; returns the number of chunks. */
async function finish(by: Database = database): Promise<number> {
  for (let chunks = 0; ; chunks++) if (!(await continueNextJob(by, later(1000)))) return chunks;
}

const found = z.tuple([z.object({ id: z.string(), accountId: z.string(), email: z.string() })]);
/** The person whose turn comes last, but for `before` others. */
async function lastPerson(before = 0, { organizationId } = tenant) {
  const text = `select id, account_id as "accountId", user_name as email from member
    where organization_id = $1 and is_managed and not is_deleted order by id desc limit 1 offset $2`;
  return found.parse(await home.rows(text, [organizationId, before]))[0];
}

/** The state of the people, the owner excepted, and the entries of the log about them. */
async function tally({ organizationId } = tenant): Promise<unknown> {
  const text = `select
      count(*) filter (where is_deleted)::int as removed, count(*) filter (where not is_deleted and is_managed)::int as managed,
      count(*) filter (where not is_deleted and not is_managed)::int as released,
      count(*) filter (where external_id is not null)::int as linked,
      (select count(*) from change c where c.organization_id = $1 and kind = 'member.removed')::int as entries
    from member where organization_id = $1 and user_name like 'm%'`;
  return (await home.rows(text, [organizationId]))[0];
}

async function lastEntry(kind: string): Promise<unknown> {
  const text =
    "select actor_kind as actor, after from change where organization_id = $1 and kind = $2 and refusal is null";
  return (await home.rows(`${text} order by id desc limit 1`, [tenant.organizationId, kind]))[0];
}

// One transaction for all people of a large organization would block its other writes for minutes.
test("a large organization turns off at once, and its people are removed in chunks", async () => {
  await fill(1200);
  const seen = home.watch();
  expect(await turnOff("remove", 1200)).toMatchObject({ ok: true, value: { removed: 1200 } });
  expect(await job()).toMatchObject({ choice: "remove", people: 1200, done: 500, endedAt: null, isFailing: false });
  expect(await tally()).toEqual({ removed: 500, managed: 700, released: 0, linked: 700, entries: 500 });
  expect((await loadCaller(database.sql, tenant.credential, request.now)).ok).toBe(false);
  const off = { isEnabled: false, choice: "remove", rolesReleased: 0, tokensRevoked: 1 };
  expect(await lastEntry("provisioning.disabled")).toEqual({ actor: "operator", after: off });
  expect(await finish()).toBe(2);
  const batches = seen.filter(({ sql }) => sql.includes("limit") && sql.endsWith("for update"));
  expect(batches.map(({ rows }) => rows.length)).toEqual([500, 500, 200]);
  expect(await tally()).toEqual({ removed: 1200, managed: 0, released: 0, linked: 0, entries: 1200 });
  expect(await job()).toMatchObject({ people: 1200, done: 1200, endedAt: later(1000) });
  const after = { choice: "remove", membersRemoved: 1200 };
  expect(await lastEntry("provisioning.people_done")).toEqual({ actor: "system", after });
  expect(await lastEntry("member.removed")).toMatchObject({ actor: "operator" });
});

test("a large organization keeps its people locked in chunks, and releases them so", async () => {
  await fill(1200);
  expect(await turnOff("keepLocked", 0)).toMatchObject({ ok: true, value: { locked: 1200 } });
  expect(await releaseKeptPeople(database, tenant.context)).toEqual({
    ok: false,
    error: { kind: "peopleJobRunning", choice: "keepLocked", people: 1200, done: 500 },
  });
  await finish();
  expect(await tally()).toEqual({ removed: 0, managed: 1200, released: 0, linked: 0, entries: 0 });
  expect(await releaseKeptPeople(database, tenant.context)).toEqual({ ok: true, value: 1200 });
  expect(await job()).toMatchObject({ choice: "release", people: 1200, done: 500, endedAt: null });
  await finish();
  expect(await tally()).toEqual({ removed: 0, managed: 0, released: 1200, linked: 0, entries: 0 });
  expect(await lastEntry("provisioning.people_done")).toMatchObject({ after: { membersReleased: 1200 } });
});

test("exactly one chunk of people is done within the request", async () => {
  await fill(500);
  expect(await turnOff("remove", 500)).toMatchObject({ ok: true });
  expect(await job()).toBe(null);
  expect(await tally()).toMatchObject({ removed: 500 });
  expect(await lastEntry("provisioning.disabled")).toMatchObject({ after: { membersRemoved: 500 } });
});

describe("while people are removed", () => {
  // Nobody keeps access because others come first.
  test("those who still wait have no access here, and keep the one elsewhere", async () => {
    await fill(600);
    const last = await lastPerson();
    const elsewhere = await home.newTenant(`Elsewhere${count}`);
    await elsewhere.addAccepted(person(last.email));
    const cookies = await Promise.all([tenant, elsewhere].map((one) => one.cookieOf(last.accountId)));
    await turnOff("remove", 600);
    expect(await tally()).toMatchObject({ managed: 100 });
    const sessions = await Promise.all(cookies.map((cookie) => loadSession(database.sql, cookie, request.now)));
    expect(sessions.map((session) => session?.organizationId)).toEqual([undefined, elsewhere.organizationId]);
    const who = { organizationId: tenant.organizationId, accountId: last.accountId };
    expect(await startSession(database.sql, who, { userAgent: null, ip: null }, request.now)).toBe(undefined);
    const others = [{ organizationId: elsewhere.organizationId }];
    expect(await listEntries(database.sql, last.accountId)).toMatchObject(others);
    expect(await listMemberships(database.sql, last.accountId)).toMatchObject([{ id: elsewhere.organizationId }]);
    await finish();
    expect(await loadSession(database.sql, cookies[1] ?? "", request.now)).toBeDefined();
  });

  test("their accounts can do nothing without another membership, and pending ones cannot be accepted", async () => {
    await fill(600);
    const last = await lastPerson();
    expect(await accountByEmail(database.sql, emailKey(last.email))).toMatchObject({ hasAccess: true });
    const waiting = await lastPerson(1);
    await home.rows("update member set account_id = null, awaits_acceptance = true where id = $1", [waiting.id]);
    await turnOff("remove", 600);
    expect(await accountByEmail(database.sql, emailKey(last.email))).toMatchObject({ hasAccess: false });
    const accepting = { organizationId: tenant.organizationId, account: { id: waiting.accountId, name: "P" } };
    expect(await takeMembership(database.sql, accepting, { isMailed: true, now })).toBe(undefined);
  });

  test("owners are removed first, and who becomes one does not count", async () => {
    await fill(600);
    const last = await lastPerson();
    await tenant.grant(last.id, "Account Owners");
    await turnOff("remove", 600);
    expect(await home.rows("select is_deleted as gone from member where id = $1", [last.id])).toEqual([{ gone: true }]);
    const next = await lastPerson();
    await tenant.grant(next.id, "Account Owners");
    const [owner] = await home.rows("select id from member where organization_id = $1 and not is_managed", [
      tenant.organizationId,
    ]);
    expect(await otherActiveOwners(database.sql, tenant.organizationId, String(owner?.["id"]))).toBe(0);
    await finish();
    expect(await tally()).toMatchObject({ removed: 600, entries: 600 });
  });

  test("provisioning cannot be turned on, and can be when they are gone", async () => {
    await fill(600);
    await turnOff("remove", 600);
    const on = () => enableProvisioning(database, tenant.context, { acknowledgeSso: true, isGuardOn: true });
    const error = { kind: "peopleJobRunning", choice: "remove", people: 600, done: 500 };
    expect(await on()).toEqual({ ok: false, error });
    await finish();
    expect(await on()).toEqual({ ok: true, value: undefined });
    expect((await readTurningOff(database.sql, tenant.context)).plans.remove).toMatchObject({ removed: 0 });
  });

  test("another organization and its people are not touched", async () => {
    const other = await home.newTenant(`Beside${count}`);
    await fill(600);
    await fill(600, other);
    const beside = await lastPerson(0, other);
    const cookie = await other.cookieOf(beside.accountId);
    await turnOff("remove", 600);
    await finish();
    expect(await tally(other)).toMatchObject({ removed: 0, managed: 600 });
    expect(await loadSession(database.sql, cookie, request.now)).toBeDefined();
    expect(await job(other)).toBe(null);
  });
});

describe("the job", () => {
  /** Holds the last person's row, so that the next chunk waits. */
  const holding = <T>(id: string, work: Parameters<typeof whileLocked<T>>[2]) =>
    whileLocked(database, { text: "select from member where id = $1 for no key update", values: [id] }, work);

  test("goes on where it stopped when its process dies within a chunk", async () => {
    await fill(1200);
    await turnOff("remove", 1200);
    const dying = await home.openAgain();
    const last = await lastPerson();
    expect(await continueNextJob(dying, later(1))).toBe(true);
    const died = await holding(last.id, async (waitFor) => {
      const chunk = continueNextJob(dying, later(2)).catch((cause: unknown) => cause);
      await waitFor(1, chunk);
      dying.interrupt();
      return [chunk];
    });
    expect(await died[0]).toBeInstanceOf(Error);
    expect(await tally()).toMatchObject({ removed: 1000, entries: 1000 });
    expect(await job()).toMatchObject({ done: 1000, endedAt: null });
    expect(await continueNextJob(database, later(60_000))).toBe(true);
    expect(await job()).toMatchObject({ done: 1200, isFailing: false, endedAt: later(60_000) });
    expect(await tally()).toMatchObject({ removed: 1200, entries: 1200 });
  });

  test("is done by one process at a time", async () => {
    await fill(700);
    await turnOff("remove", 700);
    const second = await home.openAgain();
    const last = await lastPerson();
    const first = await holding(last.id, async (waitFor) => {
      const chunk = continueNextJob(database, later(1));
      await waitFor(1, chunk);
      expect(await continueNextJob(second, later(1))).toBe(false);
      return [chunk];
    });
    expect(await first[0]).toBe(true);
    expect(await tally()).toMatchObject({ removed: 700, entries: 700 });
  });

  test("is done once by two processes together", async () => {
    await fill(3000);
    await turnOff("remove", 3000);
    const second = await home.openAgain();
    const untilOver = async (by: Database): Promise<void> => {
      while ((await job())?.endedAt === null) await continueNextJob(by, later(1000));
    };
    await Promise.all([untilOver(database), untilOver(second)]);
    expect(await tally()).toMatchObject({ removed: 3000, entries: 3000 });
    expect(await job()).toMatchObject({ done: 3000 });
  });

  // What fails forever must be seen, and must not be tried forever.
  test("is tried six times, each later than before, and goes on when an owner says so", async () => {
    await fill(600);
    const other = await home.newTenant(`Working${count}`);
    await fill(600, other);
    await turnOff("remove", 600);
    const last = await lastPerson();
    const fail = `create function fails() returns trigger language plpgsql as $$ begin
        if new.id = '${last.id}' then raise exception 'broken'; end if; return new; end $$;
      create trigger fails before update on member for each row execute function fails()`;
    await home.rows(fail);
    let at = 0;
    for (let tried = 1; tried <= peopleJobTriesMax; tried++) {
      await expect(continueNextJob(database, later(at))).rejects.toThrow("broken");
      expect(await job()).toMatchObject({ isFailing: true, hasStopped: tried === peopleJobTriesMax, done: 500 });
      expect(await continueNextJob(database, later(at + 4999 * 2 ** (tried - 1)))).toBe(false);
      at += 5000 * 2 ** (tried - 1);
    }
    await turnOff("remove", 600, other);
    expect(await continueNextJob(database, later(1e9))).toBe(true);
    expect(await job(other)).toMatchObject({ done: 600 });
    expect(await continueNextJob(database, later(1e9))).toBe(false);
    expect(await loadSession(database.sql, await tenant.cookieOf(last.accountId).catch(() => ""), now)).toBe(undefined);
    await home.rows("drop trigger fails on member");
    await resumePeopleJob(database, tenant.organizationId, later(1e9));
    expect(await continueNextJob(database, later(1e9))).toBe(true);
    expect(await tally()).toMatchObject({ removed: 600, entries: 600 });
  });
});
