import { sql, type Expression, type Kysely, type QueryCreator } from "kysely";
import type { Queryable } from "./queryable.ts";
import { statement } from "./statement.ts";
import type { Tables } from "./tables.ts";

type Organization = { readonly organizationId: string };

/**
 * Takes the organization's lock for the rest of the transaction. All writes that may remove an owner, change an email
 * address or count for the guard need it; the lock order is organization, role, members by id.
 */
export async function lockOrganization(tx: Queryable, organizationId: string): Promise<void> {
  await tx.run(lock, { organizationId });
}

/**
 * Takes the organization's lock, waits for current SCIM writes and delays later ones (`whileProvisioned`): for
 * disabling provisioning. Must be the first lock of the transaction, before any `lockOrganization`.
 */
export async function lockOutProvider(tx: Queryable, organizationId: string): Promise<void> {
  await tx.run(lockOut, { organizationId });
}

/**
 * Starts a SCIM statement without the organization's lock. The expression `provisioned` has one row if provisioning is
 * on, and keeps it on until the transaction ends; dependent expressions must select from it, so that they wait for it.
 * Such writes block neither one another nor other changes of settings.
 */
export function whileProvisioned(db: Kysely<Tables>, organizationId: Expression<string>) {
  return db.with("provisioned", (from) => provisioned(from, organizationId).forKeyShare());
}

/** As `whileProvisioned`, with the organization's lock, which the statement takes before it writes. */
export function whileProvisionedAlone(db: Kysely<Tables>, organizationId: Expression<string>) {
  return db.with("provisioned", (from) => provisioned(from, organizationId).forNoKeyUpdate());
}

/** As `whileProvisioned`, if the verified domains of the organization have that version as well. */
export function whileDomainsAre(db: Kysely<Tables>, organizationId: Expression<string>, version: Expression<number>) {
  return db.with("provisioned", (from) =>
    provisioned(from, organizationId).where("domainsVersion", "=", version).forKeyShare(),
  );
}

/** The current default role, kept by `provisioned`; `otherwise`: if provisioning is off. */
export const currentDefaultRole = (otherwise: Expression<string | null>) =>
  sql<string>`coalesce((select default_role_id from provisioned), ${otherwise}::uuid)`;

export async function verifiedAmong(
  tx: Queryable,
  organizationId: string,
  domains: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await tx.run(verified, { organizationId, domains });
  return new Set(rows.map(({ domain }) => domain));
}

/**
 * The current address of a member's account, which another organization may have changed; null: another person has it.
 * For a person who has not accepted, only the userName is known.
 */
export async function accountEmail(
  tx: Queryable,
  { accountId, userName }: { readonly accountId: string | null; readonly userName: string },
): Promise<string | null> {
  if (accountId === null) return userName;
  const [row] = await tx.run(account, { accountId });
  if (row === undefined) throw new Error(`There is no account ${accountId}.`);
  return row.email;
}

const provisioned = (db: QueryCreator<Tables>, organizationId: Expression<string>) =>
  db
    .selectFrom("provisioning")
    .where("organizationId", "=", organizationId)
    .where("isEnabled", "=", sql.lit(true))
    .select(["organizationId", "defaultRoleId"]);

const lock = statement<Organization>()((db, p) =>
  db
    .selectFrom("provisioning")
    .where("organizationId", "=", p("organizationId"))
    .select("organizationId")
    .forNoKeyUpdate(),
);
const lockOut = statement<Organization>()((db, p) =>
  db.selectFrom("provisioning").where("organizationId", "=", p("organizationId")).select("organizationId").forUpdate(),
);

const account = statement<{ accountId: string }>()((db, p) =>
  db.selectFrom("account").where("id", "=", p("accountId")).select("email"),
);

const verified = statement<Organization & { domains: readonly string[] }>()((db, p) =>
  db
    .selectFrom("verified_domain")
    .where("organizationId", "=", p("organizationId"))
    .where(sql<boolean>`domain = any(${p("domains")}::text[])`)
    .select("domain"),
);
