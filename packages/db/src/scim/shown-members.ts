import { expressionBuilder, sql, type RawBuilder } from "kysely";
import { statement } from "../store/statement.ts";
import type { Queryable } from "../store/queryable.ts";
import type { Tables } from "../store/tables.ts";

export type ShownMember = { readonly id: string; readonly userName: string };

/**
 * `members` undefined: not asked for. Inactive people are shown too; only deleted ones are not. `membersTag` stands for
 * what a group shows of them (docs/decisions/0011): another list, or another name in it, has another tag.
 */
export type ShownMembers = {
  readonly members: readonly ShownMember[] | undefined;
  readonly membersTag: string;
};

/** Which of it a statement reads. */
export type Shown = "members" | "tag" | "nothing";
type ShownColumn = { readonly members: readonly ShownMember[] | null; readonly tag: string };

/** Does the grant `g` show in the role? In a role of the directory only what it gave, in any other all (docs/decisions/0005). */
export const isShownIn = (role: "r" | "gr"): RawBuilder<boolean> =>
  sql`(g.source = 'group' or not (${sql.raw(role)}.is_scim_created or ${sql.raw(role)}.is_linked))`;

const eb = expressionBuilder<Tables & { r: Tables["role"] }, "r">();
const shownMembers = eb
  .selectFrom("role_grant as g")
  .innerJoin("member as gm", (on) =>
    on
      .onRef("gm.organizationId", "=", "g.organizationId")
      .onRef("gm.id", "=", "g.memberId")
      .on("gm.isDeleted", "=", sql.lit(false)),
  )
  .whereRef("g.organizationId", "=", "r.organizationId")
  .whereRef("g.roleId", "=", "r.id")
  .where(isShownIn("r"))
  .select(["gm.id", "gm.userName"])
  .distinct();

const tag = sql`to_hex(coalesce(bit_xor(uuid_hash_extended(shown.id, hashtextextended(shown.user_name, 0))), 0))`;
const list = sql`coalesce(json_agg(json_build_object('id', shown.id, 'userName', shown.user_name) order by shown.id), '[]')`;

/**
 * The column that `shownOf` reads, for the role `r`: each member that its group shows once, however many grants they have.
 * The tag is a sum over them in any order, so that nothing is sorted for it.
 */
export function shownColumn(shown: Shown): RawBuilder<ShownColumn> {
  if (shown === "nothing") return sql`json_build_object('members', null, 'tag', '')`;
  return sql`(select json_build_object('members', ${shown === "members" ? list : sql`null::json`}, 'tag', ${tag})
    from ${shownMembers.as("shown")})`;
}

export function shownOf({ members, tag: membersTag }: ShownColumn): ShownMembers {
  return { members: members ?? undefined, membersTag };
}

const membersTagOf = statement<{ organizationId: string; roleId: string }>()((db, p) =>
  db
    .selectFrom("role as r")
    .where("r.organizationId", "=", p("organizationId"))
    .where("r.id", "=", p("roleId"))
    .select(shownColumn("tag").as("shown")),
);

/** The tag of a role that this transaction holds. */
export async function readMembersTag(tx: Queryable, organizationId: string, roleId: string): Promise<string> {
  const [row] = await tx.run(membersTagOf, { organizationId, roleId });
  if (row === undefined) throw new Error("A role that is held is there.");
  return row.shown.tag;
}
