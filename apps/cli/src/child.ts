import { spawn, type ChildProcess } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";

export type Child = {
  /** Resolves with a message when the process has ended, for any reason. */
  readonly ended: Promise<string>;
  /** Asks the process to stop, and kills it after 20 seconds. */
  stop(): Promise<void>;
};

/** A service ends within 15 s (`stopOnSignal`). */
const stopTimeoutMs = 20_000;

/**
 * Starts one of our programs with this Node, `args` being a file and its arguments, with inherited output. The IPC
 * channel closes when this process is gone, even by `kill -9`, so that no server is left behind.
 */
export function startChild(
  name: string,
  args: readonly string[],
  options: { readonly env: NodeJS.ProcessEnv; readonly cwd?: string },
): Child {
  const child = spawn(process.execPath, args, { ...options, stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const ended = endOf(child, name);
  return {
    ended,
    stop: async () => {
      child.kill("SIGTERM");
      const forced = setTimeout(() => child.kill("SIGKILL"), stopTimeoutMs);
      await ended;
      clearTimeout(forced);
    },
  };
}

/** Runs a program to its end; its output is shown only if it fails. Throws then. */
export async function runToEnd(command: string, args: readonly string[], options: { cwd: string }): Promise<void> {
  const child = spawn(command, [...args], { ...options, stdio: ["ignore", "pipe", "pipe"] });
  const output: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => output.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${Buffer.concat(output).toString()}`);
}

/** Waits until the address returns 200. Errors: throws after the timeout. */
export async function untilReady(url: string, timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline) {
    if (await isReady(url)) return;
    await wait(50);
  }
  throw new Error(`${url} was not ready within ${timeoutMs / 1000} seconds.`);
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    // Connection refused: the server is not listening yet.
    return false;
  }
}

function endOf(child: ChildProcess, name: string): Promise<string> {
  return new Promise((resolve) => {
    child.once("error", (cause) => resolve(`${name} could not be started: ${cause.message}`));
    child.once("exit", (code, signal) => resolve(`${name} ended (${signal ?? `exit code ${code}`}).`));
  });
}
