/** Calls of the same class of answer (2 for 2xx and so on) that took the same time. */
export type CallGroup = { readonly statusClass: number; readonly durationMs: number; readonly count: number };

export type CallFigures = {
  /** Answered below 400, refused with 4xx, failed with 5xx. */
  readonly answered: number;
  readonly refused: number;
  readonly failed: number;
  /** What half of the calls, and 95 of 100, took at most; null where there was none. */
  readonly medianMs: number | null;
  readonly p95Ms: number | null;
};

/** Counts and latency of calls, however many groups they come in. */
export function callFigures(groups: readonly CallGroup[]): CallFigures {
  const sorted = groups.toSorted((one, other) => one.durationMs - other.durationMs);
  const total = countOf(sorted);
  const refused = countOf(sorted.filter(({ statusClass }) => statusClass === 4));
  const failed = countOf(sorted.filter(({ statusClass }) => statusClass >= 5));
  return {
    answered: total - refused - failed,
    refused,
    failed,
    medianMs: reachedAt(sorted, total * 0.5),
    p95Ms: reachedAt(sorted, total * 0.95),
  };
}

function countOf(groups: readonly CallGroup[]): number {
  return groups.reduce((sum, { count }) => sum + count, 0);
}

/** The duration of the group in which the `place`-th call is (nearest rank). */
function reachedAt(sorted: readonly CallGroup[], place: number): number | null {
  let seen = 0;
  for (const { durationMs, count } of sorted) {
    seen += count;
    if (seen >= place && count > 0) return durationMs;
  }
  return null;
}
