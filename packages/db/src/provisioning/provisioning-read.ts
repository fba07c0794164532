import { guardLimit, guardWindowMs, isGuardLatched, roleKinds } from "@rollcall/domain";
import { z } from "zod";
import { countedLosses } from "../guard/guard-check.ts";
import { waitingHolds } from "../guard/held-change.ts";
import type { Queryable } from "../store/queryable.ts";

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
  latchedAt: z.date().nullable(),
  holdsUntil: z.date().nullable(),
  losses: z.number(),
  held: z.number(),
  verifiedDomains: z.array(z.string()),
  managedMembers: z.number(),
});
type OverviewRow = z.infer<typeof overviewRow>;
type GuardColumn = "losses" | "held" | "latchedAt" | "holdsUntil" | "releasedUntil";

export type ProvisioningOverview = Omit<OverviewRow, GuardColumn> & {
  readonly guard: {
    /** People who count as lost to the provider within the last 15 minutes, and how many may. */
    readonly losses: number;
    readonly limit: number;
    /** Since when the guard holds; null where it does not, or where it is off or released. */
    readonly latchedAt: Date | null;
    /** When the hold ends by itself; null while a change waits for a decision. */
    readonly holdsUntil: Date | null;
    /** Changes that wait for a decision. */
    readonly held: number;
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
  const [row] = await sql.query(overview, [organizationId, since]);
  const { losses, held, latchedAt, holdsUntil, releasedUntil: until, ...rest } = overviewRow.parse(row);
  const releasedUntil = until !== null && until > now ? until : null;
  const isHolding = rest.isGuardOn && releasedUntil === null && isGuardLatched({ latchedAt, holdsUntil }, now);
  const hold = isHolding ? { latchedAt, holdsUntil } : { latchedAt: null, holdsUntil: null };
  return { ...rest, guard: { losses, limit: guardLimit(rest.managedMembers), held, releasedUntil, ...hold } };
}

const overview = {
  name: "provisioning_overview",
  text: `select o.name as "organizationName", p.is_enabled as "isEnabled", p.enabled_at as "enabledAt",
      (select json_build_object('id', r.id, 'name', r.name, 'kind', r.kind) from role r
        where r.organization_id = p.organization_id and r.id = p.default_role_id and r.deleted_at is null) as "defaultRole",
      exists (select 1 from sso_connection c where c.organization_id = p.organization_id) as "hasSso",
      p.sso_acknowledged_at as "ssoAcknowledgedAt", p.sso_acknowledged_by as "ssoAcknowledgedBy",
      p.is_guard_on as "isGuardOn", p.keeps_locks as "keepsLocks", p.only_directory_removes as "onlyDirectoryRemoves", p.guard_released_until as "releasedUntil",
      p.guard_latched_at as "latchedAt", p.guard_holds_until as "holdsUntil", ${countedLosses} as losses,
      (select count(*)::int ${waitingHolds("p.organization_id")}) as held,
      array(select d.domain from verified_domain d where d.organization_id = p.organization_id
        order by d.domain limit 1000) as "verifiedDomains",
      (select count(*)::int from member m where m.organization_id = p.organization_id and m.is_managed
        and not m.is_deleted) as "managedMembers"
    from provisioning p join organization o on o.id = p.organization_id where p.organization_id = $1`,
};
