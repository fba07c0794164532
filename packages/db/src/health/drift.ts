import { grantSources } from "@rollcall/domain";
import { foldText } from "@rollcall/scim-protocol";
import { z } from "zod";
import { firstIdAt } from "../store/id.ts";
import type { Queryable } from "../store/queryable.ts";
import { memberStatuses, statusColumn } from "../member/member-list.ts";

/** Whom the provider has not dealt with for so long is reported. */
export const unconfirmedAfterDays = 30;
const dayMs = 86_400_000;

/** `page` counts from 1; `search` looks into name and user name without regard to case, as plain text. */
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
type HoldersQuery = PageQuery<(typeof driftHolderSorts)[number]>;

const personRow = z.object({
  id: z.string(),
  name: z.string(),
  userName: z.string(),
  status: z.enum(memberStatuses),
  createdAt: z.date(),
  /** When the provider dealt with them last, as far as is known; null: never. */
  seenAt: z.date().nullable(),
});
export type DriftPerson = z.infer<typeof personRow>;

const holderRow = z.object({
  member: z.object({ id: z.string(), name: z.string(), userName: z.string() }),
  role: z.object({ id: z.string(), name: z.string() }),
  isManaged: z.boolean(),
  isActive: z.boolean(),
  sources: z.array(z.enum(grantSources)),
});
/** Who holds a role of the directory though it did not assign them or does not manage them, or though they are deactivated. */
export type DriftHolder = z.infer<typeof holderRow>;

/** `unlinked`: active people whom the provider does not manage; `unconfirmed`: managed ones it has not dealt with lately. */
export const driftKinds = ["unlinked", "unconfirmed"] as const;

/** One page of the people of a kind, by name where nothing else is said, and how many there are. */
export async function listDriftPeople(
  sql: Queryable,
  organizationId: string,
  query: PeopleQuery,
): Promise<{ readonly total: number; readonly people: readonly DriftPerson[] }> {
  const { kind, page, pageSize, sort = "name", desc = false } = query;
  const values = [organizationId, soughtOf(query.search), ...cutsOf(kind, query.now)];
  const order = driftOrder(peopleOrders[sort], "m.id", desc);
  const text = `select ${personColumns} ${people[kind]} order by ${order} limit $${values.length + 1} offset $${values.length + 2}`;
  const [total, rows] = await Promise.all([
    countOf(sql, countPeople[kind], values),
    sql.query({ name: "", text }, [...values, pageSize, (page - 1) * pageSize]),
  ]);
  return { total, people: rows.map((row) => personRow.parse(row)) };
}

/** The people of a kind in the order of creation, at most `limit` of them after the member `id`. */
export async function listDriftPeopleAfter(
  sql: Queryable,
  organizationId: string,
  query: Pick<PeopleQuery, "kind" | "search" | "now">,
  after: { readonly id: string | undefined; readonly limit: number },
): Promise<readonly DriftPerson[]> {
  const values = [organizationId, soughtOf(query.search), ...cutsOf(query.kind, query.now)];
  const place = values.length + 1;
  const text = `select ${personColumns} ${people[query.kind]} and ($${place}::uuid is null or m.id > $${place})
    order by m.id limit $${place + 1}`;
  const rows = await sql.query({ name: "", text }, [...values, after.id ?? null, after.limit]);
  return rows.map((row) => personRow.parse(row));
}

/** One page of those who hold a role of the directory's without its doing, by role and name, and how many there are. */
export async function listDriftHolders(
  sql: Queryable,
  organizationId: string,
  query: HoldersQuery,
): Promise<{ readonly total: number; readonly holders: readonly DriftHolder[] }> {
  const { page, pageSize, search, sort = "role", desc = false } = query;
  const values = [organizationId, soughtOf(search)];
  const order = driftOrder(holderOrders[sort], sort === "role" ? "m.name_key, m.id" : "r.name_key, m.id", desc);
  const text = `${held} order by ${order} limit $3 offset $4`;
  const [total, rows] = await Promise.all([
    countOf(sql, countHolders, values),
    sql.query({ name: "", text }, [...values, pageSize, (page - 1) * pageSize]),
  ]);
  return { total, holders: rows.map((row) => holderRow.parse(row)) };
}

/** The same by the ids of role and person, at most `limit` of them after that pair. */
export async function listDriftHoldersAfter(
  sql: Queryable,
  organizationId: string,
  search: string | undefined,
  after: { readonly last: { readonly roleId: string; readonly memberId: string } | undefined; readonly limit: number },
): Promise<readonly DriftHolder[]> {
  const { last, limit } = after;
  const values = [organizationId, soughtOf(search), last?.roleId ?? null, last?.memberId ?? null, limit];
  const rows = await sql.query({ name: "", text: holdersAfter }, values);
  return rows.map((row) => holderRow.parse(row));
}

