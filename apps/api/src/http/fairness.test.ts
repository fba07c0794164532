import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { useTestConsole } from "../testing/test-hooks.ts";

const home = await useTestConsole({ trustProxy: true });
const { browser: owner } = await home.ownerOf("Busy");
const { browser: other } = await home.ownerOf("Calm");

/** Does `work` while the change log cannot be read: each request that reads it stays in progress until it is done. */
function whileHeld<T>(work: () => Promise<T>): Promise<T> {
  return home.database.transaction(async (tx) => {
    await tx.query({ name: "", text: "lock table change in access exclusive mode" }, []);
    return work();
  });
}

type Reads = { readonly underway: () => number; readonly all: Promise<readonly { status: number; body: unknown }[]> };

/** That many owners search the log at once. */
function search(count: number): Reads {
  let underway = count;
  const read = async (): Promise<{ status: number; body: unknown }> => {
    const response = await owner.call("query", "activity.list", { limit: 50 });
    underway--;
    return response;
  };
  return { underway: () => underway, all: Promise.all(Array.from({ length: count }, read)) };
}

// Half of the connections stay free for other organizations, and each waiting request gets a response.
test("24 owners of one organization who search at once delay only each other", async () => {
  const held = await whileHeld(async () => {
    const reads = search(24);
    for (let count = 0; count < 10; count++) expect((await other.call("query", "roles.list")).status).toBe(200);
    expect(reads.underway()).toBe(24);
    return { reads };
  });
  expect((await held.reads.all).map(({ status }) => status)).toEqual(Array.from({ length: 24 }, () => 200));
});

test("only the organization with too many waiting searches gets a retry error", async () => {
  const held = await whileHeld(async () => {
    const reads = search(540);
    // One that has read something already waits although the queue is full, so the number that waits is not exact.
    await expect.poll(reads.underway, { timeout: 10_000 }).toBeLessThan(540);
    expect((await other.call("query", "roles.list")).status).toBe(200);
    // An export also returns the error, before a file would start.
    const exported = await fetch(`${home.url}/export/activity.csv`, {
      headers: { cookie: owner.cookie()?.split(";")[0] ?? "" },
    });
    expect([exported.status, await exported.text()]).toEqual([429, expect.stringContaining("Try again in a moment.")]);
    expect(exported.headers.has("content-disposition")).toBe(false);
    return { reads };
  });
  const responses = await held.reads.all;
  const refused = responses.filter(({ status }) => status === 429);
  expect(responses.filter(({ status }) => status === 200)).toHaveLength(540 - refused.length);
  expect(refused.length).toBeGreaterThan(0);
  for (const { body } of refused) expect(JSON.stringify(body)).toContain("Too many requests at once. Try again");
});

// Requests without a sign-in must be limited: each start of a sign-in writes a row.
test("one client address starts or looks up 600 sign-ins a minute, and other addresses go on", async () => {
  const from = { "x-forwarded-for": "203.0.113.7" };
  const start = async (headers: Record<string, string>): Promise<string | null> => {
    const response = await fetch(`${home.url}/sso/${randomUUID()}/start`, { headers, redirect: "manual" });
    return response.headers.get("location");
  };
  for (let count = 0; count < 600; count += 50) {
    const locations = await Promise.all(Array.from({ length: 50 }, () => start(from)));
    expect(new Set(locations)).toEqual(new Set(["/sign-in?sso=notConfigured"]));
  }
  expect(await start(from)).toBe("/sign-in?sso=busy");
  expect(await start({ "x-forwarded-for": "203.0.113.8" })).toBe("/sign-in?sso=notConfigured");
  const found = await fetch(`${home.url}/trpc/sso.find`, {
    method: "POST",
    headers: { ...from, "content-type": "application/json", "x-rollcall-client": "test" },
    body: JSON.stringify({ organization: "nobody@nowhere.example" }),
  });
  expect([found.status, await found.text()]).toEqual([429, expect.stringContaining("Too many searches")]);
});
