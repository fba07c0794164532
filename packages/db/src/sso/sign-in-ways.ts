import { isPasswordLocked } from "../account/lock-columns.ts";
import type { SignInWays } from "@rollcall/domain";
import { sql } from "kysely";
import { isExempt, isOwner } from "../member/member-columns.ts";
import type { Queryable } from "../store/queryable.ts";

/**
 * Counts the members with access by their ways to sign in, in one pass. `sql` must see other organizations
 * (`Database.tenantOf`), because their locks count too.
 */
export function readSignInWays({ db }: Queryable, organizationId: string): Promise<SignInWays> {
  return db
    .with("connection", (one) =>
      one.selectFrom("sso_connection").where("organizationId", "=", organizationId).select("isRequired"),
    )
    .selectFrom("member as m")
    .innerJoin("account as a", "a.id", "m.accountId")
    .where("m.organizationId", "=", organizationId)
    .where("m.active", "=", true)
    .where("m.awaitsAcceptance", "=", false)
    .where("m.isDeleted", "=", false)
    .select((eb) => {
      const connection = eb.selectFrom("connection").select("isRequired");
      const isRequired = eb.fn.coalesce(connection, sql.lit(false));
      const hasNoPassword = eb("a.passwordHash", "is", null);
      const mayUsePassword = eb.or([eb.not(isRequired), isOwner, isExempt("sso")]);
      const isLocked = eb.or([eb("a.emailKey", "is", null), isPasswordLocked]);
      const count = eb.fn.countAll<number>();
      return [
        eb.exists(connection).$castTo<boolean>().as("hasSso"),
        count.as("people"),
        count.filterWhere(eb.and([eb("a.passwordHash", "is not", null), mayUsePassword])).as("withPassword"),
        count.filterWhere(hasNoPassword).as("withoutPassword"),
        count.filterWhere(eb.and([hasNoPassword, isLocked])).as("locked"),
      ];
    })
    .executeTakeFirstOrThrow();
}
