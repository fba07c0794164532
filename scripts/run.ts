import { spawn } from "node:child_process";
import { resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");

type Ended = { readonly code: number; readonly output: string };

/** Runs a command in the repository's root to its end; `output` is empty where it is shown. */
export function run(
  [command = "", ...args]: readonly string[],
  { isShown }: { readonly isShown: boolean },
): Promise<Ended> {
  return new Promise((done, fail) => {
    const to = isShown ? "inherit" : "pipe";
    const child = spawn(command, args, { cwd: root, stdio: ["ignore", to, to] });
    const output: Buffer[] = [];
    child.stdout?.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => output.push(chunk));
    child.once("error", fail);
    child.once("close", (code) => done({ code: code ?? 1, output: Buffer.concat(output).toString() }));
  });
}
