import type { Queryable } from "../store/queryable.ts";
import { newId } from "../store/id.ts";
import { noteSightings } from "./member-sighting.ts";

/** One SCIM call that is known to be an organization's. `path` holds the query string; bodies are redacted, no credentials. */
export type NewScimRequest = {
  readonly organizationId: string;
  readonly tokenId: string;
  readonly at: Date;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly scimType: string | null;
  readonly detail: string | null;
  readonly durationMs: number;
  readonly client: string | null;
  readonly ip: string | null;
  /** The ids of the provider's habits that were tolerated. */
  readonly quirks: readonly string[];
  /** The call's name in the change log. */
  readonly requestId?: string;
  readonly memberId?: string | null;
  /** The rule that refused it, or why its sender was not let in. */
  readonly refusal?: string | null;
  /** Whom it named in vain; null for nobody. */
  readonly names?: readonly string[] | null;
  readonly requestBody?: string | null;
  readonly answerBody?: string | null;
};

const insert = {
  name: "scim_request_add",
  text: `insert into scim_request (organization_id, id, at, token_id, method, path, status, scim_type, detail, duration_ms,
      client, ip, quirks, request_id, member_id, refusal, names, request_body, answer_body)
    select "organizationId", id, at, "tokenId", method, path, status, "scimType", detail, "durationMs", client, ip, quirks,
      "requestId", "memberId", refusal, names, "requestBody", "answerBody"
    from jsonb_to_recordset($1::jsonb) as call ("organizationId" uuid, id uuid, at timestamptz, "tokenId" uuid,
      method text, path text, status integer, "scimType" text, detail text, "durationMs" integer, client text, ip text,
      quirks text[], "requestId" uuid, "memberId" uuid, refusal text, names text[], "requestBody" text, "answerBody" text)`,
};

/** The last call of each token in the batch says when, from where and by which client it was used last, while it worked. */
const touch = {
  name: "scim_token_used",
  text: `update scim_token t set last_used_at = used.at, last_used_ip = used.ip, last_used_client = used.client
    from (select distinct on ("tokenId") "organizationId", "tokenId", at, ip, client
      from jsonb_to_recordset($1::jsonb) as call ("organizationId" uuid, "tokenId" uuid, at timestamptz, ip text,
        client text, status integer)
      where status <> 401 order by "tokenId", at desc) used
    where t.organization_id = used."organizationId" and t.id = used."tokenId"
      and (t.last_used_at is null or t.last_used_at < used.at)
      and (t.revoked_at is null or t.revoked_at > used.at) and t.expires_at > used.at`,
};

/** Writes a batch of calls and moves the tokens' last use, and when each person was dealt with last. */
export async function recordRequests(sql: Queryable, calls: readonly NewScimRequest[]): Promise<void> {
  if (calls.length === 0) return;
  // First, as it may be done twice where what follows fails and the batch is tried again.
  await noteSightings(sql, calls);
  await sql.query(insert, [JSON.stringify(calls.map((call) => ({ ...call, id: newId() })))]);
  const uses = calls.map(({ organizationId, tokenId, at, ip, client, status }) => ({
    organizationId,
    tokenId,
    at,
    ip,
    client,
    status,
  }));
  await sql.query(touch, [JSON.stringify(uses)]);
}
