import { sql } from "kysely";
import { grantedBy, hasText, mappedBy, memberStatus } from "../member/member-list.ts";
import type { Queryable } from "../store/queryable.ts";
import { readLinkRequest } from "./link-request.ts";

/** A role for owners. */
export type ListedRole = Awaited<ReturnType<typeof listRoles>>[number];

/** The organization's roles, the built-in ones first, then by name; at most 1,000. */
export function listRoles(queryable: Queryable, organizationId: string) {
  return roles(queryable, organizationId).execute();
}

/**
 * As `listRoles`, with the number of holders, which reads every grant. `memberCount` counts the people with access who
 * have the role from any source; inactive people are counted separately.
 */
export function listCountedRoles(queryable: Queryable, organizationId: string) {
  return countedRoles(queryable, organizationId).execute();
}

export const holderSorts = ["name", "status"] as const;
/** `page` counts from 1; `search` matches name and userName, ignoring case; by name by default. */
export type HolderQuery = {
  readonly roleId: string;
  readonly search?: string | undefined;
  readonly sort?: (typeof holderSorts)[number] | undefined;
  readonly desc?: boolean | undefined;
  readonly page: number;
  readonly pageSize: number;
};

/**
 * A role with one page of its holders, their total, and the provider's pending request to manage it; undefined if there is no such role. `roleId`
 * must be a UUID.
 */
export async function readRoleWithHolders(queryable: Queryable, organizationId: string, query: HolderQuery) {
  const { roleId } = query;
  const holders = holdersThat(queryable, organizationId, query);
  const [role, { total }, page, linkRequest] = await Promise.all([
    countedRoles(queryable, organizationId).where("r.id", "=", roleId).executeTakeFirst(),
    holders.select((eb) => eb.fn.count<number>("m.id").distinct().as("total")).executeTakeFirstOrThrow(),
    readPage(holders, query),
    readLinkRequest(queryable, organizationId, roleId),
  ]);
  return role === undefined ? undefined : { role, total, holders: page, linkRequest };
}

function roles({ db }: Queryable, organizationId: string) {
  return db
    .selectFrom("role as r")
    .innerJoin("provisioning as p", "p.organizationId", "r.organizationId")
    .where("r.organizationId", "=", organizationId)
    .where("r.deletedAt", "is", null)
    .select(["r.id", "r.name", "r.kind", "r.isScimCreated", "r.isLinked", "r.permissions"])
    .select((eb) => eb("r.id", "is not distinct from", eb.ref("p.defaultRoleId")).$castTo<boolean>().as("isDefault"))
    .orderBy(sql`array_position(array['owner', 'deploy_owner', 'custom'], r.kind)`)
    .orderBy("r.nameKey")
    .limit(1000);
}

function countedRoles(queryable: Queryable, organizationId: string) {
  return roles(queryable, organizationId)
    .crossJoinLateral((from) =>
      from
        .selectFrom("role_grant as g")
        .innerJoin("member as m", "m.id", "g.memberId")
        .whereRef("m.organizationId", "=", "g.organizationId")
        .whereRef("g.organizationId", "=", "r.organizationId")
        .whereRef("g.roleId", "=", "r.id")
        .where("m.isDeleted", "=", false)
        .select(({ fn }) => [
          fn.count<number>("g.memberId").distinct().filterWhere("m.active", "=", true).as("memberCount"),
          fn.count<number>("g.memberId").distinct().filterWhere("m.active", "=", false).as("inactiveCount"),
        ])
        .as("held"),
    )
    .select(["held.memberCount", "held.inactiveCount"]);
}

function holdersThat({ db }: Queryable, organizationId: string, { roleId, search = "" }: HolderQuery) {
  const holders = db
    .selectFrom("role_grant as g")
    .innerJoin("member as m", "m.id", "g.memberId")
    .whereRef("m.organizationId", "=", "g.organizationId")
    .where("g.organizationId", "=", organizationId)
    .where("g.roleId", "=", roleId)
    .where("m.isDeleted", "=", false);
  return search === "" ? holders : holders.where(hasText(search));
}

/** A person with a role and its sources; `mappedBy`: the group whose mapping gives it. */
export type RoleHolder = Awaited<ReturnType<typeof readPage>>[number];

function readPage(holders: ReturnType<typeof holdersThat>, query: HolderQuery) {
  const { sort = "name", desc = false, page, pageSize } = query;
  const way = desc ? "desc" : "asc";
  const ordered =
    sort === "name"
      ? holders.orderBy("m.nameKey", way).orderBy("m.id", way)
      : holders.orderBy(memberStatus, way).orderBy("m.nameKey").orderBy("m.id");
  return ordered
    .groupBy(["m.organizationId", "m.id"])
    .select(["m.id", "m.name", "m.userName", memberStatus.as("status")])
    .select([grantedBy.as("sources"), mappedBy.as("mappedBy")])
    .limit(pageSize)
    .offset((page - 1) * pageSize)
    .execute();
}
