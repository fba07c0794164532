import { type ChildProcess, spawn } from "node:child_process";
import { chmod, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onConnection } from "../connection.ts";

/** Another process that holds the server of a DATA_DIR. */
export type Holder = { readonly process: ChildProcess; readonly url: string; readonly attached: boolean; kill(): void };

type Identity = { readonly uid?: number; readonly gid?: number };

/** Starts one and waits until it has the server. Throws with what it said when it ends before. */
export async function startHolder(dataDir: string, identity: Identity = {}): Promise<Holder> {
  const program = fileURLToPath(new URL("hold-server.ts", import.meta.url));
  const child = spawn(process.execPath, [program, dataDir], { ...identity, cwd: "/", stdio: ["pipe", "pipe", "pipe"] });
  const errors: string[] = [];
  child.stderr.on("data", (chunk: Buffer) => errors.push(chunk.toString()));
  for await (const line of createInterface({ input: child.stdout })) {
    const told: unknown = JSON.parse(line);
    if (typeof told !== "object" || told === null || !("url" in told) || !("attached" in told)) break;
    return {
      process: child,
      url: String(told.url),
      attached: told.attached === true,
      kill: () => void child.kill("SIGKILL"),
    };
  }
  throw new Error(`The holder ended: ${errors.join("")}`);
}

/** A fresh folder under the temporary one that every user can enter. */
export async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "local-postgres-"));
  await chmod(folder, 0o755);
  return folder;
}

/** Does the server at `url` take our connection and answer? */
export async function answers(url: string): Promise<boolean> {
  return onConnection(url, (client) => client.query("select 1")).then(
    () => true,
    () => false,
  );
}
