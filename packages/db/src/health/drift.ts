import { sql, type AliasedExpression, type OrderByItemBuilder } from "kysely";
import { jsonBuildObject } from "kysely/helpers/postgres";
import { grantedBy, hasText, memberStatus } from "../member/member-list.ts";
import { firstIdAt } from "../store/id.ts";
import type { Queryable } from "../store/queryable.ts";

/** A managed member without a SCIM request for so many days is reported. */
export const unconfirmedAfterDays = 30;
const dayMs = 86_400_000;

/** What is counted and listed at most, so that the cost is bounded; an export has everything. */
export const driftMax = 10_000;

/** `page` counts from 1; `search` matches name and user name as plain text, ignoring case. */
type PageQuery<Sort extends string> = {
  readonly page: number;
  readonly pageSize: number;
  readonly search?: string | undefined;
  readonly sort?: Sort | undefined;
  readonly desc?: boolean | undefined;
};

export const driftPeopleSorts = ["name", "status", "created", "seen"] as const;
export const driftHolderSorts = ["name", "role"] as const;
type PeopleQuery = PageQuery<(typeof driftPeopleSorts)[number]> & {
  readonly kind: (typeof driftKinds)[number];
  readonly now: Date;
};
type PeopleFilter = Pick<PeopleQuery, "kind" | "search" | "now">;
type HolderKey = { readonly roleId: string; readonly memberId: string };
type HoldersQuery = PageQuery<(typeof driftHolderSorts)[number]>;

/**
 * `unlinked`: active people whom the provider does not manage; `unconfirmed`: managed people without recent SCIM
 * requests.
 */
export const driftKinds = ["unlinked", "unconfirmed"] as const;

/** `seenAt`: the last known SCIM request about the person; null: none. */
export type DriftPerson = Awaited<ReturnType<typeof listDriftPeopleAfter>>[number];

/** A member with a role of the directory who is not assigned or managed by it, or is deactivated. */
export type DriftHolder = Awaited<ReturnType<typeof listDriftHoldersAfter>>[number];

/** One page of the people of a kind, by name by default, and their total. */
export async function listDriftPeople({ db }: Queryable, organizationId: string, query: PeopleQuery) {
  const { page, pageSize, sort = "name", desc = false } = query;
  const offset = (page - 1) * pageSize;
  const found = firstPeople(db, organizationId, query);
  const shown = db.selectFrom(found.as("found")).select(shownColumns).orderBy(peopleOrders[sort], way(desc));
  const [total, people] = await Promise.all([
    countOf(db, found),
    shown.orderBy("id").limit(pageSize).offset(offset).execute(),
  ]);
  return { total, people };
}

/** The people of a kind in the order of creation, at most `limit` after the member `id`. */
export async function listDriftPeopleAfter(
  { db }: Queryable,
  organizationId: string,
  query: PeopleFilter,
  { id, limit }: { readonly id: string | undefined; readonly limit: number },
) {
  const { kind, search, now } = query;
  if (kind === "unlinked") {
    const all = unlinked(db, organizationId, search).orderBy("m.id").limit(limit);
    return (id === undefined ? all : all.where("m.id", ">", id)).execute();
  }
  const all = unconfirmed(db, organizationId, search, now).orderBy("s.memberId").limit(limit);
  return (id === undefined ? all : all.where("s.memberId", ">", id)).execute();
}

/** One page of holders, by role and name, and their total. */
export async function listDriftHolders({ db }: Queryable, organizationId: string, query: HoldersQuery) {
  const { page, pageSize, search, sort = "role", desc = false } = query;
  const offset = (page - 1) * pageSize;
  const found = firstHolders(db, organizationId, search);
  const [first, then] = sort === "role" ? (["r.nameKey", "m.nameKey"] as const) : (["m.nameKey", "r.nameKey"] as const);
  const inOrder = shownHolders(db, organizationId, found).orderBy(first, way(desc)).orderBy(then).orderBy("m.id");
  const [total, holders] = await Promise.all([countOf(db, found), inOrder.limit(pageSize).offset(offset).execute()]);
  return { total, holders };
}

