import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { Agent, get } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { scratchDatabase } from "@rollcall/local-postgres";
import { afterAll, expect, inject, test } from "vitest";

let api: ChildProcess;
const scratch = await scratchDatabase(inject("postgresUrl"));
afterAll(async () => {
  api.kill("SIGKILL");
  await scratch.drop();
});

const port = 20_000 + (process.pid % 20_000);

// In a rolling restart the process migrates an empty database, serves, and ends in time although one client keeps its
// connection and another never finishes its request; requests that arrive meanwhile get a response.
test("the process starts on an empty database, serves and stops in order", async () => {
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

  const kept = new Agent({ keepAlive: true, maxSockets: 1 });
  expect(await ask(kept)).toEqual({ status: 200, connection: "keep-alive" });
  const signalledAt = performance.now();
  api.kill("SIGTERM");
  await expect.poll(async () => (await fetch(`${url}/readyz`)).status, { interval: 20, timeout: 2000 }).toBe(503);
  // An idle connection is kept for a while: a request may be on its way on it. Its response ends the connection.
  expect(await ask(kept)).toEqual({ status: 200, connection: "close" });
  expect(await exited).toEqual([0, null]);
  expect(performance.now() - signalledAt).toBeLessThan(8000);
});

function ask(agent: Agent): Promise<{ status: number | undefined; connection: string | undefined }> {
  return new Promise((resolve, reject) => {
    const req = get(`http://127.0.0.1:${port}/trpc/session.current`, { agent }, (res) => {
      const { statusCode: status, headers } = res;
      res.resume().once("end", () => resolve({ status, connection: headers.connection }));
    });
    req.once("error", reject);
  });
}

async function lineWith(child: ChildProcess, part: string): Promise<void> {
  if (child.stdout === null) throw new Error("The process has no output.");
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.includes(part)) return;
  }
  throw new Error(`The process ended before it said: ${part}`);
}

// A server on the internet with a developer's settings must name the problem and not start.
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
