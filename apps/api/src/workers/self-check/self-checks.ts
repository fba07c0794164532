import { beginSelfCheck, endSelfCheck, type Database } from "@rollcall/db";
import { selfCheckOverAfterMs, type SelfCheckProvider } from "@rollcall/domain";
import type { Logger } from "pino";

type Input = { readonly organizationId: string; readonly provider: SelfCheckProvider; readonly startedBy: string };

/** The runs of this process. */
export type SelfChecks = {
  /**
   * Starts a run, which continues in the background. `underWay`: the organization has a run in progress or a very
   * recent one. `busy`: this process has reached its limit.
   */
  start(input: Input): Promise<"started" | "underWay" | "busy">;
  /** Ends the runs and resolves when all of them are cleaned up. */
  close(): Promise<void>;
};

export type SelfCheckBounds = {
  readonly runMs: number;
  /** The minimum time between the starts of two runs of an organization. */
  readonly restMs: number;
  readonly runsMax: number;
};

const boundsDefault: SelfCheckBounds = { runMs: 60_000, restMs: 5000, runsMax: 3 };

/** The input of one run. */
export type SelfCheckRun = {
  readonly organizationId: string;
  readonly id: string;
  readonly provider: SelfCheckProvider;
  readonly log: Logger;
  /** Ends the run. */
  readonly signal: AbortSignal;
};

export type SelfChecksOptions = {
  readonly database: Database;
  readonly log: Logger;
  /**
   * Plays a run on a sandbox and stores its steps. Injected, so that importing the types of this API does not import
   * the SCIM service.
   */
  readonly play: (run: SelfCheckRun) => Promise<void>;
  readonly now?: () => Date;
  readonly bounds?: Partial<SelfCheckBounds> | undefined;
};

/** Ended from outside; the message is for the owner. */
class Ended extends Error {}

/** At most one run an organization, in any number of processes, and three a process; each ends within a minute. */
export function createSelfChecks(options: SelfChecksOptions): SelfChecks {
  const { database, now = () => new Date() } = options;
  const bounds = { ...boundsDefault, ...options.bounds };
  const closing = new AbortController();
  const runs = new Set<Promise<void>>();
  let starting = 0;
  return {
    async start(input) {
      if (closing.signal.aborted || runs.size + starting >= bounds.runsMax) return "busy";
      starting += 1;
      try {
        const startedAt = now();
        const before = (ms: number): Date => new Date(startedAt.getTime() - ms);
        const limits = { overBefore: before(selfCheckOverAfterMs), restBefore: before(bounds.restMs) };
        const id = await beginSelfCheck(database, { ...input, startedAt, ...limits });
        if (id === undefined) return "underWay";
        const run = playToEnd(options, { ...input, id }, { closing: closing.signal, runMs: bounds.runMs });
        runs.add(run);
        void run.finally(() => runs.delete(run));
        return "started";
      } finally {
        starting -= 1;
      }
    },
    async close() {
      closing.abort(new Ended("The server was stopped meanwhile. Run the checks again."));
      await Promise.all(runs);
    },
  };
}

type Limits = { readonly closing: AbortSignal; readonly runMs: number };

/** Never throws: a failure is stored with the run, and logged if it is an internal error. */
async function playToEnd(options: SelfChecksOptions, input: Input & { id: string }, limits: Limits): Promise<void> {
  const { database, play, now = () => new Date() } = options;
  const log = options.log.child({ selfCheck: input.id });
  const late = new AbortController();
  const seconds = Math.round(limits.runMs / 1000);
  const timer = setTimeout(
    () => late.abort(new Ended(`The checks took longer than ${seconds} seconds and were ended.`)),
    limits.runMs,
  );
  const signal = AbortSignal.any([limits.closing, late.signal]);
  let problem: string | null = null;
  try {
    await play({ ...input, log, signal });
  } catch (cause) {
    problem = problemOf(cause);
    if (!(cause instanceof Ended)) log.error({ fault: String(cause) }, "A self-check could not be played.");
  } finally {
    clearTimeout(timer);
  }
  try {
    await endSelfCheck(database.sql, input, { endedAt: now(), problem });
  } catch (cause) {
    // The run counts as interrupted when its time is over.
    log.error({ fault: String(cause) }, "The end of a self-check could not be kept.");
  }
}

function problemOf(cause: unknown): string {
  if (cause instanceof Ended) return cause.message;
  // PostgreSQL's insufficient_privilege.
  if (typeof cause === "object" && cause !== null && "code" in cause && cause.code === "42501") {
    return "Rollcall’s database account may not create the schema of a sandbox. Rollcall’s operator can grant it: CREATE on the database.";
  }
  return "Something went wrong on our side. Rollcall’s operator can find it in the log.";
}
