import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * Names a process so that a later one with the same pid is told apart: `pid` and, on Linux, its start time in clock ticks
 * since boot (`0` elsewhere). `undefined` when no such process lives; a zombie does not live.
 */
export async function processIdentity(pid: number): Promise<string | undefined> {
  if (process.platform !== "linux") return exists(pid) ? `${pid} 0` : undefined;
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  // The command name may hold blanks and brackets, so the fields are counted from the last bracket on.
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, startTicks] = [fields?.[0], fields?.[19]];
  if (state === undefined || startTicks === undefined || state === "Z" || state === "X") return undefined;
  return `${pid} ${startTicks}`;
}

/** Does the process that was named so by `processIdentity` still live? */
export async function lives(identity: string): Promise<boolean> {
  const pid = Number(identity.split(" ")[0]);
  return Number.isSafeInteger(pid) && pid > 0 && (await processIdentity(pid)) === identity;
}

/** The command line of a living process, or `undefined`. Windows does not tell: there it is always `undefined`. */
export async function commandLine(pid: number): Promise<string | undefined> {
  if (process.platform === "win32") return undefined;
  if (process.platform === "linux") {
    const text = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    return text === "" ? undefined : text.replaceAll("\0", " ");
  }
  const told = await run("ps", ["-p", String(pid), "-o", "command="], { timeout: 5_000 }).catch(() => undefined);
  return told?.stdout;
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (cause) {
    return cause instanceof Error && "code" in cause && cause.code === "EPERM";
  }
}
