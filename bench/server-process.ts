import { type ChildProcess, spawn } from "node:child_process";
import { openSync, closeSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

const readyTimeoutMs = 30_000;
const stopTimeoutMs = 10_000;
const logTailCharacters = 2_000;

export type ServerProcess = { readonly pid: number; stop(): Promise<void> };

/**
 * Starts `node program` with `env` added to ours, its output going to `logFile`, and waits until `readyUrl` answers 200.
 * Throws with the end of its output when it does not within 30 s.
 */
export async function startServer(
  program: string,
  env: Readonly<Record<string, string>>,
  readyUrl: string,
  logFile: string,
): Promise<ServerProcess> {
  const log = openSync(logFile, "a");
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, NODE_ENV: "production", ...env },
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  const stop = (): Promise<void> => end(child);
  const deadline = performance.now() + readyTimeoutMs;
  while (!(await isReady(readyUrl))) {
    const hasEnded = child.exitCode !== null || child.signalCode !== null;
    if (hasEnded || performance.now() > deadline) {
      await stop();
      const said = readFileSync(logFile, "utf8").slice(-logTailCharacters);
      throw new Error(`${program} ${hasEnded ? "ended" : "did not get ready"} at start. It said:\n${said}`);
    }
    await delay(50);
  }
  return { pid: child.pid ?? 0, stop };
}

async function isReady(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
    async (response) => {
      await response.body?.cancel();
      return response.ok;
    },
    () => false,
  );
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), stopTimeoutMs);
  await ended;
  clearTimeout(timer);
}
