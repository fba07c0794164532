import type { CallResource } from "@rollcall/domain";
import { firstIdAt } from "../store/id.ts";

/** `refused`: 400 to 499; `notLetIn`: 401; `fault`: 500 and above. */
export const requestOutcomes = ["refused", "notLetIn", "fault"] as const;
export const requestOrders = ["newest", "oldest", "slowest"] as const;

/**
 * `cursor`: where the page before ended; `after`: only newer calls. `isFailed`: only those answered with 400 and above, or
 * below. `memberId`: about somebody, or with an effect on them; `roleId`: about a group, also in Bulk. `text` is looked for
 * in the address, encoded or not, and in what was answered.
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
  readonly resource?: CallResource | undefined;
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
  readonly text?: string | undefined;
};

/** Conditions that an index tells, and those for which calls are looked through, each with its `and`. */
export type Conditions = { readonly indexed: readonly string[]; readonly picked: readonly string[] };

/** `place` keeps a value and returns its placeholder. `changed`: the calls that changed the role that is asked for. */
export function conditionsOf(
  query: RequestQuery,
  place: (value: unknown) => string,
  changed: readonly string[],
): Conditions {
  const [indexed, picked]: [string[], string[]] = [[], []];
  const narrow = (list: string[], condition: string, value: unknown): void => {
    if (value !== undefined) list.push(`and ${condition.replace("?", () => place(value))}`);
  };
  const { cursor, after, since, until, isFailed, outcome, tokenId, method, resource, roleId, text, order } = query;
  if (order !== "slowest") narrow(indexed, order === "oldest" ? "q.id > ?" : "q.id < ?", cursor);
  narrow(indexed, "q.id > ?", after);
  // The ids carry the time, so that the primary key finds where to begin and to stop.
  narrow(indexed, "q.id >= ?", since && firstIdAt(since));
  narrow(indexed, "q.id < ?", until && firstIdAt(until));
  if (isFailed === true || outcome !== undefined) indexed.push("and q.status >= 400");
  if (isFailed === false) picked.push("and q.status < 400");
  if (outcome !== undefined) picked.push(`and ${outcomeConditions[outcome]}`);
  narrow(picked, "q.token_id = ?", tokenId);
  narrow(picked, "q.method = ?", method);
  narrow(picked, "q.path ~* ?", resource && resourcePatterns[resource]);
  if (roleId !== undefined) picked.push(`and (${ofGroup(roleId, place)} or q.id = any(${place(changed)}::uuid[]))`);
  const sought =
    "exists (select from unnest(?::text[]) sought where position(sought in lower(q.path || ' ' || coalesce(q.detail, ''))) > 0)";
  narrow(picked, sought, text === undefined ? undefined : spellingsOf(text));
  return { indexed, picked };
}

/** The group is in the path, or somewhere in what Bulk sent. */
function ofGroup(roleId: string, place: (value: unknown) => string): string {
  const id = roleId.toLowerCase();
  const path = `q.path ~* ${place(`${start}groups/${id}([/?]|$)`)}`;
  const bulk = `(q.path ~* ${place(resourcePatterns.Bulk)} and position(${place(id)} in lower(q.request_body)) > 0)`;
  return `${path} or ${bulk}`;
}

const outcomeConditions = {
  refused: "q.status < 500",
  notLetIn: "q.status = 401",
  fault: "q.status >= 500",
} as const satisfies Record<(typeof requestOutcomes)[number], string>;

const start = "^(/scim(_v2|/v2))?/";
const resourcePatterns = {
  Users: `${start}users([/?]|$)`,
  Groups: `${start}groups([/?]|$)`,
  Bulk: `${start}bulk([/?]|$)`,
  Discovery: `${start}(serviceproviderconfig|schemas|resourcetypes)([/?]|$)`,
  Other: `${start}(?!(users|groups|bulk|serviceproviderconfig|schemas|resourcetypes)([/?]|$))`,
} as const satisfies Record<CallResource, string>;

/** How clients write a text into an address. */
function spellingsOf(text: string): readonly string[] {
  const encoded = encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, ""));
  return [text, encoded, encoded.replaceAll("%20", "+")].map((spelling) => spelling.toLowerCase());
}
