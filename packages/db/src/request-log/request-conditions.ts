import type { RequestResource } from "@rollcall/domain";
import { expressionBuilder, sql, type Expression, type SqlBool } from "kysely";
import { anyId, firstIdAt } from "../store/id.ts";
import type { Tables } from "../store/tables.ts";

/** `refused`: 400 to 499; `unauthenticated`: 401; `fault`: 500 and above. */
export const requestOutcomes = ["refused", "unauthenticated", "fault"] as const;
export const requestOrders = ["newest", "oldest", "slowest"] as const;

/**
 * `cursor`: the end of the previous page; `after`: only newer requests. `isFailed`: only statuses from 400, or below.
 * `memberId`: about a member, or changing them; `roleId`: about a group, also in Bulk. `text` is searched in the URL,
 * encoded or not, and in the response.
 */
export type RequestQuery = {
  readonly cursor?: string | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
  readonly order?: (typeof requestOrders)[number] | undefined;
  readonly isFailed?: boolean | undefined;
  readonly outcome?: (typeof requestOutcomes)[number] | undefined;
  readonly memberId?: string | undefined;
  readonly roleId?: string | undefined;
  readonly tokenId?: string | undefined;
  readonly method?: string | undefined;
  readonly resource?: RequestResource | undefined;
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
  readonly text?: string | undefined;
};

type Conditions = readonly Expression<SqlBool>[];
const request = expressionBuilder<Tables & { q: Tables["scim_request"] }, "q">();

/** The conditions on the request `q` with an index, except the person. */
export function indexedConditions(query: RequestQuery): Conditions {
  const { cursor, after, since, until, isFailed, outcome, order } = query;
  const indexed: Expression<SqlBool>[] = [];
  if (cursor !== undefined && order !== "slowest")
    indexed.push(request("q.id", order === "oldest" ? ">" : "<", cursor));
  if (after !== undefined) indexed.push(request("q.id", ">", after));
  // The ids contain the time, so that the primary key bounds the range.
  if (since !== undefined) indexed.push(request("q.id", ">=", firstIdAt(since)));
  if (until !== undefined) indexed.push(request("q.id", "<", firstIdAt(until)));
  if (isFailed === true || outcome !== undefined) indexed.push(request("q.status", ">=", 400));
  return indexed;
}

/** The conditions without an index. `changed`: the requests that changed the role. */
export function pickedConditions(query: RequestQuery, changed: readonly string[]): Conditions {
  const { isFailed, outcome, tokenId, method, resource, roleId, text } = query;
  const picked: Expression<SqlBool>[] = [];
  if (isFailed === false) picked.push(request("q.status", "<", 400));
  if (outcome !== undefined) picked.push(outcomeConditions[outcome]);
  if (tokenId !== undefined) picked.push(request("q.tokenId", "=", tokenId));
  if (method !== undefined) picked.push(request("q.method", "=", method));
  if (resource !== undefined) picked.push(request("q.path", "~*", resourcePatterns[resource]));
  if (roleId !== undefined)
    picked.push(request.or([ofGroup(roleId.toLowerCase()), request("q.id", "=", anyId(changed))]));
  if (text !== undefined)
    picked.push(sql`exists (select from unnest(${spellingsOf(text)}::text[]) sought
      where position(sought in lower(q.path || ' ' || coalesce(q.detail, ''))) > 0)`);
  return picked;
}

/** The group is in the path, or in the body of a Bulk request. */
function ofGroup(id: string): Expression<SqlBool> {
  return request.or([
    request("q.path", "~*", `${start}groups/${id}([/?]|$)`),
    request.and([
      request("q.path", "~*", resourcePatterns.Bulk),
      sql<boolean>`position(${id} in lower(q.request_body)) > 0`,
    ]),
  ]);
}

const outcomeConditions = {
  refused: request("q.status", "<", 500),
  unauthenticated: request("q.status", "=", 401),
  fault: request("q.status", ">=", 500),
} as const satisfies Record<(typeof requestOutcomes)[number], Expression<SqlBool>>;

const start = "^(/scim(_v2|/v2))?/";
const resourcePatterns = {
  Users: `${start}users([/?]|$)`,
  Groups: `${start}groups([/?]|$)`,
  Bulk: `${start}bulk([/?]|$)`,
  Discovery: `${start}(serviceproviderconfig|schemas|resourcetypes)([/?]|$)`,
  Other: `${start}(?!(users|groups|bulk|serviceproviderconfig|schemas|resourcetypes)([/?]|$))`,
} as const satisfies Record<RequestResource, string>;

/** The spellings of a text in a URL. */
function spellingsOf(text: string): readonly string[] {
  const encoded = encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, ""));
  return [text, encoded, encoded.replaceAll("%20", "+")].map((spelling) => spelling.toLowerCase());
}
