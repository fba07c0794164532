import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { openScimDatabase, type Tenant } from "../testing/scim-database.ts";
import type { Database } from "../store/database.ts";
import { wholeDatabase } from "../store/queryable.ts";
import { readRequestHours } from "./request-hours.ts";

const home = await openScimDatabase();

const hourMs = 3_600_000;
const now = new Date("2026-11-25T12:30:00.000Z");

/** Requests written that many minutes ago: their ids contain that time. */
async function written(tenant: Tenant, minutesAgo: number, status: number, durations: readonly number[]) {
  const at = new Date(now.getTime() - minutesAgo * 60_000);
  const hex = at.getTime().toString(16).padStart(12, "0");
  const text = `insert into scim_request (organization_id, id, at, token_id, method, path, status, duration_ms)
    select $1, ($2 || '-7000-8000-' || right(gen_random_uuid()::text, 12))::uuid, $3, $4, 'GET', '/', $5, unnest($6::int[])`;
  const values = [tenant.organizationId, `${hex.slice(0, 8)}-${hex.slice(8)}`, at, randomUUID(), status, durations];
  await home.rows(text, values);
}

const read = (tenant: Tenant, at = now) => readRequestHours(home.database.sql, tenant.organizationId, at);

// The chart needs every request of the last 24 hours in its hour, and no other organization's.
test("hours have their requests by class, with p50 and p95; the day has them all", async () => {
  const [tenant, other] = [await home.newTenant("Charted"), await home.newTenant("Other")];
  await written(tenant, 5, 200, [4, 6, 8]);
  await written(tenant, 29, 404, [10]);
  await written(tenant, 31, 500, [1234]);
  await written(tenant, 23.4 * 60, 201, [2]);
  await written(tenant, 23.6 * 60, 201, [2]);
  await written(other, 5, 500, [1]);
  const { hours, day } = await read(tenant);
  expect(hours).toHaveLength(24);
  expect(hours.map(({ startsAt }) => startsAt.getTime())).toEqual(
    hours.map((_, place) => now.getTime() - hourMs / 2 - (23 - place) * hourMs),
  );
  expect(hours[23]).toMatchObject({ answered: 3, refused: 1, failed: 0, medianMs: 6, p95Ms: 10 });
  expect(hours[22]).toMatchObject({ answered: 0, refused: 0, failed: 1, medianMs: 1200, p95Ms: 1200 });
  expect(hours[0]).toMatchObject({ answered: 1, refused: 0, failed: 0, medianMs: 2, p95Ms: 2 });
  expect(hours[10]).toMatchObject({ answered: 0, medianMs: null, p95Ms: null });
  expect(day).toMatchObject({ answered: 4, refused: 1, failed: 1, medianMs: 6, p95Ms: 1200 });
});

// The current hour must be read again, past hours only once.
test("a new request appears in the current hour, and past hours are not read twice", async () => {
  const tenant = await home.newTenant("Watched");
  await written(tenant, 90, 200, [3]);
  expect((await read(tenant)).day.answered).toBe(1);
  await written(tenant, 1, 200, [3, 3]);
  await written(tenant, 90, 200, [3]);
  expect((await read(tenant)).day.answered).toBe(3);
  const later = await read(tenant, new Date(now.getTime() + 23 * hourMs));
  expect(later.hours[0]).toMatchObject({ answered: 2 });
  expect(later.day.answered).toBe(2);
});

// Each request has its own views of the database.
test("a past hour is cached for every view of the database, but not for another scope", async () => {
  const tenant = await home.newTenant("Viewed");
  const { organizationId } = tenant;
  await written(tenant, 90, 200, [3]);
  const seenBy = async ({ sql }: Database) => (await readRequestHours(sql, organizationId, now)).day.answered;
  expect(await seenBy(home.database.shareOf(organizationId).tenantOf(organizationId))).toBe(1);
  await written(tenant, 90, 200, [3]);
  expect(await seenBy(home.database.shareOf(organizationId).tenantOf(organizationId))).toBe(1);
  expect(await seenBy(home.database)).toBe(1);
  expect(await seenBy(home.database.view(wholeDatabase))).toBe(2);
});

test("an hour that has just ended is read again, because a batch may still be written", async () => {
  const tenant = await home.newTenant("Settling");
  const justAfter = new Date("2026-11-25T12:01:00.000Z");
  await written(tenant, 40, 200, [3]);
  expect((await read(tenant, justAfter)).hours[22]).toMatchObject({ answered: 1 });
  await written(tenant, 31, 200, [3]);
  expect((await read(tenant, justAfter)).hours[22]).toMatchObject({ answered: 2 });
});
