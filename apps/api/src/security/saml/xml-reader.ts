import { availableParallelism } from "node:os";
import { Piscina } from "piscina";
import { createAddressLimit } from "../rate-limit.ts";
import type { readIdpMetadata } from "./idp-metadata.ts";
import type { SamlAnswer } from "./saml-response.ts";
import type { MetadataTask, ResponseTask } from "./saml-worker.ts";

type Metadata = Awaited<ReturnType<typeof readIdpMetadata>>;

/** Reads external XML in worker threads. `busy`: the bounds below are reached, or the deadline is over. */
export type XmlReader = {
  /** Verifies a SAML response received from `address`. */
  verifyResponse(task: ResponseTask, address: string): Promise<SamlAnswer | "busy">;
  readMetadata(task: MetadataTask, address: string): Promise<Metadata | "busy">;
  close(): Promise<void>;
};

const pendingPerAddress = 8;
const pendingMax = 64;
const deadlineMs = 5000;
const idleMs = 600_000;
const heapMbMax = 256;

/**
 * One thread fewer than there are cores, so that the main thread has one. A task past its deadline (5 s, its wait
 * included) ends with its thread. At most 8 wait for one client address, and 64 in all.
 */
export function createXmlReader(): XmlReader {
  const pool = new Piscina({
    filename: new URL("saml-worker.ts", import.meta.url).href,
    minThreads: 0,
    maxThreads: Math.max(1, availableParallelism() - 1),
    maxQueue: pendingMax,
    idleTimeout: idleMs,
    resourceLimits: { maxOldGenerationSizeMb: heapMbMax },
  });
  const isWithinLimit = createAddressLimit();
  const pending = new Map<string, number>();

  async function run<T>(name: string, task: object, address: string): Promise<T | "busy"> {
    const count = pending.get(address) ?? 0;
    if (count >= pendingPerAddress) return "busy";
    // Before any await, so that concurrent requests cannot pass the check together.
    pending.set(address, count + 1);
    try {
      if (!(await isWithinLimit(address))) return "busy";
      const done: T = await pool.run(task, { name, signal: AbortSignal.timeout(deadlineMs) });
      return done;
    } catch (cause) {
      if (isOverloaded(cause)) return "busy";
      throw cause;
    } finally {
      const left = (pending.get(address) ?? 1) - 1;
      if (left === 0) pending.delete(address);
      else pending.set(address, left);
    }
  }

  return {
    verifyResponse: (task, address) => run<SamlAnswer>("verifyResponse", task, address),
    readMetadata: (task, address) => run<Metadata>("readMetadata", task, address),
    close: () => pool.destroy(),
  };
}

/** The deadline is over, the queue is full, or the thread has used up its memory. */
function isOverloaded(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  const code = "code" in cause ? cause.code : undefined;
  return cause.name === "AbortError" || code === "ERR_WORKER_OUT_OF_MEMORY" || /queue/i.test(cause.message);
}
