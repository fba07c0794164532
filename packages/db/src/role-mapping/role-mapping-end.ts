import { sql } from "kysely";
import type { RoleRow } from "../role/role-columns.ts";
import { anyId } from "../store/id.ts";
import { recordChanges } from "../store/change-log.ts";
import type { Queryable } from "../store/queryable.ts";
import { statement } from "../store/statement.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";

/**
 * Ends the mappings of a role that ends, as group or target. True if there were any: then `applyMappings` must follow
 * for the people of the group.
 */
export async function endMappingsOf(tx: Queryable, context: WriteContext, role: RoleRow): Promise<boolean> {
  const ended = await tx.run(endOfRole, { organizationId: context.organizationId, roleId: role.id });
  const entries = ended.map(({ groupId, group, targetId, target }) => {
    const subject = { kind: "role", id: groupId, name: group } as const;
    return { ...entryOf(context), kind: "role.unmapped", subject, before: { roleId: targetId, role: target } } as const;
  });
  await recordChanges(tx, entries);
  return entries.length > 0;
}

const endOfRole = statement<{ readonly organizationId: string; readonly roleId: string }>()((db, p) =>
  db
    .with("ended", (from) =>
      from
        .deleteFrom("group_mapping")
        .where("organizationId", "=", p("organizationId"))
        .where((eb) => eb.or([eb("groupId", "=", p("roleId")), eb("targetId", "=", p("roleId"))]))
        .returning(["groupId", "targetId", "position"]),
    )
    .selectFrom("ended")
    .innerJoin("role as g", "g.id", "ended.groupId")
    .innerJoin("role as t", "t.id", "ended.targetId")
    .where("g.organizationId", "=", p("organizationId"))
    .where("t.organizationId", "=", p("organizationId"))
    .orderBy("ended.position")
    .select(["g.id as groupId", "g.name as group", "t.id as targetId", "t.name as target"]),
);

/**
 * Ends all mappings when provisioning ends, and the job that applies them, which would take every mapped role;
 * `releaseMapped` must follow. `ended`: their number; `toRelease`: 0 if nobody can have a grant of a mapping, as people may
 * after the list was emptied whom the job has not reached.
 */
export async function endMappings(
  { db }: Queryable,
  { organizationId }: WriteContext,
): Promise<Readonly<Record<"ended" | "toRelease", number>>> {
  const jobs = db.deleteFrom("people_job").where("organizationId", "=", organizationId).where("endedAt", "is", null);
  const job = await jobs.where("choice", "=", "applyMappings").executeTakeFirst();
  const list = await db.deleteFrom("group_mapping").where("organizationId", "=", organizationId).executeTakeFirst();
  const ended = Number(list.numDeletedRows);
  return { ended, toRelease: ended + Number(job.numDeletedRows) };
}

/**
 * Makes the grants of ended mappings manual, because nobody could revoke them otherwise: those of the next `limit`
 * people after an id. Returns the ids of these people in order.
 */
export async function releaseMapped(
  { db }: Queryable,
  { organizationId }: WriteContext,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<readonly string[]> {
  const mapped = db
    .selectFrom("role_grant")
    .where("organizationId", "=", organizationId)
    .where("source", "=", "mapping");
  const next = mapped.where("memberId", ">", after).select("memberId").distinct().orderBy("memberId").limit(limit);
  const ids = (await next.execute()).map(({ memberId }) => memberId);
  if (ids.length === 0) return ids;
  await db
    .with("taken", (from) =>
      from
        .deleteFrom("role_grant")
        .where("organizationId", "=", organizationId)
        .where("memberId", "=", anyId(ids))
        .where("source", "=", "mapping")
        .returningAll(),
    )
    .insertInto("role_grant")
    .columns(["organizationId", "memberId", "roleId", "createdAt", "source"])
    .expression((eb) =>
      eb
        .selectFrom("taken")
        .select(["taken.organizationId", "taken.memberId", "taken.roleId", "taken.createdAt"])
        .select(sql.lit("manual").as("source")),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return ids;
}
