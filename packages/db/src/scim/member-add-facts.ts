import type { CreationFacts } from "@rollcall/domain";
import { sql } from "kysely";
import { keptStatement, type RowOf } from "../store/statement.ts";
import { callerFields, withCaller } from "./caller.ts";
import { isVisibleMember } from "./member-read.ts";

type FactsParams = { keyId: string; userNameKey: string; externalId: string | null; domain: string };

/**
 * The facts of a POST in one round trip. A person is a member already also under another userName, if another
 * organization has changed the account's address. The former identity is the deleted one with the same externalId, or
 * else the last deleted one.
 */
export const addFacts = keptStatement<FactsParams>()("scim_member_add_facts", (db, p) =>
  withCaller(db, p)
    .selectFrom("caller")
    .leftJoin("account", (on) => on.on("account.emailKey", "=", p("userNameKey")))
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom("member as m")
          .whereRef("m.organizationId", "=", "caller.callerOrganizationId")
          .where("m.userNameKey", "=", p("userNameKey"))
          .where("m.isDeleted", "=", sql.lit(true))
          .orderBy(sql`coalesce(m.last_external_id, m.external_id) is not distinct from ${p("externalId")}`, "desc")
          .orderBy("m.deletedAt", "desc")
          .limit(sql.lit(1))
          .select(["m.id as formerId", "m.accountId", "m.externalId as formerExternalId"])
          .select("m.lastExternalId as formerLastExternalId")
          .select(isVisibleMember("externalId", sql.ref("m.externalId")).as("isFormerExternalIdTaken"))
          .as("former"),
      (on) => on.onTrue(),
    )
    .select(callerFields)
    .select(["account.id as accountId", "former.formerId", "former.formerExternalId", "former.formerLastExternalId"])
    .select(["former.isFormerExternalIdTaken"])
    .select((eb) => [
      eb("former.accountId", "=", eb.ref("account.id")).$castTo<boolean>().as("isFormerHolder"),
      sql<boolean>`exists (select from member used
        where used.account_id = account.id and not used.is_deleted)`.as("isAccountInUse"),
      sql<boolean>`exists (select from member was where was.organization_id = caller_organization_id
        and was.user_name_key = ${p("userNameKey")} and was.is_deleted and was.account_id = account.id)`.as(
        "wasAccountHere",
      ),
      eb
        .or([isVisibleMember("userNameKey", p("userNameKey")), isVisibleMember("accountId", eb.ref("account.id"))])
        .$castTo<boolean>()
        .as("isUserNameTaken"),
      isVisibleMember("externalId", p("externalId")).as("isExternalIdTaken"),
      eb
        .exists(
          eb
            .selectFrom("verified_domain as d")
            .whereRef("d.organizationId", "=", "caller.callerOrganizationId")
            .where("d.domain", "=", p("domain"))
            .select("d.domain"),
        )
        .$castTo<boolean>()
        .as("isDomainVerified"),
    ]),
);
/** Converts the facts for the rule. */
export function factsOf(row: RowOf<typeof addFacts>): CreationFacts {
  const { formerId, accountId } = row;
  return {
    isUserNameTaken: row.isUserNameTaken,
    isExternalIdTaken: row.isExternalIdTaken,
    isDomainVerified: row.isDomainVerified,
    account: accountId === null ? null : { id: accountId, isInUse: row.isAccountInUse, wasHere: row.wasAccountHere },
    deleted:
      formerId === null
        ? null
        : {
            id: formerId,
            isHolder: row.isFormerHolder ?? false,
            externalId: row.formerExternalId,
            lastExternalId: row.formerLastExternalId,
            isExternalIdTaken: row.isFormerExternalIdTaken ?? false,
          },
  };
}
