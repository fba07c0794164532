import { createConcurrencyLimiter, type Database } from "@rollcall/db";
import { isKnownHost } from "@rollcall/domain";
import { basePaths, metricsRefusal } from "@rollcall/scim";
import { createExpressMiddleware } from "@trpc/server/adapters/express";
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from "express";
import type { Logger } from "pino";
import { createAddressLimit } from "./security/rate-limit.ts";
import type { ApiConfig } from "./config.ts";
import { consoleFiles } from "./http/console-files.ts";
import { createContext, requestIdOf, type Services } from "./context.ts";
import { exportRoutes } from "./http/exports/export-routes.ts";
import { compareRoutes } from "./http/compare-routes.ts";
import { liveRoutes } from "./http/live/live-routes.ts";
import { knownBrowsers } from "./security/known-browsers.ts";
import { createMetrics } from "./http/metrics.ts";
import { appRouter } from "./router.ts";
import { sameOrigin } from "./http/same-origin.ts";
import type { SelfChecks } from "./workers/self-check/self-checks.ts";
import { securityHeaders } from "./http/security-headers.ts";
import { cookieJar } from "./http/session-cookie.ts";
import { createRequestLimit, createSignInLimit } from "./security/sign-in-limit.ts";
import { ssoRoutes } from "./http/sso-routes.ts";
import type { XmlReader } from "./security/saml/xml-reader.ts";
import { retryAfterS, temporaryProblemOf } from "./errors/trpc-error.ts";
import { txtLookup } from "./security/txt-lookup.ts";

export type ApiOptions = {
  readonly database: Database;
  readonly config: ApiConfig;
  readonly log: Logger;
  /** Closed by the caller, before the database. */
  readonly selfChecks: SelfChecks;
  /** Closed by the caller. */
  readonly xmlReader: XmlReader;
  /** The clock, set by tests. */
  readonly now?: () => Date;
  /** Aborted when the process is about to end: `stopOnSignal`. Ends long responses that would keep the server open. */
  readonly stopping?: AbortSignal;
};

const bodyBytesMax = 100_000;
const batchSizeMax = 20;
/** The previews that a process computes at a time, and that wait for it. */
const previewBounds = { max: 3, maxEach: 1, waitingMax: 90, waitingMaxEach: 30, waitMs: 30_000 };

/** The console and its API as an Express application. The caller closes `database`. */
export function createApi(options: ApiOptions): Express {
  const { database, config, log, selfChecks, xmlReader } = options;
  const metrics = createMetrics();
  const app = express();
  app.disable("x-powered-by");
  app.set("query parser", "simple");
  app.set("trust proxy", config.trustProxy);
  app.use(metrics.measure, logged(log), securityHeaders(config.publicAppUrl));
  app.get("/healthz", (_req, res) => void res.json({ status: "ok" }));
  app.get("/readyz", ready(options));
  app.use(onlyKnownHosts(config));
  app.get("/metrics", metricsReader(config), metrics.respond);
  const now = options.now ?? (() => new Date());
  const lookupTxt = txtLookup(config.dnsServers);
  const services = {
    database,
    config,
    cookies: cookieJar(config.publicAppUrl),
    now,
    signInLimit: createSignInLimit(database),
    forgottenPasswordLimit: createRequestLimit(database, "reset"),
    emailChangeLimit: createRequestLimit(database, "email-change"),
    knownBrowsers: knownBrowsers(config.secretKeys),
    lookupTxt,
    selfChecks,
    xmlReader,
    previews: createConcurrencyLimiter(previewBounds),
    ssoLimit: createAddressLimit(),
  };
  app.use("/trpc", sameOrigin(config.publicAppUrl), neverKept, procedures(services, log));
  app.use("/sso", ssoRoutes(services, log));
  app.use("/export", neverKept, exportRoutes(services, log));
  app.use("/compare", sameOrigin(config.publicAppUrl), neverKept, compareRoutes(services, log));
  app.use("/live", liveRoutes({ services, log, stopping: options.stopping }));
  app.use([...basePaths], elsewhere(config.publicScimUrl));
  app.use(consoleFiles(config.consoleDir));
  app.use((_req, res) => void res.status(404).json({ error: "There is nothing here.", requestId: requestIdOf(res) }));
  app.use(failing(log));
  return app;
}

function metricsReader({ metricsAccess }: ApiConfig): RequestHandler {
  return (req, res, next) => {
    const refusal = metricsRefusal(metricsAccess, req.headers.authorization);
    if (refusal === undefined) return next();
    if (refusal.status === 401) res.set("WWW-Authenticate", "Bearer");
    return void res.status(refusal.status).json({ error: refusal.detail, requestId: requestIdOf(res) });
  };
}

