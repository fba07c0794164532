import "@rollcall/local-postgres/vitest-global-setup";
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { openDatabase } from "@rollcall/db";
import { scratchDatabase, type ScratchDatabase } from "@rollcall/local-postgres";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { untilReady } from "./child.ts";
import { freePort, rollcall } from "./testing/run-command.ts";

let scratch: ScratchDatabase;
let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "rollcall-start-"));
  scratch = await scratchDatabase(inject("postgresUrl"));
});
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
  // vitest sets NODE_ENV to "test"; the command is meant for a shell that says nothing.
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

// Guards the first command of the README, end to end: what it prints works, once, and it leaves nothing behind. In
// production it makes no organization, and with it no password that stands in a log, on an empty database.
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
    const token = /rcl_[0-9A-Za-z]{50}/.exec(first.printed())?.[0] ?? "";
    expect(first.printed()).toContain(base);
    expect(first.printed()).toContain("DEVELOPER_MAILBOX=1");
    expect((await stat(join(dataDir, "secret-key"))).mode & 0o777).toBe(0o600);
    // What the database does goes to the log alone.
    expect(first.printed()).toMatch(/^Log +\S+start\.log$/m);
    expect(first.printed()).not.toContain("migrat");
    const users = await fetch(`${base}/Users`, { headers: { authorization: token } });
    expect(await users.json()).toMatchObject({ totalResults: 9 });
    expect(await guardOf()).toEqual([{ isOn: true, releasedUntil: null }]);
    expect((await fetch(`http://127.0.0.1:${first.apiPort}/`)).headers.get("content-type")).toContain("text/html");
    // What is printed works; that all of both providers' traffic does is proven in apps/scim.
    const played = await rollcall(scratch.url, "simulate", "okta", "--base", base, "--token", token);
    expect([played.code, played.stdout.includes("FAIL")], played.stdout).toEqual([0, false]);

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

/** The servers notice through their channel that the command which made them is dead. */
async function untilGone(url: string): Promise<void> {
  const isThere = (): Promise<boolean> =>
    untilReady(url, 200).then(
      () => true,
      () => false,
    );
  for (let look = 0; look < 100; look++) if (!(await isThere())) return;
  throw new Error(`${url} still answers.`);
}

/** The guard of the demo organization: on from the first moment (design section 3, rule 13). */
async function guardOf(): Promise<readonly unknown[]> {
  const database = await openDatabase(scratch.url);
  const text = `select is_guard_on as "isOn", guard_released_until as "releasedUntil" from provisioning`;
  const rows = await database.sql.query({ name: "", text }, []);
  await database.close();
  return rows;
}
