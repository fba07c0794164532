import { join } from "node:path";
import { readSecretKeys, sessionIdleHours, type SecretKey } from "@rollcall/db";
import { hostNameOf, isLoopbackHost, isProduction, judgeStart, knownHosts } from "@rollcall/domain";
import { commonSettings, parseSettings, portNumber, type MetricsAccess, type TrustProxy } from "@rollcall/scim";
import { z } from "zod";

const shape = z.object({
  ...commonSettings,
  API_PORT: portNumber.default(4000),
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  MAIL_FROM: z.string().regex(/.@./, "must be an address, as Rollcall <no-reply@rollcall.example>").optional(),
  DNS_SERVERS: z.string().optional(),
  SESSION_IDLE_HOURS: z.coerce.number().min(0.1).max(336).default(sessionIdleHours),
  DEVELOPER_MAILBOX: z.enum(["0", "1"]).default("0"),
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
  readonly trustProxy: TrustProxy;
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
 * Reads the environment (docs/design.md section 5). Errors: a `RangeError` that names each invalid setting, or
 * each that production does not allow.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): ApiConfig {
  const values = parseSettings(shape, environment);
  const publicAppUrl = withoutSlash(values.PUBLIC_APP_URL ?? `http://127.0.0.1:${values.API_PORT}`);
  const publicScimUrl = withoutSlash(values.PUBLIC_SCIM_URL ?? `http://127.0.0.1:${values.SCIM_PORT}/scim_v2`);
  const { HOST: listensOn, NODE_ENV: nodeEnv, SMTP_URL: smtpUrl, TRUST_PROXY: trustProxy } = values;
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