/** Holders by the ids of role and person, at most `limit` after that pair. */
export async function listDriftHoldersAfter(
  { db }: Queryable,
  organizationId: string,
  search: string | undefined,
  { last, limit }: { readonly last: HolderKey | undefined; readonly limit: number },
) {
  const all = shownHolders(db, organizationId, holdersThat(db, organizationId, search));
  const inOrder = all.orderBy("r.id").orderBy("m.id").limit(limit);
  if (last === undefined) return inOrder.execute();
  return inOrder.where((eb) => eb(eb.refTuple("r.id", "m.id"), ">", eb.tuple(last.roleId, last.memberId))).execute();
}

/** At most `driftMax` each. */
export type DriftCounts = { readonly unlinked: number; readonly unconfirmed: number; readonly holders: number };

export async function countDrift({ db }: Queryable, organizationId: string, now: Date): Promise<DriftCounts> {
  const [unlinked, unconfirmed, holders] = await Promise.all([
    countOf(db, firstPeople(db, organizationId, { kind: "unlinked", now })),
    countOf(db, firstPeople(db, organizationId, { kind: "unconfirmed", now })),
    countOf(db, firstHolders(db, organizationId)),
  ]);
  return { unlinked, unconfirmed, holders };
}

type Rows = { as(alias: "found"): AliasedExpression<object, "found"> };
async function countOf(db: Queryable["db"], found: Rows): Promise<number> {
  const counted = db.selectFrom(found.as("found")).select(sql<number>`count(*)`.as("total"));
  return (await counted.executeTakeFirstOrThrow()).total;
}

const way = (desc: boolean) => (order: OrderByItemBuilder) =>
  desc ? order.desc().nullsLast() : order.asc().nullsFirst();

/** The first people of a kind by name, or those whom the provider has not confirmed for the longest time. */
function firstPeople(db: Queryable["db"], organizationId: string, { kind, search, now }: PeopleFilter) {
  if (kind === "unlinked")
    return unlinked(db, organizationId, search).orderBy("m.nameKey").orderBy("m.id").limit(driftMax);
  return unconfirmed(db, organizationId, search, now).orderBy("s.at").orderBy("s.memberId").limit(driftMax);
}

function unlinked(db: Queryable["db"], organizationId: string, search = "") {
  const people = db
    .selectFrom("member as m")
    .leftJoin("member_sighting as s", (on) =>
      on.onRef("s.organizationId", "=", "m.organizationId").onRef("s.memberId", "=", "m.id"),
    )
    .where("m.organizationId", "=", organizationId)
    .where("m.active", "=", true)
    .where("m.isDeleted", "=", false)
    .where("m.isManaged", "=", false)
    .select(personColumns);
  return search === "" ? people : people.where(hasText(search));
}

/** Each managed member has a sighting. Group and Bulk requests make none; their changes are in the change log. */
function unconfirmed(db: Queryable["db"], organizationId: string, search = "", now: Date) {
  const cut = new Date(now.getTime() - unconfirmedAfterDays * dayMs);
  const people = db
    .selectFrom("member_sighting as s")
    // `offset` keeps the order of the sightings: the planner would read everybody in place of the first ones.
    .innerJoinLateral(
      (eb) =>
        eb
          .selectFrom("member")
          .whereRef("organizationId", "=", "s.organizationId")
          .whereRef("id", "=", "s.memberId")
          .selectAll()
          .offset(sql.lit(0))
          .as("m"),
      (on) => on.onTrue(),
    )
    .where("s.organizationId", "=", organizationId)
    .where("s.at", "<", cut)
    .where("m.active", "=", true)
    .where("m.isDeleted", "=", false)
    .where("m.isManaged", "=", true)
    .where((eb) => {
      const changes = eb.selectFrom("change as c").where("c.actorKind", "=", "token").where("c.refusal", "is", null);
      const dealt = changes.where("c.id", ">=", firstIdAt(cut)).whereRef("c.subjectId", "=", "m.id");
      return eb.not(eb.exists(dealt.whereRef("c.organizationId", "=", "m.organizationId").select("c.id")));
    })
    .select(personColumns);
  return search === "" ? people : people.where(hasText(search));
}

