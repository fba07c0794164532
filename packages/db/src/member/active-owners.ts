import { sql } from "kysely";
import type { Queryable } from "../store/queryable.ts";
import { statement } from "../store/statement.ts";
import { isBeingRemoved } from "./member-columns.ts";

/** The number of owners with access other than `memberId`, counted up to two. Read it under the lock. */
export async function otherActiveOwners(tx: Queryable, organizationId: string, memberId: string): Promise<number> {
  const [row] = await tx.run(otherOwners, { organizationId, memberId });
  return row?.count ?? 0;
}

/** Looks each member up by key and stops at two: as a plain join, the planner reads all members for a few owners. */
const otherOwners = statement<{ readonly organizationId: string; readonly memberId: string }>()((db, p) =>
  db
    .with("holder", (from) =>
      from
        .selectFrom("role as r")
        .innerJoin("role_grant as g", (on) =>
          on.onRef("g.organizationId", "=", "r.organizationId").onRef("g.roleId", "=", "r.id"),
        )
        .where("r.organizationId", "=", p("organizationId"))
        .where("r.kind", "=", sql.lit("owner"))
        .where("g.memberId", "<>", p("memberId"))
        .select("g.memberId")
        .distinct(),
    )
    .with("other", (from) =>
      from
        .selectFrom("holder")
        .innerJoinLateral(
          (eb) =>
            eb
              .selectFrom("member as m")
              .where("m.organizationId", "=", p("organizationId"))
              .whereRef("m.id", "=", "holder.memberId")
              .select(
                sql<boolean>`m.active and not m.awaits_acceptance and not m.is_deleted and not ${isBeingRemoved}`.as(
                  "hasAccess",
                ),
              )
              .limit(sql.lit(1))
              .as("m"),
          (on) => on.on("m.hasAccess", "=", sql.lit(true)),
        )
        .select("holder.memberId")
        .limit(sql.lit(2)),
    )
    .selectFrom("other")
    .select((eb) => eb.fn.countAll<number>().as("count")),
);
