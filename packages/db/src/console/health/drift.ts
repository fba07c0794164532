import { grantSources } from "@rollcall/domain";
import { z } from "zod";
import { firstIdAt } from "../../new-id.ts";
import type { Queryable } from "../../statement.ts";
import { memberStatuses, statusColumn } from "../member-list.ts";

/** Whom the provider has not dealt with for so long is reported. */
export const unconfirmedAfterDays = 30;
const dayMs = 86_400_000;

/** `page` counts from 1. */
type PageQuery = { readonly page: number; readonly pageSize: number };

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

/** One page of the people of a kind by name, and how many there are. Deleted people are never among them. */
export async function listDriftPeople(
  sql: Queryable,
  organizationId: string,
  query: PageQuery & { readonly kind: (typeof driftKinds)[number]; readonly now: Date },
): Promise<{ readonly total: number; readonly people: readonly DriftPerson[] }> {
  const { kind, page, pageSize } = query;
  const values = [organizationId, ...(kind === "unconfirmed" ? cutsOf(query.now) : [])];
  const [total, rows] = await Promise.all([
    countOf(sql, countPeople[kind], values),
    sql.query(pageOfPeople[kind], [...values, pageSize, (page - 1) * pageSize]),
  ]);
  return { total, people: rows.map((row) => personRow.parse(row)) };
}

/** One page of those who hold a role of the directory's without its doing, by role and name, and how many there are. */
export async function listDriftHolders(
  sql: Queryable,
  organizationId: string,
  { page, pageSize }: PageQuery,
): Promise<{ readonly total: number; readonly holders: readonly DriftHolder[] }> {
  const [total, rows] = await Promise.all([
    countOf(sql, countHolders, [organizationId]),
    sql.query(pageOfHolders, [organizationId, pageSize, (page - 1) * pageSize]),
  ]);
  return { total, holders: rows.map((row) => holderRow.parse(row)) };
}

export type DriftCounts = { readonly unlinked: number; readonly unconfirmed: number; readonly holders: number };

/** How many there are of each kind. */
export async function countDrift(sql: Queryable, organizationId: string, now: Date): Promise<DriftCounts> {
  const [unlinked, unconfirmed, holders] = await Promise.all([
    countOf(sql, countPeople.unlinked, [organizationId]),
    countOf(sql, countPeople.unconfirmed, [organizationId, ...cutsOf(now)]),
    countOf(sql, countHolders, [organizationId]),
  ]);
  return { unlinked, unconfirmed, holders };
}

/** The moment before which nobody counts as seen, and the first id of the change log from then on. */
function cutsOf(now: Date): readonly unknown[] {
  const cut = new Date(now.getTime() - unconfirmedAfterDays * dayMs);
  return [cut, firstIdAt(cut)];
}

type Text = { readonly name: string; readonly text: string };

async function countOf(sql: Queryable, statement: Text, values: readonly unknown[]): Promise<number> {
  const [row] = await sql.query(statement, values);
  return z.object({ count: z.number() }).parse(row).count;
}

const person = `from member m left join member_sighting s on s.organization_id = m.organization_id and s.member_id = m.id
  where m.organization_id = $1 and m.active and not m.is_deleted`;
/** Groups and Bulk name nobody in their paths; what they did to somebody is in the change log. */
const people = {
  unlinked: `${person} and not m.is_managed`,
  unconfirmed: `${person} and m.is_managed and m.created_at < $2::timestamptz and (s.at is null or s.at < $2)
    and not exists (select 1 from change c where c.organization_id = m.organization_id and c.subject_id = m.id
      and c.id >= $3::uuid and c.actor_kind = 'token' and c.refusal is null)`,
};
const personColumns = `m.id, m.name, m.user_name as "userName", ${statusColumn} as status, m.created_at as "createdAt",
  s.at as "seenAt"`;
const pageOfPeople = {
  unlinked: {
    name: "drift_unlinked",
    text: `select ${personColumns} ${people.unlinked} order by m.name_key, m.id limit $2 offset $3`,
  },
  unconfirmed: {
    name: "drift_unconfirmed",
    text: `select ${personColumns} ${people.unconfirmed} order by m.name_key, m.id limit $4 offset $5`,
  },
};
const countPeople = {
  unlinked: { name: "drift_unlinked_count", text: `select count(*)::int as count ${people.unlinked}` },
  unconfirmed: { name: "drift_unconfirmed_count", text: `select count(*)::int as count ${people.unconfirmed}` },
};

/** Of those whom the directory manages: the deactivated, and those to whom nobody but an owner has given the role. */
const holding = `from role r join role_grant g on g.organization_id = r.organization_id and g.role_id = r.id
  join member m on m.organization_id = g.organization_id and m.id = g.member_id
  where r.organization_id = $1 and r.deleted_at is null and (r.is_scim_created or r.is_linked) and not m.is_deleted
    and (not (m.is_managed and m.active) or (g.source = 'manual' and not exists (select 1 from role_grant o
      where o.organization_id = g.organization_id and o.member_id = g.member_id and o.role_id = g.role_id
        and o.source <> 'manual')))`;
const pageOfHolders = {
  name: "drift_holders",
  text: `select json_build_object('id', m.id, 'name', m.name, 'userName', m.user_name) as member,
      json_build_object('id', r.id, 'name', r.name) as role, m.is_managed as "isManaged", m.active as "isActive",
      array_agg(g.source order by g.source) as sources
    ${holding} group by r.organization_id, r.id, m.organization_id, m.id
    order by r.name_key, m.name_key, m.id limit $2 offset $3`,
};
const countHolders = {
  name: "drift_holders_count",
  text: `select count(*)::int as count from (select distinct r.id, m.id ${holding}) held`,
};
