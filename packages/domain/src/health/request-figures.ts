/** Requests with the same status class (2 for 2xx and so on) and duration. */
export type RequestGroup = { readonly statusClass: number; readonly durationMs: number; readonly count: number };

export type RequestFigures = {
  /** Status below 400, 4xx, and 5xx. */
  readonly answered: number;
  readonly refused: number;
  readonly failed: number;
  /** p50 and p95 of the duration; null if there were no requests. */
  readonly medianMs: number | null;
  readonly p95Ms: number | null;
};

/** Counts and latency of requests, from any number of groups. */
export function requestFigures(groups: readonly RequestGroup[]): RequestFigures {
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

function countOf(groups: readonly RequestGroup[]): number {
  return groups.reduce((sum, { count }) => sum + count, 0);
}

/** The duration of the request at `place` (nearest rank). */
function reachedAt(sorted: readonly RequestGroup[], place: number): number | null {
  let seen = 0;
  for (const { durationMs, count } of sorted) {
    seen += count;
    if (seen >= place && count > 0) return durationMs;
  }
  return null;
}