function procedures(services: Services, log: Logger): RequestHandler {
  return createExpressMiddleware({
    router: appRouter,
    maxBodySize: bodyBytesMax,
    maxBatchSize: batchSizeMax,
    createContext: (request) => createContext(services, request),
    responseMeta: ({ errors }) =>
      errors.some(({ code }) => code === "SERVICE_UNAVAILABLE")
        ? { headers: new Headers({ "retry-after": String(retryAfterS) }) }
        : {},
    onError: ({ error, path, ctx }) => {
      if (error.code !== "INTERNAL_SERVER_ERROR" && error.code !== "SERVICE_UNAVAILABLE") return;
      log.error(
        { requestId: ctx?.requestId, procedure: path, ...faultOf(error.cause ?? error) },
        "A procedure failed.",
      );
    },
  });
}

/** Logs one line per request, without query and body, with the id that the response carries; probes as `debug`. */
function logged(log: Logger): RequestHandler {
  return (req, res, next) => {
    const startedAt = performance.now();
    const requestId = requestIdOf(res);
    const { method, path } = req;
    res.once("close", () => {
      const durationMs = Math.round(performance.now() - startedAt);
      const level = path === "/healthz" || path === "/readyz" ? "debug" : "info";
      log[level]({ requestId, method, path, status: res.statusCode, durationMs }, "request");
    });
    next();
  };
}

const neverKept: RequestHandler = (_req, res, next) => {
  res.setHeader("Cache-Control", "no-store");
  next();
};

/** For a provider configured with the console's address: the console's page would look like a valid response. */
function elsewhere(publicScimUrl: string): RequestHandler {
  return (_req, res) =>
    void res.status(404).json({ error: `SCIM is served at ${publicScimUrl}.`, requestId: requestIdOf(res) });
}

function ready({ database, log, stopping }: ApiOptions): RequestHandler {
  return async (_req, res) => {
    if (stopping?.aborted === true) return void res.status(503).json({ status: "stopping" });
    try {
      await database.ping();
      res.json({ status: "ok" });
    } catch (cause) {
      log.error(faultOf(cause), "The database does not answer.");
      res.status(503).json({ status: "database unavailable" });
    }
  };
}

/** The last handler: 404 for a missing file, 503 for a temporary problem, 500 without detail for a bug. */
function failing(log: Logger): ErrorRequestHandler {
  return (cause: unknown, req, res, next) => {
    if (res.headersSent) {
      next(cause);
      return;
    }
    const requestId = requestIdOf(res);
    const problem = temporaryProblemOf(cause) ?? problemOf(cause);
    if (problem.status >= 500) log.error({ requestId, ...faultOf(cause) }, "A request failed.");
    if (problem.status === 503) res.setHeader("Retry-After", String(retryAfterS));
    res.status(problem.status);
    if (req.accepts(["json", "html"]) === "html") res.type("html").send(pageOf(problem.message, requestId));
    else res.json({ error: problem.message, requestId });
  };
}

/** For a browser that navigates, as between an identity provider and the console. */
function pageOf(message: string, requestId: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Rollcall</title>
<h1>${message}</h1>
<p>Reload this page, or <a href="/">go to Rollcall</a>. Request ${requestId}.</p>
</html>
`;
}

function problemOf(cause: unknown): { readonly status: number; readonly message: string } {
  const status = statusOf(cause);
  return { status, message: messageOf(status) };
}

function messageOf(status: number): string {
  if (status >= 500) return "Something went wrong on our side.";
  if (status === 413) return "The body is too large.";
  if (status === 415) return "The body cannot be read. Send it without Content-Encoding.";
  return status === 404 ? "There is nothing here." : "The request cannot be read.";
}

function statusOf(cause: unknown): number {
  if (typeof cause !== "object" || cause === null || !("status" in cause)) return 500;
  const { status } = cause;
  return typeof status === "number" && status >= 400 && status < 500 ? status : 500;
}

/** The loggable part of an error: never its other properties, in which drivers keep values. */
function faultOf(cause: unknown): { readonly fault: string; readonly stack?: string | undefined } {
  return cause instanceof Error ? { fault: cause.message, stack: cause.stack } : { fault: String(cause) };
}

/** Refuses requests for an unknown host with 421 (RFC 9110 section 15.5.20), as text for browsers. */
function onlyKnownHosts({ hosts, publicAppUrl }: ApiConfig): RequestHandler {
  return (req, res, next) => {
    if (isKnownHost(hosts, req.headers.host, req.socket.localAddress)) return next();
    const error = `Rollcall does not answer for this host. Open ${publicAppUrl}, or add the host to ALLOWED_HOSTS.`;
    res.status(421).set("Connection", "close");
    return void (req.accepts(["json", "html"]) === "html"
      ? res.type("text").send(`${error}\n`)
      : res.json({ error, requestId: requestIdOf(res) }));
  };
}
