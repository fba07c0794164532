import { z } from "zod";
import { recordChanges, type NewChange } from "../store/change-log.ts";
import type { Queryable } from "../store/queryable.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";

/** Whose mapped roles are looked at, and by which group's push; `everybody` is for what owners change. */
type MappingScope = { readonly memberIds: readonly string[] | "everybody"; readonly group?: string };

/**
 * Makes the grants of source `mapping` what the owners' mappings say of the groups that people are in now: the first
 * mapping in order decides (`mappingFor` of the domain), whether or not the person has access at the moment. Call it
 * after the change and in its transaction, while the provider's writes that could change mappings, groups or people
 * meant are held up. Returns how many people lost a role by it; whose last one that was keeps the default role.
 */
export async function applyMappings(tx: Queryable, context: WriteContext, scope: MappingScope): Promise<number> {
  const ids = scope.memberIds === "everybody" ? null : scope.memberIds;
  const moves = (await tx.query(differences, [context.organizationId, ids])).map((row) => moveRow.parse(row));
  if (moves.length === 0) return 0;
  const [gains, losses] = [moves.filter(({ isGain }) => isGain), moves.filter(({ isGain }) => !isGain)];
  const kept = await tx.query(save, [
    context.organizationId,
    context.now,
    gains.map(({ memberId }) => memberId),
    gains.map(({ roleId }) => roleId),
    losses.map(({ memberId }) => memberId),
    losses.map(({ roleId }) => roleId),
  ]);
  await log(tx, context, [
    ...moves.map((move) => entryOfMove(move, move.isGain ? move.group : (scope.group ?? null))),
    ...kept.map((row) => entryOfMove({ ...keptRow.parse(row), isGain: true }, undefined)),
  ]);
  return new Set(losses.map(({ memberId }) => memberId)).size;
}

const keptRow = z.object({ memberId: z.string(), name: z.string(), roleId: z.string(), role: z.string() });
const moveRow = keptRow.extend({ isGain: z.boolean(), group: z.string().nullable() });
type Move = z.infer<typeof keptRow> & { readonly isGain: boolean };
type Entry = Pick<NewChange, "kind" | "subject" | "before" | "after">;

/** `group`: whose mapping it was, null where nobody can say; undefined for the default role. */
function entryOfMove(move: Move, group: string | null | undefined): Entry {
  const source = group === undefined ? "default" : "mapping";
  const what = { roleId: move.roleId, role: move.role, source, ...(typeof group === "string" ? { group } : {}) };
  const subject = { kind: "member", id: move.memberId, name: move.name } as const;
  return move.isGain
    ? { kind: "member.role_granted", subject, after: what }
    : { kind: "member.role_revoked", subject, before: what };
}

const batchSize = 1000;

/** In batches, as one mapping may move everybody of a large organization. */
async function log(tx: Queryable, context: WriteContext, entries: readonly Entry[]): Promise<void> {
  for (let start = 0; start < entries.length; start += batchSize) {
    const batch = entries.slice(start, start + batchSize);
    await recordChanges(
      tx,
      batch.map((entry) => ({ ...entryOf(context), ...entry })),
    );
  }
}

/** $1 organization, $2 of whom, null for everybody. One row for each grant that is missing or too many. */
const differences = {
  name: "role_mapping_differences",
  text: `with wanted as (select distinct on (g.member_id) g.member_id, gm.target_id as role_id, gm.group_id
      from group_mapping gm join role_grant g on g.organization_id = gm.organization_id and g.role_id = gm.group_id
        and g.source = 'group' and ($2::uuid[] is null or g.member_id = any($2))
      where gm.organization_id = $1 order by g.member_id, gm.position),
    held as (select member_id, role_id from role_grant where organization_id = $1 and source = 'mapping'
      and ($2::uuid[] is null or member_id = any($2)))
    select m.id as "memberId", m.name, r.id as "roleId", r.name as role, held.member_id is null as "isGain",
      mapped.name as "group"
    from wanted full join held on held.member_id = wanted.member_id and held.role_id = wanted.role_id
    join member m on m.organization_id = $1 and m.id = coalesce(wanted.member_id, held.member_id) and not m.is_deleted
    join role r on r.organization_id = $1 and r.id = coalesce(wanted.role_id, held.role_id)
    left join role mapped on mapped.organization_id = $1 and mapped.id = wanted.group_id
    where held.member_id is null or wanted.member_id is null
    order by m.name_key, m.id, held.member_id is null`,
};

/**
 * $1 organization, $2 now, $3/$4 who gains which role, $5/$6 who loses which. All parts see the grants as they were
 * before. The version of who is given the default role moves, as that may be the owners' role.
 */
const save = {
  name: "role_mapping_save",
  text: `with lost as (select * from unnest($5::uuid[], $6::uuid[]) as lost (member_id, role_id)),
    gone as (delete from role_grant g using lost where g.organization_id = $1 and g.member_id = lost.member_id
      and g.role_id = lost.role_id and g.source = 'mapping'),
    added as (insert into role_grant (organization_id, member_id, role_id, source, created_at)
      select $1, member_id, role_id, 'mapping', $2 from unnest($3::uuid[], $4::uuid[]) as gain (member_id, role_id)
      on conflict do nothing),
    bare as (select m.id, p.default_role_id from member m join provisioning p on p.organization_id = m.organization_id
      where m.organization_id = $1 and m.id = any($5::uuid[]) and m.active and not m.is_deleted
        and p.default_role_id is not null and m.id <> all($3::uuid[])
        and not exists (select 1 from role_grant g where g.organization_id = $1 and g.member_id = m.id
          and g.source <> 'mapping')),
    kept as (insert into role_grant (organization_id, member_id, role_id, source, created_at)
      select $1, id, default_role_id, 'default', $2 from bare on conflict do nothing returning member_id, role_id),
    bumped as (update member set version = version + 1
      where organization_id = $1 and id in (select member_id from kept))
    select m.id as "memberId", m.name, r.id as "roleId", r.name as role
    from kept join member m on m.organization_id = $1 and m.id = kept.member_id
    join role r on r.organization_id = $1 and r.id = kept.role_id`,
};
