import { z } from "zod";
import { changeOfEachCte, changeValue } from "../store/change-log.ts";
import { newId } from "../store/id.ts";
import type { RoleRow } from "../role/role-row.ts";
import { mapInSlices } from "../store/slices.ts";
import type { Queryable } from "../store/queryable.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";

export type NamedMember = { readonly id: string; readonly name: string };

/** Who is to hold the role and who is not to, none of them in both. `takes`: only what the directory gave, or all. */
type GrantWish = {
  readonly joining: readonly NamedMember[];
  readonly leaving: readonly NamedMember[];
  readonly takes: "group" | "any";
};

/**
 * Gives and takes a role that is locked, and so are its people. Only whom it changes is logged, one entry a person, and
 * makes the role's date move. Nobody drops out of the organization: whose last role this was keeps the default role. The
 * version of who is an owner now, or was one, moves, so that no decision on the old facts is saved; the default role may
 * be the owners' too. Returns how many lost the role, and whether owners have mapped it: then `applyMappings` follows.
 */
export async function saveGrants(
  tx: Queryable,
  context: WriteContext,
  role: RoleRow,
  { joining, leaving, takes }: GrantWish,
): Promise<SavedGrants> {
  if (joining.length + leaving.length === 0) return { lost: 0, isMapped: false };
  const what = { roleId: role.id, role: role.name, source: "group" };
  const shared = { ...entryOf(context), subject: { kind: "member", id: null, name: "" } } as const;
  const people = [...joining, ...leaving];
  const [row] = await tx.query(save, [
    context.organizationId,
    role.id,
    context.now,
    joining.map(({ id }) => id),
    leaving.map(({ id }) => id),
    takes === "any",
    context.defaultRoleId,
    role.kind !== "custom",
    changeValue([
      { ...shared, kind: "member.role_granted", after: what },
      { ...shared, kind: "member.role_revoked", before: what },
    ]),
    await mapInSlices(people, newId),
    people.map(({ name }) => name),
  ]);
  return savedRow.parse(row);
}

const savedRow = z.object({ lost: z.number(), isMapped: z.boolean() });
type SavedGrants = Readonly<z.infer<typeof savedRow>>;

/** Is this a grant that is taken? All parts of the statement see the grants as they were before it. */
const isTaken = "g.role_id = $2 and (g.source = 'group' or $6::boolean)";

/**
 * $1 organization, $2 role, $3 now, $4 who joins, $5 who leaves, $6 takes all, $7 default role, $8 bumps versions, $9 the
 * log entries of who gains and who loses, $10/$11 their ids and the names of those who join and then of those who leave;
 * only those are written whom it changes. People are named in lists and asked for one by one
 * where a join would do, so that a kept plan cannot come to read all grants or all members.
 */
const save = {
  name: "role_grants_save",
  keepsPlan: true,
  text: `with added as (insert into role_grant (organization_id, member_id, role_id, source, created_at)
      select $1, id, $2, 'group', $3 from unnest($4::uuid[]) as id on conflict do nothing returning member_id),
    gone as (delete from role_grant g where g.organization_id = $1 and g.member_id = any($5::uuid[]) and ${isTaken}
      returning g.member_id),
    kept as (insert into role_grant (organization_id, member_id, role_id, source, created_at)
      select $1, m.id, $7::uuid, 'default', $3 from gone cross join lateral
        (select * from member where organization_id = $1 and id = gone.member_id and active and deleted_at is null limit 1) m
      where $7::uuid is not null
        and (select 1 from role_grant g where g.organization_id = $1 and g.member_id = m.id and not (${isTaken}) limit 1) is null
      on conflict do nothing returning member_id),
    changed as (select member_id, 'member.role_granted' as kind from added
      union select member_id, 'member.role_revoked' from gone),
    logs as (select person.*, changed.kind from unnest($10::uuid[], $4::uuid[] || $5::uuid[], $11::text[])
      as person (id, subject_id, subject_name) join changed on changed.member_id = person.subject_id),
    touched as (update role set version = version + 1, updated_at = $3
      where organization_id = $1 and id = $2 and exists (select 1 from changed)),
    bumped as (update member set version = version + 1
      where organization_id = $1 and id = any($4::uuid[] || $5::uuid[])
        and (($8::boolean and exists (select 1 from changed where member_id = id))
          or exists (select 1 from kept where member_id = id))),
    ${changeOfEachCte("logs", 9)}
    select count(distinct member_id)::int as lost, exists (select 1 from group_mapping mapped
      where mapped.organization_id = $1 and mapped.group_id = $2) as "isMapped" from gone`,
};
