import {
  domainOf,
  enterElsewhere,
  enterWithoutSso,
  speaksForAccount,
  type EntryFacts,
  type Refusal,
} from "@rollcall/domain";
import type { Result } from "@rollcall/scim-protocol";
import { z } from "zod";
import { readAccount } from "../account/account-row.ts";
import type { Session } from "../session/session.ts";
import { belongsTo, isOwnerColumn } from "../member/member-row.ts";
import { verifiedAmong } from "../store/organization-lock.ts";
import type { Queryable } from "../store/queryable.ts";

const entryRow = z.object({
  organizationId: z.string(),
  organization: z.string(),
  isRequired: z.boolean(),
  isOwner: z.boolean(),
  isExempt: z.boolean(),
  isAwaiting: z.boolean(),
});

/** The account's active memberships as a password meets them, in the order of `listMemberships`; at most 100. */
export async function listEntries(sql: Queryable, accountId: string): Promise<readonly EntryFacts[]> {
  return (await sql.query(entries, [accountId])).map((row) => entryRow.parse(row));
}

/** May a session lead into another organization where the person is a member, with what was proven in it? */
export async function enterFromSession(
  sql: Queryable,
  session: Session,
  entry: EntryFacts,
): Promise<Result<void, Refusal<"ssoRequired" | "entryUnproven">>> {
  const entered = enterWithoutSso(entry);
  if (!entered.ok) return entered;
  const account = await readAccount(sql, session.account.id);
  const isSecondFactorOn = account !== undefined && account.totpConfirmedAt !== null;
  return enterElsewhere(session.proofs, isSecondFactorOn, entry.organization);
}

/** Does the session hold for the person's account, and not for its own organization alone? */
export async function mayLeadOn(sql: Queryable, session: Session): Promise<boolean> {
  const proven = { method: session.method, passwordAt: session.proofs.passwordAt };
  if (speaksForAccount(proven, false)) return true;
  const domain = domainOf(session.account.email);
  const verified = await verifiedAmong(sql, session.organizationId, [domain]);
  return speaksForAccount(proven, verified.has(domain));
}

const entries = {
  name: "sso_entries",
  text: `select o.id as "organizationId", o.name as organization, coalesce(c.is_required, false) as "isRequired",
      ${isOwnerColumn} as "isOwner",
      exists (select 1 from exemption e where e.kind = 'sso' and e.organization_id = m.organization_id and e.member_id = m.id)
        as "isExempt",
      m.awaits_acceptance as "isAwaiting"
    from account a join member m on ${belongsTo} join organization o on o.id = m.organization_id
    left join sso_connection c on c.organization_id = m.organization_id
    where a.id = $1 and m.active and not m.is_deleted
    order by m.awaits_acceptance, m.created_at, o.id limit 100`,
};
