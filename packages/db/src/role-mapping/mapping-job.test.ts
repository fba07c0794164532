import { peopleJobTriesMax } from "@rollcall/domain";
import { beforeEach, expect, test } from "vitest";
import { continueNextJob, readPeopleJob, resumePeopleJob } from "../provisioning/people-job.ts";
import { disableProvisioning } from "../provisioning/provisioning-off.ts";
import { setGuard } from "../guard/guard-settings.ts";
import { readGuardHold } from "../guard/held-change.ts";
import { setRoleLinked } from "../role/role-edit.ts";
import { readRoleWithHolders } from "../role/role-list.ts";
import { whileLocked } from "../testing/locks.ts";
import { mappingScene, type MappingScene } from "../testing/mapping-scene.ts";
import { now, openScimDatabase } from "../testing/scim-database.ts";
import { listMappings, previewMappings } from "./group-mappings.ts";

let scene: MappingScene;
let staff: string;
let names = 0;
const home = await openScimDatabase();
const { database } = home;
beforeEach(async () => {
  // Each test sees only its own job.
  while (await continueNextJob(database, later(1e9)));
  scene = await mappingScene(database, `MappingJob${++names}`);
  staff = await scene.group("Staff", []);
});

const later = (ms: number): Date => new Date(now.getTime() + ms);
const job = () => readPeopleJob(database.sql, scene.tenant.organizationId, "mappings");

/** Adds managed people with the default role, all of them in Staff. */
async function fill(people: number): Promise<void> {
  const { organizationId } = scene.tenant;
  const members = `insert into member (organization_id, id, user_name, user_name_key, name, name_key, active, external_id,
      is_managed, awaits_acceptance, version, created_at, updated_at)
    select $1, gen_random_uuid(), e, e, e, e, true, e, true, true, 1, now(), now()
    from (select 'm' || n || '@x.example' as e from generate_series(1, $2::int) n) x`;
  await home.rows(members, [organizationId, people]);
  const grants = `insert into role_grant (organization_id, member_id, role_id, source, created_at)
    select m.organization_id, m.id, r.id, case r.name when 'Staff' then 'group' else 'default' end, now()
    from member m join role r on r.organization_id = m.organization_id and r.name in ('Staff', 'Members')
    where m.organization_id = $1 and m.user_name like 'm%@x.example'`;
  await home.rows(grants, [organizationId]);
  // As autovacuum does: with the statistics of an empty organization, a page of a role compares everybody with everybody.
  await home.rows("analyze");
}

/** The ids of these people in order. */
async function people(): Promise<readonly string[]> {
  const text = "select id from member where organization_id = $1 and user_name like 'm%@x.example' order by id";
  return (await home.rows(text, [scene.tenant.organizationId])).map(({ id }) => String(id));
}

/** The number of people who have a role by a mapping or by hand, by role and source. */
async function tally(): Promise<unknown> {
  const text = `select coalesce(json_object_agg(what, people), '{}') as tally from (
      select r.name || ':' || g.source as what, count(*) as people from role_grant g
      join role r on r.organization_id = g.organization_id and r.id = g.role_id
      where g.organization_id = $1 and g.source in ('mapping', 'manual') and r.name <> 'Account Owners' group by 1) x`;
  return (await home.rows(text, [scene.tenant.organizationId]))[0]?.["tally"];
}

/** Runs the job to its end; returns the number of chunks. */
async function finish(): Promise<number> {
  for (let chunks = 0; ; chunks++) if (!(await continueNextJob(database, later(1000)))) return chunks;
}

/** Makes every later chunk fail until the returned function is called. */
async function breakChunks(): Promise<() => Promise<unknown>> {
  await home.rows(`create function fails() returns trigger language plpgsql as $$ begin raise exception 'broken'; end $$;
    create trigger fails before insert or delete on role_grant for each row when (pg_trigger_depth() = 0)
    execute function fails()`);
  return () => home.rows("drop trigger fails on role_grant; drop function fails()");
}

