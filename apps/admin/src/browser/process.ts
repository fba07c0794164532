import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const apps = join(import.meta.dirname, "../../..");
const readyWaitMs = 30_000;
const pollMs = 50;
const logLength = 20_000;

export type ServerProcess = {
  /** Its latest lines. */
  log(): string;
  stop(): Promise<void>;
};

/** Starts an app's server as its own process and waits until `readyUrl` answers 200. */
export async function startServer(app: string, env: NodeJS.ProcessEnv, readyUrl: string): Promise<ServerProcess> {
  const child = spawn(process.execPath, [join(apps, app, "src/main.ts")], { env, stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (log = (log + text).slice(-logLength)));
  const deadlineMs = Date.now() + readyWaitMs;
  while (!(await isReady(readyUrl))) {
    if (child.exitCode === null && Date.now() < deadlineMs) await new Promise((resolve) => setTimeout(resolve, pollMs));
    else {
      await stop(child);
      throw new Error(`apps/${app} did not get ready: ${log}`);
    }
  }
  return { log: () => log, stop: () => stop(child) };
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false;
  }
}

/** Kills the process, as a graceful stop waits some seconds for clients; that has tests of its own. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}
