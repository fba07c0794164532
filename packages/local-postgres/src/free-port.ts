import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/**
 * Below the ports that Linux and macOS give to connections and to servers without one of their own, so that nobody else
 * gets a port between the choice and the start of its server.
 */
const ports = { first: 15_000, end: 32_000 };
const triesMax = 100;

/** A random port of 127.0.0.1 without a listener. Throws if a hundred have one. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < triesMax; tries += 1) {
    const port = randomInt(ports.first, ports.end);
    if (await isFree(port)) return port;
  }
  throw new Error(`${triesMax} ports of 127.0.0.1 are in use.`);
}

/** Whether nobody listens on this port of 127.0.0.1. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ host: "127.0.0.1", port }, () => server.close(() => resolve(true)));
  });
}