const status = memberStatus.as("status");
const personColumns = ["m.id", "m.name", "m.nameKey", "m.userName", "m.createdAt", "s.at as seenAt", status] as const;
const shownColumns = ["id", "name", "userName", "createdAt", "seenAt", "status"] as const;
const peopleOrders = { name: "nameKey", status: "status", created: "createdAt", seen: "seenAt" } as const;

function firstHolders(db: Queryable["db"], organizationId: string, search?: string) {
  return holdersThat(db, organizationId, search).limit(driftMax);
}

/**
 * Roles that the directory manages and their members who are deactivated, not managed, or assigned by owners only. In
 * parts, because an index finds the few people or grants of each.
 */
function holdersThat(db: Queryable["db"], organizationId: string, search = "") {
  let people = db.selectFrom("member as m").where("m.organizationId", "=", organizationId);
  people = people.where("m.isDeleted", "=", false);
  if (search !== "") people = people.where(hasText(search));
  const ofDirectory = db
    .selectFrom("role as r")
    .where("r.organizationId", "=", organizationId)
    .where("r.deletedAt", "is", null)
    .where((eb) => eb.or([eb("r.isScimCreated", "=", true), eb("r.isLinked", "=", true)]))
    .select("r.id");
  const held = (by: typeof people) =>
    by
      .innerJoinLateral(
        (eb) =>
          eb
            .selectFrom("role_grant as g")
            .whereRef("g.organizationId", "=", "m.organizationId")
            .whereRef("g.memberId", "=", "m.id")
            .where("g.roleId", "in", ofDirectory)
            .select("g.roleId")
            .distinct()
            .as("g"),
        (on) => on.onTrue(),
      )
      .select(["g.roleId", "m.id as memberId"]);
  const byOwners = people
    .where("m.isManaged", "=", true)
    .where("m.active", "=", true)
    .innerJoin("role_grant as g", (on) =>
      on.onRef("g.organizationId", "=", "m.organizationId").onRef("g.memberId", "=", "m.id"),
    )
    .where("g.source", "=", sql.lit("manual"))
    .where("g.roleId", "in", ofDirectory)
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
    .select(["g.roleId", "m.id as memberId"]);
  return held(people.where("m.isManaged", "=", false))
    .unionAll(held(people.where("m.isManaged", "=", true).where("m.active", "=", false)))
    .unionAll(byOwners);
}

function shownHolders(db: Queryable["db"], organizationId: string, found: ReturnType<typeof holdersThat>) {
  return db
    .selectFrom(found.as("found"))
    .innerJoin("role as r", "r.id", "found.roleId")
    .innerJoin("member as m", "m.id", "found.memberId")
    .innerJoin("role_grant as g", (on) => on.onRef("g.memberId", "=", "m.id").onRef("g.roleId", "=", "r.id"))
    .where("r.organizationId", "=", organizationId)
    .where("m.organizationId", "=", organizationId)
    .where("g.organizationId", "=", organizationId)
    .groupBy(["r.organizationId", "r.id", "m.organizationId", "m.id"])
    .select((eb) => [
      jsonBuildObject({ id: eb.ref("m.id"), name: eb.ref("m.name"), userName: eb.ref("m.userName") }).as("member"),
      jsonBuildObject({ id: eb.ref("r.id"), name: eb.ref("r.name") }).as("role"),
    ])
    .select(["m.isManaged", "m.active as isActive", grantedBy.as("sources")]);
}
