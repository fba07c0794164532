import express, { type RequestHandler, type Response, type Router } from "express";
import type { Logger } from "pino";
import type { Services } from "../../context.ts";
import { isStillOwner, readOwnerSession, refuse } from "../owner-session.ts";
import { createSlots, onClosed } from "../slots.ts";
import { requestFeed } from "./request-feed.ts";

const bounds = { max: 200, ofOrganizationMax: 100, ofPersonMax: 6 };
const checkEveryMs = 3000;
/** The lifetime of a stream; the browser reconnects automatically. */
const checksMax = 600;
/** The bytes that may wait for a browser that does not read. */
const waitingBytesMax = 64 * 1024;

export type LiveOptions = {
  readonly services: Services;
  readonly log: Logger;
  /** Ends all streams, so that the server can close. */
  readonly stopping: AbortSignal | undefined;
};

/**
 * `GET /live/requests`: server-sent events for owners, one `requests` event when requests of the provider have been
 * recorded. It holds only their number; the console fetches the entries by procedures, with the filters of the screen.
 * The session is read anew every three seconds, so that a stream ends (`end`) with it, and the connection shows that it
 * is alive.
 */
export function liveRoutes(options: LiveOptions): Router {
  const router = express.Router();
  router.get("/requests", stream(options));
  return router;
}

function stream({ services, log, stopping }: LiveOptions): RequestHandler {
  const feed = requestFeed(services.database, log);
  const slots = createSlots(bounds);
  return async (req, res) => {
    const read = await readOwnerSession(services, req);
    if (!read.ok) return refuse(res, read.status, read.error);
    const { organizationId, account } = read.session;
    if (stopping?.aborted === true) return refuse(res, 503, "The server is stopping. Try again in a moment.");
    const release = slots.acquire({ organizationId, accountId: account.id });
    if (release === undefined) return refuse(res, 429, "Too many pages are live already.");
    const watch = feed.watch(organizationId, (requests) => sendEvent(res, "requests", { requests }));
    open(res, watch.ready);
    const stopChecking = checkAgain(() => isStillOwner(services, req, organizationId), res);
    const end = (): void => void res.end();
    stopping?.addEventListener("abort", end, { once: true });
    onClosed(res, () => {
      stopping?.removeEventListener("abort", end);
      stopChecking();
      watch.stop();
      release();
    });
  };
}

function open(res: Response, ready: Promise<void>): void {
  res.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    // A proxy that buffers responses would delay the events.
    "x-accel-buffering": "no",
  });
  res.flushHeaders();
  // Without the database there is no first state yet; the feed keeps trying.
  void ready.catch(() => undefined).then(() => sendEvent(res, "ready", {}));
}

function sendEvent(res: Response, event: "ready" | "requests" | "end", data: object): void {
  if (!isOpen(res)) return;
  if (res.writableLength > waitingBytesMax) res.destroy();
  else res.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}

/**
 * Ends the response when `mayStay` is false; a short outage of the database ends nothing. Returns a function that stops
 * the checks.
 */
function checkAgain(mayStay: () => Promise<boolean>, res: Response): () => void {
  let checks = 0;
  let isChecking = false;
  const timer = setInterval(() => {
    checks++;
    // With a slow database, checks must not pile up.
    if (isChecking) return;
    isChecking = true;
    void check(mayStay, checks >= checksMax, res).finally(() => (isChecking = false));
  }, checkEveryMs).unref();
  return () => clearInterval(timer);
}

async function check(mayStay: () => Promise<boolean>, isOver: boolean, res: Response): Promise<void> {
  const mayGoOn = await mayStay().catch(() => true);
  if (!isOpen(res)) return;
  if (!mayGoOn) sendEvent(res, "end", {});
  if (!mayGoOn || isOver) res.end();
  else res.write(": still here\n\n");
}

/** A write to a response whose browser is gone would be an unhandled error. */
function isOpen(res: Response): boolean {
  return !res.destroyed && !res.writableEnded;
}
