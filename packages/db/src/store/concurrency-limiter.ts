export type ConcurrencyBounds = {
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
export type ConcurrencyLimiter = {
  /** Takes a slot without waiting. Returns its release function, or undefined if none is free for the holder. */
  tryAcquire(holder: string): Release | undefined;
  /**
   * Waits for a slot. Returns its release function, or undefined if the queue is full or the wait has timed out. With
   * `hasStarted`, waits without a limit: rejecting it would lose earlier steps.
   */
  acquire(holder: string, hasStarted?: boolean): Promise<Release | undefined>;
  /** Runs `work` in a slot of the holder. Throws `QueueFull` or `QueueTimeout`. */
  run<T>(holder: string, work: () => Promise<T>, hasStarted?: boolean): Promise<T>;
};

/** The queue is full; nothing was done. */
export class QueueFull extends Error {
  constructor() {
    super("Too many requests are waiting.");
  }
}

/** No slot became free in time; nothing was done. */
export class QueueTimeout extends Error {
  constructor() {
    super("No slot became free in time.");
  }
}

type Release = () => void;
type Holder = { running: number; readonly waiting: Set<() => void> };

/** `holders` are in the order in which they are served next. */
type State = { readonly holders: Map<string, Holder>; running: number; waiting: number };

/**
 * A free slot goes to the holder with the fewest slots; holders with equally many are served in rotation, each in order
 * of arrival.
 */
export function createConcurrencyLimiter(bounds: ConcurrencyBounds): ConcurrencyLimiter {
  const { max, maxEach, waitingMax, waitingMaxEach } = bounds;
  const state: State = { holders: new Map(), running: 0, waiting: 0 };
  const holderOf = (name: string): Holder => state.holders.get(name) ?? { running: 0, waiting: new Set() };
  const tryAcquire = (name: string, holder = holderOf(name)): Release | undefined => {
    if (state.running >= max || holder.running >= maxEach) return undefined;
    begin(state, name, holder);
    return releaseOf(state, bounds, name, holder);
  };
  const take = async (name: string, hasStarted: boolean): Promise<Release | QueueFull | QueueTimeout> => {
    const holder = holderOf(name);
    const release = tryAcquire(name, holder);
    if (release !== undefined) return release;
    const isFull = state.waiting >= waitingMax || holder.waiting.size >= waitingMaxEach;
    if (isFull && !hasStarted) return new QueueFull();
    if (holder.waiting.size === 0) moveToEnd(state, name, holder);
    const isServed = await wait(state, holder.waiting, hasStarted ? undefined : bounds.waitMs);
    if (isServed) return releaseOf(state, bounds, name, holder);
    forgetIdle(state, name, holder);
    return new QueueTimeout();
  };
  return {
    tryAcquire: (name) => tryAcquire(name),
    async acquire(name, hasStarted = false) {
      const release = await take(name, hasStarted);
      return release instanceof Error ? undefined : release;
    },
    async run(name, work, hasStarted = false) {
      const release = await take(name, hasStarted);
      if (release instanceof Error) throw release;
      try {
        return await work();
      } finally {
        release();
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

/** The release function starts the next waiting work. */
function releaseOf(state: State, bounds: ConcurrencyBounds, name: string, holder: Holder): Release {
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

function startNext(state: State, { max, maxEach }: ConcurrencyBounds): void {
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

/** True when the slot is free, false after `waitMs`; undefined: no limit. */
function wait(state: State, queue: Set<() => void>, waitMs: number | undefined): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (isServed: boolean): void => {
      clearTimeout(late);
      queue.delete(start);
      state.waiting--;
      resolve(isServed);
    };
    const start = (): void => end(true);
    const late = waitMs === undefined ? undefined : setTimeout(() => end(false), waitMs);
    queue.add(start);
    state.waiting++;
  });
}
