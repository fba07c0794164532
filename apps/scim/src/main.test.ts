import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { openDatabase } from "@rollcall/db";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { detailOf, idOf, patchOf, scimClient, type ScimResponse, type ScimClient } from "./testing/test-client.ts";
import { startScim, type ScimTest } from "./testing/test-harness.ts";

let scim: ScimTest;
let service: ChildProcess;
let okta: ScimClient;
const port = 20_000 + (process.pid % 20_000);
const origin = `http://127.0.0.1:${port}`;

beforeAll(async () => {
  let databaseUrl = "";
  scim = await startScim({
    open: (url, options) => {
      databaseUrl = url;
      return openDatabase(url, options);
    },
  });
  service = spawn(process.execPath, [join(import.meta.dirname, "main.ts")], {
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      SCIM_PORT: String(port),
      SCIM_RATE_LIMIT: "0",
      LOG_LEVEL: "info",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (service.stdout === null) throw new Error("The process has no output.");
  let isReady = false;
  for await (const line of createInterface({ input: service.stdout })) {
    isReady = line.includes("is ready");
    if (isReady) break;
  }
  // The lines also end with the process, for example if another one has taken the port meanwhile.
  if (!isReady) throw new Error("The service ended before it was ready.");
  service.stdout.resume();
  okta = scimClient(`${origin}/scim_v2`, scim.token);
});
afterAll(async () => {
  service.kill("SIGKILL");
  await scim.stop();
});

type Outcome =
  | { readonly status: number; readonly connection: string | undefined }
  | { readonly failure: string; readonly isOnKept: boolean };

/** Sends requests on kept connections, one after the other, until a new connection is refused. */
async function load(agent: Agent, outcomes: Outcome[]): Promise<void> {
  for (;;) {
    const outcome = await look(agent);
    outcomes.push(outcome);
    if ("failure" in outcome) return;
  }
}

function look(agent: Agent): Promise<Outcome> {
  return new Promise((resolve) => {
    const headers = { authorization: scim.token };
    const req = request(`${origin}/scim_v2/Users?count=5`, { agent, headers }, (res) => {
      res.resume().once("end", () => resolve({ status: res.statusCode ?? 0, connection: res.headers.connection }));
    });
    req.once("error", (cause: NodeJS.ErrnoException) =>
      resolve({ failure: cause.code ?? cause.message, isOnKept: req.reusedSocket }),
    );
    req.end();
  });
}

const statusesOf = (bulk: ScimResponse): readonly string[] =>
  z
    .array(z.object({ status: z.string() }))
    .parse(bulk.body["Operations"])
    .map(({ status }) => status);

/** Locks the member's row. Returns a function that releases it. */
async function lock(memberId: string): Promise<() => Promise<void>> {
  const [locked, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const done = scim.database.transaction(async (tx) => {
    await tx.query({ name: "", text: "select 1 from member where id = $1 for update" }, [memberId]);
    locked.resolve();
    await released.promise;
  });
  await locked.promise;
  return () => {
    released.resolve();
    return done;
  };
}

async function untilWaiting(count: number): Promise<void> {
  const text =
    "select count(*)::int as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
  await expect.poll(() => scim.database.sql.query({ name: "", text }, [])).toEqual([{ count }]);
}

// In a rolling restart providers must lose no request, and learn which ones were not done.
test("SIGTERM under load: /readyz changes at once, requests in progress get responses, none is reset, and it ends in time", async () => {
  const [soon, never] = [
    idOf(await okta.post("/Users", { userName: "soon@acme.example" })),
    idOf(await okta.post("/Users", { userName: "never@acme.example" })),
  ];
  const exited = once(service, "exit");
  const [releaseSoon, releaseNever] = [await lock(soon), await lock(never)];
  const rename = patchOf({ op: "replace", path: "displayName", value: "Renamed" });
  const [delayed, stuck] = [okta.patch(`/Users/${soon}`, rename), okta.patch(`/Users/${never}`, rename)];
  await untilWaiting(2);
  const Operations = Array.from({ length: 1000 }, (_, index) => ({
    method: "POST",
    path: "/Users",
    bulkId: String(index),
    data: { userName: `bulk${index}@acme.example` },
  }));
  const bulk = okta.post("/Bulk", { Operations });
  const agent = new Agent({ keepAlive: true });
  const outcomes: Outcome[] = [];
  const loads = Array.from({ length: 8 }, () => load(agent, outcomes));
  await expect.poll(() => outcomes.length).toBeGreaterThan(50);
  const added = { name: "", text: "select 1 from member where user_name = 'bulk0@acme.example'" };
  await expect.poll(() => scim.database.sql.query(added, [])).toHaveLength(1);
  const before = outcomes.length;

  const signalledMs = performance.now();
  service.kill("SIGTERM");
  await expect.poll(async () => (await fetch(`${origin}/readyz`)).status, { interval: 20, timeout: 2000 }).toBe(503);
  expect((await fetch(`${origin}/healthz`)).status).toBe(200);
  await releaseSoon();
  expect((await delayed).body).toMatchObject({ displayName: "Renamed" });

  const statuses = statusesOf(await bulk);
  expect(statuses).toHaveLength(1000);
  expect(new Set(statuses)).toEqual(new Set(["201", "503"]));
  const refused = await stuck;
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "5"]);
  expect(detailOf(refused)).toContain("temporarily unavailable");

  expect(await exited).toEqual([0, null]);
  expect(performance.now() - signalledMs).toBeLessThan(15_000);
  await Promise.all([...loads, releaseNever()]);
  const after = outcomes.slice(before);
  // The kernel resets a connection that is not accepted yet when the process stops listening; nothing else may fail.
  const failures = after.filter((one) => "failure" in one);
  expect(failures.filter(({ failure, isOnKept }) => isOnKept || !/^ECONN(?:REFUSED|RESET)$/.test(failure))).toEqual([]);
  const responded = after.filter((one) => "status" in one);
  expect(responded.length).toBeGreaterThan(8);
  expect(responded.filter(({ status }) => status !== 200)).toEqual([]);
  // Requests in transit at the signal may have been written before it was noticed.
  expect(responded.slice(20).filter(({ connection }) => connection !== "close")).toEqual([]);

  // Every processed request has a response and a log entry.
  const counted = await scim.database.sql.query(
    { name: "", text: "select count(*)::int as count from scim_request where path like '%count=5'" },
    [],
  );
  expect(counted).toEqual([{ count: outcomes.filter((one) => "status" in one && one.status === 200).length }]);
  agent.destroy();
}, 60_000);
