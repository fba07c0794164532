import { randomUUID } from "node:crypto";
import { boundedReads, createConcurrencyLimiter, type ConcurrencyBounds, type Database } from "@rollcall/db";
import { isKnownHost } from "@rollcall/domain";
import { normalizeAddress, type ScimError } from "@rollcall/scim-protocol";
import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Router } from "express";
import type { Logger } from "pino";
import { respond } from "./http/respond.ts";
import { acceptBody, parseJsonBody } from "./http/accept-body.ts";
import { readBytes, toBodyError } from "./http/body.ts";
import type { Handler } from "./http/handler.ts";
import { toFault } from "./http/fault.ts";
import { failedAuthentications } from "./http/failed-authentications.ts";
import { rejectRequest } from "./http/http-server.ts";
import { knownTokens } from "./http/known-tokens.ts";
import { metricsRefusal, type MetricsAccess } from "./http/metrics-access.ts";
import { createMetrics, noMetrics } from "./http/metrics.ts";
import { pageAnchors } from "./http/page-anchors.ts";
import { createRateLimit } from "./http/rate-limit.ts";
import { openApiHandler, openApiPath } from "./openapi.ts";
import type { TrustProxy } from "./config.ts";
import type { RequestRecorder } from "./request-log/request-recorder.ts";
import { routes } from "./routes.ts";
import type { ErrorResponse } from "./http/scim-error.ts";
import type { Service } from "./http/service.ts";
import { unknownTokens, type UnknownTokenBounds } from "./http/unknown-tokens.ts";

export type ScimOptions = {
  readonly database: Database;
  readonly log: Logger;
  readonly recorder: RequestRecorder;
  readonly publicUrl: string;
  /** The accepted Host headers (`knownHosts`). */
  readonly hosts: ReadonlySet<string>;
  readonly rateLimit: number;
  /** Default: 100 from one address and 500 in all. */
  readonly unknownTokenBounds?: UnknownTokenBounds | undefined;
  /** Default: 8 large responses of one organization and 64 in all. */
  readonly openResponseBounds?: ConcurrencyBounds | undefined;
  /** False for a short-lived service beside the real one: the process is measured once. Default true. */
  readonly isMeasured?: boolean;
  /** Default: none. */
  readonly trustProxy?: TrustProxy;
  /** Default: the metrics are closed. */
  readonly metricsAccess?: MetricsAccess;
  /** The clock, set by tests. */
  readonly now?: () => Date;
  /** Aborted when the process is about to end: `stopOnSignal`. */
  readonly stopping?: AbortSignal;
};

/** The base paths of the service; the first is the documented one. */
export const basePaths = ["/scim_v2", "/scim/v2"];

/** At most one database connection for clients that send too many unknown tokens. */
const confirmations = { max: 1, maxEach: 1, waitingMax: 200, waitingMaxEach: 100, waitMs: 5000 };
/** Each body may unpack to 4 MiB, and is parsed on the main thread. */
const costlyBodies = { max: 8, maxEach: 4, waitingMax: 200, waitingMaxEach: 50, waitMs: 20_000 };
/** Each read may return 1,000 people or members of a group. */
const largeReads = { max: 4, maxEach: 1, waitingMax: 400, waitingMaxEach: 100, waitMs: 30_000 };
/** A client may read slowly, and each response keeps about 1 MB in memory meanwhile. */
const openResponses = { max: 64, maxEach: 8, waitingMax: 400, waitingMaxEach: 100, waitMs: 30_000 };

/** The SCIM service as an Express application; the caller closes `recorder`. */
export function createScim(options: ScimOptions): Express {
  const now = options.now ?? (() => new Date());
  const service: Service = {
    ...options,
    metrics: options.isMeasured === false ? noMetrics : createMetrics(),
    rateLimit: createRateLimit(options.rateLimit),
    tokens: knownTokens(options.database, now),
    unknownTokens: unknownTokens(options.unknownTokenBounds),
    confirmations: createConcurrencyLimiter(confirmations),
    costlyBodies: createConcurrencyLimiter(costlyBodies),
    failedAuthentications: failedAuthentications(options.recorder),
    anchors: pageAnchors(),
    costlyReads: boundedReads(),
    largeReads: createConcurrencyLimiter(largeReads),
    openResponses: createConcurrencyLimiter(options.openResponseBounds ?? openResponses),
    isStopping: () => options.stopping?.aborted === true,
    now,
  };
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.set("query parser", false);
  app.set("trust proxy", options.trustProxy ?? false);
  const knownHosts = onlyKnownHosts(options);
  app.use((req, res, next) => {
    // Responses contain personal data: no caching, no guessing of the media type.
    res.setHeader("cache-control", "no-store");
    res.setHeader("x-content-type-options", "nosniff");
    req.url = normalizeAddress(req.url, new Set());
    next();
  });
  // First, because each request runs through every layer before its own.
  app.use(basePaths, router(service, knownHosts));
  app.get("/healthz", (_req, res) => void res.json({ status: "ok" }));
  app.get("/readyz", ready(service));
  app.use(knownHosts);
  app.get("/metrics", metrics(service, options.metricsAccess));
  app.use(endpoint(service, "(none)", notFound(`There is nothing here. The SCIM base URL is ${options.publicUrl}.`)));
  app.use(errorHandler(service));
  return app;
}

