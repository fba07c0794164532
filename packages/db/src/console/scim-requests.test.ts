import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { recordRequests } from "../scim/request-log.ts";
import { type ConsoleDatabase, openConsoleDatabase } from "./testing/console-database.ts";
import { listScimRequests, requestsSince, type RequestQuery } from "./scim-requests.ts";

let home: ConsoleDatabase;
const organizationId = randomUUID();
beforeAll(async () => {
  home = await openConsoleDatabase(inject("postgresUrl"));
});
afterAll(() => home.close());

/** The plans of all statements that a list needs. */
async function plansOf(query: Omit<RequestQuery, "limit">): Promise<string> {
  const lines: unknown[] = [];
  const watched = {
    query: async (statement: { name: string; text: string }, values: readonly unknown[]) => {
      const explained = { name: "", text: `explain ${statement.text}` };
      lines.push(...(await home.database.sql.query(explained, values)).map((row) => row["QUERY PLAN"]));
      return home.database.sql.query(statement, values);
    },
  };
  await listScimRequests(watched, organizationId, { limit: 50, ...query });
  return lines.join("\n");
}

// Guards that no filter reads the calls of all organizations, or those of a month where an index tells.
test.each<[string, Omit<RequestQuery, "limit">, RegExp]>([
  ["everything", {}, /scim_request_pkey.*\n\s+Index Cond: \(organization_id = /],
  ["a time", { since: new Date(0), until: new Date() }, /Index Cond: \(\(organization_id = [^)]+\) AND \(id >= /],
  ["a page", { cursor: randomUUID() }, /Index Cond: \(\(organization_id = [^)]+\) AND \(id < /],
  ["a person", { memberId: randomUUID() }, /scim_request_member/],
  ["failures", { isFailed: true }, /scim_request_failed/],
  ["what no index tells", { method: "PATCH", text: "x" }, /Limit[^]+scim_request_pkey/],
])("%s goes by an index of the organization", async (_what, query, index) => {
  const plan = await plansOf(query);
  expect(plan).toMatch(index);
  expect(plan).not.toContain("Seq Scan on scim_request");
});

// Two processes write batches: one with older ids may become visible after one with newer ids.
test("what became visible late is among what is new since", async () => {
  const call = { organizationId, tokenId: randomUUID(), at: new Date(), method: "GET", path: "/", status: 200 };
  const rest = { scimType: null, detail: null, durationMs: 1, client: null, ip: null, quirks: [] };
  await recordRequests(home.database.sql, [
    { ...call, ...rest },
    { ...call, ...rest },
  ]);
  const { requests } = await listScimRequests(home.database.sql, organizationId, { limit: 10 });
  const [newest, older] = requests.map(({ id }) => id);
  expect(await requestsSince(home.database.sql, organizationId, newest ?? "")).toEqual([newest, older]);
});
