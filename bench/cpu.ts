import { readdirSync, readFileSync } from "node:fs";

const ticksPerSecond = 100;

/** CPU seconds that the process and its living and reaped children have used; `undefined` where /proc does not tell. */
export function cpuSeconds(pid: number): number | undefined {
  if (process.platform !== "linux") return undefined;
  const stats = new Map<number, Stat>();
  for (const name of readdirSync("/proc")) {
    const stat = /^\d+$/.test(name) ? readStat(name) : undefined;
    if (stat !== undefined) stats.set(Number(name), stat);
  }
  const root = stats.get(pid);
  if (root === undefined) return undefined;
  let total = root.seconds;
  for (const [child, stat] of stats) {
    if (child !== pid && descendsFrom(stats, child, pid)) total += stat.seconds;
  }
  return total;
}

type Stat = { readonly parent: number; readonly seconds: number };

function readStat(pid: string): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    // After the name: state, parent, … and as 12th to 15th utime, stime, cutime, cstime.
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return { parent: Number(fields[1]), seconds: ticks / ticksPerSecond };
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
