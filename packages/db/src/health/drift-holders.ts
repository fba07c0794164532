import { sql, type AliasedExpression, type SelectQueryBuilder } from "kysely";
import { jsonBuildObject } from "kysely/helpers/postgres";
import { grantedBy, hasText } from "../member/member-list.ts";
import { nilId } from "../store/id.ts";
import type { Queryable } from "../store/queryable.ts";
import type { Tables } from "../store/tables.ts";
import { countRows, driftMax, direction, type PageQuery } from "./drift-page.ts";

export const driftHolderSorts = ["name", "role"] as const;
type HoldersQuery = PageQuery<(typeof driftHolderSorts)[number]>;
type HolderKey = { readonly roleId: string; readonly memberId: string };
type Holder = HolderKey & { readonly roleKey: string; readonly memberKey: string };

/** A member with a role of the directory who is not assigned or managed by it, or is deactivated. */
export type DriftHolder = Awaited<ReturnType<typeof listDriftHoldersAfter>>[number];

/** One page of holders, by role and name, and their total. */
export async function listDriftHolders({ db }: Queryable, organizationId: string, query: HoldersQuery) {
  const { page, pageSize, search, sort = "role", desc = false } = query;
  const offset = (page - 1) * pageSize;
  const found = firstHolders(db, organizationId, search);
  const [first, then] = sort === "role" ? (["roleKey", "memberKey"] as const) : (["memberKey", "roleKey"] as const);
  const inOrder = db.selectFrom(found.as("found")).selectAll().orderBy(first, direction(desc)).orderBy(then);
  const keys = inOrder.orderBy("memberId").limit(pageSize).offset(offset);
  const shown = shownHolders(db, organizationId, keys).orderBy(first, direction(desc)).orderBy(then).orderBy("m.id");
  const [total, holders] = await Promise.all([countRows(db, found), shown.execute()]);
  return { total, holders };
}

/** Holders by the ids of person and role, at most `limit` after that pair. */
export async function listDriftHoldersAfter(
  { db }: Queryable,
  organizationId: string,
  search: string | undefined,
  { last, limit }: { readonly last: HolderKey | undefined; readonly limit: number },
) {
  const { memberId, roleId } = last ?? { memberId: nilId, roleId: nilId };
  const keys = holdersThat(db, organizationId, { search, fromId: memberId }, (part) =>
    part
      .where((eb) => eb(eb.refTuple("memberId", "roleId"), ">", eb.tuple(memberId, roleId)))
      .orderBy("memberId")
      .orderBy("roleId")
      .limit(limit),
  );
  return shownHolders(db, organizationId, keys).orderBy("m.id").orderBy("r.id").limit(limit).execute();
}

/** The first that are found, in no order. */
export function firstHolders(db: Queryable["db"], organizationId: string, search?: string) {
  return holdersThat(db, organizationId, { search }, (part) => part.limit(driftMax)).limit(driftMax);
}

const heldColumns = ["r.id as roleId", "r.nameKey as roleKey", "m.id as memberId", "m.nameKey as memberKey"] as const;
type Part = SelectQueryBuilder<{ found: Holder }, "found", Holder>;

/**
 * Roles that the directory manages and their members who are deactivated, not managed, or assigned by owners only. In
 * parts, because an index finds the few people or grants of each; `cut` limits each part. `fromId`: the lowest id of a
 * member.
 */
function holdersThat(
  db: Queryable["db"],
  organizationId: string,
  { search = "", fromId = nilId }: { readonly search: string | undefined; readonly fromId?: string },
  cut: (part: Part) => Part,
) {
  let people = db.selectFrom("member as m").where("m.organizationId", "=", organizationId).where("m.id", ">=", fromId);
  people = people.where("m.isDeleted", "=", false);
  if (search !== "") people = people.where(hasText(search));
  const managed = people.where("m.isManaged", "=", true);
  const part = (found: Holders) =>
    db.selectFrom(cut(db.selectFrom(found.as("found")).selectAll()).as("part")).selectAll();
  return part(anyGrants(people.where("m.isManaged", "=", false)))
    .unionAll(part(anyGrants(managed.where("m.active", "=", false))))
    .unionAll(part(grantsByOwners(managed.where("m.active", "=", true))));
}

type People = SelectQueryBuilder<Tables & { m: Tables["member"] }, "m", object>;
const isOfDirectory = sql<boolean>`(r.organization_id = m.organization_id and r.deleted_at is null and (r.is_scim_created or r.is_linked))`;

function anyGrants(people: People) {
  return people
    .innerJoinLateral(
      (eb) =>
        eb
          .selectFrom("role_grant as g")
          .whereRef("g.organizationId", "=", "m.organizationId")
          .whereRef("g.memberId", "=", "m.id")
          .select("g.roleId")
          .distinct()
          .as("g"),
      (on) => on.onTrue(),
    )
    .innerJoin("role as r", "r.id", "g.roleId")
    .where(isOfDirectory)
    .select(heldColumns);
}

function grantsByOwners(people: People) {
  return people
    .innerJoin("role_grant as g", (on) =>
      on.onRef("g.organizationId", "=", "m.organizationId").onRef("g.memberId", "=", "m.id"),
    )
    .innerJoin("role as r", "r.id", "g.roleId")
    .where(isOfDirectory)
    .where("g.source", "=", sql.lit("manual"))
    .where((eb) => {
      const others = eb
        .selectFrom("role_grant as o")
        .whereRef("o.organizationId", "=", "g.organizationId")
        .whereRef("o.memberId", "=", "g.memberId")
        .whereRef("o.roleId", "=", "g.roleId")
        .where("o.source", "<>", "manual")
        .select("o.source");
      return eb.not(eb.exists(others));
    })
    .select(heldColumns);
}

type Holders = { as(alias: "found"): AliasedExpression<Holder, "found"> };
function shownHolders(db: Queryable["db"], organizationId: string, found: Holders) {
  return db
    .selectFrom(found.as("found"))
    .innerJoin("role as r", "r.id", "found.roleId")
    .innerJoin("member as m", "m.id", "found.memberId")
    .innerJoin("role_grant as g", (on) => on.onRef("g.memberId", "=", "m.id").onRef("g.roleId", "=", "r.id"))
    .where("r.organizationId", "=", organizationId)
    .where("m.organizationId", "=", organizationId)
    .where("g.organizationId", "=", organizationId)
    .groupBy(["r.organizationId", "r.id", "m.organizationId", "m.id", "roleKey", "memberKey"])
    .select((eb) => [
      jsonBuildObject({ id: eb.ref("m.id"), name: eb.ref("m.name"), userName: eb.ref("m.userName") }).as("member"),
      jsonBuildObject({ id: eb.ref("r.id"), name: eb.ref("r.name") }).as("role"),
    ])
    .select(["m.isManaged", "m.active as isActive", grantedBy.as("sources")]);
}
