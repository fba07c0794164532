import { addSelfCheckStep, openSandbox, readSetupCheckFacts, type Database } from "@rollcall/db";
import { checkSetUp, type SelfCheckStep } from "@rollcall/domain";
import { playProvider } from "./play-provider.ts";
import type { SelfCheckRun } from "./self-checks.ts";
import { transcriptOf } from "./transcript.ts";
import { serveSandbox } from "./sandbox-service.ts";

const stepsMax = 300;

type Stage = {
  readonly database: Database;
  /** The base URL in the sandbox's responses, as of the real service. */
  readonly publicScimUrl: string;
};

/**
 * Plays one run and stores its steps as they come; resolves when the sandbox is dropped, whatever the outcome. Throws
 * internal errors, and the signal's reason if that ended the run.
 */
export async function playRun({ database, publicScimUrl }: Stage, run: SelfCheckRun): Promise<void> {
  const steps = stepKeeper(database, run);
  const facts = await readSetupCheckFacts(database.sql, run.organizationId);
  for (const finding of checkSetUp(facts)) {
    steps.add({ ...finding, part: "Setup", durationMs: 0, exchanges: [] });
  }
  const startedAt = performance.now();
  const sandbox = await openSandbox(database, run.organizationId, new Date());
  try {
    run.signal.throwIfAborted();
    steps.add({ ...sandboxMade, durationMs: Math.round(performance.now() - startedAt) });
    const service = await serveSandbox(sandbox, { publicUrl: publicScimUrl, log: run.log });
    const transcript = transcriptOf(service.baseUrl);
    const over = new AbortController();
    try {
      const playing = playProvider(run.provider, {
        baseUrl: service.baseUrl,
        token: sandbox.token,
        domain: facts.verifiedDomains[0],
        log: (exchange) => transcript.note(exchange),
        onStep: (part, step) => {
          // Steps after the end fail because of it, and are not recorded.
          if (!run.signal.aborted) steps.add(transcript.close(part, step));
        },
      });
      await Promise.race([playing, ended(run.signal, over.signal)]);
    } finally {
      over.abort();
      await service.close();
    }
  } finally {
    await sandbox.close();
    await steps.kept();
  }
}

const sandboxMade: Omit<SelfCheckStep, "durationMs"> = {
  part: "Setup",
  name: "make the sandbox",
  outcome: "passed",
  detail: "A sandbox with the same settings, roles and domains is there, in a database schema of its own.",
  meaning: null,
  exchanges: [],
};

/**
 * Stores steps one after the other, beside the requests; `kept` resolves when all are stored, and throws if one could
 * not be.
 */
function stepKeeper(
  database: Database,
  { organizationId, id }: SelfCheckRun,
): {
  add(step: SelfCheckStep): void;
  kept(): Promise<void>;
} {
  let position = 0;
  let keeping = Promise.resolve();
  return {
    add(step) {
      if (position >= stepsMax) return;
      position += 1;
      const place = { organizationId, id, position };
      keeping = keeping.then(() => addSelfCheckStep(database.sql, place, step));
      // Reported by `kept`; until then it must not end the process.
      keeping.catch(() => undefined);
    },
    kept: () => keeping,
  };
}

/** Rejects when `signal` ends the run; `over` removes the listener, which would otherwise stay as long as the process. */
function ended(signal: AbortSignal, over: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const end = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error("The run was ended."));
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true, signal: over });
  });
}
