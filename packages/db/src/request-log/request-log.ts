import { newId } from "../store/id.ts";
import { jsonTable } from "../store/json-table.ts";
import type { Queryable } from "../store/queryable.ts";
import { statement } from "../store/statement.ts";
import { noteSightings } from "./member-sighting.ts";

/** A SCIM request with a known token. `path` includes the query string; bodies are redacted, without credentials. */
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
  readonly quirks: readonly string[];
  /** The request id in the change log. */
  readonly requestId?: string;
  readonly memberId?: string | null;
  /** The rule that refused it, or why authentication failed. */
  readonly refusal?: string | null;
  /** The people named in a refused request; null: none. */
  readonly names?: readonly string[] | null;
  readonly requestBody?: string | null;
  readonly answerBody?: string | null;
  /** The same as JSON, where it was made before: for a whole batch it would hold the process up for milliseconds. */
  readonly row?: string;
};

const columns = [
  ["organizationId", "uuid"],
  ["id", "uuid"],
  ["at", "timestamptz"],
  ["tokenId", "uuid"],
  ["method", "text"],
  ["path", "text"],
  ["status", "integer"],
  ["scimType", "text"],
  ["detail", "text"],
  ["durationMs", "integer"],
  ["client", "text"],
  ["ip", "text"],
  ["quirks", "text[]"],
  ["requestId", "uuid"],
  ["memberId", "uuid"],
  ["refusal", "text"],
  ["names", "text[]"],
  ["requestBody", "text"],
  ["answerBody", "text"],
] as const;
const names = columns.map(([name]) => name);

const insert = statement<{ requests: string }>()((db, p) =>
  db
    .insertInto("scim_request")
    .columns(names)
    .expression((eb) => eb.selectFrom(jsonTable(p("requests"), columns, "request")).select(names)),
);

const usedColumns = [
  ["organizationId", "uuid"],
  ["tokenId", "uuid"],
  ["at", "timestamptz"],
  ["ip", "text"],
  ["client", "text"],
] as const;

/** Updates the last use (time, address and client) of each token; locks them in the order of their ids. */
const touch = statement<{ uses: string }>()((db, p) =>
  db
    .with("used", (from) =>
      from
        .selectFrom("scim_token as t")
        .innerJoin(jsonTable(p("uses"), usedColumns, "used"), (on) =>
          on.onRef("t.organizationId", "=", "used.organizationId").onRef("t.id", "=", "used.tokenId"),
        )
        .orderBy("t.id")
        .selectAll("used")
        .forNoKeyUpdate("t"),
    )
    .updateTable("scim_token as t")
    .from("used")
    .set((eb) => ({
      lastUsedAt: eb.ref("used.at"),
      lastUsedIp: eb.ref("used.ip"),
      lastUsedClient: eb.ref("used.client"),
    }))
    .whereRef("t.organizationId", "=", "used.organizationId")
    .whereRef("t.id", "=", "used.tokenId")
    .where((eb) => eb.or([eb("t.lastUsedAt", "is", null), eb("t.lastUsedAt", "<", eb.ref("used.at"))]))
    .where((eb) => eb.or([eb("t.revokedAt", "is", null), eb("t.revokedAt", ">", eb.ref("used.at"))]))
    .whereRef("t.expiresAt", ">", "used.at"),
);

/** Writes a batch of requests, each token's last use, and each person's last request. */
export async function recordRequests(sql: Queryable, requests: readonly NewScimRequest[]): Promise<void> {
  if (requests.length === 0) return;
  // What can be repeated comes first: the batch is retried if any of it fails.
  await noteSightings(sql, requests);
  await sql.run(touch, { uses: JSON.stringify(lastUses(requests)) });
  const rows = requests.map((request) => `{"id":"${newId()}",${(request.row ?? JSON.stringify(request)).slice(1)}`);
  await sql.run(insert, { requests: `[${rows.join(",")}]` });
}

/** The last request with each token that was not refused with 401. */
function lastUses(requests: readonly NewScimRequest[]): readonly object[] {
  const uses = new Map<string, NewScimRequest>();
  for (const request of requests) {
    const before = uses.get(request.tokenId);
    if (request.status !== 401 && (before === undefined || before.at <= request.at)) uses.set(request.tokenId, request);
  }
  return [...uses.values()].map(({ organizationId, tokenId, at, ip, client }) => ({
    organizationId,
    tokenId,
    at,
    ip,
    client,
  }));
}
