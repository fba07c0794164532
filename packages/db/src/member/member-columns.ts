import type { Member } from "@rollcall/domain";
import { expressionBuilder, sql, type Expression } from "kysely";
import { jsonBuildObject } from "kysely/helpers/postgres";
import type { Tables } from "../store/tables.ts";

/** A member as the SCIM statements read it. */
export type MemberRow = Omit<Member, "isOwner"> & {
  /** Null while the membership awaits acceptance. */
  readonly accountId: string | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

/** What the expressions below may refer to: the member that a statement calls `m`, and the account that it calls `a`. */
type Named = Tables & { m: Tables["member"]; a: Tables["account"] };
const eb = expressionBuilder<Named, "m">();
const withAccount = expressionBuilder<Named, "m" | "a">();

/** What a SCIM User and the rules know of the member `m`. */
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

/** Does the member `m` hold an owners' role? */
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

/** Does the organization exempt the member `m` from the account locks, or from the requirement of single sign-on? */
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

/** Is the member `m` one of the account `a`'s, or does it wait for the holder of that account's address? */
export const belongsTo = withAccount.or([
  withAccount("m.accountId", "=", withAccount.ref("a.id")),
  withAccount.and([
    withAccount("m.awaitsAcceptance", "=", sql.lit(true)),
    withAccount("m.userNameKey", "=", withAccount.ref("a.emailKey")),
  ]),
]);

/**
 * Was the account `a` that of a removed member here, under another externalId than that of the member `m` who awaits
 * acceptance (`isSamePerson`)? Not once its holder has proven the address by a link that was mailed since.
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

/** The owners with access beside the member `m`, by name: at most ten. */
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
 * What a change of a member that shows sets, for `updateTable("member")`: the time is always later than that of the change
 * before, as the ETag of the SCIM User is made of it (docs/decisions/0011). `version` is for deciding races; it moves
 * without a change too.
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
 * Set by each write that may end access: the externalId with which the member last had it. One that was cleared since is
 * still the member's, as nobody else has had the place.
 */
export const keptExternalId = {
  lastExternalId: sql<string>`case when active then coalesce(external_id, last_external_id) else last_external_id end`,
};

/**
 * Set with `awaitsAcceptance`: the mail to the person waits an hour, as a domain is often verified after the first people
 * have come, or a mistake undone.
 */
export const inviteFrom = (now: Expression<Date> | Date) => sql<Date>`${now}::timestamptz + interval '1 hour'`;
