import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { z } from "zod";
import { forgetOld } from "../retention.ts";
import { recordRequests } from "./request-log.ts";
import { openScimDatabase, requestOf, type Tenant } from "../testing/scim-database.ts";

const home = await openScimDatabase();

const dayMs = 86_400_000;
const now = new Date();

/** Requests written that many days ago: their ids contain that time. */
async function writtenBefore(tenant: Tenant, days: number, count: number): Promise<void> {
  const at = new Date(now.getTime() - days * dayMs);
  const prefix = at.getTime().toString(16).padStart(12, "0");
  const text = `insert into scim_request (organization_id, id, at, token_id, method, path, status, duration_ms)
    select $1, ($2 || '-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, $3, $4, 'GET', '/', 200, 1
    from generate_series(1, $5::int) n`;
  const start = `${prefix.slice(0, 8)}-${prefix.slice(8)}`;
  await home.rows(text, [tenant.organizationId, start, at, randomUUID(), count]);
}

async function countOf({ organizationId }: Tenant): Promise<number> {
  const text = "select count(*)::int as count from scim_request where organization_id = $1";
  const [row] = await home.rows(text, [organizationId]);
  return z.object({ count: z.number() }).parse(row).count;
}

test("requests are deleted after 30 days, in every organization", async () => {
  const [first, second] = [await home.newTenant("First"), await home.newTenant("Second")];
  for (const tenant of [first, second]) {
    await writtenBefore(tenant, 400, 3);
    await writtenBefore(tenant, 30.01, 2);
    await writtenBefore(tenant, 29.99, 1);
  }
  expect(await forgetOld(home.database.sql, now)).toBe(10);
  expect([await countOf(first), await countOf(second)]).toEqual([1, 1]);
  expect(await forgetOld(home.database.sql, now)).toBe(0);
});

// The recorder retries the whole batch.
test("a batch that fails is not written twice when it is retried", async () => {
  const tenant = await home.newTenant("Retried");
  await home.rows("alter table scim_token rename to scim_token_away");
  await expect(recordRequests(home.database.sql, [requestOf(tenant, { at: now })])).rejects.toThrow("scim_token");
  await home.rows("alter table scim_token_away rename to scim_token");
  await recordRequests(home.database.sql, [requestOf(tenant, { at: now })]);
  expect(await countOf(tenant)).toBe(1);
});

test("a new request has the current time in its id, and stays", async () => {
  const tenant = await home.newTenant("Fresh");
  await recordRequests(home.database.sql, [requestOf(tenant, { at: now })]);
  await forgetOld(home.database.sql, new Date(now.getTime() + 29 * dayMs));
  expect(await countOf(tenant)).toBe(1);
  await forgetOld(home.database.sql, new Date(now.getTime() + 31 * dayMs));
  expect(await countOf(tenant)).toBe(0);
});

// One statement for a busy provider's month would lock its rows for minutes.
test("deletes in several statements", async () => {
  const tenant = await home.newTenant("Busy");
  await writtenBefore(tenant, 60, 25_000);
  expect(await forgetOld(home.database.sql, now)).toBe(25_000);
  expect(await countOf(tenant)).toBe(0);
});

// Without the index it would read the requests of all organizations every hour.
test("uses the key of one organization", async () => {
  await home.newTenant("Planned");
  const seen = home.watch();
  await forgetOld(home.database.sql, now);
  const deletion = seen.find(({ sql }) => /delete from "?scim_request/.test(sql));
  const plan = await home.rows(`explain ${deletion?.sql}`, deletion?.parameters);
  const lines = plan.map((row) => String(row["QUERY PLAN"]));
  expect(lines.filter((line) => line.includes("Seq Scan"))).toEqual([]);
  expect(lines.join("\n")).toMatch(/Index Cond: \(\(organization_id = [^)]+\) AND \(id < /);
});
