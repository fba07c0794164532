import {
  peopleChunk,
  peopleJobDelayMs,
  peopleJobTriesMax,
  type AfterProvisioning,
  type PeopleTreatment,
  type Refusal,
} from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { sql, type Selectable } from "kysely";
import { keptCount } from "../member/member-columns.ts";
import { releaseMapped } from "../role-mapping/role-mapping-end.ts";
import { applyMappingsToNext } from "../role-mapping/role-mapping.ts";
import { recordChanges } from "../store/change-log.ts";
import type { Database } from "../store/database.ts";
import { lockOrganization } from "../store/organization-lock.ts";
import type { Queryable } from "../store/queryable.ts";
import type { Tables } from "../store/tables.ts";
import { unitOf, type UnitOfWork } from "../store/unit-of-work.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";
import {
  forgetExternalIds,
  lockManaged,
  releasePeople,
  removePeople,
  type ManagedPerson,
} from "./provisioning-off-people.ts";
import { nilId } from "../store/id.ts";
import { provisioningSubject } from "./provisioning-settings.ts";

type Row = Selectable<Tables["people_job"]>;
/** `people`: how many are to be treated, with those of `done`; `mappings`: see `toRelease`. */
type NewJob = Pick<Row, "choice" | "people" | "done" | "mappings">;
type Work = NewJob & Pick<Row, "step" | "afterId">;

/** Chunks in the request of the owner: one of people, the check that it was the last one, and one of mappings. */
const chunksInRequest = 3;

/** Applies the mappings to everybody, as `treatPeople` does; a job for an earlier list ends. */
export async function treatEverybody(uow: UnitOfWork): Promise<void> {
  const counts = uow.db.selectFrom("member_count").where("organizationId", "=", uow.organizationId);
  const { people } = await counts.select(keptCount(sql`visible`).as("people")).executeTakeFirstOrThrow();
  await treatPeople(uow, { choice: "applyMappings", people, done: 0, mappings: 0 });
}

/**
 * Treats the managed people as chosen, and makes the grants of ended mappings manual: in the caller's transaction if
 * they are few, or else as a job that `continueNextJob` finishes. Returns the number of people treated so far. Replaces
 * the last job of its kind.
 */
export async function treatPeople(
  uow: UnitOfWork,
  job: NewJob,
): Promise<{ readonly done: number; readonly isOver: boolean }> {
  const { organizationId, actor, requestId, now } = uow;
  const former = uow.db.deleteFrom("people_job").where("organizationId", "=", organizationId);
  await former.where("choice", job.choice === "applyMappings" ? "=" : "<>", "applyMappings").execute();
  let work: Work = { ...job, step: "people", afterId: nilId };
  for (let chunk = 0; chunk < chunksInRequest; chunk++) {
    const next = await treatChunk(uow, work);
    work = next.work;
    if (next.isOver) return { done: work.done, isOver: true };
    if (work.step === "people" && work.done < work.people) break;
  }
  const author = { actorKind: actor.kind, actorId: actor.id, actorName: actor.name, requestId };
  const row = { organizationId, ...work, ...author, startedAt: now, dueAt: now, tries: 0, endedAt: null };
  await uow.db.insertInto("people_job").values(row).execute();
  return { done: work.done, isOver: false };
}

type Range = { readonly after: string; readonly limit: number };

const ofManaged =
  (treat: (uow: UnitOfWork, people: readonly ManagedPerson[]) => Promise<void>) =>
  async (uow: UnitOfWork, range: Range): Promise<readonly string[]> => {
    const people = await lockManaged(uow, range);
    if (people.length > 0) await treat(uow, people);
    return people.map(({ id }) => id);
  };

/** Each treats the people of a range and returns their ids in order. */
const treatments = {
  release: ofManaged(releasePeople),
  keepLocked: ofManaged(forgetExternalIds),
  remove: ofManaged(removePeople),
  applyMappings: applyMappingsToNext,
} as const satisfies Record<PeopleTreatment, (uow: UnitOfWork, range: Range) => Promise<readonly string[]>>;

async function treatChunk(uow: UnitOfWork, work: Work): Promise<{ readonly work: Work; readonly isOver: boolean }> {
  const range = { after: work.afterId, limit: peopleChunk };
  if (work.step === "mappings") {
    const ids = await releaseMapped(uow, uow, range);
    return { work: { ...work, afterId: ids.at(-1) ?? work.afterId }, isOver: ids.length < peopleChunk };
  }
  const ids = await treatments[work.choice](uow, range);
  const done = work.done + ids.length;
  const afterId = ids.at(-1) ?? work.afterId;
  if (ids.length === peopleChunk) return { work: { ...work, done, afterId }, isOver: false };
  return { work: { ...work, done, step: "mappings", afterId: nilId }, isOver: work.mappings === 0 };
}

/** Jobs to look at for one that no other process works on. */
const candidatesMax = 20;

type JobKey = Pick<Row, "organizationId" | "choice">;

/**
 * Does the next chunk of the job that has waited longest, in one transaction with its position, so that a crash loses
 * nothing. Several processes may do this concurrently: an organization's jobs are taken by one. False if no chunk is
 * due. A failed chunk is tried again later, up to `peopleJobTriesMax` times, and thrown.
 */
