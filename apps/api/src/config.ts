import { join } from "node:path";
import { z } from "zod";

const port = z.coerce.number().int().min(0).max(65_535);
const shape = z.object({
  DATABASE_URL: z.string().min(1),
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
  NODE_ENV: z.string().default("development"),
  DATABASE_POOL: z.coerce.number().int().min(1).max(200).default(10),
});

export type ApiConfig = {
  readonly databaseUrl: string;
  readonly poolSize: number;
  readonly host: string;
  readonly port: number;
  /** The console's own address, without a slash at its end; cookies are `Secure` where it is https. */
  readonly publicAppUrl: string;
  /** What owners paste into their identity provider. No slash at its end. */
  readonly publicScimUrl: string;
  readonly logLevel: z.infer<typeof shape>["LOG_LEVEL"];
  /** Whose X-Forwarded-For counts: false nobody's, a number of hops, or addresses as Express reads them. */
  readonly trustProxy: boolean | number | string;
  /** Where mails go: `smtp://…` or `smtps://…`; undefined: nowhere, they stay in the database. */
  readonly smtpUrl: string | undefined;
  /** Whom mails are from. */
  readonly mailFrom: string;
  /** A developer's machine shows the kept mails to everybody: no SMTP, not production, and reached by loopback only. */
  readonly keepsMails: boolean;
  /** Whom to ask about domains, as `ip` or `ip:port`; undefined: the system's own. */
  readonly dnsServers: readonly string[] | undefined;
  /** The folder of the built console. */
  readonly consoleDir: string;
};

/** Reads the environment (design section 5). Throws a `ZodError` that names what is wrong. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): ApiConfig {
  const values = shape.parse(environment);
  const publicAppUrl = withoutSlash(values.PUBLIC_APP_URL ?? `http://127.0.0.1:${values.API_PORT}`);
  const { hostname } = new URL(publicAppUrl);
  return {
    databaseUrl: values.DATABASE_URL,
    poolSize: values.DATABASE_POOL,
    host: values.HOST,
    port: values.API_PORT,
    publicAppUrl,
    publicScimUrl: withoutSlash(values.PUBLIC_SCIM_URL ?? `http://127.0.0.1:${values.SCIM_PORT}/scim_v2`),
    logLevel: values.LOG_LEVEL,
    trustProxy: trustOf(values.TRUST_PROXY),
    smtpUrl: values.SMTP_URL,
    mailFrom: values.MAIL_FROM ?? `Rollcall <no-reply@${hostname}>`,
    keepsMails: values.SMTP_URL === undefined && values.NODE_ENV !== "production" && isLoopback(hostname),
    dnsServers: values.DNS_SERVERS?.split(",").map((server) => server.trim()),
    consoleDir: join(import.meta.dirname, "../../admin/dist"),
  };
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d+){3}$/.test(hostname);
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, "");
}

function trustOf(text: string): boolean | number | string {
  if (text === "" || text === "0" || text === "false") return false;
  if (text === "true") return true;
  return /^\d+$/.test(text) ? Number(text) : text;
}
