import { accessEndKinds, grantByOwner, isMappingGroup, roleUndoMs, type Refusal } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { z } from "zod";
import type { Database } from "../store/database.ts";
import { applyMappings } from "../role-mapping/role-mapping.ts";
import type { WriteContext } from "../store/write-context.ts";
import { afterGrant, load, type RoleOfMember, type RoleTick, takeByHand, type TakeRefusal } from "./member-roles.ts";
import { inOrganization } from "../store/unit-of-work.ts";

type UndoRefusal = TakeRefusal | Refusal<"undoOver">;

/**
 * Undoes what the same owner has just done: takes the role that was given by hand, or restores the grants that were taken,
 * with their sources and times, so that the directory can take back what it gave. Under the rules of giving and taking.
 * `undoOver`: it was longer ago than `roleUndoMs`, or the role was given or taken, or the person's access ended, since.
 */
export function undoRoleTick(
  database: Database,
  context: WriteContext,
  wish: RoleOfMember & { readonly changeId: string },
): Promise<Result<RoleTick, UndoRefusal>> {
  const { organizationId, actor, now } = context;
  const subject = { kind: "member", id: wish.memberId, name: "" } as const;
  const attempt = { kind: "member.role_granted", subject } as const;
  return inOrganization(database, context, attempt, async (tx): Promise<Result<RoleTick, UndoRefusal>> => {
    const known = await load(tx, context, wish);
    if (!known.ok) return known;
    const { member, role } = known.value;
    const since = new Date(now.getTime() - roleUndoMs);
    const sought = [organizationId, member.id, role.id, wish.changeId, actor.id, since, accessEndKinds];
    const [row] = await tx.query(undone, sought);
    if (row === undefined) return err({ kind: "undoOver", name: role.name });
    if (undoneRow.parse(row).kind === "member.role_granted") {
      return takeByHand(tx, context, member, role, "given by hand");
    }
    const allowed = grantByOwner(member.isManaged, role);
    if (!allowed.ok) return allowed;
    await tx.query(restore, [organizationId, wish.changeId, role.id]);
    const changeId = await afterGrant(tx, context, member, role);
    if (isMappingGroup(role)) await applyMappings(tx, context, { memberIds: [member.id], group: role.name });
    return ok({ changeId });
  });
}

const undoneRow = z.object({ kind: z.enum(["member.role_granted", "member.role_revoked"]) });

const ofRole = `kind in ('member.role_granted', 'member.role_revoked') and refusal is null
  and coalesce(after, before) ->> 'roleId' = $3`;
const undone = {
  name: "role_tick_undone",
  text: `select c.kind from (select * from change where organization_id = $1 and subject_id = $2 and ${ofRole}
      order by id desc limit 1) c
    where c.id = $4 and c.actor_id = $5 and c.at >= $6 and coalesce(c.after, c.before) ->> 'source' = 'manual'
      and not exists (select 1 from change ended where ended.organization_id = $1 and ended.subject_id = $2
        and ended.id > $4 and ended.kind = any($7::text[]) and ended.refusal is null)`,
};
const restore = {
  name: "role_tick_restore",
  text: `insert into role_grant (organization_id, member_id, role_id, source, created_at)
    select c.organization_id, c.subject_id, $3, gone.source, gone.at from change c
      cross join jsonb_to_recordset(c.before -> 'grants') as gone (source text, at timestamptz)
    where c.organization_id = $1 and c.id = $2 on conflict do nothing`,
};
