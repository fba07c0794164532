import { sql } from "kysely";
import { grantedBy, hasText, inOrder, mappedBy, memberStatus, pageOf } from "../member/member-list.ts";
import type { Queryable } from "../store/queryable.ts";
import { readLinkRequest } from "./link-request.ts";

/** A role for owners. */
export type ListedRole = Awaited<ReturnType<typeof listRoles>>[number];

/** The organization's roles, the built-in ones first, then by name; at most 1,000. */
export function listRoles(queryable: Queryable, organizationId: string) {
  return roles(queryable, organizationId).execute();
}

/**
 * As `listRoles`, with the number of holders. `memberCount` counts the people with access who have the role from any
 * source; inactive people are counted separately. `isEstimate`: more than 1,000 grants, so that nobody is counted:
 * `memberCount` is what the largest source grants, and includes the inactive.
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
 * A role with one page of its holders, their total, and the provider's pending request to manage it; undefined if there
 * is no such role. `roleId` must be a UUID. Without a search, the total of very many is the role's estimate.
 */
export async function readRoleWithHolders(queryable: Queryable, organizationId: string, query: HolderQuery) {
  const { roleId, search = "", page, pageSize } = query;
  const found = await countedRoles(queryable, organizationId)
    .where("r.id", "=", roleId)
    .select(sql<boolean>`kept.total = kept.largest`.as("isOfOneSource"))
    .executeTakeFirst();
  if (found === undefined) return undefined;
  const { isOfOneSource, ...role } = found;
  const isExact = role.isEstimate && isOfOneSource && search === "";
  const [holders, linkRequest] = await Promise.all([
    readPage(queryable, organizationId, query, isExact ? role.memberCount : undefined),
    readLinkRequest(queryable, organizationId, roleId),
  ]);
  if (isExact) return { role, total: role.memberCount, holders, linkRequest };
  if (!role.isEstimate || search !== "")
    return { role, total: await countHolders(queryable, organizationId, query), holders, linkRequest };
  // A full page has a next one, however low the estimate.
  const seen = (page - 1) * pageSize + holders.length + (holders.length === pageSize ? 1 : 0);
  return { role, total: Math.max(role.memberCount, seen), holders, linkRequest };
}

async function countHolders(queryable: Queryable, organizationId: string, query: HolderQuery): Promise<number> {
  const counted = holdersThat(queryable, organizationId, query).select((eb) => eb.fn.countAll<number>().as("total"));
  return (await counted.executeTakeFirstOrThrow()).total;
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

const countedGrantsMax = 1000;

function countedRoles(queryable: Queryable, organizationId: string) {
  const isEstimate = sql<boolean>`kept.total > ${countedGrantsMax}`;
  return roles(queryable, organizationId)
    .crossJoinLateral(
      sql<{
        total: number;
        largest: number;
      }>`(select coalesce(sum(grants), 0)::int as total, coalesce(max(grants), 0)::int as largest
        from (select sum(grants) as grants from role_grant_count as c where c.organization_id = r.organization_id
          and c.role_id = r.id group by c.source) as by_source)`.as("kept"),
    )
    .crossJoinLateral((from) =>
      from
        .selectFrom(
          from
            .selectFrom("role_grant")
            .selectAll()
            .whereRef("organizationId", "=", "r.organizationId")
            .whereRef("roleId", "=", "r.id")
            // With a condition instead, PostgreSQL reads all grants first.
            .limit(sql<number>`case when ${isEstimate} then 0 end`)
            .as("g"),
        )
        .innerJoin("member as m", "m.id", "g.memberId")
        .whereRef("m.organizationId", "=", "g.organizationId")
        .where("m.isDeleted", "=", false)
        .select(({ fn }) => [
          fn.count<number>("g.memberId").distinct().filterWhere("m.active", "=", true).as("active"),
          fn.count<number>("g.memberId").distinct().filterWhere("m.active", "=", false).as("inactiveCount"),
        ])
        .as("held"),
    )
    .select([
      "held.inactiveCount",
      isEstimate.as("isEstimate"),
      sql<number>`case when ${isEstimate} then kept.largest else held.active end`.as("memberCount"),
    ]);
}

/** The members `m` who have the role, each once. */
function holdersThat({ db }: Queryable, organizationId: string, { roleId, search = "" }: HolderQuery) {
  const holders = db
    .selectFrom("member as m")
    .where("m.organizationId", "=", organizationId)
    .where("m.isDeleted", "=", false)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom("role_grant as g")
          .where("g.organizationId", "=", organizationId)
          .where("g.roleId", "=", roleId)
          .whereRef("g.memberId", "=", "m.id")
          .select("g.memberId"),
      ),
    );
  return search === "" ? holders : holders.where(hasText(search));
}

/** A person with a role and its sources; `mappedBy`: the group whose mapping gives it. */
export type RoleHolder = Awaited<ReturnType<typeof readPage>>[number];

function readPage(queryable: Queryable, organizationId: string, query: HolderQuery, total: number | undefined) {
  const ids = pageOf(holdersThat(queryable, organizationId, query).select("m.id"), query, total);
  const shown = queryable.db
    .selectFrom("role_grant as g")
    .innerJoin("member as m", "m.id", "g.memberId")
    .whereRef("m.organizationId", "=", "g.organizationId")
    .where("g.organizationId", "=", organizationId)
    .where("g.roleId", "=", query.roleId)
    .where("m.id", "in", ids)
    .groupBy(["m.organizationId", "m.id"])
    .select(["m.id", "m.name", "m.userName", memberStatus.as("status")])
    .select([grantedBy.as("sources"), mappedBy.as("mappedBy")]);
  return inOrder(shown, query).execute();
}
