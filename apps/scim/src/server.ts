import { randomUUID } from "node:crypto";
import { boundedReads, createTurns, type Database } from "@rollcall/db";
import { isKnownHost } from "@rollcall/domain";
import { normalizeAddress, type ScimError } from "@rollcall/scim-protocol";
import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Router } from "express";
import type { Logger } from "pino";
import { answerCall } from "./http/answer.ts";
import { readAuthorization } from "./http/authorization.ts";
import { isCostly, parseBody, readBytes, toBodyError, unsupportedType } from "./http/body.ts";
import type { Handler } from "./http/call.ts";
import { callerOf, tooManyUnknown } from "./http/confirmation.ts";
import { toFault } from "./http/fault.ts";
import { failedAuthentications } from "./http/failed-authentications.ts";
import { answerRefused } from "./http/http-server.ts";
import { knownTokens } from "./http/known-tokens.ts";
import { metricsRefusal, type MetricsAccess } from "./http/metrics-access.ts";
import { createMetrics, noMetrics } from "./http/metrics.ts";
import { pageAnchors } from "./http/page-anchors.ts";
import { createRateLimit } from "./http/rate-limit.ts";
import { openApiHandler, openApiPath } from "./openapi.ts";
import type { RequestRecorder } from "./request-log/request-recorder.ts";
import { routes } from "./routes.ts";
import type { RefusalAnswer } from "./http/scim-error.ts";
import type { Service } from "./http/service.ts";
import { unknownTokens, type UnknownTokenBounds } from "./http/unknown-tokens.ts";

export type ScimOptions = {
  readonly database: Database;
  readonly log: Logger;
  readonly recorder: RequestRecorder;
  readonly publicUrl: string;
  /** The Host headers that are answered (`knownHosts`). */
  readonly hosts: ReadonlySet<string>;
  readonly rateLimit: number;
  /** Default: 100 from one address and 500 in all. */
  readonly unknownTokenBounds?: UnknownTokenBounds | undefined;
  /** False for a service that lives for minutes beside the real one: the process is measured once. Default true. */
  readonly isMeasured?: boolean;
  /** Default: nobody reads the metrics. */
  readonly metricsAccess?: MetricsAccess;
  /** The clock; tests turn it. */
  readonly now?: () => Date;
  /** Aborted when the process is about to end: `stopOnSignal`. */
  readonly stopping?: AbortSignal;
};

/** The addresses under which the service answers; the first is the documented one. */
export const basePaths = ["/scim_v2", "/scim/v2"];

/** One connection at most for those who send too many unknown tokens. */
const confirmations = { max: 1, maxEach: 1, waitingMax: 200, waitingMaxEach: 100, waitMs: 5000 };
/** Each body may unpack to 4 MiB, and is parsed on the one thread there is. */
const costlyBodies = { max: 8, maxEach: 4, waitingMax: 200, waitingMaxEach: 50, waitMs: 20_000 };
/** A body that has its turn must have arrived by then; else its connection ends. */
const costlyBodyMs = 20_000;
/** Each read may show 1,000 people, or the 40,000 members of a group, and holds the one thread for that. */
const largeReads = { max: 4, maxEach: 1, waitingMax: 400, waitingMaxEach: 100, waitMs: 30_000 };

/** The SCIM service as an Express application; `recorder` is closed by who made it. */
export function createScim(options: ScimOptions): Express {
  const now = options.now ?? (() => new Date());
  const service: Service = {
    ...options,
    metrics: options.isMeasured === false ? noMetrics : createMetrics(),
    rateLimit: createRateLimit(options.rateLimit),
    tokens: knownTokens(options.database, now),
    unknownTokens: unknownTokens(options.unknownTokenBounds),
    confirmations: createTurns(confirmations),
    costlyBodies: createTurns(costlyBodies),
    failedAuthentications: failedAuthentications(options.recorder),
    anchors: pageAnchors(),
    costlyReads: boundedReads(),
    largeReads: createTurns(largeReads),
    isStopping: () => options.stopping?.aborted === true,
    now,
  };
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.set("query parser", false);
  app.use((_req, res, next) => {
    // Answers hold people; none is for a cache or for a browser's guess at its type.
    res.setHeader("cache-control", "no-store");
    res.setHeader("x-content-type-options", "nosniff");
    next();
  });
  app.get("/healthz", (_req, res) => void res.json({ status: "ok" }));
  app.get("/readyz", ready(service));
  app.use((req, _res, next) => {
    req.url = normalizeAddress(req.url, new Set());
    next();
  });
  app.use(onlyKnownHosts(options));
  app.get("/metrics", metrics(service, options.metricsAccess));
  app.use(basePaths, router(service));
  app.use(answering(service, "(none)", notFound(`There is nothing here. The SCIM base URL is ${options.publicUrl}.`)));
  app.use(failing(service));
  return app;
}

