import { expressionBuilder, sql, type RawBuilder } from "kysely";
import { statement } from "../store/statement.ts";
import type { Queryable } from "../store/queryable.ts";
import type { Tables } from "../store/tables.ts";

export type ShownMember = { readonly id: string; readonly userName: string };

/**
 * `members` undefined: not requested. Includes inactive people, but not deleted ones. `membersTag` identifies what a
 * group shows of them (docs/decisions/0011): it changes with the list or a name in it.
 */
export type ShownMembers = {
  readonly members: readonly ShownMember[] | undefined;
  readonly membersTag: string;
};

/** What a statement reads. */
export type Shown = "members" | "tag" | "nothing";
type ShownColumn = { readonly members: readonly ShownMember[] | null; readonly tag: string };

/**
 * Whether the grant `g` shows in the role: in a role of the directory only its own grants, in any other all
 * (docs/decisions/0005).
 */
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

const tag = sql`(select to_hex(coalesce(bit_xor(g.tag), 0)) from role_grant_count as g
  where g.organization_id = r.organization_id and g.role_id = r.id and ${isShownIn("r")})`;
const list = sql`(select coalesce(json_agg(json_build_object('id', shown.id, 'userName', shown.user_name) order by shown.id), '[]')
  from ${shownMembers.as("shown")})`;

/**
 * The column for `shownOf`, for the role `r`: each member that its group shows once, regardless of the number of
 * grants. The tag is kept, so that it costs the same for any number of members.
 */
export function shownColumn(shown: Shown): RawBuilder<ShownColumn> {
  if (shown === "nothing") return sql`json_build_object('members', null, 'tag', '')`;
  return sql`json_build_object('members', ${shown === "members" ? list : sql`null::json`}, 'tag', ${tag})`;
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

/** The tag of a role that this transaction has locked. */
export async function readMembersTag(tx: Queryable, organizationId: string, roleId: string): Promise<string> {
  const [row] = await tx.run(membersTagOf, { organizationId, roleId });
  if (row === undefined) throw new Error("A locked role does not exist.");
  return row.shown.tag;
}
