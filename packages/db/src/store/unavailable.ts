import { Interrupted } from "./interruption.ts";
import { QueueTimeout } from "./concurrency-limiter.ts";

/**
 * Whether a database or driver error is transient: connection lost or refused, shutdown or startup, too many
 * connections, or a timeout. The same request may succeed later. Its work is rolled back, unless the connection was
 * lost during the commit, which leaves the outcome unknown. Sources: PostgreSQL's appendix A, and pg and pg-pool, whose
 * own errors have no code.
 */
export function isUnavailable(cause: unknown): boolean {
  return someError(cause, isPassing);
}

/** No response to a statement in time: the connection may be unresponsive, and another statement would wait as long. */
export function isUnanswered(cause: unknown): boolean {
  return someError(cause, ({ message }) => message === "Query read timeout");
}

/** PostgreSQL's too_many_connections: of the server, the database or the role. */
export function isAtConnectionLimit(cause: unknown): boolean {
  return someError(cause, (error) => codeOf(error) === "53300");
}

/**
 * PostgreSQL's invalid_sql_statement_name and duplicate_prepared_statement: another query of the connection was to
 * prepare the statement and failed, or has prepared it meanwhile.
 */
export function isUnprepared(cause: unknown): boolean {
  return someError(cause, (error) => ["26000", "42P05"].includes(codeOf(error) ?? ""));
}

/** PostgreSQL's lock_not_available: `lock_timeout` has passed. */
export function isLockTimeout(cause: unknown): boolean {
  return someError(cause, (error) => codeOf(error) === "55P03");
}

/** Searches the chain of causes. */
function someError(cause: unknown, is: (error: Error) => boolean): boolean {
  let error = cause;
  for (let depth = 0; depth < depthMax && error instanceof Error; depth++) {
    if (is(error)) return true;
    error = error.cause;
  }
  return false;
}

const depthMax = 5;

function isPassing(error: Error): boolean {
  if (error instanceof QueueTimeout || error instanceof Interrupted) return true;
  const code = codeOf(error);
  return code === undefined ? driverMessages.test(error.message) : code.startsWith("08") || codes.has(code);
}

function codeOf(error: Error): string | undefined {
  return "code" in error && typeof error.code === "string" ? error.code : undefined;
}

const codes: ReadonlySet<string> = new Set([
  "25006", // read_only_sql_transaction: a standby, or a primary that has become one
  "40001", // serialization_failure
  "40P01", // deadlock_detected
  "53300", // too_many_connections
  "55P03", // lock_not_available
  "57014", // query_canceled: the statement's timeout, or an operator
  "57P01", // admin_shutdown
  "57P02", // crash_shutdown
  "57P03", // cannot_connect_now
  "57P05", // idle_session_timeout
  "EAI_AGAIN",
  "ECONNABORTED",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTDOWN",
  "EHOSTUNREACH",
  "ENETDOWN",
  "ENETUNREACH",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
]);

const driverMessages = new RegExp(
  `^(?:${[
    "Connection terminated",
    "timeout expired",
    "timeout exceeded when trying to connect",
    "Query read timeout",
    "Client has encountered a connection error",
    "Client was closed and is not queryable",
    "Cannot use a pool after calling end on the pool",
    "There was an error establishing an SSL connection",
  ].join("|")})`,
);