async function stopJob(): Promise<() => Promise<unknown>> {
  const mend = await breakChunks();
  for (let tried = 0; tried < peopleJobTriesMax; tried++) {
    await expect(continueNextJob(database, later(1e6 * (tried + 1)))).rejects.toThrow("broken");
  }
  expect(await job()).toMatchObject({ isFailing: true, hasStopped: true });
  return mend;
}

// One transaction for everybody would hold up the provider for seconds.
test("a list is applied to a large organization in chunks, and for pushes at once", async () => {
  await fill(1200);
  const { organizationId, context } = scene.tenant;
  await scene.map([staff, scene.junior]);
  expect(await job()).toMatchObject({ choice: "applyMappings", people: 1201, done: 500, endedAt: null });
  expect(await tally()).toEqual({ "Junior:mapping": expect.closeTo(500, -1) });
  const pam = await scene.person("pam");
  await scene.push(staff, "add", [pam]);
  expect(await scene.tenant.grantsOf(pam)).toContain("Junior:mapping");
  const input = {
    mappings: [{ groupId: staff, targetId: scene.junior }],
    basis: [{ groupId: staff, targetId: scene.junior }],
  };
  const left = await previewMappings(database, context, input);
  expect(left).toMatchObject({ ok: true, value: [{ role: "Junior", isGain: true, count: expect.closeTo(700, -1) }] });
  expect(await finish()).toBe(2);
  expect(await tally()).toEqual({ "Junior:mapping": 1201 });
  expect(await job()).toMatchObject({ isFailing: false, endedAt: later(1000) });
  const entries = await home.rows(
    "select actor_kind as actor, count(*)::int from change where organization_id = $1 and kind = 'member.role_granted' and after ->> 'source' = 'mapping' group by 1 order by 1",
    [organizationId],
  );
  expect(entries).toEqual([
    { actor: "operator", count: 1200 },
    { actor: "token", count: 1 },
  ]);
});

test("a list of a small organization is in effect when it is saved", async () => {
  await fill(499);
  await scene.map([staff, scene.junior]);
  expect([await tally(), await job()]).toEqual([{ "Junior:mapping": 499 }, null]);
});

test("a later list replaces one that is still being applied", async () => {
  await fill(1200);
  await scene.map([staff, scene.junior]);
  await continueNextJob(database, later(1));
  await scene.map([staff, scene.senior]);
  expect(await job()).toMatchObject({ done: 500 });
  await finish();
  expect(await tally()).toEqual({ "Senior:mapping": 1200 });
});

test("the end of a mapping by its role is applied in chunks too", async () => {
  await fill(700);
  const { organizationId, context } = scene.tenant;
  await scene.map([staff, scene.junior]);
  await finish();
  await home.rows("update role set is_scim_created = false, is_linked = true, version = version + 1 where id = $1", [
    staff,
  ]);
  expect(await setRoleLinked(database, context, { roleId: staff, isLinked: false })).toMatchObject({ ok: true });
  expect(await listMappings(database.sql, organizationId)).toEqual([]);
  expect(await job()).toMatchObject({ done: 500, endedAt: null });
  await finish();
  expect(await tally()).toEqual({});
});

// The owner's write waits for the chunk, whose job it replaces.
test("a list that is saved during a chunk does not deadlock with it", async () => {
  await fill(1200);
  await scene.map([staff, scene.junior]);
  const last = `select from member where organization_id = $1 and id = (select max(id::text)::uuid from member
    where organization_id = $1) for no key update`;
  await continueNextJob(database, later(1));
  const [chunk, saved] = await whileLocked(
    database,
    { text: last, values: [scene.tenant.organizationId] },
    async (waitFor) => {
      const treating = continueNextJob(database, later(2));
      await waitFor(1, treating);
      const saving = scene.map([staff, scene.senior]);
      await waitFor(2, saving);
      return [treating, saving] as const;
    },
  );
  expect(await chunk).toBe(true);
  await saved;
  await finish();
  expect(await tally()).toEqual({ "Senior:mapping": 1200 });
});

