import { join } from "node:path";
import { readSecretKeys, sessionIdleHours, type SecretKey } from "@rollcall/db";
import { hostNameOf, isLoopbackHost, isProduction, judgeStart, knownHosts } from "@rollcall/domain";
import { metricsTokenMin, type MetricsAccess } from "@rollcall/scim";
import { z } from "zod";

const port = z.coerce.number().int().min(0).max(65_535);
const shape = z.object({
  DATABASE_URL: z.string().min(1),
  DATABASE_MIGRATION_URL: z.string().min(1).optional(),
  HOST: z.string().min(1).default("127.0.0.1"),
  API_PORT: port.default(4000),
  SCIM_PORT: port.default(4001),
  PUBLIC_APP_URL: z.url().optional(),
  PUBLIC_SCIM_URL: z.url().optional(),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  TRUST_PROXY: z.string().default(""),
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  MAIL_FROM: z.string().min(3).optional(),
  DNS_SERVERS: z.string().optional(),
  NODE_ENV: z.string().optional(),
  SESSION_IDLE_HOURS: z.coerce.number().min(0.1).max(336).default(sessionIdleHours),
  DEVELOPER_MAILBOX: z.enum(["0", "1"]).default("0"),
  ALLOWED_HOSTS: z.string().optional(),
  METRICS_TOKEN: z.string().min(metricsTokenMin).optional(),
  DATABASE_POOL: z.coerce.number().int().min(1).max(200).default(10),
});

export type ApiConfig = {
  readonly databaseUrl: string;
  /** The same database, connected as the role that owns the tables. */
  readonly migrationUrl: string;
  readonly poolSize: number;
  readonly metricsAccess: MetricsAccess;
  readonly host: string;
  readonly port: number;
  /** The accepted Host headers (`isKnownHost`). */
  readonly hosts: ReadonlySet<string>;
  /** The console's public base URL, without a trailing slash. */
  readonly publicAppUrl: string;
  /** The idle time after which a session ends. */
  readonly sessionIdleMs: number;
  /** The SCIM base URL that owners paste into their identity provider. No trailing slash. */
  readonly publicScimUrl: string;
  readonly logLevel: z.infer<typeof shape>["LOG_LEVEL"];
  /** The proxies whose X-Forwarded-For is trusted: false for none, a number of hops, or addresses in Express's syntax. */
  readonly trustProxy: boolean | number | string;
  /** The SMTP server: `smtp://…` or `smtps://…`; undefined: emails are not sent and stay in the database. */
  readonly smtpUrl: string | undefined;
  /** The sender of emails. */
  readonly mailFrom: string;
  /** Whether emails are shown to everybody: only on request, without SMTP, outside of production and on loopback. */
  readonly keepsMails: boolean;
  /** DNS servers for domain checks, as `ip` or `ip:port`; undefined: the system's own. */
  readonly dnsServers: readonly string[] | undefined;
  /** The folder of the built console. */
  readonly consoleDir: string;
  /** Keys that encrypt secrets in the database, the current one first; empty: secrets are not encrypted. */
  readonly secretKeys: readonly SecretKey[];
  /** Settings that would stop this server from starting where others could reach it. */
  readonly warnings: readonly string[];
};

/**
 * Reads the environment (docs/design.md section 5). Errors: a `ZodError` that names the invalid variable, or a `RangeError` for
 * an invalid secret key or a setting that production does not allow.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): ApiConfig {
  const values = shape.parse(environment);
  const publicAppUrl = withoutSlash(values.PUBLIC_APP_URL ?? `http://127.0.0.1:${values.API_PORT}`);
  const publicScimUrl = withoutSlash(values.PUBLIC_SCIM_URL ?? `http://127.0.0.1:${values.SCIM_PORT}/scim_v2`);
  const trustProxy = trustOf(values.TRUST_PROXY);
  const { HOST: listensOn, NODE_ENV: nodeEnv, SMTP_URL: smtpUrl } = values;
  const secretKeys = readSecretKeys(environment);
  const judged = judgeStart(
    { nodeEnv, listensOn },
    { publicAppUrl, trustProxy, secretKey: secretKeys[0]?.id, smtpUrl },
  );
  if (!judged.ok) throw new RangeError(judged.error);
  return {
    databaseUrl: values.DATABASE_URL,
    migrationUrl: values.DATABASE_MIGRATION_URL ?? values.DATABASE_URL,
    poolSize: values.DATABASE_POOL,
    metricsAccess: { token: values.METRICS_TOKEN, listensOn },
    host: listensOn,
    port: values.API_PORT,
    publicAppUrl,
    sessionIdleMs: values.SESSION_IDLE_HOURS * 3_600_000,
    publicScimUrl,
    hosts: knownHosts({ listensOn, publicUrls: [publicAppUrl, publicScimUrl], allowed: values.ALLOWED_HOSTS }),
    logLevel: values.LOG_LEVEL,
    trustProxy,
    smtpUrl,
    mailFrom: values.MAIL_FROM ?? `Rollcall <no-reply@${new URL(publicAppUrl).hostname}>`,
    keepsMails:
      values.DEVELOPER_MAILBOX === "1" &&
      smtpUrl === undefined &&
      !isProduction(nodeEnv) &&
      isLoopbackHost(listensOn) &&
      isLoopbackHost(hostNameOf(publicAppUrl)),
    dnsServers: values.DNS_SERVERS?.split(",").map((server) => server.trim()),
    consoleDir: join(import.meta.dirname, "../../admin/dist"),
    secretKeys,
    warnings: judged.value,
  };
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, "");
}

function trustOf(text: string): boolean | number | string {
  if (text === "" || text === "0" || text === "false") return false;
  if (text === "true") return true;
  return /^\d+$/.test(text) ? Number(text) : text;
}
