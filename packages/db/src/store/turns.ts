export type TurnBounds = {
  /** Concurrent work in total. */
  readonly max: number;
  /** Concurrent work per holder. */
  readonly maxEach: number;
  readonly waitingMax: number;
  readonly waitingMaxEach: number;
  /** The longest time in the queue, in milliseconds. */
  readonly waitMs: number;
};

/** A concurrency limiter of one process with a fair share per holder: an organization or a client address. */
export type Turns = {
  /**
   * Waits for a place. Returns its release function, or undefined if the queue is full or the wait is over. With
   * `isBegun`, waits without a limit: rejecting it would lose earlier steps.
   */
  enter(holder: string, isBegun?: boolean): Promise<(() => void) | undefined>;
  /** Runs `work` in a place of the holder. Throws `Busy` if the queue is full, `WaitOver` if the wait is over. */
  run<T>(holder: string, work: () => Promise<T>, isBegun?: boolean): Promise<T>;
};

/** The queue is full; nothing was done. */
export class Busy extends Error {
  constructor() {
    super("Too many requests are waiting.");
  }
}

/** No place became free in time; nothing was done. */
export class WaitOver extends Error {
  constructor() {
    super("No place became free in time.");
  }
}

type Place = () => void;
type Holder = { running: number; readonly waiting: Set<() => void> };

/** `holders` are in the order of their next turn. */
type State = { readonly holders: Map<string, Holder>; running: number; waiting: number };

/**
 * A free place goes to the holder with the fewest places; holders with equally many take turns, each in order of
 * arrival.
 */
export function createTurns(bounds: TurnBounds): Turns {
  const { max, maxEach, waitingMax, waitingMaxEach } = bounds;
  const state: State = { holders: new Map(), running: 0, waiting: 0 };
  const take = async (name: string, isBegun: boolean): Promise<Place | Busy | WaitOver> => {
    const holder = state.holders.get(name) ?? { running: 0, waiting: new Set() };
    if (state.running < max && holder.running < maxEach) {
      begin(state, name, holder);
      return placeOf(state, bounds, name, holder);
    }
    const isFull = state.waiting >= waitingMax || holder.waiting.size >= waitingMaxEach;
    if (isFull && !isBegun) return new Busy();
    if (holder.waiting.size === 0) moveToEnd(state, name, holder);
    const isTurn = await wait(state, holder.waiting, isBegun ? undefined : bounds.waitMs);
    if (isTurn) return placeOf(state, bounds, name, holder);
    forgetIdle(state, name, holder);
    return new WaitOver();
  };
  return {
    async enter(name, isBegun = false) {
      const place = await take(name, isBegun);
      return place instanceof Error ? undefined : place;
    },
    async run(name, work, isBegun = false) {
      const leave = await take(name, isBegun);
      if (leave instanceof Error) throw leave;
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
}

function begin(state: State, name: string, holder: Holder): void {
  state.running++;
  holder.running++;
  moveToEnd(state, name, holder);
}

function moveToEnd({ holders }: State, name: string, holder: Holder): void {
  holders.delete(name);
  holders.set(name, holder);
}

function forgetIdle({ holders }: State, name: string, holder: Holder): void {
  const isIdle = holder.running === 0 && holder.waiting.size === 0;
  if (isIdle && holders.get(name) === holder) holders.delete(name);
}

/** Returns the release function, which starts the next one. */
function placeOf(state: State, bounds: TurnBounds, name: string, holder: Holder): Place {
  let isHeld = true;
  return () => {
    if (!isHeld) return;
    isHeld = false;
    state.running--;
    holder.running--;
    startNext(state, bounds);
    forgetIdle(state, name, holder);
  };
}

function startNext(state: State, { max, maxEach }: TurnBounds): void {
  if (state.running >= max) return;
  let next: readonly [string, Holder] | undefined;
  for (const entry of state.holders) {
    const [, { running, waiting }] = entry;
    if (waiting.size > 0 && running < maxEach && running < (next?.[1].running ?? max)) next = entry;
  }
  const [start] = next?.[1].waiting ?? [];
  if (next === undefined || start === undefined) return;
  begin(state, ...next);
  start();
}

/** True when the place is free, false when the wait is over. `waitMs` undefined: no limit. */
function wait(state: State, queue: Set<() => void>, waitMs: number | undefined): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (isTurn: boolean): void => {
      clearTimeout(late);
      queue.delete(start);
      state.waiting--;
      resolve(isTurn);
    };
    const start = (): void => end(true);
    const late = waitMs === undefined ? undefined : setTimeout(() => end(false), waitMs);
    queue.add(start);
    state.waiting++;
  });
}
