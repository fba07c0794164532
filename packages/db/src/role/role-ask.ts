import { z } from "zod";
import type { Queryable } from "../store/queryable.ts";
import type { ActivityEntry } from "../change/activity.ts";

const askRow = z.object({ at: z.date(), tokenName: z.string() });
/** The provider's last try to manage a role that owners manage, and the token that it used. */
export type RoleAsk = z.infer<typeof askRow>;

/**
 * The ask that owners have not answered; null where there is none, where they have decided since to link the role or to
 * take it back, or where provisioning is off or was turned on since. `roleId` must be a UUID.
 */
export async function readRoleAsk(sql: Queryable, organizationId: string, roleId: string): Promise<RoleAsk | null> {
  const [row] = await sql.query(lastAsk, [organizationId, roleId]);
  return row === undefined ? null : askRow.parse(row);
}

const roleRow = z.object({ id: z.string(), name: z.string() });
export type AskedRole = z.infer<typeof roleRow>;

/** The roles that a call was refused to manage and that owners still manage, by name. */
export async function readAskedRoles(
  sql: Queryable,
  organizationId: string,
  changes: readonly ActivityEntry[],
): Promise<readonly AskedRole[]> {
  const ids = changes.flatMap(({ refusal, subject }) =>
    refusal === "roleNotLinked" && subject.id !== null ? [subject.id] : [],
  );
  if (ids.length === 0) return [];
  return (await sql.query(askedRoles, [organizationId, ids])).map((row) => roleRow.parse(row));
}

const ownRoles = `role r join provisioning p on p.organization_id = r.organization_id and p.is_enabled
    and r.deleted_at is null and not r.is_linked and not r.is_scim_created`;
const lastAsk = {
  name: "role_ask",
  text: `select last.at, last.actor_name as "tokenName" from ${ownRoles}
    cross join lateral (select c.at, c.actor_name, c.refusal from change c
      where c.organization_id = r.organization_id and c.subject_id = r.id and (c.refusal = 'roleNotLinked'
        or c.refusal is null and c.kind in ('role.linked', 'role.unlinked')) order by c.id desc limit 1) last
    where r.organization_id = $1 and r.id = $2 and last.refusal is not null and last.at >= p.enabled_at`,
};
const askedRoles = {
  name: "role_asked",
  text: `select r.id, r.name from ${ownRoles} where r.organization_id = $1 and r.id = any($2::uuid[])
    order by r.name_key`,
};
