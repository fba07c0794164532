import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

export type DatabaseProxy = {
  /** Replaces the database's URL. */
  readonly url: string;
  /** Stops forwarding on all open connections without closing them, like a firewall that has lost its state. */
  silence(): void;
  /** Resets all open connections, and refuses new ones until `resume`. */
  refuse(): void;
  resume(): void;
  close(): Promise<void>;
};

type Pair = { readonly client: Socket; readonly server: Socket };

/** Starts a TCP proxy for the PostgreSQL server of `url`. For tests only. */
export async function databaseProxy(url: string): Promise<DatabaseProxy> {
  const target = new URL(url);
  const pairs = new Set<Pair>();
  let isRefusing = false;
  const listener = createServer((client) => {
    if (isRefusing) return void client.resetAndDestroy();
    const server = connect(Number(target.port), target.hostname);
    const pair = { client, server };
    pairs.add(pair);
    const end = (): void => {
      pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) socket.on("error", end).on("close", end);
    client.pipe(server);
    server.pipe(client);
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const address = listener.address();
  if (address === null || typeof address === "string") throw new Error("The proxy has no port.");
  const own = new URL(url);
  [own.hostname, own.port] = ["127.0.0.1", String(address.port)];
  return {
    url: own.href,
    silence() {
      for (const { client, server } of pairs) {
        client.unpipe(server).resume();
        server.unpipe(client).resume();
      }
    },
    refuse() {
      isRefusing = true;
      for (const { client } of pairs) client.resetAndDestroy();
    },
    resume() {
      isRefusing = false;
    },
    async close() {
      const closed = once(listener, "close");
      listener.close();
      for (const { client, server } of pairs) [client, server].forEach((socket) => socket.destroy());
      await closed;
    },
  };
}
