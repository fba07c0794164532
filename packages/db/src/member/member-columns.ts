import type { Member } from "@rollcall/domain";
import { expressionBuilder, sql, type Expression, type RawBuilder } from "kysely";
import { jsonBuildObject } from "kysely/helpers/postgres";
import type { Tables } from "../store/tables.ts";

/** A member as read by SCIM statements. */
export type MemberRow = Omit<Member, "isOwner"> & {
  /** Null while the membership is pending. */
  readonly accountId: string | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

/** The tables of the expressions: a member `m` and an account `a`. */
type Named = Tables & { m: Tables["member"]; a: Tables["account"] };
const eb = expressionBuilder<Named, "m">();
const withAccount = expressionBuilder<Named, "m" | "a">();

/** The columns of the member `m` for the SCIM User and the rules. */
export const memberFields = [
  "m.id",
  "m.accountId",
  "m.userName",
  "m.externalId",
  "m.lastExternalId",
  "m.givenName",
  "m.familyName",
  "m.displayName",
  "m.name",
  "m.active",
  "m.isManaged",
  "m.version",
  "m.createdAt",
  "m.updatedAt",
] as const;

/** A sum over the rows of `member_count` of an organization; `count`: `visible` and `managed`, or a term of them. */
export function keptCount(count: RawBuilder<unknown>) {
  return sql<number>`coalesce(sum(${count}), 0)::int`;
}

/** Whether the member `m` has an owners' role. */
export const isOwner = eb.exists(
  eb
    .selectFrom("role_grant as g")
    .innerJoin("role as r", (on) =>
      on.onRef("r.organizationId", "=", "g.organizationId").onRef("r.id", "=", "g.roleId"),
    )
    .whereRef("g.organizationId", "=", "m.organizationId")
    .whereRef("g.memberId", "=", "m.id")
    .where("r.kind", "=", sql.lit("owner"))
    .where("r.deletedAt", "is", null)
    .select("g.roleId"),
);

/**
 * Whether the owners have removed the member `m`, whose turn in the job has not come yet: no access already
 * (docs/decisions/0052).
 */
export const isBeingRemoved = eb
  .and([
    eb("m.isManaged", "=", sql.lit(true)),
    eb.exists(
      eb
        .selectFrom("people_job as j")
        .whereRef("j.organizationId", "=", "m.organizationId")
        .where("j.choice", "=", sql.lit("remove"))
        .where("j.endedAt", "is", null)
        .select("j.organizationId"),
    ),
  ])
  .$castTo<boolean>();

/** Whether the member `m` is exempt from the account locks or the single sign-on requirement. */
export const isExempt = (kind: "locks" | "sso") =>
  eb
    .exists(
      eb
        .selectFrom("exemption as e")
        .where("e.kind", "=", sql.lit(kind))
        .whereRef("e.organizationId", "=", "m.organizationId")
        .whereRef("e.memberId", "=", "m.id")
        .select("e.memberId"),
    )
    .$castTo<boolean>();

/** Whether the member `m` belongs to the account `a`, or is pending for that account's address. */
export const belongsTo = withAccount.or([
  withAccount("m.accountId", "=", withAccount.ref("a.id")),
  withAccount.and([
    withAccount("m.awaitsAcceptance", "=", sql.lit(true)),
    withAccount("m.userNameKey", "=", withAccount.ref("a.emailKey")),
  ]),
]);

/**
 * Whether the account `a` belonged to a removed member here with another externalId than that of the pending member `m`
 * (`isSamePerson`). False once a link mailed since then has proven the address.
 */
export const wasAnother = withAccount.exists(
  withAccount
    .selectFrom("member as was")
    .whereRef("was.organizationId", "=", "m.organizationId")
    .whereRef("was.accountId", "=", "a.id")
    .where("was.isDeleted", "=", sql.lit(true))
    .where(sql<boolean>`coalesce(was.last_external_id, was.external_id) <> m.external_id`)
    .where(sql<boolean>`greatest(m.created_at, was.deleted_at) >= coalesce(a.address_proven_at, '-infinity')`)
    .select("was.id"),
);

/** The owners with access other than the member `m`, by name: at most ten. */
export const otherOwners = sql<{ name: string; email: string }[]>`coalesce(${eb
  .selectFrom(
    eb
      .selectFrom("role as r")
      .innerJoin("role_grant as g", (on) =>
        on.onRef("g.organizationId", "=", "r.organizationId").onRef("g.roleId", "=", "r.id"),
      )
      .innerJoin("member as w", (on) =>
        on.onRef("w.organizationId", "=", "g.organizationId").onRef("w.id", "=", "g.memberId"),
      )
      .whereRef("r.organizationId", "=", "m.organizationId")
      .where("r.kind", "=", sql.lit("owner"))
      .where("w.active", "=", sql.lit(true))
      .where("w.awaitsAcceptance", "=", sql.lit(false))
      .where("w.isDeleted", "=", sql.lit(false))
      .whereRef("w.id", "<>", "m.id")
      .groupBy(["w.id", "w.name", "w.userName", "w.nameKey"])
      .orderBy("w.nameKey")
      .orderBy("w.id")
      .limit(sql.lit(10))
      .select(["w.name", "w.userName"])
      .as("owner"),
  )
  .select((one) =>
    one.fn
      .agg<{ name: string; email: string }[]>("jsonb_agg", [
        jsonBuildObject({ name: one.ref("owner.name"), email: one.ref("owner.userName") }),
      ])
      .as("owners"),
  )}, '[]'::jsonb)`;

/**
 * The columns of a visible change of a member, for `updateTable("member")`: the time always increases, because the ETag
 * of the SCIM User is derived from it (docs/decisions/0011). `version` detects races; it increases without a change
 * too.
 */
export function touchedAt(now: Expression<Date> | Date): {
  readonly version: Expression<number>;
  readonly updatedAt: Expression<Date>;
} {
  return {
    version: sql`version + 1`,
    updatedAt: sql`greatest(${now}::timestamptz, updated_at + interval '1 millisecond')`,
  };
}

/**
 * Set by each write that may end access: the last externalId of the member with access. It is kept when cleared,
 * because no other person has had the membership.
 */
export const keptExternalId = {
  lastExternalId: sql<string>`case when active then coalesce(external_id, last_external_id) else last_external_id end`,
};

/**
 * Set with `awaitsAcceptance`: delays the mail to the person by an hour, because a domain is often verified after the
 * first people are added, or a mistake undone.
 */
export const inviteFrom = (now: Expression<Date> | Date) => sql<Date>`${now}::timestamptz + interval '1 hour'`;
