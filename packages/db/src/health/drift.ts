import { sql, type OrderByItemBuilder } from "kysely";
import { jsonBuildObject } from "kysely/helpers/postgres";
import { grantedBy, hasText, memberStatus } from "../member/member-list.ts";
import { firstIdAt } from "../store/id.ts";
import type { Queryable } from "../store/queryable.ts";

/** A managed member without a SCIM request for so many days is reported. */
export const unconfirmedAfterDays = 30;
const dayMs = 86_400_000;

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
  const found = peopleThat(db, organizationId, query);
  const inOrder = found.select(personColumns).orderBy(peopleOrders[sort], way(desc)).orderBy("m.id");
  const [{ total }, people] = await Promise.all([
    found.select(counted).executeTakeFirstOrThrow(),
    inOrder.limit(pageSize).offset(offset).execute(),
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
  const all = peopleThat(db, organizationId, query).select(personColumns).orderBy("m.id").limit(limit);
  return (id === undefined ? all : all.where("m.id", ">", id)).execute();
}

/** One page of holders, by role and name, and their total. */
export async function listDriftHolders({ db }: Queryable, organizationId: string, query: HoldersQuery) {
  const { page, pageSize, search, sort = "role", desc = false } = query;
  const offset = (page - 1) * pageSize;
  const grants = grantsThat(db, organizationId, search);
  const [first, then] = sort === "role" ? (["r.nameKey", "m.nameKey"] as const) : (["m.nameKey", "r.nameKey"] as const);
  const inOrder = held(grants).orderBy(first, way(desc)).orderBy(then).orderBy("m.id");
  const [{ total }, holders] = await Promise.all([
    countHolders(db, grants),
    inOrder.limit(pageSize).offset(offset).execute(),
  ]);
  return { total, holders };
}

/** Holders by the ids of role and person, at most `limit` after that pair. */
export async function listDriftHoldersAfter(
  { db }: Queryable,
  organizationId: string,
  search: string | undefined,
  { last, limit }: { readonly last: HolderKey | undefined; readonly limit: number },
) {
  const grants = grantsThat(db, organizationId, search);
  const all = held(grants).orderBy("r.id").orderBy("m.id").limit(limit);
  if (last === undefined) return all.execute();
  return all.where((eb) => eb(eb.refTuple("r.id", "m.id"), ">", eb.tuple(last.roleId, last.memberId))).execute();
}

export type DriftCounts = { readonly unlinked: number; readonly unconfirmed: number; readonly holders: number };

export async function countDrift({ db }: Queryable, organizationId: string, now: Date): Promise<DriftCounts> {
  const peopleOf = (kind: PeopleQuery["kind"]) => peopleThat(db, organizationId, { kind, now }).select(counted);
  const [unlinked, unconfirmed, holders] = await Promise.all([
    peopleOf("unlinked").executeTakeFirstOrThrow(),
    peopleOf("unconfirmed").executeTakeFirstOrThrow(),
    countHolders(db, grantsThat(db, organizationId)),
  ]);
  return { unlinked: unlinked.total, unconfirmed: unconfirmed.total, holders: holders.total };
}

const counted = sql<number>`count(*)`.as("total");
const way = (desc: boolean) => (order: OrderByItemBuilder) =>
  desc ? order.desc().nullsLast() : order.asc().nullsFirst();

/** Group and Bulk requests name no member in their paths; their changes of members are in the change log. */
function peopleThat(db: Queryable["db"], organizationId: string, { kind, search = "", now }: PeopleFilter) {
  let people = db
    .selectFrom("member as m")
    .leftJoin("member_sighting as s", (on) =>
      on.onRef("s.organizationId", "=", "m.organizationId").onRef("s.memberId", "=", "m.id"),
    )
    .where("m.organizationId", "=", organizationId)
    .where("m.active", "=", true)
    .where("m.isDeleted", "=", false)
    .where("m.isManaged", "=", kind === "unconfirmed");
  if (search !== "") people = people.where(hasText(search));
  if (kind === "unlinked") return people;
  const cut = new Date(now.getTime() - unconfirmedAfterDays * dayMs);
  const changes = db.selectFrom("change as c").where("c.actorKind", "=", "token").where("c.refusal", "is", null);
  return people
    .where("m.createdAt", "<", cut)
    .where((eb) => eb.or([eb("s.at", "is", null), eb("s.at", "<", cut)]))
    .where((eb) => {
      const dealt = changes.where("c.id", ">=", firstIdAt(cut)).where("c.subjectId", "=", eb.ref("m.id"));
      return eb.not(eb.exists(dealt.where("c.organizationId", "=", eb.ref("m.organizationId")).select("c.id")));
    });
}

const status = memberStatus.as("status");
const personColumns = ["m.id", "m.name", "m.userName", "m.createdAt", "s.at as seenAt", status] as const;
const peopleOrders = {
  name: sql.ref("m.nameKey"),
  status: memberStatus,
  created: sql.ref("m.createdAt"),
  seen: sql.ref("s.at"),
} as const;

/** Grants of roles that the directory manages, to deactivated or unmanaged members, or by owners only. */
function grantsThat(db: Queryable["db"], organizationId: string, search = "") {
  const grants = db
    .selectFrom("role as r")
    .innerJoin("role_grant as g", "g.roleId", "r.id")
    .whereRef("g.organizationId", "=", "r.organizationId")
    .innerJoin("member as m", "m.id", "g.memberId")
    .whereRef("m.organizationId", "=", "g.organizationId")
    .where("r.organizationId", "=", organizationId)
    .where("r.deletedAt", "is", null)
    .where((eb) => eb.or([eb("r.isScimCreated", "=", true), eb("r.isLinked", "=", true)]))
    .where("m.isDeleted", "=", false)
    .where((eb) => {
      const others = eb
        .selectFrom("role_grant as o")
        .whereRef("o.organizationId", "=", "g.organizationId")
        .whereRef("o.memberId", "=", "g.memberId")
        .whereRef("o.roleId", "=", "g.roleId")
        .where("o.source", "<>", "manual")
        .select("o.source");
      return eb.or([
        eb("m.isManaged", "=", false),
        eb("m.active", "=", false),
        eb.and([eb("g.source", "=", "manual"), eb.not(eb.exists(others))]),
      ]);
    });
  return search === "" ? grants : grants.where(hasText(search));
}
type Grants = ReturnType<typeof grantsThat>;

function held(grants: Grants) {
  return grants
    .groupBy(["r.organizationId", "r.id", "m.organizationId", "m.id"])
    .select((eb) => [
      jsonBuildObject({ id: eb.ref("m.id"), name: eb.ref("m.name"), userName: eb.ref("m.userName") }).as("member"),
      jsonBuildObject({ id: eb.ref("r.id"), name: eb.ref("r.name") }).as("role"),
    ])
    .select(["m.isManaged", "m.active as isActive", grantedBy.as("sources")]);
}

function countHolders(db: Queryable["db"], grants: Grants) {
  const distinct = grants.distinct().select(["r.id", "m.id as memberId"]);
  return db.selectFrom(distinct.as("held")).select(counted).executeTakeFirstOrThrow();
}
