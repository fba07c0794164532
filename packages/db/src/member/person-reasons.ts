import { roleReason } from "@rollcall/domain";
import { sql } from "kysely";
import { changesOf } from "../change/activity.ts";
import type { Queryable } from "../store/queryable.ts";

/** Why a member has a role: one sentence per source, with the time. */
export type RoleReasons = {
  readonly roleId: string;
  readonly reasons: readonly { readonly text: string; readonly since: Date }[];
};

/** Derived from the grants and their log entries. `memberId` must be a UUID. */
export async function readRoleReasons(
  { db }: Queryable,
  organizationId: string,
  memberId: string,
): Promise<readonly RoleReasons[]> {
  const rows = await grantsOf(db, organizationId, memberId);
  const roleIds = new Set(rows.map(({ roleId }) => roleId));
  return [...roleIds].map((id) => {
    const sources = rows.filter(({ roleId }) => roleId === id);
    return { roleId: id, reasons: sources.map(reasonOf) };
  });
}

function reasonOf(row: Awaited<ReturnType<typeof grantsOf>>[number]): RoleReasons["reasons"][number] {
  const { source, roleName, group, since, isFromStart, kind, actorKind, actorName, isOwn } = row;
  const hasEntry = kind !== null && actorKind !== null && actorName !== null;
  const entry = hasEntry ? { kind, actor: { kind: actorKind, name: actorName }, isOwn } : null;
  return { text: roleReason({ source, roleName, group, entry, isFromStart }), since };
}

/** A default role has no entry: it belongs to the person's entry of the same transaction. */
const isOfGrant = sql<boolean>`case when g.source = 'default' then c.at = g.created_at
    and c.kind in ('member.created', 'member.revived', 'member.reactivated', 'member.role_revoked')
  else c.kind = 'member.role_granted' and c.after ->> 'roleId' = g.role_id::text and c.after ->> 'source' = g.source end`;

function grantsOf(db: Queryable["db"], organizationId: string, memberId: string) {
  const changes = changesOf(db, organizationId).where("c.subjectId", "=", memberId).where("c.refusal", "is", null);
  const group = sql<string | null>`c.after ->> 'group'`.as("group");
  const entry = changes
    .where(isOfGrant)
    .select(["c.kind", "c.actorKind", "c.actorId", "c.actorName", group])
    .orderBy("c.id", "desc");
  return db
    .selectFrom("role_grant as g")
    .innerJoin("role as r", "r.id", "g.roleId")
    .whereRef("r.organizationId", "=", "g.organizationId")
    .where("r.deletedAt", "is", null)
    .innerJoin("member as m", "m.id", "g.memberId")
    .whereRef("m.organizationId", "=", "g.organizationId")
    .leftJoinLateral(entry.limit(1).as("entry"), (on) => on.onTrue())
    .where("g.organizationId", "=", organizationId)
    .where("g.memberId", "=", memberId)
    .select(["g.roleId", "r.name as roleName", "g.source", "g.createdAt as since"])
    .select(sql<boolean>`g.created_at = m.created_at`.as("isFromStart"))
    .select(sql<boolean>`coalesce(entry.actor_id = m.account_id, false)`.as("isOwn"))
    .select(["entry.group", "entry.kind", "entry.actorKind", "entry.actorName"])
    .orderBy("r.nameKey")
    .orderBy("r.id")
    .orderBy("g.source")
    .limit(300)
    .execute();
}
