import { z } from "zod";
import type { Queryable } from "./queryable.ts";

/**
 * Takes the organization's lock for the rest of the transaction. Whatever may remove an owner, move an e-mail or is
 * counted by the guard decides under it; the lock order is organization, role, members by id.
 */
export async function lockOrganization(tx: Queryable, organizationId: string): Promise<void> {
  await tx.query(lock, [organizationId]);
}

/**
 * Takes the organization's lock and also waits for every write of the provider's that is under way, and holds up those to
 * come (`whileProvisioned`): for turning provisioning off. Take it first: who has `lockOrganization` must not ask for more.
 */
export async function lockOutProvider(tx: Queryable, organizationId: string): Promise<void> {
  await tx.query(lockOut, [organizationId]);
}

/** The default role as it is while `whileProvisioned` holds it; what stands at `place` where provisioning is off. */
export const currentDefaultRole = (place: number): string =>
  `coalesce((select default_role_id from provisioned), $${place}::uuid)`;

/**
 * A common table expression that starts every write of the provider's that is not under the organization's lock. It has
 * its one row if provisioning of organization $1 is on, and keeps it on until the transaction ends. What it is to guard
 * must ask for that row, and so waits for it first. Writes do not hold up one another, nor an owner's other settings.
 */
export const whileProvisioned = `provisioned as (select organization_id, default_role_id from provisioning
  where organization_id = $1 and is_enabled for key share)`;

/** As `whileProvisioned`, if the verified domains of the organization are those of the version at `place` as well. */
export const whileDomainsAre = (place: number): string =>
  whileProvisioned.replace("is_enabled", `is_enabled and domains_version = $${place}::integer`);

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

/**
 * The address of a member's account as it is now, which another organization may have moved; null: another person has it.
 * Of a person who has yet to accept, only the userName is known.
 */
export async function accountEmail(
  tx: Queryable,
  { accountId, userName }: { readonly accountId: string | null; readonly userName: string },
): Promise<string | null> {
  if (accountId === null) return userName;
  const [row] = await tx.query(account, [accountId]);
  return z.object({ email: z.string().nullable() }).parse(row).email;
}

const provisioning = "select 1 from provisioning where organization_id = $1";
const lock = { name: "organization_lock", text: `${provisioning} for no key update` };
const lockOut = { name: "organization_lock_out", text: `${provisioning} for update` };

const account = { name: "scim_account_email", text: "select email from account where id = $1" };

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
