/** The process is about to end; nobody waits for this work any more. */
export class Interrupted extends Error {
  constructor() {
    super("The process is stopping.");
  }
}

/** Work that can be given up all at once. */
export type Interruption = {
  /** Runs `work`; throws `Interrupted` as soon as `interrupt` is called, and at once from then on. */
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