/** What is sought as the keys have it; null: everybody. */
function soughtOf(search: string | undefined): string | null {
  return search === undefined || search === "" ? null : foldText(search);
}

function driftOrder(first: string, then: string, desc: boolean): string {
  return `${first} ${desc ? "desc nulls last" : "asc nulls first"}, ${then}`;
}

export type DriftCounts = { readonly unlinked: number; readonly unconfirmed: number; readonly holders: number };

/** How many there are of each kind. */
export async function countDrift(sql: Queryable, organizationId: string, now: Date): Promise<DriftCounts> {
  const [unlinked, unconfirmed, holders] = await Promise.all([
    countOf(sql, countPeople.unlinked, [organizationId, null]),
    countOf(sql, countPeople.unconfirmed, [organizationId, null, ...cutsOf("unconfirmed", now)]),
    countOf(sql, countHolders, [organizationId, null]),
  ]);
  return { unlinked, unconfirmed, holders };
}

/** The moment before which nobody counts as seen, and the first id of the change log from then on, where that matters. */
function cutsOf(kind: PeopleQuery["kind"], now: Date): readonly unknown[] {
  if (kind === "unlinked") return [];
  const cut = new Date(now.getTime() - unconfirmedAfterDays * dayMs);
  return [cut, firstIdAt(cut)];
}

type Text = { readonly name: string; readonly text: string };

async function countOf(sql: Queryable, statement: Text, values: readonly unknown[]): Promise<number> {
  const [row] = await sql.query(statement, values);
  return z.object({ count: z.number() }).parse(row).count;
}

/** $2 is what is sought; `position` and not LIKE, so that "%" and "_" mean themselves. */
const sought = `($2::text is null or position($2 in m.name_key) > 0 or position($2 in m.user_name_key) > 0)`;
const person = `from member m left join member_sighting s on s.organization_id = m.organization_id and s.member_id = m.id
  where m.organization_id = $1 and m.active and not m.is_deleted and ${sought}`;
/** Groups and Bulk name nobody in their paths; what they did to somebody is in the change log. */
const people = {
  unlinked: `${person} and not m.is_managed`,
  unconfirmed: `${person} and m.is_managed and m.created_at < $3::timestamptz and (s.at is null or s.at < $3)
    and not exists (select 1 from change c where c.organization_id = m.organization_id and c.subject_id = m.id
      and c.id >= $4::uuid and c.actor_kind = 'token' and c.refusal is null)`,
};
const personColumns = `m.id, m.name, m.user_name as "userName", ${statusColumn} as status, m.created_at as "createdAt",
  s.at as "seenAt"`;
const peopleOrders = { name: "m.name_key", status: statusColumn, created: "m.created_at", seen: "s.at" } as const;
const countPeople = {
  unlinked: { name: "drift_unlinked_count", text: `select count(*)::int as count ${people.unlinked}` },
  unconfirmed: { name: "drift_unconfirmed_count", text: `select count(*)::int as count ${people.unconfirmed}` },
};

/** Of those whom the directory manages: the deactivated, and those to whom nobody but an owner has given the role. */
const holding = `from role r join role_grant g on g.organization_id = r.organization_id and g.role_id = r.id
  join member m on m.organization_id = g.organization_id and m.id = g.member_id
  where r.organization_id = $1 and r.deleted_at is null and (r.is_scim_created or r.is_linked) and not m.is_deleted
    and ${sought} and (not (m.is_managed and m.active) or (g.source = 'manual' and not exists (select 1 from role_grant o
      where o.organization_id = g.organization_id and o.member_id = g.member_id and o.role_id = g.role_id
        and o.source <> 'manual')))`;
const holderColumns = `select json_build_object('id', m.id, 'name', m.name, 'userName', m.user_name) as member,
  json_build_object('id', r.id, 'name', r.name) as role, m.is_managed as "isManaged", m.active as "isActive",
  array_agg(g.source order by g.source) as sources`;
const byHolder = "group by r.organization_id, r.id, m.organization_id, m.id";
const held = `${holderColumns} ${holding} ${byHolder}`;
const holderOrders = { name: "m.name_key", role: "r.name_key" } as const;
/** $3 role and $4 member: the last ones of the part before. */
const holdersAfter = `${holderColumns} ${holding} and ($3::uuid is null or (r.id, m.id) > ($3, $4::uuid)) ${byHolder}
  order by r.id, m.id limit $5`;
const countHolders = {
  name: "drift_holders_count",
  text: `select count(*)::int as count from (select distinct r.id, m.id ${holding}) held`,
};
