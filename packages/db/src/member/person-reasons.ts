import { actorKinds, changeKinds, grantSources, roleReason } from "@rollcall/domain";
import { z } from "zod";
import type { Queryable } from "../store/queryable.ts";

/** Why somebody has a role: a sentence a source, and since when. */
export type RoleReasons = {
  readonly roleId: string;
  readonly reasons: readonly { readonly words: string; readonly since: Date }[];
};

/** Why the member has each of their roles, from the grants and what the log tells of them. `memberId` must be a UUID. */
export async function readRoleReasons(
  sql: Queryable,
  organizationId: string,
  memberId: string,
): Promise<readonly RoleReasons[]> {
  const rows = (await sql.query(grants, [organizationId, memberId])).map((row) => grantRow.parse(row));
  const roleIds = new Set(rows.map(({ roleId }) => roleId));
  return [...roleIds].map((id) => {
    const sources = rows.filter(({ roleId }) => roleId === id);
    return { roleId: id, reasons: sources.map(reasonOf) };
  });
}

function reasonOf(row: z.infer<typeof grantRow>): RoleReasons["reasons"][number] {
  const { source, roleName, group, since, isFromStart, kind, actorKind, actorName } = row;
  const isTold = kind !== null && actorKind !== null && actorName !== null;
  const entry = isTold ? { kind, actor: { kind: actorKind, name: actorName } } : null;
  return { words: roleReason({ source, roleName, group, entry, isFromStart }), since };
}

const grantRow = z.object({
  roleId: z.string(),
  roleName: z.string(),
  group: z.string().nullable(),
  source: z.enum(grantSources),
  since: z.date(),
  isFromStart: z.boolean(),
  kind: z.enum(changeKinds).nullable(),
  actorKind: z.enum(actorKinds).nullable(),
  actorName: z.string().nullable(),
});

/** A default role has no entry of its own: it goes with what happened to the person in the same transaction. */
const grants = {
  name: "member_role_reasons",
  text: `select g.role_id as "roleId", r.name as "roleName", g.source, g.created_at as since,
      g.created_at = m.created_at as "isFromStart", told."group", told.kind,
      told.actor_kind as "actorKind", told.actor_name as "actorName"
    from role_grant g
    join role r on r.organization_id = g.organization_id and r.id = g.role_id and r.deleted_at is null
    join member m on m.organization_id = g.organization_id and m.id = g.member_id
    left join lateral (select c.kind, c.actor_kind, c.actor_name, c.after ->> 'group' as "group" from change c
      where c.organization_id = $1 and c.subject_id = $2 and c.refusal is null
        and case when g.source = 'default' then c.at = g.created_at
          and c.kind in ('member.created', 'member.revived', 'member.reactivated', 'member.role_revoked')
        else c.kind = 'member.role_granted' and c.after ->> 'roleId' = g.role_id::text and c.after ->> 'source' = g.source end
      order by c.id desc limit 1) told on true
    where g.organization_id = $1 and g.member_id = $2 order by r.name_key, r.id, g.source limit 300`,
};
