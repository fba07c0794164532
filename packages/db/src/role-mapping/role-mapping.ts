import { sql, type Expression, type QueryCreator } from "kysely";
import { recordChanges, type NewChange } from "../store/change-log.ts";
import type { Queryable } from "../store/queryable.ts";
import { statement, type Parameter } from "../store/statement.ts";
import type { Tables } from "../store/tables.ts";
import type { UnitOfWork } from "../store/unit-of-work.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";

/** The people to apply mappings for, and the group whose change is the reason. */
type MappingScope = { readonly memberIds: readonly string[]; readonly group?: string };

/**
 * Updates the grants of source `mapping` to the owners' mappings of people's current groups: only the first matching
 * mapping applies (`mappingFor` of the domain), regardless of access. Must run after the change and in its transaction,
 * while SCIM writes to mappings, groups and the affected people are blocked. Returns how many people lost a role; a
 * person without another role gets the default role.
 */
export async function applyMappings(tx: Queryable, context: WriteContext, scope: MappingScope): Promise<number> {
  const { organizationId, now } = context;
  const moves = await tx.run(differences, { organizationId, memberIds: scope.memberIds });
  if (moves.length === 0) return 0;
  const [gains, losses] = [moves.filter(({ isGain }) => isGain), moves.filter(({ isGain }) => !isGain)];
  const kept = await tx.run(save, {
    organizationId,
    now,
    gaining: gains.map(({ memberId }) => memberId),
    gainedRoles: gains.map(({ roleId }) => roleId),
    losing: losses.map(({ memberId }) => memberId),
    lostRoles: losses.map(({ roleId }) => roleId),
  });
  await log(tx, context, [
    ...moves.map((move) => entryOfMove(move, move.isGain ? move.group : (scope.group ?? null))),
    ...kept.map((row) => entryOfMove({ ...row, isGain: true }, undefined)),
  ]);
  return new Set(losses.map(({ memberId }) => memberId)).size;
}

