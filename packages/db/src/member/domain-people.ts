import { domainKey } from "@rollcall/domain";
import { expressionBuilder, sql } from "kysely";
import type { Queryable } from "../store/queryable.ts";
import type { Tables } from "../store/tables.ts";
import { isBeingRemoved, isOwner, wasAnother } from "./member-columns.ts";

/** The people of a domain; `userNameKey`: only the one with that userName, null: all. */
export type DomainPeople = {
  readonly organizationId: string;
  readonly domain: string;
  readonly userNameKey: string | null;
};

const eb = expressionBuilder<Tables & { m: Tables["member"] }, "m">();
const isIn = (domain: string) =>
  sql<boolean>`substring(${sql.ref("m.userNameKey")} from '[^@]*$') = ${domainKey(domain)}`;

/** Whether the member `m` has a pending membership in the domain. */
export function isWaiting({ organizationId, domain, userNameKey }: DomainPeople) {
  return eb.and([
    eb("m.organizationId", "=", organizationId),
    eb("m.awaitsAcceptance", "=", sql.lit(true)),
    eb("m.isDeleted", "=", sql.lit(false)),
    isIn(domain),
    ...(userNameKey === null ? [] : [eb("m.userNameKey", "=", userNameKey)]),
  ]);
}

/** Whether the access of the member `m` depends on the domain. Not for the last owners. */
export function isUnaccepted({ organizationId, domain }: Omit<DomainPeople, "userNameKey">) {
  const rests = sql<boolean>`(${sql.ref("m.acceptedAt")} is null and ${isIn(domain)})`;
  const otherOwner = eb
    .selectFrom("role as r")
    .innerJoin("role_grant as g", (on) =>
      on.onRef("g.organizationId", "=", "r.organizationId").onRef("g.roleId", "=", "r.id"),
    )
    .innerJoin("member as m", (on) =>
      on.onRef("m.organizationId", "=", "g.organizationId").onRef("m.id", "=", "g.memberId"),
    )
    .innerJoin("account as a", "a.id", "m.accountId")
    .where("r.organizationId", "=", organizationId)
    .where("r.kind", "=", sql.lit("owner"))
    .where("r.deletedAt", "is", null)
    .where("m.active", "=", sql.lit(true))
    .where("m.awaitsAcceptance", "=", sql.lit(false))
    .where("m.isDeleted", "=", sql.lit(false))
    .where("a.email", "is not", null)
    .where(eb.not(isBeingRemoved))
    .where(eb.not(rests))
    .select("m.id");
  return eb.and([
    eb("m.organizationId", "=", organizationId),
    eb("m.awaitsAcceptance", "=", sql.lit(false)),
    eb("m.isDeleted", "=", sql.lit(false)),
    rests,
    eb.not(eb.and([isOwner, eb.not(eb.exists(otherOwner))])),
  ]);
}

/** Accounts that must give up the address of a person with a pending membership. */
export function formerHolders({ db }: Queryable, what: DomainPeople) {
  return db
    .selectFrom("member as m")
    .innerJoin("account as a", "a.emailKey", "m.userNameKey")
    .where(isWaiting(what))
    .where((one) => one.or([one.not(isInUse), wasAnother]))
    .select(["a.id", isInUse.as("isInUse"), wasAnother.as("isAnother")])
    .execute();
}

const isInUse = sql<boolean>`exists (select from member used where used.account_id = a.id and not used.is_deleted)`;
