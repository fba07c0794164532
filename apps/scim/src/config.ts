import { readSecretKeys, type SecretKey } from "@rollcall/db";
import { judgeStart, knownHosts } from "@rollcall/domain";
import { z } from "zod";
import { metricsTokenMin, type MetricsAccess } from "./http/metrics-access.ts";

const port = z.coerce.number().int().min(0).max(65_535);
const shape = z.object({
  DATABASE_URL: z.string().min(1),
  DATABASE_MIGRATION_URL: z.string().min(1).optional(),
  HOST: z.string().default("127.0.0.1"),
  SCIM_PORT: port.default(4001),
  PUBLIC_SCIM_URL: z.url().optional(),
  PUBLIC_APP_URL: z.url().optional(),
  ALLOWED_HOSTS: z.string().optional(),
  NODE_ENV: z.string().optional(),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  SCIM_RATE_LIMIT: z.coerce.number().int().min(0).default(100),
  METRICS_TOKEN: z.string().min(metricsTokenMin).optional(),
  DATABASE_POOL: z.coerce.number().int().min(1).max(200).default(10),
});

export type ScimConfig = {
  readonly databaseUrl: string;
  /** The same database, connected as the role that owns the tables. */
  readonly migrationUrl: string;
  readonly host: string;
  readonly port: number;
  /** The prefix of `meta.location`; never taken from the Host header. No trailing slash. */
  readonly publicUrl: string;
  /** The accepted Host headers (`isKnownHost`). */
  readonly hosts: ReadonlySet<string>;
  readonly logLevel: z.infer<typeof shape>["LOG_LEVEL"];
  /** Requests per second and token in one process, twice as many in a burst; 0: no limit. Providers send at most 25. */
  readonly rateLimit: number;
  readonly poolSize: number;
  readonly metricsAccess: MetricsAccess;
  /** Keys that encrypt secrets in the database, the current one first; empty: secrets are not encrypted. */
  readonly secretKeys: readonly SecretKey[];
  /** Settings that would stop this server from starting where others could reach it. */
  readonly warnings: readonly string[];
};

/**
 * Reads the environment (docs/design.md section 5). Errors: a `ZodError` that names the invalid variable, or a `RangeError` for
 * an invalid secret key or a setting that production does not allow.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): ScimConfig {
  const values = shape.parse(environment);
  const publicUrl = (values.PUBLIC_SCIM_URL ?? `http://127.0.0.1:${values.SCIM_PORT}/scim_v2`).replace(/\/+$/, "");
  const publicUrls = [publicUrl, values.PUBLIC_APP_URL ?? ""];
  const { HOST: listensOn, NODE_ENV: nodeEnv } = values;
  const secretKeys = readSecretKeys(environment);
  const judged = judgeStart({ nodeEnv, listensOn }, { secretKey: secretKeys[0]?.id });
  if (!judged.ok) throw new RangeError(judged.error);
  return {
    databaseUrl: values.DATABASE_URL,
    migrationUrl: values.DATABASE_MIGRATION_URL ?? values.DATABASE_URL,
    host: listensOn,
    port: values.SCIM_PORT,
    publicUrl,
    hosts: knownHosts({ listensOn, publicUrls, allowed: values.ALLOWED_HOSTS }),
    logLevel: values.LOG_LEVEL,
    rateLimit: values.SCIM_RATE_LIMIT,
    poolSize: values.DATABASE_POOL,
    metricsAccess: { token: values.METRICS_TOKEN, listensOn },
    secretKeys,
    warnings: judged.value,
  };
}
