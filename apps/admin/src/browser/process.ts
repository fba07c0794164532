import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";

const apps = join(import.meta.dirname, "../../..");
const readyWaitMs = 30_000;
const pollMs = 50;

/** An unused port. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("The system gave no port.");
  return address.port;
}

/** Starts an app's server as its own process and waits until `readyUrl` answers 200. Returns how to stop it. */
export async function startServer(app: string, env: NodeJS.ProcessEnv, readyUrl: string): Promise<() => Promise<void>> {
  const child = spawn(process.execPath, [join(apps, app, "src/main.ts")], { env, stdio: ["ignore", "ignore", "pipe"] });
  const said: string[] = [];
  child.stderr.setEncoding("utf8").on("data", (text: string) => said.push(text));
  const deadlineMs = Date.now() + readyWaitMs;
  while (!(await isReady(readyUrl))) {
    if (child.exitCode === null && Date.now() < deadlineMs) await new Promise((resolve) => setTimeout(resolve, pollMs));
    else {
      await stop(child);
      throw new Error(`apps/${app} did not get ready: ${said.join("")}`);
    }
  }
  return () => stop(child);
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
