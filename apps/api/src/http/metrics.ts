import type { RequestHandler } from "express";
import { collectDefaultMetrics, Histogram, Registry } from "prom-client";

const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
const knownMethods = new Set(["GET", "HEAD", "POST", "OPTIONS"]);

export type Metrics = {
  /** Measures every request by area, method and status; the number of series is bounded. */
  readonly measure: RequestHandler;
  /** Responds with the Prometheus text format. */
  readonly respond: RequestHandler;
};

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: "http_request_duration_seconds",
    help: "Time to answer a request of the API or the console, in seconds.",
    labelNames: ["area", "method", "status"],
    buckets: bounds,
    registers: [registry],
  });
  return {
    measure: (req, res, next) => {
      const labels = { area: areaOf(req.path), method: knownMethods.has(req.method) ? req.method : "other" };
      const stop = duration.startTimer(labels);
      res.once("close", () => stop({ status: String(res.statusCode) }));
      next();
    },
    respond: async (_req, res) => {
      res.type(registry.contentType).send(await registry.metrics());
    },
  };
}

function areaOf(path: string): string {
  if (path.startsWith("/trpc/")) return "trpc";
  return path === "/healthz" || path === "/readyz" || path === "/metrics" ? path.slice(1) : "console";
}