/** Refuses requests for a host that this service does not answer for (RFC 9110 section 15.5.20), whoever asks. */
function onlyKnownHosts({ hosts, publicUrl, log }: ScimOptions): RequestHandler {
  const detail = `This service does not answer for this host. Its base URL is ${publicUrl}; more hosts are added in ALLOWED_HOSTS.`;
  return (req, res, next) => {
    if (isKnownHost(hosts, req.headers.host, req.socket.localAddress)) return next();
    log.info({ host: req.headers.host?.slice(0, 255) }, "A request for an unknown host was refused.");
    return answerRefused(res, { status: 421, detail });
  };
}

function router(service: Service): Router {
  const router = express.Router({ caseSensitive: true });
  router.get(openApiPath, openApiHandler(routes, service.publicUrl));
  router.all(openApiPath, answering(service, openApiPath, wrongMethod(["get"])));
  for (const route of routes) {
    const known = router.route(route.path);
    const read = route.readBody ?? readBytes;
    for (const [method, handler] of Object.entries(route.handlers)) {
      const run = answering(service, route.path, handler);
      const reading = [readable(service, route.path), read, parsed(service, route.path), run];
      if (method === "get") known.get(run);
      else if (method === "delete") known.delete(run);
      else if (method === "post") known.post(reading);
      else if (method === "put") known.put(reading);
      else known.patch(reading);
    }
    known.all(answering(service, route.path, wrongMethod(Object.keys(route.handlers))));
  }
  return router;
}

function answering(service: Service, route: string, handler: Handler | RefusalAnswer): RequestHandler {
  return (req, res) => answerCall(service, req, res, route, handler);
}

/**
 * Nothing is read for a caller without what looks like a token. A body that is no JSON is refused here, one that is missing
 * by the handler behind. One that costs more than a millisecond waits until the database has confirmed the token, and for
 * its turn.
 */
function readable(service: Service, route: string): RequestHandler {
  return async (req, res, next) => {
    const credential = readAuthorization(req.headers.authorization, new Set());
    const error = credential.ok ? unsupportedType(req) : credential.error;
    if (error !== undefined || !credential.ok) return answerCall(service, req, res, route, error ?? unread);
    if (!isCostly(req)) return next();
    const isRefused = (await tooManyUnknown(service, req, credential)) !== undefined;
    const caller = isRefused ? undefined : await callerOf(service, req, credential.value, service.now());
    // The answer says why, in the words for any call.
    if (caller?.ok !== true) return answerCall(service, req, res, route, unread);
    const leave = await service.costlyBodies.enter(caller.value.organizationId);
    if (leave === undefined) return answerCall(service, req, res, route, tooManyBodies);
    const late = setTimeout(() => req.destroy(), costlyBodyMs);
    const end = (): void => {
      clearTimeout(late);
      leave();
    };
    req.once("end", () => clearTimeout(late));
    res.once("close", end);
    // A client that is gone already will not close again.
    if (res.closed) end();
    next();
  };
}

const unread: ScimError = { status: 400, detail: "The body was not read." };
const tooManyBodies: RefusalAnswer = {
  status: 429,
  detail: "Too many large or compressed bodies at once. Send them one after the other.",
  retryAfterS: 1,
};

/** Puts the JSON in the place of the bytes, or refuses what is none. */
function parsed(service: Service, route: string): RequestHandler {
  return async (req, res, next) => {
    const body = await parseBody(req.body);
    if (body.ok) {
      req.body = body.value;
      next();
    } else void answerCall(service, req, res, route, body.error);
  };
}

/** The last handler: what the framework itself throws, such as a body or a path that it cannot read. */
function failing(service: Service): ErrorRequestHandler {
  return (cause: unknown, req, res, next) => {
    if (res.headersSent) {
      next(cause);
      return;
    }
    const route = "(unreadable)";
    const error = toBodyError(cause) ?? toPathError(cause);
    const fault = { requestId: randomUUID(), method: req.method, route };
    void answerCall(service, req, res, route, error ?? toFault(service, cause, fault));
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

/** RFC 9110 section 15.5.6: a 405 names the methods that would do. */
function wrongMethod(methods: readonly string[]): RefusalAnswer {
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
    if (refusal !== undefined) return answerRefused(res, refusal);
    res.type(service.metrics.contentType).send(await service.metrics.print());
  };
}
