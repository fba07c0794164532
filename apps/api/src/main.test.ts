import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { scratchDatabase, type ScratchDatabase } from "@rollcall/local-postgres";
import { afterAll, beforeAll, expect, inject, test } from "vitest";

let scratch: ScratchDatabase;
let api: ChildProcess;
beforeAll(async () => {
  scratch = await scratchDatabase(inject("postgresUrl"));
});
afterAll(async () => {
  api.kill("SIGKILL");
  await scratch.drop();
});

const port = 20_000 + (process.pid % 20_000);

// Guards a rolling restart: the process migrates an empty database by itself, serves, and ends within five seconds of
// SIGTERM although a client keeps its connection and another one never finishes its request.
test("the process starts on an empty database, serves and closes in time", async () => {
  api = spawn(process.execPath, [join(import.meta.dirname, "main.ts")], {
    env: { ...process.env, DATABASE_URL: scratch.url, API_PORT: String(port), LOG_LEVEL: "info" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(api, "exit");
  await lineWith(api, "The console is ready.");

  const url = `http://127.0.0.1:${port}`;
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  expect(await (await fetch(`${url}/trpc/session.current`)).json()).toEqual({ result: { data: null } });
  const hanging = connect(port, "127.0.0.1", () =>
    hanging.write("POST /trpc/session.signIn HTTP/1.1\r\nHost: localhost\r\n"),
  );
  hanging.on("error", () => undefined);
  await once(hanging, "connect");

  const askedAt = performance.now();
  api.kill("SIGTERM");
  expect(await exited).toEqual([0, null]);
  expect(performance.now() - askedAt).toBeLessThan(5000);
});

async function lineWith(child: ChildProcess, part: string): Promise<void> {
  if (child.stdout === null) throw new Error("The process has no output.");
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.includes(part)) return;
  }
  throw new Error(`The process ended before it said: ${part}`);
}

// Guards a server on the internet that was set up like a developer's machine: it names what is wrong, and does not start.
test("in production the process refuses the settings of a developer's machine, each by its name", async () => {
  const refused = spawn(process.execPath, [join(import.meta.dirname, "main.ts")], {
    env: { PATH: process.env["PATH"], DATABASE_URL: scratch.url, HOST: "0.0.0.0", TRUST_PROXY: "true" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const said = text(refused.stderr);
  expect(await once(refused, "exit")).toEqual([1, null]);
  for (const setting of ["PUBLIC_APP_URL", "TRUST_PROXY", "ROLLCALL_SECRET_KEY", "SMTP_URL"]) {
    expect(await said).toContain(`${setting}: `);
  }
});
