import { expressionBuilder, sql } from "kysely";
import { isExempt } from "../member/member-columns.ts";
import type { Tables } from "../store/tables.ts";

/** The tables of the expressions: a member `m`, the provisioning `p` of its organization and its account `a`. */
type Named = Tables & { m: Tables["member"]; p: Tables["provisioning"]; a: Tables["account"] };
const eb = expressionBuilder<Named, "m" | "p" | "a">();

export const isActiveMember = eb.and([
  eb("m.active", "=", sql.lit(true)),
  eb("m.awaitsAcceptance", "=", sql.lit(false)),
  eb("m.isDeleted", "=", sql.lit(false)),
]);

/** Provisioning is off, and its members were kept locked. */
export const isKeptLocked = eb
  .and([
    eb("p.keepsLocks", "=", sql.lit(true)),
    eb("m.isManaged", "=", sql.lit(true)),
    eb("p.isEnabled", "=", sql.lit(false)),
  ])
  .$castTo<boolean>();

/** Whether the organization locks accounts of members like `m`, apart from exemptions. */
export const isLocking = eb.or([eb("p.isEnabled", "=", sql.lit(true)), isKeptLocked]);

/** Whether another organization has verified the domain of the account's address. */
export const isDomainOfAnother = eb
  .exists(
    eb
      .selectFrom("verified_domain as v")
      .where("v.domainKey", "=", sql<string>`substring(a.email_key from '[^@]*$')`)
      .whereRef("v.organizationId", "<>", "m.organizationId")
      .select("v.domain"),
  )
  .$castTo<boolean>();

/** Whether any membership of the account `a` locks its password, as in `checkLock`. */
export const isPasswordLocked = expressionBuilder<Named, "a">().exists((one) =>
  one
    .selectFrom("member as m")
    .innerJoin("provisioning as p", "p.organizationId", "m.organizationId")
    .whereRef("m.accountId", "=", "a.id")
    .where((inner) =>
      inner.and([isActiveMember, isLocking, inner.not(isExempt("locks")), inner.not(isDomainOfAnother)]),
    )
    .select("m.id"),
);