/** Refuses every request for an unknown host with 421 (RFC 9110 section 15.5.20). */
function onlyKnownHosts({ hosts, publicUrl, log }: ScimOptions): RequestHandler {
  const detail = `This service does not answer for this host. Its base URL is ${publicUrl}; more hosts are added in ALLOWED_HOSTS.`;
  return (req, res, next) => {
    if (isKnownHost(hosts, req.headers.host, req.socket.localAddress)) return next();
    log.info({ host: req.headers.host?.slice(0, 255) }, "A request for an unknown host was refused.");
    return rejectRequest(res, { status: 421, detail });
  };
}

function router(service: Service, knownHosts: RequestHandler): Router {
  const router = express.Router({ caseSensitive: true });
  router.use(knownHosts);
  for (const route of routes) {
    const known = router.route(route.path);
    const read = route.readBody ?? readBytes;
    for (const [method, handler] of Object.entries(route.handlers)) {
      const run = endpoint(service, route.path, handler);
      const reading = [acceptBody(service, route.path), read, parseJsonBody(service, route.path), run];
      if (method === "get") known.get(run);
      else if (method === "delete") known.delete(run);
      else if (method === "post") known.post(reading);
      else if (method === "put") known.put(reading);
      else known.patch(reading);
    }
    known.all(endpoint(service, route.path, wrongMethod(Object.keys(route.handlers))));
  }
  router.get(openApiPath, openApiHandler(routes, service.publicUrl));
  router.all(openApiPath, endpoint(service, openApiPath, wrongMethod(["get"])));
  return router;
}

function endpoint(service: Service, route: string, handler: Handler | ErrorResponse): RequestHandler {
  return (req, res) => respond(service, req, res, route, handler);
}

/** The last handler: errors of the framework itself, such as an unreadable body or path. */
function errorHandler(service: Service): ErrorRequestHandler {
  return (cause: unknown, req, res, next) => {
    if (res.headersSent) {
      next(cause);
      return;
    }
    const route = "(unreadable)";
    const error = toBodyError(cause) ?? toPathError(cause);
    const fault = { requestId: randomUUID(), method: req.method, route };
    void respond(service, req, res, route, error ?? toFault(service, cause, fault));
  };
}

function toPathError(cause: unknown): ScimError | undefined {
  return cause instanceof URIError
    ? { status: 400, scimType: "invalidPath", detail: "The path is not valid percent-encoded UTF-8." }
    : undefined;
}

function notFound(detail: string): ScimError {
  return { status: 404, detail };
}

/** RFC 9110 section 15.5.6: a 405 names the allowed methods. */
function wrongMethod(methods: readonly string[]): ErrorResponse {
  const allow = methods.map((method) => method.toUpperCase()).join(", ");
  return { status: 405, detail: `This endpoint takes ${allow} only.`, allow };
}

function ready(service: Service): RequestHandler {
  return async (_req, res) => {
    if (service.isStopping()) return void res.status(503).json({ status: "stopping" });
    try {
      await service.database.ping();
      res.json({ status: "ok" });
    } catch (cause) {
      service.log.error({ err: cause }, "The database does not answer.");
      res.status(503).json({ status: "database unavailable" });
    }
  };
}

const metricsClosed: MetricsAccess = { token: undefined, listensOn: "" };

function metrics(service: Service, access = metricsClosed): RequestHandler {
  return async (req, res) => {
    const refusal = metricsRefusal(access, req.headers.authorization);
    if (refusal?.status === 401) res.setHeader("www-authenticate", "Bearer");
    if (refusal !== undefined) return rejectRequest(res, refusal);
    res.type(service.metrics.contentType).send(await service.metrics.print());
  };
}