export async function continueNextJob(database: Database, now: Date): Promise<boolean> {
  const due = await database.sql.db
    .selectFrom("people_job")
    .where("endedAt", "is", null)
    .where("tries", "<", peopleJobTriesMax)
    .where("dueAt", "<=", now)
    .orderBy("dueAt")
    .limit(candidatesMax)
    .select(["organizationId", "choice", "startedAt", "tries"])
    .execute();
  for (const job of due) {
    try {
      if (await continueJob(database, job, now)) return true;
    } catch (cause) {
      await noteFailure(database, job, now);
      throw cause;
    }
  }
  return false;
}

/**
 * False if another process has the organization's jobs, or this one is not due any more. Owners' writes replace the row
 * of a job under the organization's lock, so the lock comes first.
 */
function continueJob(database: Database, { organizationId, choice }: JobKey, now: Date): Promise<boolean> {
  return database.tenantOf(organizationId).transaction(async (tx) => {
    const taken = sql<boolean>`pg_try_advisory_xact_lock(hashtextextended(${`people_job ${organizationId}`}, 0))`;
    const { isMine } = await tx.db.selectNoFrom(taken.as("isMine")).executeTakeFirstOrThrow();
    if (!isMine) return false;
    await lockOrganization(tx, organizationId);
    const job = await tx.db
      .selectFrom("people_job")
      .where("organizationId", "=", organizationId)
      .where("choice", "=", choice)
      .where("endedAt", "is", null)
      .where("tries", "<", peopleJobTriesMax)
      .where("dueAt", "<=", now)
      .selectAll()
      .forUpdate()
      .executeTakeFirst();
    if (job === undefined) return false;
    const { requestId, actorKind: kind, actorId: id, actorName: name } = job;
    const uow = unitOf(tx, { organizationId, defaultRoleId: null, actor: { kind, id, name }, now, requestId });
    const { work, isOver } = await treatChunk(uow, job);
    const { step, afterId, done } = work;
    await tx.db
      .updateTable("people_job")
      .set({ step, afterId, done, dueAt: now, tries: 0, endedAt: isOver ? now : null })
      .where("organizationId", "=", organizationId)
      .where("choice", "=", choice)
      .execute();
    if (isOver && choice !== "applyMappings") await recordChanges(uow, [doneEntry(uow, choice, done)]);
    return true;
  });
}

function doneEntry(context: WriteContext, choice: AfterProvisioning, done: number) {
  const actor = { kind: "system", id: null, name: "" } as const;
  const after = { choice, [countNames[choice]]: done };
  return { ...entryOf(context), actor, subject: provisioningSubject, kind: "provisioning.people_done", after } as const;
}

/** The name of the number of people in the log. */
export const countNames = {
  release: "membersReleased",
  keepLocked: "membersLocked",
  remove: "membersRemoved",
} as const satisfies Record<AfterProvisioning, string>;

async function noteFailure(
  { sql }: Database,
  { organizationId, choice, startedAt, tries }: JobKey & Pick<Row, "startedAt" | "tries">,
  now: Date,
): Promise<void> {
  await sql.db
    .updateTable("people_job")
    .set({ tries: tries + 1, dueAt: new Date(now.getTime() + peopleJobDelayMs(tries + 1)) })
    .where("organizationId", "=", organizationId)
    .where("choice", "=", choice)
    // Not a job that has replaced this one.
    .where("startedAt", "=", startedAt)
    .where("tries", "=", tries)
    .where("endedAt", "is", null)
    .execute();
}

/**
 * Refuses while a job is in progress: one after provisioning was turned off, or one on the mappings that has not
 * stopped, since that must not keep provisioning on. Must run under the organization's lock.
 */
export async function refuseDuringJob(
  uow: UnitOfWork,
  which: "turnedOff" | "mappings",
): Promise<Result<void, Refusal<"peopleJobRunning">>> {
  const job = await readPeopleJob(uow, uow.organizationId, which);
  if (job === null || job.endedAt !== null || (which === "mappings" && job.hasStopped)) return ok(undefined);
  const { choice, people, done } = job;
  return err({ kind: "peopleJobRunning", choice, people, done });
}

export type PeopleJob = NonNullable<Awaited<ReturnType<typeof readPeopleJob>>>;

/** The last job of its kind, or null. `hasStopped`: it failed too often, and an owner has to continue it. */
export async function readPeopleJob({ db }: Queryable, organizationId: string, which: "turnedOff" | "mappings") {
  const job = await db
    .selectFrom("people_job")
    .where("organizationId", "=", organizationId)
    .where("choice", which === "mappings" ? "=" : "<>", "applyMappings")
    .select(["choice", "people", "done", "startedAt", "endedAt", "tries"])
    .executeTakeFirst();
  if (job === undefined) return null;
  const { tries, ...rest } = job;
  return { ...rest, isFailing: tries > 0, hasStopped: tries >= peopleJobTriesMax };
}

/** Continues the organization's jobs that have stopped after failures. */
export async function resumePeopleJob({ sql }: Database, organizationId: string, now: Date): Promise<void> {
  await sql.db
    .updateTable("people_job")
    .set({ tries: 0, dueAt: now })
    .where("organizationId", "=", organizationId)
    .where("tries", ">=", peopleJobTriesMax)
    .where("endedAt", "is", null)
    .execute();
}
