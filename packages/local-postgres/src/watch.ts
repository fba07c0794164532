import { spawn } from "node:child_process";
import { Socket } from "node:net";
import { fileURLToPath } from "node:url";

export type Watcher = { dismiss(): void };

/** Starts the watcher that removes this client if this process dies. It does not keep the event loop running. */
export function startWatcher(dataDir: string, clusterDir: string, id: string): Watcher {
  const program = fileURLToPath(new URL("watcher.ts", import.meta.url));
  const child = spawn(process.execPath, [program, dataDir, clusterDir, id], {
    cwd: "/",
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
    env: watcherEnvironment(),
    windowsHide: true,
  });
  // Without a watcher, the server keeps running when this process is killed.
  child.on("error", () => undefined);
  child.unref();
  if (child.stdin instanceof Socket) child.stdin.unref();
  child.stdin.on("error", () => undefined);
  return { dismiss: () => void child.kill("SIGKILL") };
}

/** Excludes options of this process (a test runner's loaders, an inspector's port) and secrets. */
function watcherEnvironment(): NodeJS.ProcessEnv {
  const names = ["PATH", "SystemRoot", "TEMP", "TMP", "TMPDIR"];
  return Object.fromEntries(names.map((name) => [name, process.env[name]]));
}
