import {
  domainOf,
  checkEntryElsewhere,
  checkEntryWithoutSso,
  speaksForAccount,
  type EntryFacts,
  type Refusal,
} from "@rollcall/domain";
import type { Result } from "@rollcall/scim-protocol";
import { sql } from "kysely";
import { readAccount } from "../account/account-row.ts";
import { belongsTo, isBeingRemoved, isExempt, isOwner } from "../member/member-columns.ts";
import type { Session } from "../session/session.ts";
import { verifiedAmong } from "../store/organization-lock.ts";
import type { Queryable } from "../store/queryable.ts";

/** The account's active memberships for a password sign-in, in the order of `listMemberships`; at most 100. */
export function listEntries({ db }: Queryable, accountId: string): Promise<readonly EntryFacts[]> {
  return db
    .selectFrom("account as a")
    .innerJoin("member as m", (on) => on.on(belongsTo))
    .innerJoin("organization as o", "o.id", "m.organizationId")
    .leftJoin("sso_connection as c", "c.organizationId", "m.organizationId")
    .where("a.id", "=", accountId)
    .where("m.active", "=", true)
    .where("m.isDeleted", "=", false)
    .where((eb) => eb.not(isBeingRemoved))
    .select((eb) => [
      "o.id as organizationId",
      "o.name as organization",
      eb.fn.coalesce("c.isRequired", sql.lit(false)).as("isRequired"),
      isOwner.$castTo<boolean>().as("isOwner"),
      isExempt("sso").as("isExempt"),
      "m.awaitsAcceptance as isAwaiting",
    ])
    .orderBy("m.awaitsAcceptance")
    .orderBy("m.createdAt")
    .orderBy("o.id")
    .limit(100)
    .execute();
}

/** Whether the session's proofs suffice for another organization of the person. */
export async function enterFromSession(
  sql: Queryable,
  session: Session,
  entry: EntryFacts,
): Promise<Result<void, Refusal<"ssoRequired" | "entryUnproven">>> {
  const entered = checkEntryWithoutSso(entry);
  if (!entered.ok) return entered;
  const account = await readAccount(sql, session.account.id);
  const isSecondFactorOn = account !== undefined && account.totpConfirmedAt !== null;
  return checkEntryElsewhere(session.proofs, isSecondFactorOn, entry.organization);
}

/** Whether the session proves the person's account, instead of being valid for its organization only. */
export async function provesAccount(sql: Queryable, session: Session): Promise<boolean> {
  const proven = { method: session.method, passwordAt: session.proofs.passwordAt };
  if (speaksForAccount(proven, false)) return true;
  const domain = domainOf(session.account.email);
  const verified = await verifiedAmong(sql, session.organizationId, [domain]);
  return speaksForAccount(proven, verified.has(domain));
}
