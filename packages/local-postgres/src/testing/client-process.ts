import { type ChildProcess, spawn } from "node:child_process";
import { chmod, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onConnection } from "../connection.ts";

/** Another process that uses the server of a DATA_DIR. */
export type ClientProcess = {
  readonly process: ChildProcess;
  readonly url: string;
  readonly attached: boolean;
  kill(): void;
};

type Identity = { readonly uid?: number; readonly gid?: number };

/** Starts a process and waits until it has the server. Throws with its standard error if it ends earlier. */
export async function startClient(dataDir: string, identity: Identity = {}): Promise<ClientProcess> {
  const program = fileURLToPath(new URL("hold-server.ts", import.meta.url));
  const child = spawn(process.execPath, [program, dataDir], { ...identity, cwd: "/", stdio: ["pipe", "pipe", "pipe"] });
  const errors: string[] = [];
  child.stderr.on("data", (chunk: Buffer) => errors.push(chunk.toString()));
  for await (const line of createInterface({ input: child.stdout })) {
    const output: unknown = JSON.parse(line);
    if (typeof output !== "object" || output === null || !("url" in output) || !("attached" in output)) break;
    return {
      process: child,
      url: String(output.url),
      attached: output.attached === true,
      kill: () => void child.kill("SIGKILL"),
    };
  }
  throw new Error(`The client ended: ${errors.join("")}`);
}

/** A new temporary folder that every user can enter. */
export async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "local-postgres-"));
  await chmod(folder, 0o755);
  return folder;
}

/** Whether the server at `url` accepts a connection and responds. */
export async function isReachable(url: string): Promise<boolean> {
  return onConnection(url, (client) => client.query("select 1")).then(
    () => true,
    () => false,
  );
}
