import { readSecretKeys, type SecretKey } from "@rollcall/db";
import { judgeStart, knownHosts, settingsOf } from "@rollcall/domain";
import express from "express";
import { z } from "zod";
import { metricsTokenMin, type MetricsAccess } from "./http/metrics-access.ts";

export const portNumber = z.coerce.number().int().min(0).max(65_535);
const webUrl = z.url({ protocol: /^https?$/ });
const postgresUrl = z.url({
  protocol: /^postgres(ql)?$/,
  error: "must be postgres://USER:PASSWORD@HOST:PORT/DATABASE",
});

/** The settings that both servers have. */
export const commonSettings = {
  DATABASE_URL: postgresUrl,
  DATABASE_MIGRATION_URL: postgresUrl.optional(),
  DATABASE_POOL: z.coerce.number().int().min(1).max(200).default(10),
  PREPARED_STATEMENTS: z.enum(["on", "off"]).default("on"),
  HOST: z.string().default("127.0.0.1"),
  SCIM_PORT: portNumber.default(4001),
  PUBLIC_SCIM_URL: webUrl.optional(),
  PUBLIC_APP_URL: webUrl.optional(),
  ALLOWED_HOSTS: z.string().optional(),
  TRUST_PROXY: z
    .string()
    .default("")
    .transform(trustOf)
    .refine(isTrustable, "must be the number of proxies, or their addresses separated by commas"),
  NODE_ENV: z.string().optional(),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  METRICS_TOKEN: z.string().min(metricsTokenMin).optional(),
};

const shape = z.object({ ...commonSettings, SCIM_RATE_LIMIT: z.coerce.number().int().min(0).default(100) });

/** The proxies whose X-Forwarded-For is trusted: false for none, a number of hops, or addresses in Express's syntax. */
export type TrustProxy = boolean | number | string;

function trustOf(text: string): TrustProxy {
  if (text === "" || text === "0" || text === "false") return false;
  if (text === "true") return true;
  return /^\d+$/.test(text) ? Number(text) : text;
}

function isTrustable(trust: TrustProxy): boolean {
  try {
    express().set("trust proxy", trust);
    return true;
  } catch {
    return false;
  }
}

/** Reads the environment by a shape; empty values are none. Throws a `RangeError` with a line for each wrong setting. */
export function parseSettings<T>(
  shapeOfSettings: z.ZodType<T>,
  environment: Readonly<Record<string, string | undefined>>,
): T {
  const parsed = shapeOfSettings.safeParse(settingsOf(environment));
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new RangeError(["Rollcall does not start with these settings.", ...lines].join("\n"));
}

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
  readonly trustProxy: TrustProxy;
  readonly metricsAccess: MetricsAccess;
  /** Keys that encrypt secrets in the database, the current one first; empty: secrets are not encrypted. */
  readonly secretKeys: readonly SecretKey[];
  /** Settings that would stop this server from starting where others could reach it. */
  readonly warnings: readonly string[];
};

/**
 * Reads the environment (docs/design.md section 5). Errors: a `RangeError` that names each invalid setting, or
 * each that production does not allow.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): ScimConfig {
  const values = parseSettings(shape, environment);
  const publicUrl = (values.PUBLIC_SCIM_URL ?? `http://127.0.0.1:${values.SCIM_PORT}/scim_v2`).replace(/\/+$/, "");
  const publicUrls = [publicUrl, values.PUBLIC_APP_URL ?? ""];
  const { HOST: listensOn, NODE_ENV: nodeEnv, TRUST_PROXY: trustProxy } = values;
  const secretKeys = readSecretKeys(environment);
  const judged = judgeStart(
    { nodeEnv, listensOn },
    { publicScimUrl: publicUrl, trustProxy, secretKey: secretKeys[0]?.id },
  );
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
    trustProxy,
    metricsAccess: { token: values.METRICS_TOKEN, listensOn },
    secretKeys,
    warnings: judged.value,
  };
}
