import { isNearSpelling, localPartOf, type RefusalsOf, type RefusedCall, type ToldChange } from "@rollcall/domain";
import { z } from "zod";
import type { Queryable } from "../store/queryable.ts";
import { changeColumns } from "../change/activity.ts";
import { toldOf } from "./person-facts.ts";

/** How many of the newest refused calls, and of the names that begin alike, are looked through. */
const callsMax = 20_000;
const candidatesMax = 5000;

type Refusals = { readonly exact: RefusalsOf; readonly near: RefusalsOf };

/**
 * What the provider was refused for somebody: by the userName or address as it was asked for or its local part, and else by
 * a near spelling. `key`: as `emailKey` makes it; `prefix`: what near spellings begin with.
 */
export async function readRefusals(
  sql: Queryable,
  organizationId: string,
  key: string,
  prefix: PrefixRange,
): Promise<Refusals> {
  const names = [...new Set([key, localPartOf(key)])].filter((name) => name !== "");
  const [entries, calls] = await Promise.all([
    sql.query(refusedEntries, [organizationId, ...prefix, candidatesMax]),
    sql.query(refusedCalls, [organizationId, callsMax, names, ...prefix]),
  ]);
  const changes = entries.flatMap((row) => {
    const change = toldOf(row);
    return change === null ? [] : [{ change, spelling: change.subject.name.toLowerCase() }];
  });
  const isExact = (spelling: string): boolean => names.includes(spelling) || localPartOf(spelling) === key;
  const isNear = (spelling: string): boolean => isNearSpelling(key, spelling);
  const known = calls.map((row) => callRow.parse(row));
  const newest = (is: (spelling: string) => boolean): RefusalsOf => ({
    change: newestOf(changes.filter(({ spelling }) => is(spelling)).map(({ change }) => change)),
    call: newestOf(known.filter((call) => call.names.some(is)).map(callOf)),
  });
  return { exact: newest(isExact), near: newest(isNear) };
}

/** From the first text with a prefix to the first one behind them all, in the order of the collation C. */
export type PrefixRange = readonly [from: string, until: string];

function newestOf<T extends ToldChange | RefusedCall>(all: readonly T[]): T | null {
  return all.toSorted((one, other) => other.at.getTime() - one.at.getTime())[0] ?? null;
}

const callRow = z.object({
  id: z.string(),
  at: z.date(),
  tokenName: z.string(),
  names: z.array(z.string()),
  detail: z.string(),
});

function callOf({ names: [name = ""], ...call }: z.infer<typeof callRow>): RefusedCall {
  return { ...call, name };
}

/** The newest entry of each name in the range; an index has the names in this order. */
const refusedEntries = {
  name: "absence_refusals",
  text: `select distinct on (lower(c."subjectName") collate "C") c.* from (select ${changeColumns} from change
      where organization_id = $1 and subject_id is null and subject_kind = 'member' and refusal is not null
        and lower(subject_name) collate "C" >= $2 and lower(subject_name) collate "C" < $3
      order by lower(subject_name) collate "C", id desc limit $4) c
    order by lower(c."subjectName") collate "C", c.id desc`,
};
/** Of each spelling among the newest calls the newest one, at most 200. */
const refusedCalls = {
  name: "absence_refused_calls",
  text: `select distinct on (q.names) q.id, q.at, coalesce(t.name, '') as "tokenName", q.names,
      coalesce(q.detail, '') as detail
    from (select id, at, token_id, names, detail from scim_request
      where organization_id = $1 and names is not null order by id desc limit $2) q
    left join scim_token t on t.organization_id = $1 and t.id = q.token_id
    where q.names && $3::text[] or exists (select 1 from unnest(q.names) as name
      where name collate "C" >= $4 and name collate "C" < $5)
    order by q.names, q.id desc limit 5000`,
};
