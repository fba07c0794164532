import type { RuleError } from "@rollcall/domain";
import { ok, type Result } from "@rollcall/scim-protocol";
import { sql } from "kysely";
import type { Database } from "./database.ts";
import { newId } from "./id.ts";
import { lockOutProvider } from "./organization-lock.ts";
import { unitOf, type UnitOfWork } from "./unit-of-work.ts";
import type { WriteContext } from "./write-context.ts";

/** The effect of a write on one role: how many people gain or lose it, and the first names. */
export type RoleEffect = Awaited<ReturnType<typeof effectsSince>>[number];

/**
 * Runs an owner's write, reads its effects on roles from the change log, and rolls it back, so that a preview needs no
 * rules of its own. Nothing is saved or logged, nor is a refusal. Omits roles that a person loses and regains in the
 * same write, roles that they also have from another source, and inactive people, whose roles have no effect. SCIM
 * writes wait until it ends.
 */
export function dryRun<E extends RuleError>(
  database: Database,
  context: WriteContext,
  work: (uow: UnitOfWork) => Promise<Result<unknown, E>>,
): Promise<Result<readonly RoleEffect[], E>> {
  return database.tenantOf(context.organizationId).transaction(
    async (tx): Promise<Result<readonly RoleEffect[], E>> => {
      await lockOutProvider(tx, context.organizationId);
      const since = newId();
      const uow = unitOf(tx, context);
      const done = await work(uow);
      if (!done.ok) return done;
      await uow.em.flush();
      return ok(await effectsSince(uow, since));
    },
    () => false,
  );
}

/** `since`: an id before all entries of this write; `xmin` separates them from those of other transactions. */
function effectsSince({ db, organizationId }: UnitOfWork, since: string) {
  const sign = sql<number>`sum(case when is_gain then 1 else -1 end)`;
  return db
    .with("logged", (from) =>
      from
        .selectFrom("change")
        .where("organizationId", "=", organizationId)
        .where("id", ">=", since)
        .where("refusal", "is", null)
        .where("kind", "in", ["member.role_granted", "member.role_revoked"])
        .where(sql<boolean>`xmin = pg_current_xact_id()::xid`)
        .select(["subjectId", "subjectName", sql<boolean>`kind = 'member.role_granted'`.as("isGain")])
        .select(sql<string>`(coalesce(after, before) ->> 'roleId')::uuid`.as("roleId"))
        .select(sql<string>`coalesce(after, before) ->> 'role'`.as("role"))
        .select(sql<string>`coalesce(after, before) ->> 'source'`.as("source")),
    )
    .with("moved", (from) =>
      from
        .selectFrom("logged")
        .innerJoin("member as m", "m.id", "logged.subjectId")
        .leftJoin("role_grant as elsewhere", (on) =>
          on
            .on("elsewhere.organizationId", "=", organizationId)
            .onRef("elsewhere.memberId", "=", "logged.subjectId")
            .onRef("elsewhere.roleId", "=", "logged.roleId")
            .on(sql<boolean>`(not logged.is_gain or elsewhere.source <> logged.source)`),
        )
        .where("m.organizationId", "=", organizationId)
        .where("m.active", "=", true)
        .where("elsewhere.roleId", "is", null)
        .groupBy(["logged.subjectId", "logged.roleId", "logged.role"])
        .having(sign, "<>", 0)
        .select(["logged.subjectId", "logged.roleId", "logged.role"])
        .select(({ fn }) => [fn.min("logged.subjectName").as("name"), sql<boolean>`${sign} > 0`.as("isGain")]),
    )
    .selectFrom("moved")
    .groupBy(["roleId", "role", "isGain"])
    .select(({ fn }) => ["roleId", "role", "isGain", fn.countAll<number>().as("count")])
    .select(sql<string[]>`(array_agg(name order by lower(name), subject_id))[1:5]`.as("names"))
    .orderBy("isGain")
    .orderBy(sql`lower(role)`)
    .orderBy("roleId")
    .limit(200)
    .execute();
}
