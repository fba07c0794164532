/** Places at work that is bounded in a process, shared out among organizations. */
export type Turns = {
  /** Waits for a place; `leave` gives it back, once. Undefined where too many wait. */
  enter(organizationId: string): Promise<{ leave(): void } | undefined>;
};

export type TurnBounds = {
  readonly max: number;
  /** Of one organization. */
  readonly maxEach: number;
  readonly waitingMax: number;
  /** Of one organization. */
  readonly waitingMaxEach: number;
};

type Waiting = { readonly organizationId: string; readonly start: () => void };

/** Free places go to the organization that has fewest at work, and within it to who came first. */
export function createTurns({ max, maxEach, waitingMax, waitingMaxEach }: TurnBounds): Turns {
  const running = new Map<string, number>();
  let total = 0;
  let waiting: readonly Waiting[] = [];
  const runningOf = (organizationId: string): number => running.get(organizationId) ?? 0;
  const begin = (organizationId: string): void => {
    running.set(organizationId, runningOf(organizationId) + 1);
    total++;
  };
  const next = (): void => {
    if (total >= max) return;
    const [first] = waiting
      .filter(({ organizationId }) => runningOf(organizationId) < maxEach)
      .toSorted((one, other) => runningOf(one.organizationId) - runningOf(other.organizationId));
    if (first === undefined) return;
    waiting = waiting.filter((one) => one !== first);
    begin(first.organizationId);
    first.start();
  };
  const place = (organizationId: string): { leave(): void } => {
    let isLeft = false;
    return {
      leave() {
        if (isLeft) return;
        isLeft = true;
        const left = runningOf(organizationId) - 1;
        if (left === 0) running.delete(organizationId);
        else running.set(organizationId, left);
        total--;
        next();
      },
    };
  };
  return {
    async enter(organizationId) {
      if (total < max && runningOf(organizationId) < maxEach) {
        begin(organizationId);
        return place(organizationId);
      }
      const ofThis = waiting.filter((one) => one.organizationId === organizationId).length;
      if (waiting.length >= waitingMax || ofThis >= waitingMaxEach) return undefined;
      await new Promise<void>((start) => {
        waiting = [...waiting, { organizationId, start }];
      });
      return place(organizationId);
    },
  };
}
