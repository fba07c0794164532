import { sql } from "kysely";
import { hasText, memberStatus } from "../member/member-list.ts";
import { firstIdAt } from "../store/id.ts";
import type { Queryable } from "../store/queryable.ts";
import { firstHolders } from "./drift-holders.ts";
import { countRows, driftMax, direction, type PageQuery } from "./drift-page.ts";

/** A managed member without a SCIM request for so many days is reported. */
export const unconfirmedAfterDays = 30;
const dayMs = 86_400_000;

export const driftPeopleSorts = ["name", "status", "created", "seen"] as const;
type PeopleQuery = PageQuery<(typeof driftPeopleSorts)[number]> & {
  readonly kind: (typeof driftKinds)[number];
  readonly now: Date;
};
type PeopleFilter = Pick<PeopleQuery, "kind" | "search" | "now">;

/**
 * `unlinked`: active people whom the provider does not manage; `unconfirmed`: managed people without recent SCIM
 * requests.
 */
export const driftKinds = ["unlinked", "unconfirmed"] as const;

/** `seenAt`: the last known SCIM request about the person; null: none. */
export type DriftPerson = Awaited<ReturnType<typeof listDriftPeopleAfter>>[number];

/** One page of the people of a kind, by name by default, and their total. */
export async function listDriftPeople({ db }: Queryable, organizationId: string, query: PeopleQuery) {
  const { page, pageSize, sort = "name", desc = false } = query;
  const offset = (page - 1) * pageSize;
  const found = firstPeople(db, organizationId, query);
  const shown = db.selectFrom(found.as("found")).select(shownColumns).orderBy(peopleOrders[sort], direction(desc));
  const [total, people] = await Promise.all([
    countRows(db, found),
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

/** At most `driftMax` each. */
export type DriftCounts = { readonly unlinked: number; readonly unconfirmed: number; readonly holders: number };

export async function countDrift({ db }: Queryable, organizationId: string, now: Date): Promise<DriftCounts> {
  const [unlinked, unconfirmed, holders] = await Promise.all([
    countRows(db, firstPeople(db, organizationId, { kind: "unlinked", now })),
    countRows(db, firstPeople(db, organizationId, { kind: "unconfirmed", now })),
    countRows(db, firstHolders(db, organizationId)),
  ]);
  return { unlinked, unconfirmed, holders };
}

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

/** Each managed active member has a sighting. Group and Bulk requests make none; their changes are in the change log. */
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
      const recent = changes.where("c.id", ">=", firstIdAt(cut)).whereRef("c.subjectId", "=", "m.id");
      return eb.not(eb.exists(recent.whereRef("c.organizationId", "=", "m.organizationId").select("c.id")));
    })
    .select(personColumns);
  return search === "" ? people : people.where(hasText(search));
}

const status = memberStatus.as("status");
const personColumns = ["m.id", "m.name", "m.nameKey", "m.userName", "m.createdAt", "s.at as seenAt", status] as const;
const shownColumns = ["id", "name", "userName", "createdAt", "seenAt", "status"] as const;
const peopleOrders = { name: "nameKey", status: "status", created: "createdAt", seen: "seenAt" } as const;
