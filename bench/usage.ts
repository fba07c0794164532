import { readdirSync, readFileSync } from "node:fs";

const ticksPerSecond = 100;
const pageMegabytes = 4096 / 2 ** 20;

/** CPU seconds so far, and the resident memory now. */
export type Usage = { readonly seconds: number; readonly megabytes: number };

/** Of the process and its living children, with the CPU time of ended ones; undefined without /proc. */
export function usageOf(pid: number): Usage | undefined {
  if (process.platform !== "linux") return undefined;
  const stats = new Map<number, Stat>();
  for (const name of readdirSync("/proc")) {
    const stat = /^\d+$/.test(name) ? readStat(name) : undefined;
    if (stat !== undefined) stats.set(Number(name), stat);
  }
  const root = stats.get(pid);
  if (root === undefined) return undefined;
  let { seconds, megabytes } = root;
  for (const [child, stat] of stats) {
    if (child === pid || !descendsFrom(stats, child, pid)) continue;
    seconds += stat.seconds;
    megabytes += stat.megabytes;
  }
  return { seconds, megabytes };
}

type Stat = Usage & { readonly parent: number };

function readStat(pid: string): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    // After the name: state, parent, …, as 12th to 15th utime, stime, cutime and cstime, and as 22nd the pages in memory.
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return {
      parent: Number(fields[1]),
      seconds: ticks / ticksPerSecond,
      megabytes: Number(fields[21]) * pageMegabytes,
    };
  } catch {
    return undefined;
  }
}

function descendsFrom(stats: ReadonlyMap<number, Stat>, pid: number, ancestor: number): boolean {
  const depthMax = 64;
  let current = pid;
  for (let depth = 0; depth < depthMax; depth += 1) {
    const parent = stats.get(current)?.parent;
    if (parent === undefined || parent === 0) return false;
    if (parent === ancestor) return true;
    current = parent;
  }
  return false;
}
