import { monitorEventLoopDelay } from "node:perf_hooks";
import { setImmediate as nextTurn } from "node:timers/promises";
import { z } from "zod";

/** The CPU time of `referenceWork` on the machine for which limits of stalls are meant, once V8 has compiled it. */
const referenceMs = 12;
const referenceRuns = 5;
const referenceText = JSON.stringify(Array.from({ length: 25_000 }, (_, index) => ({ value: `reference ${index}` })));

/**
 * The longest block of this thread's event loop while `work` runs, in milliseconds: the smaller one of the wall time, by
 * `monitorEventLoopDelay`, and of this thread's CPU time in one turn, as waiting for a processor is no block. A machine
 * that is slower at the moment than the reference counts as much less. For tests only.
 */
export async function longestStall(work: () => Promise<unknown>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const done = new AbortController();
  let cpuUs = 0;
  const watching = (async () => {
    let before = process.threadCpuUsage();
    while (!done.signal.aborted) {
      await nextTurn();
      const { user, system } = process.threadCpuUsage(before);
      cpuUs = Math.max(cpuUs, user + system);
      before = process.threadCpuUsage();
    }
  })();
  // A delay is measured between two ticks of a timer.
  const tick = async (): Promise<void> => {
    for (const seen = delay.count; delay.count === seen;) await nextTurn();
  };
  delay.enable();
  await tick();
  try {
    await work();
    await tick();
  } finally {
    done.abort();
    await watching;
    delay.disable();
  }
  return Math.min(delay.max / 1e6, cpuUs / 1000) / slowness();
}

/** The machine's CPU time for the reference work as a multiple of the reference's, at least 1. */
function slowness(): number {
  const before = process.threadCpuUsage();
  referenceWork();
  const { user, system } = process.threadCpuUsage(before);
  return Math.max(1, (user + system) / 1000 / referenceMs);
}

const members = z.array(z.object({ value: z.string() }));

/** Parses JSON and hashes texts, as the work on a large body does. */
function referenceWork(): ReadonlySet<string> {
  return new Set(members.parse(JSON.parse(referenceText)).map(({ value }) => value));
}

for (let run = 0; run < referenceRuns; run += 1) referenceWork();
