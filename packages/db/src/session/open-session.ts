import { expressionBuilder, sql, type NotNull } from "kysely";
import { belongsTo, isBeingRemoved, isExempt } from "../member/member-columns.ts";
import { statement, type RowOf } from "../store/statement.ts";
import type { Tables } from "../store/tables.ts";

const ofMember = expressionBuilder<Tables & { m: Tables["member"] }, "m">();

/** The names of the member's roles, and whether one is an owners' role; both null without roles. */
const heldRoles = ofMember
  .selectFrom("role_grant as g")
  .innerJoin("role as r", (on) => on.onRef("r.organizationId", "=", "g.organizationId").onRef("r.id", "=", "g.roleId"))
  .whereRef("g.organizationId", "=", "m.organizationId")
  .whereRef("g.memberId", "=", "m.id")
  .where("r.deletedAt", "is", null)
  .select((eb) => [
    eb.fn.agg<string[] | null>("array_agg", ["r.name"]).distinct().as("roles"),
    eb.fn.agg<boolean | null>("bool_or", [eb("r.kind", "=", sql.lit("owner"))]).as("isOwner"),
  ])
  .as("held");

// Rows found by the organization alone are no joins: each join multiplies the time in which PostgreSQL plans the statement.
const ofSession = expressionBuilder<Tables & { s: Tables["session"] }, "s">();
const organizationOf = ofSession.selectFrom("organization as o").whereRef("o.id", "=", "s.organizationId");
const provisioningOf = ofSession.selectFrom("provisioning as p").whereRef("p.organizationId", "=", "s.organizationId");
const connectionOf = ofSession.selectFrom("sso_connection as c").whereRef("c.organizationId", "=", "s.organizationId");

type Params = Record<"organizationId" | "sessionId", string> & Record<"now" | "usedAfter", Date>;

/** A valid session with its account and the member. Compiled once, because every request of the console runs it. */
export const openSession = statement<Params>()((db, p) =>
  db
    .selectFrom("session as s")
    .innerJoin("account as a", "a.id", "s.accountId")
    .innerJoin("member as m", (on) => on.onRef("m.organizationId", "=", "s.organizationId").on(belongsTo))
    .crossJoinLateral(heldRoles)
    .where("s.organizationId", "=", p("organizationId"))
    .where("s.id", "=", p("sessionId"))
    .where("s.endedAt", "is", null)
    .where("s.expiresAt", ">", p("now"))
    .where("s.lastUsedAt", ">", p("usedAfter"))
    .where("m.active", "=", sql.lit(true))
    .where("m.isDeleted", "=", sql.lit(false))
    .where((eb) => eb.not(isBeingRemoved))
    .where("a.email", "is not", null)
    .select(["s.secretHash", "s.method", "s.passwordAt", "s.secondFactorAt", "s.ssoAt", "s.lastUsedAt"])
    .select(["a.id as accountId", "a.email", "a.name"])
    .select(["m.id as memberId", "m.awaitsAcceptance as isAwaiting", isExempt("sso").as("isExempt")])
    .select((eb) => [
      eb.fn.coalesce("held.roles", sql<string[]>`'{}'`).as("roles"),
      eb.fn.coalesce("held.isOwner", eb.lit(false)).as("isOwner"),
      organizationOf.select("o.name").as("organizationName"),
      provisioningOf.select("p.defaultRoleId").as("defaultRoleId"),
      eb.fn.coalesce(connectionOf.select("c.isRequired"), eb.lit(false)).as("isRequired"),
    ])
    .orderBy("m.awaitsAcceptance")
    .limit(sql.lit(1))
    .$narrowType<{ email: NotNull; organizationName: NotNull }>(),
);

export type FoundSession = RowOf<typeof openSession>;
