import { sql, type Kysely } from "kysely";
import { keptStatement, statement, type Parameter } from "../store/statement.ts";
import type { Tables } from "../store/tables.ts";

export type RoleKey = { readonly organizationId: string; readonly roleId: string };
type Ids = { readonly organizationId: string; readonly ids: readonly string[] };

const personFields = ["m.id", "m.name", "m.userName"] as const;

export const groupsById = statement<Ids>()((db, p) =>
  db
    .selectFrom("role")
    .where("organizationId", "=", p("organizationId"))
    .where(sql<boolean>`id = any(${p("ids")}::uuid[])`)
    .where("deletedAt", "is", null)
    .orderBy("id")
    // The number that a refusal names.
    .limit(sql.lit(10))
    .select("id"),
);

export const membersById = statement<Ids>()((db, p) =>
  db
    .selectFrom("member as m")
    .where("m.organizationId", "=", p("organizationId"))
    .where(sql<boolean>`m.id = any(${p("ids")}::uuid[])`)
    .where("m.isDeleted", "=", sql.lit(false))
    .select(personFields),
);

export const notYetIn = statement<RoleKey & Ids>()((db, p) =>
  db
    .selectFrom("member as m")
    .where("m.organizationId", "=", p("organizationId"))
    .where(sql<boolean>`m.id = any(${p("ids")}::uuid[])`)
    .where("m.isDeleted", "=", sql.lit(false))
    .where((eb) => {
      const grants = eb
        .selectFrom("role_grant as g")
        .where("g.organizationId", "=", p("organizationId"))
        .where("g.roleId", "=", p("roleId"))
        .whereRef("g.memberId", "=", "m.id");
      return eb.not(eb.exists(grants.select("g.memberId")));
    })
    .orderBy("m.nameKey")
    .orderBy("m.id")
    .select(personFields),
);

/**
 * Not `for update`: that would also block each writer of a grant that refers to the member, and deadlock with it. "Not
 * deleted" is checked afterwards, because the planner might use another index for it.
 */
export const lockMembers = keptStatement<Ids>()("role_members_lock", (db, p) => {
  const jobs = db.selectFrom("people_job as j").where("j.organizationId", "=", p("organizationId"));
  // Not as a condition, for which the planner might use the index of open jobs instead of the key.
  const isOpen = jobs
    .where("j.choice", "=", sql.lit("applyMappings"))
    .select(sql<boolean>`j.ended_at is null`.as("is"));
  return db
    .with("m", (from) =>
      from
        .selectFrom("member")
        .selectAll()
        .where("organizationId", "=", p("organizationId"))
        .where(sql<boolean>`id = any(${p("ids")}::uuid[])`)
        .orderBy("id")
        .forNoKeyUpdate(),
    )
    .selectFrom("m")
    .where("m.isDeleted", "=", sql.lit(false))
    .select(personFields)
    .select(sql<boolean>`coalesce((${isOpen}), false)`.as("isMappingPending"));
});

/** The people with grants of a role, once per grant. */
const holders = (db: Kysely<Tables>, p: Parameter<RoleKey>) =>
  db
    .selectFrom("role_grant as g")
    .innerJoin("member as m", (on) =>
      on.onRef("m.organizationId", "=", "g.organizationId").onRef("m.id", "=", "g.memberId"),
    )
    .where("g.organizationId", "=", p("organizationId"))
    .where("g.roleId", "=", p("roleId"));

const shown = (db: Kysely<Tables>, p: Parameter<RoleKey>) =>
  holders(db, p).where("g.source", "=", sql.lit("group")).where("m.isDeleted", "=", sql.lit(false));

export const shownInRole = statement<RoleKey>()((db, p) => shown(db, p).orderBy("m.id").select(personFields));
export const countInRole = statement<RoleKey>()((db, p) =>
  shown(db, p).select((eb) => eb.fn.countAll<number>().as("count")),
);
export const allHolders = statement<RoleKey>()((db, p) =>
  holders(db, p).distinct().orderBy("m.id").select(personFields),
);
