import { z } from "zod";

const port = z.coerce.number().int().min(0).max(65_535);
const shape = z.object({
  DATABASE_URL: z.string().min(1),
  HOST: z.string().default("127.0.0.1"),
  SCIM_PORT: port.default(4001),
  PUBLIC_SCIM_URL: z.url().optional(),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  SCIM_RATE_LIMIT: z.coerce.number().int().min(0).default(100),
  DATABASE_POOL: z.coerce.number().int().min(1).max(200).default(10),
});

export type ScimConfig = {
  readonly databaseUrl: string;
  readonly host: string;
  readonly port: number;
  /** What `meta.location` starts with; never taken from the Host header. No slash at its end. */
  readonly publicUrl: string;
  readonly logLevel: z.infer<typeof shape>["LOG_LEVEL"];
  /** Requests per second and token in one process, twice as many in a burst; 0: no limit. Providers send 25 at most. */
  readonly rateLimit: number;
  readonly poolSize: number;
};

/** Reads the environment (design section 5). Throws a `ZodError` that names what is wrong. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): ScimConfig {
  const values = shape.parse(environment);
  return {
    databaseUrl: values.DATABASE_URL,
    host: values.HOST,
    port: values.SCIM_PORT,
    publicUrl: (values.PUBLIC_SCIM_URL ?? `http://127.0.0.1:${values.SCIM_PORT}/scim_v2`).replace(/\/+$/, ""),
    logLevel: values.LOG_LEVEL,
    rateLimit: values.SCIM_RATE_LIMIT,
    poolSize: values.DATABASE_POOL,
  };
}
