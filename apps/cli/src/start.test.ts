import "@rollcall/local-postgres/vitest-global-setup";
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { openDatabase } from "@rollcall/db";
import { freePort, scratchDatabase } from "@rollcall/local-postgres";
import { afterAll, expect, inject, test } from "vitest";
import { untilReady } from "./child.ts";
import { rollcall, rollcallIn } from "./testing/run-command.ts";

const dataDir = await mkdtemp(join(tmpdir(), "rollcall-start-"));
const scratch = await scratchDatabase(inject("postgresUrl"));
afterAll(async () => {
  await scratch.drop();
  await rm(dataDir, { recursive: true });
});

/** turbo, which builds the console, looks for pnpm; under `pnpm test` it is there. */
const hasPnpm = spawnSync("pnpm", ["--version"]).status === 0;

type Started = { readonly child: ChildProcess; readonly apiPort: number; readonly scimPort: number; printed(): string };

async function startRollcall(nodeEnv?: "production"): Promise<Started> {
  const [apiPort, scimPort] = [await freePort(), await freePort()];
  const ports = { API_PORT: String(apiPort), SCIM_PORT: String(scimPort) };
  // vitest sets NODE_ENV to "test"; the command expects it to be unset.
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    ...ports,
    DATABASE_URL: scratch.url,
    DATA_DIR: dataDir,
    NODE_ENV: nodeEnv,
  };
  const child = spawn(process.execPath, [resolve(import.meta.dirname, "start.ts")], { env });
  let text = "";
  const ready = new Promise<void>((done, fail) => {
    child.stdout.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes("Rollcall is running")) done();
    });
    child.stderr.on("data", (chunk: Buffer) => (text += chunk.toString()));
    child.once("exit", () => fail(new Error(`It ended early:\n${text}`)));
  });
  await ready;
  return { child, apiPort, scimPort, printed: () => text };
}

// The first command of the README, end to end: its printed values work, once, and it leaves nothing behind. In production
// it creates no organization, and so logs no password, on an empty database.
test.skipIf(!hasPnpm)(
  "start serves, makes the demo once and never in production, and ends with its servers (needs pnpm on the path)",
  async () => {
    const production = await startRollcall("production");
    expect(production.printed()).not.toContain("rcl_");
    const session = await fetch(`http://127.0.0.1:${production.apiPort}/trpc/session.current`);
    expect(session.headers.get("x-request-id")).not.toBeNull();
    await expect(stat(join(dataDir, "secret-key"))).rejects.toThrow("ENOENT");
    production.child.kill("SIGTERM");
    expect(await once(production.child, "exit")).toEqual([0, null]);

    const first = await startRollcall();
    const base = `http://127.0.0.1:${first.scimPort}/scim_v2`;
    const printed = first.printed();
    const token = /rcl_[0-9A-Za-z]{50}/.exec(printed)?.[0] ?? "";
    expect(first.printed()).toContain(base);
    expect(first.printed()).toContain("DEVELOPER_MAILBOX=1");
    expect((await stat(join(dataDir, "secret-key"))).mode & 0o777).toBe(0o600);
    // The database's output goes to the log only.
    expect(first.printed()).toMatch(/^Log +\S+start\.log$/m);
    expect(first.printed()).not.toContain("migrat");
    const users = await fetch(`${base}/Users`, { headers: { authorization: token } });
    expect(await users.json()).toMatchObject({ totalResults: 9 });
    expect(await settingsOf()).toEqual([{ isGuardOn: true, releasedUntil: null, provider: "okta", isSetUp: true }]);
    expect((await fetch(`http://127.0.0.1:${first.apiPort}/`)).headers.get("content-type")).toContain("text/html");
    await expectDemoOutput(first, token);
    // The emails of the demo, and a doctor without a complaint about ports.
    const checked = await rollcallIn({ DATABASE_URL: scratch.url, DATA_DIR: dataDir }, "doctor");
    expect([checked.code, checked.stdout], checked.stdout).toEqual([
      0,
      expect.stringMatching(/, 0 of them just now$/m),
    ]);
    expect(checked.stdout).toContain(`ok   API server: http://127.0.0.1:${first.apiPort}/readyz answers 200`);

    first.child.kill("SIGTERM");
    expect(await once(first.child, "exit")).toEqual([0, null]);
    await expect(fetch(base)).rejects.toThrow("fetch failed");

    const second = await startRollcall();
    expect(second.printed()).not.toContain("rcl_");
    second.child.kill("SIGKILL");
    await once(second.child, "exit");
    await untilGone(`http://127.0.0.1:${second.scimPort}/healthz`);
    await untilGone(`http://127.0.0.1:${second.apiPort}/healthz`);
  },
  300_000,
);

/** Each person, address, password and command in the demo's output works; its end is the end of the output. */
async function expectDemoOutput(started: Started, token: string): Promise<void> {
  const { apiPort, scimPort } = started;
  const text = started.printed();
  const demo = text.slice(text.indexOf("The demo organization"), text.indexOf("\nRollcall is running")).trim();
  expect(demo.split("\n")).toHaveLength(6);
  const people = [...demo.matchAll(/(\w+ \w+), (\S+@acme\.example), password ([\w-]+)/g)];
  expect(people).toHaveLength(2);
  for (const [, name, email, password] of people) {
    const response = await fetch(`http://127.0.0.1:${apiPort}/trpc/session.signIn`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-rollcall-client": "test" },
      body: JSON.stringify({ email, password }),
    });
    expect([name, email, response.status]).toEqual([name, email, 200]);
  }
  const filter = `filter=${encodeURIComponent('displayName eq "Ken Thompson" and active eq false')}`;
  for (const [path, count] of [
    [`Users?${filter}`, 1],
    ["Users?filter=active%20eq%20true", 8],
    ["Groups?filter=displayName%20eq%20%22On%20call%22", 1],
  ] as const) {
    const found = await fetch(`http://127.0.0.1:${scimPort}/scim_v2/${path}`, { headers: { authorization: token } });
    expect(await found.json(), path).toMatchObject({ totalResults: count });
  }
  const command = /rollcall (simulate .*)$/m.exec(demo)?.[1]?.split(" ") ?? [];
  const played = await rollcall("postgres://nobody@127.0.0.1:1/none", ...command);
  expect([played.code, played.stdout.includes("FAIL")], played.stdout + played.stderr).toEqual([0, false]);
}

/** The servers notice through their channel that the parent command is dead, and end within 15 s. */
async function untilGone(url: string): Promise<void> {
  const isThere = (): Promise<boolean> =>
    untilReady(url, 200).then(
      () => true,
      () => false,
    );
  await expect.poll(isThere, { timeout: 15_000, interval: 100 }).toBe(false);
}

/** The demo's guard is on from the first moment (docs/design.md section 3, rule 13), and its setup is finished. */
async function settingsOf(): Promise<readonly unknown[]> {
  const database = await openDatabase(scratch.url);
  const text = `select is_guard_on as "isGuardOn", guard_released_until as "releasedUntil", provider,
    finished_at is not null as "isSetUp" from provisioning left join setup using (organization_id)`;
  const rows = await database.sql.query({ name: "", text }, []);
  await database.close();
  return rows;
}
