import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * Identifies a process even if its pid is reused: `pid` and, on Linux, its start time in clock ticks since boot (`0`
 * elsewhere). `undefined` if no such process is running; a zombie is not running.
 */
export async function processIdentity(pid: number): Promise<string | undefined> {
  if (process.platform !== "linux") return exists(pid) ? `${pid} 0` : undefined;
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  // The command name may contain spaces and brackets, so fields are counted from the last bracket.
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, startTicks] = [fields?.[0], fields?.[19]];
  if (state === undefined || startTicks === undefined || state === "Z" || state === "X") return undefined;
  return `${pid} ${startTicks}`;
}

/** Whether the process with this `processIdentity` is still running. */
export async function isRunning(identity: string): Promise<boolean> {
  const pid = Number(identity.split(" ")[0]);
  return Number.isSafeInteger(pid) && pid > 0 && (await processIdentity(pid)) === identity;
}

/** The command line of a running process, or `undefined`. Always `undefined` on Windows. */
export async function commandLine(pid: number): Promise<string | undefined> {
  if (process.platform === "win32") return undefined;
  if (process.platform === "linux") {
    const text = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    return text === "" ? undefined : text.replaceAll("\0", " ");
  }
  const output = await run("ps", ["-p", String(pid), "-o", "command="], { timeout: 5_000 }).catch(() => undefined);
  return output?.stdout;
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (cause) {
    return cause instanceof Error && "code" in cause && cause.code === "EPERM";
  }
}
