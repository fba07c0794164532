import { z } from "zod";
import { recordChanges } from "../store/change-log.ts";
import type { RoleRow } from "../role/role-row.ts";
import type { Queryable } from "../store/queryable.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";

/**
 * Ends the mappings that name a role that ends, as the group or as what is given. Were there any? Then `applyMappings`
 * follows for whoever is in it.
 */
export async function endMappingsOf(tx: Queryable, context: WriteContext, role: RoleRow): Promise<boolean> {
  const rows = await tx.query(endOfRole, [context.organizationId, role.id]);
  const entries = rows.map((row) => {
    const { groupId, group, targetId, target } = endedRow.parse(row);
    const subject = { kind: "role", id: groupId, name: group } as const;
    return { ...entryOf(context), kind: "role.unmapped", subject, before: { roleId: targetId, role: target } } as const;
  });
  await recordChanges(tx, entries);
  return entries.length > 0;
}

/**
 * Ends all mappings as provisioning ends: what they gave stays with the people and is theirs as if given by hand, as
 * nobody could take it any more. Returns how many mappings there were.
 */
export async function releaseMappings(tx: Queryable, context: WriteContext): Promise<number> {
  const ended = await tx.query(endAll, [context.organizationId]);
  await tx.query(releaseGrants, [context.organizationId]);
  return ended.length;
}

const endedRow = z.object({ groupId: z.string(), group: z.string(), targetId: z.string(), target: z.string() });

const endOfRole = {
  name: "role_mapping_end",
  text: `with ended as (delete from group_mapping where organization_id = $1 and (group_id = $2 or target_id = $2)
      returning group_id, target_id, position)
    select g.id as "groupId", g.name as "group", t.id as "targetId", t.name as target from ended
    join role g on g.organization_id = $1 and g.id = ended.group_id
    join role t on t.organization_id = $1 and t.id = ended.target_id order by ended.position`,
};
const endAll = {
  name: "role_mapping_end_all",
  text: "delete from group_mapping where organization_id = $1 returning group_id",
};
const releaseGrants = {
  name: "role_mapping_release",
  text: `with gone as (delete from role_grant where organization_id = $1 and source = 'mapping'
      returning member_id, role_id, created_at)
    insert into role_grant (organization_id, member_id, role_id, source, created_at)
    select $1, member_id, role_id, 'manual', created_at from gone on conflict do nothing`,
};
