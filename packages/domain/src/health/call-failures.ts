/** A call as far as it matters whether it failed. */
type JudgedCall = { readonly at: Date; readonly method: string; readonly status: number };

/** How the newest calls went: the one count that every screen and notice shows. */
export type CallFailures = {
  readonly failed: number;
  /** How many calls were judged, at most 20. */
  readonly of: number;
  /** When the first of them failed, but for a refused token; null where none did. */
  readonly since: Date | null;
  /** Did the newest three fail, or at least three and half of all? */
  readonly isAlarming: boolean;
};

/** So many of the newest calls say whether something is wrong now. */
const judgedCalls = 20;
const failuresMin = 3;

/** Counts failures among the newest calls, the newest first. However often a token is refused, it counts once. */
export function countFailures(calls: readonly JudgedCall[]): CallFailures {
  const newestDenied = calls.find(isDenied);
  const judged = calls.filter((call) => !isDenied(call) || call === newestDenied).slice(0, judgedCalls);
  const failures = judged.filter(isFailure);
  const isRow = judged.length >= failuresMin && judged.slice(0, failuresMin).every(isFailure);
  const isHalf = failures.length >= failuresMin && failures.length * 2 >= judged.length;
  return {
    failed: failures.length,
    of: judged.length,
    since: failures.findLast((call) => !isDenied(call))?.at ?? null,
    isAlarming: isRow || isHalf,
  };
}

/** `7 of the last 20 requests failed`, the same on every screen. */
export function failureWords({ failed, of }: Pick<CallFailures, "failed" | "of">): string {
  if (of === 0) return "no requests yet";
  return `${failed === 0 ? "none" : failed} of the last ${of} requests failed`;
}

/** A look-up that finds nobody is an answer. */
export function isFailure({ method, status }: Pick<JudgedCall, "method" | "status">): boolean {
  return status >= 400 && !(method === "GET" && status === 404);
}

function isDenied({ status }: Pick<JudgedCall, "status">): boolean {
  return status === 401;
}