/** The same for the next `limit` people after an id, under the organization's lock. Returns their ids in order. */
export async function applyMappingsToNext(
  uow: UnitOfWork,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<readonly string[]> {
  const people = uow.db
    .selectFrom("member")
    .where("organizationId", "=", uow.organizationId)
    .where("isDeleted", "=", false)
    .where("id", ">", after)
    .orderBy("id")
    .limit(limit)
    .forNoKeyUpdate()
    .select("id");
  const memberIds = (await people.execute()).map(({ id }) => id);
  await applyMappings(uow, uow, { memberIds });
  return memberIds;
}

/**
 * Applies a list that a job has still to apply to these people, in the name of its author: what that takes from them is
 * not lost to the directory, whose change must follow.
 */
export async function applyPending(tx: Queryable, context: WriteContext, memberIds: readonly string[]): Promise<void> {
  const job = await tx.db
    .selectFrom("people_job")
    .where("organizationId", "=", context.organizationId)
    .where("choice", "=", "applyMappings")
    .where("endedAt", "is", null)
    .select(["requestId", "actorKind as kind", "actorId as id", "actorName as name"])
    .executeTakeFirst();
  if (job === undefined) return;
  const { requestId, ...actor } = job;
  await applyMappings(tx, { ...context, actor, requestId }, { memberIds });
}

type Move = Readonly<Record<"memberId" | "name" | "roleId" | "role", string>> & { readonly isGain: boolean };
type Entry = Pick<NewChange, "kind" | "subject" | "before" | "after">;

/** `group`: of the mapping, null if unknown; undefined for the default role. */
function entryOfMove(move: Move, group: string | null | undefined): Entry {
  const source = group === undefined ? "default" : "mapping";
  const what = { roleId: move.roleId, role: move.role, source, ...(typeof group === "string" ? { group } : {}) };
  const subject = { kind: "member", id: move.memberId, name: move.name } as const;
  return move.isGain
    ? { kind: "member.role_granted", subject, after: what }
    : { kind: "member.role_revoked", subject, before: what };
}

const batchSize = 1000;

/** In batches, because a push may move everybody of a large group. */
async function log(tx: Queryable, context: WriteContext, entries: readonly Entry[]): Promise<void> {
  const shared = entryOf(context);
  for (let start = 0; start < entries.length; start += batchSize) {
    const batch = entries.slice(start, start + batchSize);
    await recordChanges(
      tx,
      batch.map((entry) => ({ ...shared, ...entry })),
    );
  }
}

type Scope = { readonly organizationId: string; readonly memberIds: readonly string[] };

/**
 * A column of `wanted`, or of `held` where there is none. Not by `coalesce`, which is not leakproof, so that row level
 * security would keep a join from using an index.
 */
export const ofEither = (column: "member_id" | "role_id") =>
  sql<string>`case when wanted.${sql.raw(column)} is null then held.${sql.raw(column)} else wanted.${sql.raw(column)} end`;

const isGain = sql<boolean>`held.member_id is null`;

/** One row for each missing or excess grant of these people. */
const differences = statement<Scope>()((db, p) => {
  const isMeant = sql<boolean>`g.member_id = any(${p("memberIds")}::uuid[])`;
  return db
    .with("wanted", (from) =>
      from
        .selectFrom("group_mapping as gm")
        .innerJoin("role_grant as g", "g.roleId", "gm.groupId")
        .whereRef("g.organizationId", "=", "gm.organizationId")
        .where("g.source", "=", sql.lit("group"))
        .where(isMeant)
        .where("gm.organizationId", "=", p("organizationId"))
        .distinctOn("g.memberId")
        .orderBy("g.memberId")
        .orderBy("gm.position")
        .select(["g.memberId", "gm.targetId as roleId", "gm.groupId"]),
    )
    .with("held", (from) =>
      from
        .selectFrom("role_grant as g")
        .where("g.organizationId", "=", p("organizationId"))
        .where("g.source", "=", sql.lit("mapping"))
        .where(isMeant)
        .select(["g.memberId", "g.roleId"]),
    )
    .selectFrom("wanted")
    .fullJoin("held", (on) =>
      on.onRef("held.memberId", "=", "wanted.memberId").onRef("held.roleId", "=", "wanted.roleId"),
    )
    .innerJoin("member as m", (on) => on.on(sql<boolean>`m.id = ${ofEither("member_id")}`))
    .innerJoin("role as r", (on) => on.on(sql<boolean>`r.id = ${ofEither("role_id")}`))
    .leftJoin("role as mapped", (on) =>
      on.on("mapped.organizationId", "=", p("organizationId")).onRef("mapped.id", "=", "wanted.groupId"),
    )
    .where("m.organizationId", "=", p("organizationId"))
    .where("m.isDeleted", "=", sql.lit(false))
    .where("r.organizationId", "=", p("organizationId"))
    .where((eb) => eb.or([eb("held.memberId", "is", null), eb("wanted.memberId", "is", null)]))
    .select(["m.id as memberId", "m.name", "r.id as roleId", "r.name as role", "mapped.name as group"])
    .select(isGain.as("isGain"))
    .orderBy("m.nameKey")
    .orderBy("m.id")
    .orderBy(isGain);
});

type Moves = { readonly organizationId: string; readonly now: Date } & Readonly<
  Record<"gaining" | "gainedRoles" | "losing" | "lostRoles", readonly string[]>
>;

const pairs = (members: Expression<readonly string[]>, roles: Expression<readonly string[]>) =>
  sql<{ memberId: string; roleId: string }>`unnest(${members}::uuid[], ${roles}::uuid[])`.as<"pair">(
    sql`pair (member_id, role_id)`,
  );

const give = (to: QueryCreator<Tables>, grants: Expression<unknown>) =>
  to
    .insertInto("role_grant")
    .columns(["organizationId", "memberId", "roleId", "source", "createdAt"])
    .expression(grants)
    .onConflict((conflict) => conflict.doNothing());

/** The people `m` who lose their last role, if the organization has a default role. */
const withoutRole = (db: QueryCreator<Tables>, p: Parameter<Moves>) =>
  db
    .selectFrom("member as m")
    .innerJoin("provisioning as p", "p.organizationId", "m.organizationId")
    .leftJoin("role_grant as other", (on) =>
      on
        .onRef("other.organizationId", "=", "m.organizationId")
        .onRef("other.memberId", "=", "m.id")
        .on("other.source", "<>", sql.lit("mapping")),
    )
    .where("m.organizationId", "=", p("organizationId"))
    .where("m.id", "=", sql<string>`any(${p("losing")}::uuid[])`)
    .where("m.active", "=", sql.lit(true))
    .where("m.isDeleted", "=", sql.lit(false))
    .where("p.defaultRoleId", "is not", null)
    .where("m.id", "<>", sql<string>`all(${p("gaining")}::uuid[])`)
    .where("other.roleId", "is", null);

/**
 * Saves gains and losses, given as parallel lists. All parts read the grants as they were before. The version of a
 * person who gets the default role changes, because that may be an owners' role.
 */
const save = statement<Moves>()((db, p) => {
  const now = sql<Date>`${p("now")}::timestamptz`.as("createdAt");
  const gains = db
    .selectFrom(pairs(p("gaining"), p("gainedRoles")))
    .select([sql`${p("organizationId")}::uuid`.as("organizationId"), "pair.memberId", "pair.roleId"])
    .select([sql.lit("mapping").as("source"), now]);
  const defaults = withoutRole(db, p)
    .select(["m.organizationId", "m.id", "p.defaultRoleId"])
    .select([sql.lit("default").as("source"), now]);
  return db
    .with("gone", (from) =>
      from
        .deleteFrom("role_grant as g")
        .using(pairs(p("losing"), p("lostRoles")))
        .where("g.organizationId", "=", p("organizationId"))
        .whereRef("g.memberId", "=", "pair.memberId")
        .whereRef("g.roleId", "=", "pair.roleId")
        .where("g.source", "=", sql.lit("mapping")),
    )
    .with("added", (to) => give(to, gains))
    .with("kept", (to) => give(to, defaults).returning(["memberId", "roleId"]))
    .with("moved", (to) =>
      to
        .updateTable("member")
        .set({ version: sql`version + 1` })
        .where("organizationId", "=", p("organizationId"))
        .where("id", "in", (eb) => eb.selectFrom("kept").select("kept.memberId")),
    )
    .selectFrom("kept")
    .innerJoin("member as m", "m.id", "kept.memberId")
    .innerJoin("role as r", "r.id", "kept.roleId")
    .where("m.organizationId", "=", p("organizationId"))
    .where("r.organizationId", "=", p("organizationId"))
    .select(["m.id as memberId", "m.name", "r.id as roleId", "r.name as role"]);
});
