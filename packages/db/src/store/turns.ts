export type TurnBounds = {
  /** Places in all. */
  readonly max: number;
  /** Places that one holder may have. */
  readonly maxEach: number;
  readonly waitingMax: number;
  readonly waitingMaxEach: number;
  /** The longest wait for a place, in milliseconds. */
  readonly waitMs: number;
};

/** Places at work that is bounded in one process, shared among holders: organizations, or client addresses. */
export type Turns = {
  /**
   * Waits for a place. Returns how to give it back, or undefined where too many wait or the wait is over. What `isBegun`
   * waits within its holder's share as long as it takes: it cannot be refused without losing what was done before.
   */
  enter(holder: string, isBegun?: boolean): Promise<(() => void) | undefined>;
  /** Runs `work` in a place of the holder. Throws `Busy` where too many wait, `WaitOver` where the wait is over. */
  run<T>(holder: string, work: () => Promise<T>, isBegun?: boolean): Promise<T>;
};

/** Too much is waiting already; nothing was done. */
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

/** `holders` are in the order of who is next among equals. */
type State = { readonly holders: Map<string, Holder>; running: number; waiting: number };

/** A free place goes to the holder with the fewest places; holders with equally many take turns, each in order of arrival. */
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

/** How the place that was begun is given back, once; the next one begins then. */
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

/** Is it the turn now, or is the wait over? `waitMs` undefined: it never is. */
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
