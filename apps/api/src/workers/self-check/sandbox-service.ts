import { once } from "node:events";
import { createServer } from "node:http";
import { dropNextLeftSandbox, type Database, type Sandbox } from "@rollcall/db";
import { knownHosts } from "@rollcall/domain";
import { basePaths, createScim, type RequestRecorder } from "@rollcall/scim";
import type { Logger } from "pino";
import { startWorker, type Worker } from "../worker.ts";

/** The sandbox's requests are in its transcript and in no request log. */
const noRecorder: RequestRecorder = {
  add: () => undefined,
  flush: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

export type SandboxService = { readonly baseUrl: string; close(): Promise<void> };

/**
 * Runs the SCIM service on the sandbox, on loopback at a free port. Only the sandbox's token is valid; locations in
 * responses use the public URL of the real service.
 */
export async function serveSandbox(
  sandbox: Sandbox,
  options: { readonly publicUrl: string; readonly log: Logger },
): Promise<SandboxService> {
  const { database } = sandbox;
  const { publicUrl } = options;
  const log = options.log.child({});
  const hosts = knownHosts({ listensOn: "127.0.0.1", publicUrls: [] });
  const app = createScim({ database, log, recorder: noRecorder, publicUrl, hosts, rateLimit: 0, isMeasured: false });
  const server = createServer(app);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The sandbox's service has no port.");
  return {
    baseUrl: `http://127.0.0.1:${address.port}${basePaths[0] ?? ""}`,
    async close() {
      // Requests cut off here fail, which is intended.
      log.level = "silent";
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

const cleanupEveryMs = 10 * 60_000;
const cleanupBatchMax = 20;

/** Drops the sandboxes left behind by processes that died: at startup and every ten minutes. */
export function startSandboxWorker({ database, log }: { readonly database: Database; readonly log: Logger }): Worker {
  const doNext = (): Promise<boolean> => dropNextLeftSandbox(database, new Date());
  const worker = startWorker({
    what: "sandboxes of self-checks that were left",
    everyMs: cleanupEveryMs,
    batchMax: cleanupBatchMax,
    log,
    doNext,
  });
  void worker.run();
  return worker;
}
