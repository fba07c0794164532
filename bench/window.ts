import { usageOf } from "./usage.ts";
import { scenarios, type Drive, type ScenarioName } from "./scenario.ts";
import { quantile } from "./statistics.ts";
import { newTally } from "./tally.ts";

/** One measured window on one target. Times are in milliseconds, `cpuPer1k` in CPU seconds of the server's process, `megabytes` its memory at the end. */
export type Measured = {
  readonly requestsPerSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly cpuPer1k: number | undefined;
  readonly megabytes: number | undefined;
  readonly errors: number;
  readonly samples: readonly string[];
};

/** Drives `scenario` for `seconds`, then reads back what it wrote. */
export async function measure(
  scenario: ScenarioName,
  pid: number,
  seconds: number,
  drive: Omit<Drive, "deadline" | "turnsMax">,
): Promise<Measured> {
  const tally = newTally();
  const before = usageOf(pid);
  const startedAt = performance.now();
  const readBack = await scenarios[scenario](
    { ...drive, turnsMax: Number.MAX_SAFE_INTEGER, deadline: startedAt + seconds * 1_000 },
    tally,
  );
  const elapsed = (performance.now() - startedAt) / 1_000;
  const after = usageOf(pid);
  const times = [...tally.times];
  await readBack();
  const cpu = before === undefined || after === undefined ? undefined : after.seconds - before.seconds;
  return {
    requestsPerSecond: times.length / elapsed,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    cpuPer1k: cpu === undefined ? undefined : (cpu * 1_000) / times.length,
    megabytes: after?.megabytes,
    errors: tally.errors,
    samples: tally.samples,
  };
}
