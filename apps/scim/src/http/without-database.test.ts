import { listScimRequests, openDatabase } from "@rollcall/db";
import { databaseProxy, type DatabaseProxy } from "@rollcall/db/testing/database-proxy";
import { pino } from "pino";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { detailOf, scimClient, type ScimResponse } from "../testing/test-client.ts";
import { useScim } from "../testing/scim-fixture.ts";
import { startScim } from "../testing/test-harness.ts";

let proxy: DatabaseProxy;
let processLog = "";

afterAll(() => proxy.close());
const { scim, acme: okta } = await useScim({
  log: pino({ level: "warn" }, { write: (line: string) => void (processLog += line) }),
  open: async (url) => {
    proxy = await databaseProxy(url);
    return openDatabase(proxy.url, { waits: { answerMs: 700, idleMs: 300, lockMs: 300, connectMs: 700 } });
  },
});

const person = (userName: string): object => ({ userName, displayName: "Pam" });
const creation = { method: "POST", path: "/Users", bulkId: "pam", data: person("bulk@acme.example") };

function expectUnavailable(response: ScimResponse): void {
  expect(response.status).toBe(503);
  expect(response.headers.get("content-type")).toContain("application/scim+json");
  expect(response.headers.get("retry-after")).toBe("5");
  expect(response.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  expect(response.body).toMatchObject({ schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"], status: "503" });
  expect(detailOf(response)).toContain("again");
  expect(response.text).not.toMatch(/pool|postgres|sql|\bat \/|node_modules|database/i);
}

/** Every kind of request, one after the other. */
async function everyKind(): Promise<readonly ScimResponse[]> {
  const responses: ScimResponse[] = [];
  for (const ask of [
    () => okta.get("/Users"),
    () => okta.post("/Users", person("pam@acme.example")),
    () => okta.patch("/Groups/x", {}),
    () => okta.post("/Bulk", { Operations: [creation] }),
    () => okta.get("/Nothing"),
  ])
    responses.push(await ask());
  return responses;
}

async function untilServed(): Promise<void> {
  await expect.poll(async () => (await okta.get("/Users")).status).toBe(200);
}

describe("while the database", () => {
  beforeEach(async () => {
    // Connections that the outage can close.
    await Promise.all(Array.from({ length: 8 }, () => okta.get("/Users")));
  });

  test("refuses connections, every request is 503 with Retry-After, and a wrong token 401", async () => {
    proxy.refuse();
    (await everyKind()).forEach(expectUnavailable);
    expect((await scimClient(scim.baseUrl, "no-token").get("/Users")).status).toBe(401);
    const root = new URL(scim.baseUrl).origin;
    expect([(await fetch(`${root}/healthz`)).status, (await fetch(`${root}/readyz`)).status]).toEqual([200, 503]);
    await scim.recorder.flush();
    await scim.recorder.flush();
    proxy.resume();
    await untilServed();
    await scim.recorder.flush();
    // A repeated failure is logged once, and so is its end.
    expect(processLog.match(/request log (could not be|is) written/g)).toEqual([
      "request log could not be written",
      "request log is written",
    ]);
    await scim.recorder.flush();
    const { requests } = await listScimRequests(scim.database.sql, scim.organizationId, { limit: 100 });
    expect(requests.filter(({ status }) => status === 503).length).toBeGreaterThanOrEqual(5);
  });

  test("ends connections, requests are 503 or served by new ones", async () => {
    const ending = `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`;
    const pending = Array.from({ length: 40 }, () => okta.get("/Users"));
    await scim.database.sql.query({ name: "", text: ending }, []);
    const failed = (await Promise.all(pending)).filter(({ status }) => status !== 200);
    failed.forEach(expectUnavailable);
    await expect(untilServed()).resolves.toBeUndefined();
  });

  test("sends nothing on open connections, requests are 503, and then served by new ones", async () => {
    proxy.silence();
    const responses = await Promise.all(Array.from({ length: 8 }, () => okta.get("/Users")));
    const failed = responses.filter(({ status }) => status !== 200);
    expect(failed.length).toBeGreaterThan(0);
    failed.forEach(expectUnavailable);
    const after = await Promise.all(Array.from({ length: 40 }, () => okta.get("/Users")));
    expect(after.map(({ status }) => status)).toEqual(Array(40).fill(200));
  });

  test("gives a lock to another transaction, a write is 503 and not done", async () => {
    const waits = await scim.database.transaction(async (tx) => {
      await tx.query({ name: "", text: "lock table member in exclusive mode" }, []);
      const single = await okta.post("/Users", person("locked@acme.example"));
      const bulk = await okta.post("/Bulk", { Operations: [creation] });
      return { single, bulk };
    });
    expectUnavailable(waits.single);
    const [operation] = z.array(z.object({ status: z.string() })).parse(waits.bulk.body["Operations"]);
    expect([waits.bulk.status, operation?.status]).toEqual([200, "503"]);
    const found = await okta.get(`/Users?filter=${encodeURIComponent('userName eq "locked@acme.example"')}`);
    expect(found.body["totalResults"]).toBe(0);
  });
});

test("with its database closed for good, every request is 503", async () => {
  const closed = await startScim();
  await closed.recorder.close();
  await closed.database.close();
  const response = await closed.client.get("/Users");
  expect(response.status).toBe(503);
  expectUnavailable(response);
  await closed.stop();
});
