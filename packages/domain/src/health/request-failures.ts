type CountedRequest = { readonly at: Date; readonly method: string; readonly status: number };

/** Failures among the newest requests; every screen and notice shows this count. */
export type RequestFailures = {
  readonly failed: number;
  /** How many requests were counted, at most 20. */
  readonly of: number;
  /** When the first of them failed, apart from a refused token; null if none did. */
  readonly since: Date | null;
  /** Did the newest three fail, or at least three and half of all? */
  readonly isAlarming: boolean;
};

const judgedRequests = 20;
const failuresMin = 3;

/** Counts failures among `requests`, the newest first. Refusals of a token count once in all. */
export function countFailures(requests: readonly CountedRequest[]): RequestFailures {
  const newestDenied = requests.find(isDenied);
  const judged = requests.filter((request) => !isDenied(request) || request === newestDenied).slice(0, judgedRequests);
  const failures = judged.filter(isFailure);
  const isRow = judged.length >= failuresMin && judged.slice(0, failuresMin).every(isFailure);
  const isHalf = failures.length >= failuresMin && failures.length * 2 >= judged.length;
  return {
    failed: failures.length,
    of: judged.length,
    since: failures.findLast((request) => !isDenied(request))?.at ?? null,
    isAlarming: isRow || isHalf,
  };
}

/** A look-up that finds nothing is no failure. */
export function isFailure({ method, status }: Pick<CountedRequest, "method" | "status">): boolean {
  return status >= 400 && !(method === "GET" && status === 404);
}

function isDenied({ status }: Pick<CountedRequest, "status">): boolean {
  return status === 401;
}
