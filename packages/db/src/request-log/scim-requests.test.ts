import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { recordRequests } from "./request-log.ts";
import { openConsoleDatabase } from "../testing/console-database.ts";
import type { RequestQuery } from "./request-conditions.ts";
import { listScimRequests, requestsSince } from "./scim-requests.ts";

const organizationId = randomUUID();
const home = await openConsoleDatabase();

/** The plans of all statements for a list. */
async function plansOf(query: Omit<RequestQuery, "limit">, of = organizationId): Promise<string> {
  const seen = home.watch();
  await listScimRequests(home.database.sql, of, { limit: 50, ...query });
  const lines: unknown[] = [];
  for (const { sql, parameters } of seen.slice()) {
    const explained = await home.database.sql.query({ name: "", text: `explain ${sql}` }, parameters);
    lines.push(...explained.map((row) => row["QUERY PLAN"]));
  }
  return lines.join("\n");
}

// No filter may read the requests of all organizations, or those of a month when an index applies.
test.each<[string, Omit<RequestQuery, "limit">, RegExp]>([
  ["everything", {}, /scim_request_(?:pkey|figures).*\n\s+Index Cond: \(organization_id = /],
  ["a time", { since: new Date(0), until: new Date() }, /Index Cond: \(\(organization_id = [^)]+\) AND \(id >= /],
  ["a page", { cursor: randomUUID() }, /Index Cond: \(\(organization_id = [^)]+\) AND \(id < /],
  ["a person", { memberId: randomUUID() }, /scim_request_member/],
  ["a person’s oldest", { memberId: randomUUID(), order: "oldest" }, /scim_request_member/],
  ["a group", { roleId: randomUUID() }, /Limit[^]+scim_request_(?:pkey|figures)/],
  ["the slowest", { order: "slowest" }, /Limit[^]+scim_request_(?:pkey|figures)/],
  ["failures", { isFailed: true }, /scim_request_failed/],
  ["a filter without an index", { method: "PATCH", text: "x" }, /Limit[^]+scim_request_(?:pkey|figures)/],
])("%s uses an index of the organization", async (_what, query, index) => {
  const plan = await plansOf(query);
  expect(plan).toMatch(index);
  expect(plan).not.toContain("Seq Scan on scim_request");
});

// Two processes write batches: one with older ids may become visible after one with newer ids.
test("requests that became visible late are included in the newer ones", async () => {
  const request = { organizationId, tokenId: randomUUID(), at: new Date(), method: "GET", path: "/", status: 200 };
  const rest = { scimType: null, detail: null, durationMs: 1, client: null, ip: null, quirks: [] };
  await recordRequests(home.database.sql, [
    { ...request, ...rest },
    { ...request, ...rest },
  ]);
  const { requests } = await listScimRequests(home.database.sql, organizationId, { limit: 10 });
  const [newest, older] = requests.map(({ id }) => id);
  expect(await requestsSince(home.database.sql, organizationId, newest ?? "")).toEqual([newest, older]);
});

// The changes of a person must be found without reading the whole log or all requests.
test("lists of a person and a group use whole keys among 100,000 requests and changes", async () => {
  const { sql } = home.database;
  const [busy, subject] = [randomUUID(), randomUUID()];
  const ids = (tag: string) =>
    `(lpad(to_hex(1700000000000 + n * 10), 12, '0') || '7000${tag}' || lpad(to_hex(n), 12, '0'))::uuid`;
  const changes = `insert into change (organization_id, id, at, request_id, actor_kind, actor_name, subject_kind, subject_id,
      subject_name, kind) select $1, ${ids("8000")}, now(), md5(n::text)::uuid::text, 'token', 'Okta', 'member',
      case when n % 1000 = 0 then $2::uuid else md5((n % 5000)::text)::uuid end, 'P', 'member.updated'
    from generate_series(1, 100000) n`;
  const requests = `insert into scim_request (organization_id, id, at, token_id, method, path, status, duration_ms, request_id)
    select $1, ${ids("9000")}, now(), $1, 'PATCH', '/scim_v2/Groups/1', 204, 1, md5(n::text)::uuid
    from generate_series(1, 100000) n`;
  await sql.query({ name: "", text: changes }, [busy, subject]);
  await sql.query({ name: "", text: requests }, [busy]);
  await sql.query({ name: "", text: "analyze change, scim_request" }, []);
  for (const query of [{ memberId: subject }, { roleId: subject }, { memberId: subject, order: "oldest" }] as const) {
    const plan = await plansOf(query, busy);
    expect(plan).toMatch(/change_subject/);
    expect(plan).not.toMatch(/Seq Scan on (scim_request|change)\b/);
    const { requests, nextCursor } = await listScimRequests(sql, busy, { limit: 200, ...query });
    // The requests of a group are filtered from 20,000 at a time.
    expect(requests).toHaveLength("roleId" in query ? 20 : 100);
    expect(nextCursor === null).toBe(!("roleId" in query));
  }
});
