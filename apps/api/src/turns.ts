import { TRPCError } from "@trpc/server";

/** Turns at work that holds a database connection for long and that a page may ask for again and again. */
export type Turns = {
  /** Runs it when the organization has nothing else at work and the process has a place. Throws 429 where too many wait. */
  run<T>(organizationId: string, work: () => Promise<T>): Promise<T>;
};

type Waiting = { readonly organizationId: string; readonly start: () => void };

export function createTurns({ max, waitingMax }: { readonly max: number; readonly waitingMax: number }): Turns {
  const running = new Set<string>();
  const waiting: Waiting[] = [];
  const next = (): void => {
    if (running.size >= max) return;
    const place = waiting.findIndex(({ organizationId }) => !running.has(organizationId));
    const [one] = place < 0 ? [] : waiting.splice(place, 1);
    if (one === undefined) return;
    running.add(one.organizationId);
    one.start();
  };
  return {
    async run(organizationId, work) {
      if (waiting.length >= waitingMax) {
        const message = "Too many previews are being made. Try again in a moment.";
        throw new TRPCError({ code: "TOO_MANY_REQUESTS", message });
      }
      await new Promise<void>((start) => {
        waiting.push({ organizationId, start });
        next();
      });
      try {
        return await work();
      } finally {
        running.delete(organizationId);
        next();
      }
    },
  };
}
