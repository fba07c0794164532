import { domainKey } from "@rollcall/domain";
import { expressionBuilder, sql } from "kysely";
import type { Queryable } from "../store/queryable.ts";
import type { Tables } from "../store/tables.ts";
import { isOwner, wasAnother } from "./member-columns.ts";

/** The people of a domain; `userNameKey`: only the one with that userName, null: all. */
export type DomainPeople = {
  readonly organizationId: string;
  readonly domain: string;
  readonly userNameKey: string | null;
};

const eb = expressionBuilder<Tables & { m: Tables["member"]; o: Tables["member"] }, "m">();
const isIn = (member: "m" | "o", domain: string) =>
  sql<boolean>`substring(${sql.ref(`${member}.userNameKey`)} from '[^@]*$') = ${domainKey(domain)}`;

/** Whether the member `m` has a pending membership in the domain. */
export function isWaiting({ organizationId, domain, userNameKey }: DomainPeople) {
  return eb.and([
    eb("m.organizationId", "=", organizationId),
    eb("m.awaitsAcceptance", "=", sql.lit(true)),
    eb("m.isDeleted", "=", sql.lit(false)),
    isIn("m", domain),
    ...(userNameKey === null ? [] : [eb("m.userNameKey", "=", userNameKey)]),
  ]);
}

/** Whether the access of the member `m` depends on the domain. Not for the last owners. */
export function isUnaccepted({ organizationId, domain }: Omit<DomainPeople, "userNameKey">) {
  const rests = (member: "m" | "o") =>
    sql<boolean>`(${sql.ref(`${member}.acceptedAt`)} is null and ${isIn(member, domain)})`;
  const otherOwner = eb
    .selectFrom("role as r")
    .innerJoin("role_grant as g", (on) =>
      on.onRef("g.organizationId", "=", "r.organizationId").onRef("g.roleId", "=", "r.id"),
    )
    .innerJoin("member as o", (on) =>
      on.onRef("o.organizationId", "=", "g.organizationId").onRef("o.id", "=", "g.memberId"),
    )
    .where("r.organizationId", "=", organizationId)
    .where("r.kind", "=", sql.lit("owner"))
    .where("r.deletedAt", "is", null)
    .where("o.active", "=", sql.lit(true))
    .where("o.awaitsAcceptance", "=", sql.lit(false))
    .where("o.isDeleted", "=", sql.lit(false))
    .where(eb.not(rests("o")))
    .select("o.id");
  return eb.and([
    eb("m.organizationId", "=", organizationId),
    eb("m.awaitsAcceptance", "=", sql.lit(false)),
    eb("m.isDeleted", "=", sql.lit(false)),
    rests("m"),
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