// People who have not had their turn would keep by hand what the owner has just taken from them.
test("provisioning is not turned off meanwhile", async () => {
  await fill(700);
  await scene.map([staff, scene.junior]);
  const error = { kind: "peopleJobRunning", choice: "applyMappings", people: 701, done: 500 };
  expect(await disableProvisioning(database, scene.tenant.context)).toEqual({ ok: false, error });
  await finish();
  expect(await disableProvisioning(database, scene.tenant.context)).toMatchObject({ ok: true });
  await finish();
  expect(await tally()).toEqual({ "Junior:manual": 700 });
});

// A defect of a job must not keep provisioning on.
test("provisioning can be turned off after the job has stopped, and ends it", async () => {
  await fill(700);
  await scene.map([staff, scene.junior]);
  const mend = await stopJob();
  await mend();
  expect(await disableProvisioning(database, scene.tenant.context)).toMatchObject({ ok: true });
  expect([await job(), await listMappings(database.sql, scene.tenant.organizationId)]).toEqual([null, []]);
  await resumePeopleJob(database, scene.tenant.organizationId, later(1e9));
  while (await continueNextJob(database, later(1e9)));
  expect(await tally()).toEqual({ "Junior:manual": expect.closeTo(500, -1) });
});

test("a job that has stopped goes on when an owner says so", async () => {
  await fill(700);
  await scene.map([staff, scene.junior]);
  const mend = await stopJob();
  await mend();
  await resumePeopleJob(database, scene.tenant.organizationId, later(1e9));
  expect(await continueNextJob(database, later(1e9))).toBe(true);
  expect(await tally()).toEqual({ "Junior:mapping": 700 });
});

// What the owner has taken is no loss to the directory: mass-removal protection would hold until an owner decides.
test("a push that only adds people who have not had their turn does not trip the guard", async () => {
  await fill(1200);
  await scene.map([staff, scene.junior]);
  await finish();
  const { organizationId, context } = scene.tenant;
  await setGuard(database, context, true);
  const leads = await scene.group("Leads", []);
  await scene.map([leads, scene.senior]);
  const last = (await people()).slice(-150);
  await scene.push(leads, "add", last);
  expect(await scene.tenant.grantsOf(last[0] ?? "")).toEqual([
    "Leads:group",
    "Members:default",
    "Senior:mapping",
    "Staff:group",
  ]);
  await finish();
  expect(await readGuardHold(database.sql, organizationId, now)).toBeNull();
  const text = `select actor_kind as actor, count(*)::int from change where organization_id = $1
    and kind = 'member.role_revoked' and before ->> 'source' = 'mapping' group by 1`;
  expect(await home.rows(text, [organizationId])).toEqual([{ actor: "operator", count: 1200 }]);
});

// Otherwise nobody could take these roles.
test("the roles that a stopped job has left of an emptied list are manual after turning off", async () => {
  await fill(700);
  await scene.map([staff, scene.junior]);
  await finish();
  await scene.map();
  const mend = await stopJob();
  await mend();
  expect(await disableProvisioning(database, scene.tenant.context)).toMatchObject({ ok: true });
  while (await continueNextJob(database, later(1e9)));
  expect(await tally()).toEqual({ "Junior:manual": expect.closeTo(200, -1) });
});

test("a person who is deleted during their chunk keeps no grant, and the role's pages have everyone once", async () => {
  await fill(1200);
  await scene.map([staff, scene.junior]);
  await continueNextJob(database, later(1));
  const deleted = (await people()).at(-5) ?? "";
  const both = await whileLocked(database, { text: "lock table change in share mode" }, async (waitFor) => {
    const treating = continueNextJob(database, later(2));
    await waitFor(1, treating);
    const deleting = scene.tenant.write(deleted, "delete");
    await waitFor(2, deleting);
    return [treating, deleting];
  });
  await Promise.all(both);
  expect(await scene.tenant.grantsOf(deleted)).toEqual([]);
  const seen: string[] = [];
  for (let page = 1; page <= 12; page++) {
    const query = { roleId: scene.junior, page, pageSize: 100 };
    const read = await readRoleWithHolders(database.sql, scene.tenant.organizationId, query);
    seen.push(...(read?.holders ?? []).map(({ id }) => id));
  }
  expect([seen.length, new Set(seen).size]).toEqual([1199, 1199]);
});
