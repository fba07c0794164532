import { z } from "zod";
import type { Queryable } from "./statement.ts";

/**
 * Takes the organization's lock for the rest of the transaction. Whatever may remove an owner, move an e-mail or is
 * counted by the guard decides under it; the lock order is organization, role, members by id.
 */
export async function lockOrganization(tx: Queryable, organizationId: string): Promise<void> {
  await tx.query(lock, [organizationId]);
}

/** How many owners other than `memberId` have access now. Read it under the lock. */
export async function otherActiveOwners(tx: Queryable, organizationId: string, memberId: string): Promise<number> {
  const [row] = await tx.query(owners, [organizationId, memberId]);
  return counted.parse(row).count;
}

/** Those of `domains` that the organization has verified. */
export async function verifiedAmong(
  tx: Queryable,
  organizationId: string,
  domains: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await tx.query(verified, [organizationId, domains]);
  return new Set(rows.map((row) => z.object({ domain: z.string() }).parse(row).domain));
}

const lock = { name: "organization_lock", text: "select 1 from provisioning where organization_id = $1 for update" };

const owners = {
  name: "other_active_owners",
  text: `select count(distinct m.id)::int as count from role r
    join role_grant g on g.organization_id = r.organization_id and g.role_id = r.id
    join member m on m.organization_id = g.organization_id and m.id = g.member_id
    where r.organization_id = $1 and r.kind = 'owner' and m.id <> $2
      and m.active and not m.awaits_acceptance and not m.is_deleted`,
};

const verified = {
  name: "verified_among",
  text: "select domain from verified_domain where organization_id = $1 and domain = any($2::text[])",
};

const counted = z.object({ count: z.number() });
