import { spawn } from "node:child_process";
import { Socket } from "node:net";
import { fileURLToPath } from "node:url";

/** A watcher of this process. `dismiss` sends it away; it does nothing then. */
export type Watcher = { dismiss(): void };

/** Starts the watcher that departs in our stead should we die. It keeps neither us nor our event loop alive. */
export function watchUs(dataDir: string, clusterDir: string, id: string): Watcher {
  const program = fileURLToPath(new URL("watcher.ts", import.meta.url));
  const child = spawn(process.execPath, [program, dataDir, clusterDir, id], {
    cwd: "/",
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
    env: watcherEnvironment(),
    windowsHide: true,
  });
  // Without it we run on; the server then merely stays when we are killed.
  child.on("error", () => undefined);
  child.unref();
  if (child.stdin instanceof Socket) child.stdin.unref();
  child.stdin.on("error", () => undefined);
  return { dismiss: () => void child.kill("SIGKILL") };
}

/** Options for us (a test runner's loaders, an inspector's port) are not for the watcher, nor are our secrets. */
function watcherEnvironment(): NodeJS.ProcessEnv {
  const names = ["PATH", "SystemRoot", "TEMP", "TMP", "TMPDIR"];
  return Object.fromEntries(names.map((name) => [name, process.env[name]]));
}
