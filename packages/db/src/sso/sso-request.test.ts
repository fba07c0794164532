import { expect, test } from "vitest";
import { newOrganization, now, openConsoleDatabase } from "../testing/console-database.ts";
import { isOpenSsoTest, readSsoTest, startSsoRequest, useSsoRequest } from "./sso-request.ts";

const home = await openConsoleDatabase();

const minutes = (count: number): Date => new Date(now.getTime() + count * 60_000);
const browser = { hash: Buffer.alloc(32, 1), session: null };
const toHome = { kind: "signIn", nextPath: "/", isRestart: false } as const;
const startedBy = { id: "00000000-0000-7000-8000-000000000001", name: "Owner" };

// Only the browser that sent a request may use its response: once, within ten minutes and in its organization.
test("a request is used once and before its expiry", async () => {
  const { sql } = home.database;
  const { organizationId } = await newOrganization(home.database, "Once");
  const other = await newOrganization(home.database, "OtherOnce");
  const purpose = { kind: "signIn", nextPath: "/members", isRestart: false } as const;
  const id = await startSsoRequest(sql, organizationId, purpose, browser, now);
  const answer = { organizationId, id, browserHash: browser.hash };
  expect(await useSsoRequest(sql, { ...answer, organizationId: other.organizationId }, now)).toBeUndefined();
  expect(await isOpenSsoTest(sql, answer, now)).toBe(false);
  for (const browserHash of [Buffer.alloc(32, 2), null]) {
    expect(await useSsoRequest(sql, { ...answer, browserHash }, now)).toBeUndefined();
  }
  expect(await useSsoRequest(sql, answer, minutes(9))).toEqual({ nextPath: "/members", formerSession: null });
  expect(await useSsoRequest(sql, answer, minutes(9))).toBeUndefined();
  const late = await startSsoRequest(sql, organizationId, purpose, browser, now);
  expect(await useSsoRequest(sql, { ...answer, id: late }, minutes(10))).toBeUndefined();
});

// The table must not grow with every sign-in, and an owner must be able to read a report.
test("old requests are deleted, a test's report after a day", async () => {
  const { sql } = home.database;
  const { organizationId } = await newOrganization(home.database, "Forgotten");
  const test_ = await startSsoRequest(sql, organizationId, { kind: "test", startedBy }, browser, now);
  await startSsoRequest(sql, organizationId, toHome, browser, now);
  await startSsoRequest(sql, organizationId, toHome, browser, minutes(60));
  const kept = sql.db.selectFrom("sso_request").where("organizationId", "=", organizationId).select("id");
  expect(await kept.execute()).toHaveLength(2);
  expect(await readSsoTest(sql, organizationId, test_, minutes(60))).toEqual({ isExpired: true, report: null });
  await startSsoRequest(sql, organizationId, toHome, browser, minutes(25 * 60));
  expect(await readSsoTest(sql, organizationId, test_, minutes(25 * 60))).toBeUndefined();
});
