export type ConcurrencyBounds = {
  /** Concurrent work in total. */
  readonly max: number;
  /** Concurrent work per client. */
  readonly maxEach: number;
  readonly waitingMax: number;
  readonly waitingMaxEach: number;
  /** The longest time in the queue, in milliseconds. */
  readonly waitMs: number;
};

/** A concurrency limiter of one process with a fair share per client: an organization or a client address. */
export type ConcurrencyLimiter = {
  /** Takes a slot without waiting. Returns its release function, or undefined if none is free for the client. */
  tryAcquire(client: string): Release | undefined;
  /**
   * Waits for a slot. Returns its release function, or undefined if the queue is full or the wait has timed out. With
   * `hasStarted`, waits without a limit: rejecting it would lose earlier steps.
   */
  acquire(client: string, hasStarted?: boolean): Promise<Release | undefined>;
  /** Runs `work` in a slot of the client. Throws `QueueFull` or `QueueTimeout`. */
  run<T>(client: string, work: () => Promise<T>, hasStarted?: boolean): Promise<T>;
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
type Client = { running: number; readonly waiting: Set<() => void> };

/** `clients` are in the order in which they are served next. */
type State = { readonly clients: Map<string, Client>; running: number; waiting: number };

/**
 * A free slot goes to the client with the fewest slots; clients with equally many are served in rotation, each in order
 * of arrival.
 */
export function createConcurrencyLimiter(bounds: ConcurrencyBounds): ConcurrencyLimiter {
  const { max, maxEach, waitingMax, waitingMaxEach } = bounds;
  const state: State = { clients: new Map(), running: 0, waiting: 0 };
  const clientOf = (name: string): Client => state.clients.get(name) ?? { running: 0, waiting: new Set() };
  const tryAcquire = (name: string, client = clientOf(name)): Release | undefined => {
    if (state.running >= max || client.running >= maxEach) return undefined;
    begin(state, name, client);
    return releaseOf(state, bounds, name, client);
  };
  const take = async (name: string, hasStarted: boolean): Promise<Release | QueueFull | QueueTimeout> => {
    const client = clientOf(name);
    const release = tryAcquire(name, client);
    if (release !== undefined) return release;
    const isFull = state.waiting >= waitingMax || client.waiting.size >= waitingMaxEach;
    if (isFull && !hasStarted) return new QueueFull();
    if (client.waiting.size === 0) moveToEnd(state, name, client);
    const isServed = await wait(state, client.waiting, hasStarted ? undefined : bounds.waitMs);
    if (isServed) return releaseOf(state, bounds, name, client);
    forgetIdle(state, name, client);
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

function begin(state: State, name: string, client: Client): void {
  state.running++;
  client.running++;
  moveToEnd(state, name, client);
}

function moveToEnd({ clients }: State, name: string, client: Client): void {
  clients.delete(name);
  clients.set(name, client);
}

function forgetIdle({ clients }: State, name: string, client: Client): void {
  const isIdle = client.running === 0 && client.waiting.size === 0;
  if (isIdle && clients.get(name) === client) clients.delete(name);
}

/** The release function starts the next waiting work. */
function releaseOf(state: State, bounds: ConcurrencyBounds, name: string, client: Client): Release {
  let isHeld = true;
  return () => {
    if (!isHeld) return;
    isHeld = false;
    state.running--;
    client.running--;
    startNext(state, bounds);
    forgetIdle(state, name, client);
  };
}

function startNext(state: State, { max, maxEach }: ConcurrencyBounds): void {
  if (state.running >= max) return;
  let next: readonly [string, Client] | undefined;
  for (const entry of state.clients) {
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
