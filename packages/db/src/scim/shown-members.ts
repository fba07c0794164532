import { z } from "zod";
import type { Queryable } from "../store/queryable.ts";
import { groupMembers } from "./user-columns.ts";

export type ShownMember = { readonly id: string; readonly userName: string };

/**
 * `members` undefined: not asked for. Inactive people are shown too; only deleted ones are not. `membersTag` stands for
 * what a group shows of them (docs/decisions/0011): another list, or another name in it, has another tag.
 */
export type ShownMembers = {
  readonly members: readonly ShownMember[] | undefined;
  readonly membersTag: string;
};

/**
 * The column that `shownOf` reads, for `role r`: whom `groupMembers` names, each once, however many grants they have.
 * The tag is a sum over them in any order, so that nothing is sorted for it.
 */
export function shownColumn(withMembers: boolean): string {
  const members = withMembers ? `coalesce(json_agg(shown order by shown.id), '[]')` : "null::json";
  return `(select json_build_object('members', ${members}, 'tag', to_hex(coalesce(bit_xor(
      uuid_hash_extended(shown.id, hashtextextended(shown."userName", 0))), 0)))
    from (select distinct gm.id, gm.user_name as "userName" ${groupMembers}) shown) as shown`;
}

/** The same column where an answer shows neither members nor a version. */
export const nothingShown = "json_build_object('members', null, 'tag', '') as shown";

const shownRow = z.object({
  shown: z.object({
    members: z.array(z.object({ id: z.string(), userName: z.string() })).nullable(),
    tag: z.string(),
  }),
});

export function shownOf(row: Record<string, unknown> | undefined): ShownMembers {
  const { members, tag } = shownRow.parse(row).shown;
  return { members: members ?? undefined, membersTag: tag };
}

/** The tag of a role that this transaction holds. */
export async function readMembersTag(tx: Queryable, organizationId: string, roleId: string): Promise<string> {
  const [row] = await tx.query(membersTagOf, [organizationId, roleId]);
  return shownOf(row).membersTag;
}

const membersTagOf = {
  name: "role_members_tag",
  text: `select ${shownColumn(false)} from role r where r.organization_id = $1 and r.id = $2`,
};
