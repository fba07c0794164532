import type { Server, ServerResponse } from "node:http";
import { Server as NetServer, type Socket } from "node:net";
import { setImmediate as nextTurn, setTimeout as wait } from "node:timers/promises";
import type { Database } from "@rollcall/db";
import type { Logger } from "pino";

/** The start of each step of stopping, in milliseconds after the signal. The start command waits 15 s. */
const steps = {
  /** At the earliest: new connections are refused. Until then /readyz can return 503. */
  quiet: 500,
  /** At the latest, while clients are connected: each learns from a response that its connection ends. */
  refuse: 4_000,
  /** Connections without a request in progress are closed. */
  cutIdle: 5_000,
  /** Requests that wait for the database fail with 503. */
  interrupt: 9_000,
  /** Requests still in progress are cut off. */
  cut: 11_000,
  /** The process exits unconditionally. */
  end: 14_000,
};
const pollMs = 50;
const turnsMax = 1_000;

export type Stoppable = {
  readonly server: Server;
  /** Aborted at once: the application returns 503 for /readyz and starts no long work. */
  readonly stopping: AbortController;
  readonly database: Pick<Database, "interrupt">;
  /** Stops background work; starts at once. */
  readonly stopWork: () => Promise<unknown>;
  /** Runs after the last response: flushes buffers and closes what responses need. */
  readonly finish: () => Promise<void>;
  readonly log: Logger;
};

/**
 * Ends the process in order on SIGTERM, SIGINT, or when the parent start command is gone (`disconnect`, even by `kill
 * -9`): requests in progress are finished with `Connection: close`, and idle connections are kept for some seconds,
 * because a request may be on its way on them. Must be set up before the server listens.
 */
export function stopOnSignal(parts: Stoppable): void {
  const connections = watchConnections(parts);
  const fail = (cause: unknown): void => {
    parts.log.error({ err: cause }, "The process did not stop in order.");
    process.exit(1);
  };
  const begin = (): void => {
    if (parts.stopping.signal.aborted) return;
    setTimeout(() => fail(new Error("It took too long.")), steps.end);
    // Open handles, such as a connection to a database that does not respond, must not delay the exit.
    stop(parts, connections).then(() => process.exit(), fail);
  };
  for (const signal of ["SIGTERM", "SIGINT", "disconnect"] as const) process.once(signal, begin);
  // The channel to the start command carries no messages, so it must not keep the process alive.
  process.channel?.unref();
}

type Connections = ReadonlyMap<Socket, ReadonlySet<ServerResponse>>;

/** The responses in progress on each connection. */
function watchConnections({ server, stopping: { signal } }: Stoppable): Connections {
  const connections = new Map<Socket, Set<ServerResponse>>();
  server.on("connection", (socket: Socket) => {
    connections.set(socket, new Set());
    socket.once("close", () => connections.delete(socket));
  });
  server.prependListener("request", ({ socket }, res: ServerResponse) => {
    connections.get(socket)?.add(res);
    res.once("close", () => connections.get(socket)?.delete(res));
    if (signal.aborted) res.setHeader("connection", "close");
  });
  signal.addEventListener("abort", () => {
    for (const responses of connections.values())
      for (const res of responses) if (!res.headersSent) res.setHeader("connection", "close");
  });
  return connections;
}

async function stop(parts: Stoppable, connections: Connections): Promise<void> {
  const { server, stopping, database, stopWork, finish } = parts;
  const timers = [
    setTimeout(() => database.interrupt(), steps.interrupt),
    setTimeout(() => server.closeAllConnections(), steps.cut),
  ];
  stopping.abort();
  const closing = closeServer(server, connections).finally(() => timers.forEach(clearTimeout));
  await Promise.all([stopWork(), closing]);
  await finish();
}

async function closeServer(server: Server, connections: Connections): Promise<void> {
  const startedMs = performance.now();
  const isBefore = (stepMs: number): boolean => performance.now() - startedMs < stepMs;
  await wait(steps.quiet);
  while (connections.size > 0 && isBefore(steps.refuse)) await wait(pollMs);
  await untilAccepted(server);
  // The HTTP server's own `close` would reset the newest connections, on which a request is on its way.
  NetServer.prototype.close.call(server);
  while (connections.size > 0) {
    if (!isBefore(steps.cutIdle)) cutIdle(connections);
    await wait(pollMs);
  }
}

/**
 * Resolves after a turn of the event loop without a new connection: a connection waiting to be accepted would be reset.
 */
async function untilAccepted(server: Server): Promise<void> {
  for (let turn = 0, came = true; came && turn < turnsMax; turn++) {
    came = false;
    const note = (): void => void (came = true);
    server.once("connection", note);
    await nextTurn();
    server.off("connection", note);
  }
}

/** Includes connections on which no complete request has arrived. */
function cutIdle(connections: Connections): void {
  for (const [socket, responses] of connections) if (responses.size === 0) socket.destroy();
}
