import { z } from "zod";
import type { Queryable } from "../statement.ts";

const requestRow = z.object({
  id: z.string(),
  at: z.date(),
  tokenName: z.string(),
  method: z.string(),
  path: z.string(),
  status: z.number(),
  scimType: z.string().nullable(),
  detail: z.string().nullable(),
  durationMs: z.number(),
  client: z.string().nullable(),
  ip: z.string().nullable(),
  quirks: z.array(z.string()),
});
/** One call of the provider, without bodies; `quirks` as it was noted, so that rows may be gone from the table since. */
export type ListedRequest = z.infer<typeof requestRow>;

/** `cursor` is the id of the last request of the page before; `isFailed`: only those answered with 400 and above, or below. */
export type RequestQuery = {
  readonly cursor?: string | undefined;
  readonly limit: number;
  readonly isFailed?: boolean | undefined;
};

/** One page of the provider's calls, newest first, and the cursor of the next one or null. */
export async function listScimRequests(
  sql: Queryable,
  organizationId: string,
  query: RequestQuery,
): Promise<{ readonly requests: readonly ListedRequest[]; readonly nextCursor: string | null }> {
  const { cursor, limit, isFailed } = query;
  const statement = isFailed === undefined ? everything : isFailed ? failed : answered;
  const rows = await sql.query(statement, [organizationId, cursor ?? null, limit + 1]);
  const requests = rows.slice(0, limit).map((row) => requestRow.parse(row));
  return { requests, nextCursor: rows.length > limit ? (requests.at(-1)?.id ?? null) : null };
}

function statementOf(name: string, condition: string): { readonly name: string; readonly text: string } {
  return {
    name,
    text: `select q.id, q.at, coalesce(t.name, '') as "tokenName", q.method, q.path, q.status, q.scim_type as "scimType",
        q.detail, q.duration_ms as "durationMs", q.client, q.ip, q.quirks
      from scim_request q left join scim_token t on t.organization_id = q.organization_id and t.id = q.token_id
      where q.organization_id = $1 and ($2::uuid is null or q.id < $2) and ${condition}
      order by q.id desc limit $3`,
  };
}

const everything = statementOf("scim_requests_page", "true");
const failed = statementOf("scim_requests_failed", "q.status >= 400");
const answered = statementOf("scim_requests_answered", "q.status < 400");
