import { collectDefaultMetrics, Histogram, Registry } from "prom-client";

export type Metrics = {
  /** Records one request; `route` is the pattern, never the path, so that the number of series is bounded. */
  observe(route: string, method: string, status: number, durationMs: number): void;
  readonly contentType: string;
  /** The Prometheus text format. */
  print(): Promise<string>;
};

export const noMetrics: Metrics = {
  observe: () => undefined,
  contentType: "text/plain",
  print: () => Promise.resolve(""),
};

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: "scim_request_duration_seconds",
    help: "Duration of a SCIM request, in seconds.",
    labelNames: ["route", "method", "status"],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 30, 60],
    registers: [registry],
  });
  return {
    observe: (route, method, status, durationMs) =>
      duration.observe({ route, method, status: String(status) }, durationMs / 1000),
    contentType: registry.contentType,
    print: () => registry.metrics(),
  };
}
