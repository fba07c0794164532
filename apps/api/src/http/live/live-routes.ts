import express, { type RequestHandler, type Response, type Router } from "express";
import type { Logger } from "pino";
import { requestIdOf, type Services } from "../../context.ts";
import { readOwnerSession } from "../owner-session.ts";
import { createPlaces } from "../places.ts";
import { requestFeed } from "./request-feed.ts";

const bounds = { max: 200, ofOrganizationMax: 100, ofPersonMax: 6 };
const checkEveryMs = 3000;
/** A stream that long is ended; the browser comes back by itself. */
const checksMax = 600;
/** What a browser that does not read may leave waiting. */
const waitingBytesMax = 64 * 1024;

export type LiveOptions = {
  readonly services: Services;
  readonly log: Logger;
  /** Ends all streams, so that the server can close. */
  readonly stopping: AbortSignal | undefined;
};

/**
 * `GET /live/requests`: server-sent events for owners, one `calls` event when calls of the provider have been recorded. It
 * says how many and nothing of them; what they are is asked for by the procedures, with the filters of the screen. Every
 * three seconds the session is read anew, so that a stream ends (`end`) with it, and the connection shows that it lives.
 */
export function liveRoutes(options: LiveOptions): Router {
  const router = express.Router();
  router.get("/requests", stream(options));
  return router;
}

function stream({ services, log, stopping }: LiveOptions): RequestHandler {
  const feed = requestFeed(services.database, log);
  const places = createPlaces(bounds);
  return async (req, res) => {
    const read = await readOwnerSession(services, req);
    // Who has gone already would never be taken off the count.
    if (req.socket.destroyed) return undefined;
    if (!read.ok) return refuse(res, read.status, read.error);
    const { organizationId, account } = read.session;
    if (stopping?.aborted === true) return refuse(res, 503, "The server is stopping. Try again in a moment.");
    const leave = places.take({ organizationId, accountId: account.id });
    if (leave === undefined) return refuse(res, 429, "Too many pages are live already.");
    const watch = feed.watch(organizationId, (calls) => say(res, "calls", { calls }));
    open(res, watch.ready);
    const stopChecking = checkAgain(async () => {
      const again = await readOwnerSession(services, req);
      return again.ok && again.session.organizationId === organizationId;
    }, res);
    const end = (): void => void res.end();
    stopping?.addEventListener("abort", end, { once: true });
    res.once("close", () => {
      stopping?.removeEventListener("abort", end);
      stopChecking();
      watch.stop();
      leave();
    });
  };
}

function open(res: Response, ready: Promise<void>): void {
  res.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    // A proxy that collects answers would hold the events back.
    "x-accel-buffering": "no",
  });
  res.flushHeaders();
  // Without the database nothing can be told yet; the feed goes on trying.
  void ready.catch(() => undefined).then(() => say(res, "ready", {}));
}

function say(res: Response, event: "ready" | "calls" | "end", data: object): void {
  if (!isOpen(res)) return;
  if (res.writableLength > waitingBytesMax) res.destroy();
  else res.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}

/** Ends the answer where `mayStay` says no; a database that is away for a moment ends nothing. Returns how to stop. */
function checkAgain(mayStay: () => Promise<boolean>, res: Response): () => void {
  let checks = 0;
  let isChecking = false;
  const timer = setInterval(() => {
    checks++;
    // Where the database is slow, what asks it must not pile up.
    if (isChecking) return;
    isChecking = true;
    void check(mayStay, checks >= checksMax, res).finally(() => (isChecking = false));
  }, checkEveryMs).unref();
  return () => clearInterval(timer);
}

async function check(mayStay: () => Promise<boolean>, isOver: boolean, res: Response): Promise<void> {
  const mayGoOn = await mayStay().catch(() => true);
  if (!isOpen(res)) return;
  if (!mayGoOn) say(res, "end", {});
  if (!mayGoOn || isOver) res.end();
  else res.write(": still here\n\n");
}

/** What is written to an answer whose browser has gone would be an error that nobody handles. */
function isOpen(res: Response): boolean {
  return !res.destroyed && !res.writableEnded;
}

function refuse(res: Response, status: number, error: string): void {
  res.status(status).json({ error, requestId: requestIdOf(res) });
}
