import { monitorEventLoopDelay } from "node:perf_hooks";
import { setImmediate as nextTurn } from "node:timers/promises";

/** The longest block of this thread's event loop, in milliseconds. */
export type Stall = {
  /** Wall time, by `monitorEventLoopDelay`. */
  readonly wallMs: number;
  /** CPU time of this thread in one turn of the event loop, which does not depend on the machine's load. */
  readonly cpuMs: number;
};

/** Measures the event loop of this thread while `work` runs. For tests only. */
export async function longestStall(work: () => Promise<unknown>): Promise<Stall> {
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
  return { wallMs: delay.max / 1e6, cpuMs: cpuUs / 1000 };
}
