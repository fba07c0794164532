import { spawn } from "node:child_process";
import { resolve } from "node:path";

export type Ran = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** Runs `rollcall …` as an operator would, on the database at `url`, and waits for its end. */
export function rollcall(url: string, ...args: readonly string[]): Promise<Ran> {
  return rollcallIn({ DATABASE_URL: url, DATA_DIR: "/nonexistent" }, ...args);
}

/** The same with these settings. */
export function rollcallIn(settings: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<Ran> {
  const file = resolve(import.meta.dirname, "../main.ts");
  const child = spawn(process.execPath, [file, ...args], {
    env: { ...process.env, ...settings },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((done, fail) => {
    child.once("error", fail);
    child.once("close", (code) => done({ code, stdout, stderr }));
  });
}
