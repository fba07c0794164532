import { guardLimit, guardWindowMs, lossKinds, roleKinds } from "@rollcall/domain";
import { z } from "zod";
import type { Queryable } from "../statement.ts";

/** Ids are made by several processes, whose clocks may differ by so much. */
const clockSkewMs = 60_000;

const overviewRow = z.object({
  organizationName: z.string(),
  isEnabled: z.boolean(),
  enabledAt: z.date().nullable(),
  defaultRole: z.object({ id: z.string(), name: z.string(), kind: z.enum(roleKinds) }).nullable(),
  hasSso: z.boolean(),
  ssoAcknowledgedAt: z.date().nullable(),
  ssoAcknowledgedBy: z.string().nullable(),
  isGuardOn: z.boolean(),
  onlyDirectoryRemoves: z.boolean(),
  keepsLocks: z.boolean(),
  releasedUntil: z.date().nullable(),
  losses: z.number(),
  wasRefused: z.boolean(),
  verifiedDomains: z.array(z.string()),
  managedMembers: z.number(),
});
type OverviewRow = z.infer<typeof overviewRow>;

export type ProvisioningOverview = Omit<OverviewRow, "losses" | "wasRefused" | "releasedUntil"> & {
  readonly guard: {
    /** People who lost something to the provider within the last 15 minutes, and how many may. */
    readonly losses: number;
    readonly limit: number;
    /** Has the guard refused the provider within the last 15 minutes, and does it still? */
    readonly isTripped: boolean;
    /** Null where nobody lets everything pass now. */
    readonly releasedUntil: Date | null;
  };
};

/** Everything that the owners' provisioning screen shows, in one statement. At most 1,000 domains. */
export async function readProvisioningOverview(
  sql: Queryable,
  organizationId: string,
  now: Date,
): Promise<ProvisioningOverview> {
  const since = new Date(now.getTime() - guardWindowMs);
  const [row] = await sql.query(overview, [organizationId, since, firstIdAt(new Date(since.getTime() - clockSkewMs))]);
  const { losses, wasRefused, releasedUntil: until, ...rest } = overviewRow.parse(row);
  const releasedUntil = until !== null && until > now ? until : null;
  const isTripped = rest.isGuardOn && wasRefused && releasedUntil === null;
  return { ...rest, guard: { losses, limit: guardLimit(rest.managedMembers), isTripped, releasedUntil } };
}

/** The smallest UUIDv7 of that millisecond: ids are in the order of time, so the primary key finds the newest entries. */
function firstIdAt(date: Date): string {
  const digits = date.getTime().toString(16).padStart(12, "0");
  return `${digits.slice(0, 8)}-${digits.slice(8)}-7000-8000-000000000000`;
}

const overview = {
  name: "provisioning_overview",
  text: `select o.name as "organizationName", p.is_enabled as "isEnabled", p.enabled_at as "enabledAt",
      (select json_build_object('id', r.id, 'name', r.name, 'kind', r.kind) from role r
        where r.organization_id = p.organization_id and r.id = p.default_role_id and r.deleted_at is null) as "defaultRole",
      exists (select 1 from sso_connection c where c.organization_id = p.organization_id) as "hasSso",
      p.sso_acknowledged_at as "ssoAcknowledgedAt", p.sso_acknowledged_by as "ssoAcknowledgedBy",
      p.is_guard_on as "isGuardOn", p.keeps_locks as "keepsLocks", p.only_directory_removes as "onlyDirectoryRemoves", p.guard_released_until as "releasedUntil",
      (select count(distinct c.subject_id)::int from change c where c.organization_id = p.organization_id
        and c.actor_kind = 'token' and c.refusal is null and c.kind in (${lossKinds.map((kind) => `'${kind}'`).join(", ")})
        and c.at > $2) as losses,
      exists (select 1 from change c where c.organization_id = p.organization_id and c.id >= $3::uuid and c.at > $2
        and c.refusal = 'guardTripped') as "wasRefused",
      array(select d.domain from verified_domain d where d.organization_id = p.organization_id
        order by d.domain limit 1000) as "verifiedDomains",
      (select count(*)::int from member m where m.organization_id = p.organization_id and m.is_managed
        and not m.is_deleted) as "managedMembers"
    from provisioning p join organization o on o.id = p.organization_id where p.organization_id = $1`,
};
