import { sql, type Expression, type Kysely, type QueryCreator } from "kysely";
import type { Queryable } from "./queryable.ts";
import { statement } from "./statement.ts";
import type { Tables } from "./tables.ts";

type Organization = { readonly organizationId: string };

/**
 * Takes the organization's lock for the rest of the transaction. Whatever may remove an owner, move an email address or is
 * counted by the guard decides under it; the lock order is organization, role, members by id.
 */
export async function lockOrganization(tx: Queryable, organizationId: string): Promise<void> {
  await tx.run(lock, { organizationId });
}

/**
 * Takes the organization's lock, and also waits for every write of the provider that is under way and delays those to come
 * (`whileProvisioned`): for turning provisioning off. It must be the first lock: a transaction that has
 * `lockOrganization` must not ask for more.
 */
export async function lockOutProvider(tx: Queryable, organizationId: string): Promise<void> {
  await tx.run(lockOut, { organizationId });
}

/**
 * Starts a statement of the provider that is not under the organization's lock. The expression `provisioned` has its one
 * row if provisioning is on, and keeps it on until the transaction ends; what depends on it must ask for that row, and so
 * waits for it first. Such writes delay neither one another nor an owner's other settings.
 */
export function whileProvisioned(db: Kysely<Tables>, organizationId: Expression<string>) {
  return db.with("provisioned", (from) => provisioned(from, organizationId));
}

/** As `whileProvisioned`, if the verified domains of the organization are those of that version as well. */
export function whileDomainsAre(db: Kysely<Tables>, organizationId: Expression<string>, version: Expression<number>) {
  return db.with("provisioned", (from) => provisioned(from, organizationId).where("domainsVersion", "=", version));
}

/** The default role as it is while `provisioned` keeps it; `otherwise`: where provisioning is off. */
export const currentDefaultRole = (otherwise: Expression<string | null>) =>
  sql<string>`coalesce((select default_role_id from provisioned), ${otherwise}::uuid)`;

/** How many owners other than `memberId` have access now. Read it under the lock. */
export async function otherActiveOwners(tx: Queryable, organizationId: string, memberId: string): Promise<number> {
  const [row] = await tx.run(otherOwners, { organizationId, memberId });
  return row?.count ?? 0;
}

/** Those of `domains` that the organization has verified. */
export async function verifiedAmong(
  tx: Queryable,
  organizationId: string,
  domains: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await tx.run(verified, { organizationId, domains });
  return new Set(rows.map(({ domain }) => domain));
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
  const [row] = await tx.run(account, { accountId });
  if (row === undefined) throw new Error(`There is no account ${accountId}.`);
  return row.email;
}

const provisioned = (db: QueryCreator<Tables>, organizationId: Expression<string>) =>
  db
    .selectFrom("provisioning")
    .where("organizationId", "=", organizationId)
    .where("isEnabled", "=", sql.lit(true))
    .select(["organizationId", "defaultRoleId"])
    .forKeyShare();

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

const otherOwners = statement<Organization & { memberId: string }>()((db, p) =>
  db
    .selectFrom("role as r")
    .innerJoin("role_grant as g", (on) =>
      on.onRef("g.organizationId", "=", "r.organizationId").onRef("g.roleId", "=", "r.id"),
    )
    .innerJoin("member as m", (on) =>
      on.onRef("m.organizationId", "=", "g.organizationId").onRef("m.id", "=", "g.memberId"),
    )
    .where("r.organizationId", "=", p("organizationId"))
    .where("r.kind", "=", sql.lit("owner"))
    .where("m.id", "<>", p("memberId"))
    .where("m.active", "=", sql.lit(true))
    .where("m.awaitsAcceptance", "=", sql.lit(false))
    .where("m.isDeleted", "=", sql.lit(false))
    .select((eb) => eb.fn.count<number>("m.id").distinct().as("count")),
);

const verified = statement<Organization & { domains: readonly string[] }>()((db, p) =>
  db
    .selectFrom("verified_domain")
    .where("organizationId", "=", p("organizationId"))
    .where(sql<boolean>`domain = any(${p("domains")}::text[])`)
    .select("domain"),
);
