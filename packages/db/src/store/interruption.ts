/** The process is stopping; no client waits for this work. */
export class Interrupted extends Error {
  constructor() {
    super("The process is stopping.");
  }
}

/** Work that can be interrupted all at once. */
export type Interruption = {
  /** Runs `work`; throws `Interrupted` after `interrupt` was called, also while `work` runs. */
  run<T>(work: () => Promise<T>): Promise<T>;
  interrupt(): void;
};

export function createInterruption(): Interruption {
  const refusals = new Set<(cause: Error) => void>();
  let isInterrupted = false;
  return {
    run: (work) =>
      new Promise((resolve, reject) => {
        if (isInterrupted) return reject(new Interrupted());
        refusals.add(reject);
        work()
          .finally(() => refusals.delete(reject))
          .then(resolve, reject);
      }),
    interrupt() {
      isInterrupted = true;
      for (const refuse of refusals) refuse(new Interrupted());
    },
  };
}
