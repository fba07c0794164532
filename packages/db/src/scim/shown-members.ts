import { sql, type RawBuilder } from "kysely";
import { nilId } from "../store/id.ts";
import { statement } from "../store/statement.ts";
import type { Queryable } from "../store/queryable.ts";

export type ShownMember = { readonly id: string; readonly userName: string };

/**
 * What a group shows of its members, in the order of their ids. Includes inactive people, but not deleted ones.
 * `membersTag` changes with the list or a name in it (docs/decisions/0011).
 */
export type ShownMembers = {
  readonly organizationId: string;
  /** The first ones; undefined: not requested. */
  readonly members: readonly ShownMember[] | undefined;
  /** Whether there are more: `moreMembers`. */
  readonly hasMoreMembers: boolean;
  readonly membersTag: string;
};

/** The members that come with a group, so that most groups take one statement and a list of groups stays small. */
const firstMembers = 200;
const membersAtOnce = 2000;

/**
 * Whether the grant `g` shows in the role: in a role of the directory only its own grants, in any other all
 * (docs/decisions/0005).
 */
export const isShownIn = (role: "r" | "gr"): RawBuilder<boolean> =>
  sql`(g.source = 'group' or not (${sql.raw(role)}.is_scim_created or ${sql.raw(role)}.is_linked))`;

/** The next member after `id` that the role `r` shows. */
const nextShown = (id: RawBuilder<unknown>): RawBuilder<ShownMember> =>
  sql`select g.member_id as id, gm.user_name from role_grant as g cross join lateral (select user_name from member
      where organization_id = g.organization_id and id = g.member_id and not is_deleted limit 1) as gm
    where g.organization_id = r.organization_id and g.role_id = r.id and ${isShownIn("r")} and g.member_id > ${id}
    order by g.member_id limit 1`;

/**
 * The members that the role `r` shows after `id`, each once regardless of the number of grants. Each is found by the
 * one before: as one join, the planner would read all people or grants where it expects the role to be small.
 */
const shownAfter = (id: RawBuilder<unknown>, limit: number): RawBuilder<ShownMember> =>
  sql`with recursive shown as ((${nextShown(id)}) union all
      select next.* from shown cross join lateral (${nextShown(sql`shown.id`)}) as next)
    select id, user_name from shown limit ${sql.lit(limit)}`;

const membersTag = sql<string>`(select to_hex(coalesce(bit_xor(g.tag), 0)) from role_grant_count as g
  where g.organization_id = r.organization_id and g.role_id = r.id and ${isShownIn("r")})`;

/** The first members of the role `r`, and one more to detect further ones. */
const membersList = (withMembers: boolean): RawBuilder<readonly ShownMember[] | null> =>
  withMembers
    ? sql`(select coalesce(json_agg(json_build_object('id', shown.id, 'userName', shown.user_name) order by shown.id), '[]')
        from (${shownAfter(sql`${sql.lit(nilId)}::uuid`, firstMembers + 1)}) as shown)`
    : sql`null::json`;

/** The columns that `shownOf` reads, of the role `r`. */
export const shownColumns = (withMembers: boolean) =>
  ["r.organizationId" as const, membersTag.as("membersTag"), membersList(withMembers).as("members")] as const;

export function shownOf(row: {
  readonly organizationId: string | null;
  readonly membersTag: string;
  readonly members: readonly ShownMember[] | null;
}): ShownMembers | null {
  const { organizationId, members, membersTag: tag } = row;
  if (organizationId === null) return null;
  const hasMoreMembers = members !== null && members.length > firstMembers;
  return { organizationId, members: members?.slice(0, firstMembers), hasMoreMembers, membersTag: tag };
}

type Key = { readonly organizationId: string; readonly roleId: string };

const nextMembers = statement<Key & { readonly after: string }>()((db, p) =>
  db
    .selectFrom("role as r")
    .innerJoinLateral(sql<ShownMember>`(${shownAfter(sql`${p("after")}::uuid`, membersAtOnce)})`.as("shown"), (on) =>
      on.onTrue(),
    )
    .where("r.organizationId", "=", p("organizationId"))
    .where("r.id", "=", p("roleId"))
    .where("r.deletedAt", "is", null)
    .select(["shown.id", "shown.userName"])
    .orderBy("shown.id"),
);

/**
 * The members that the role shows after the first ones, in pages, each read when it is asked for: someone who comes or
 * goes meanwhile may be in it or not. The version, read before, is then not the current one.
 */
export async function* moreMembers(
  queryable: Queryable,
  { id: roleId, organizationId, members, hasMoreMembers }: ShownMembers & { readonly id: string },
): AsyncGenerator<readonly ShownMember[]> {
  for (let after = hasMoreMembers ? members?.at(-1)?.id : undefined; after !== undefined;) {
    const page: readonly ShownMember[] = await queryable.run(nextMembers, { organizationId, roleId, after });
    if (page.length > 0) yield page;
    after = page.length < membersAtOnce ? undefined : page.at(-1)?.id;
  }
}

const tagOf = statement<Key>()((db, p) =>
  db
    .selectFrom("role as r")
    .where("r.organizationId", "=", p("organizationId"))
    .where("r.id", "=", p("roleId"))
    .select(membersTag.as("membersTag")),
);

/** The tag of a role that this transaction has locked. */
export async function readMembersTag(tx: Queryable, key: Key): Promise<string> {
  const [row] = await tx.run(tagOf, key);
  if (row === undefined) throw new Error("A locked role does not exist.");
  return row.membersTag;
}
