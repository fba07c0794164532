import { expect, test } from "vitest";
import { defaultWaits } from "./database.ts";
import { Interrupted } from "./interruption.ts";
import { QueueFull, QueueTimeout } from "./concurrency-limiter.ts";
import { isUnavailable } from "./unavailable.ts";

const coded = (code: string): Error => Object.assign(new Error("from the server or the socket"), { code });

// Separates 503 (retry later) from 500 (a bug).
test.each<[what: string, cause: unknown, passes: boolean]>([
  ["connection_failure", coded("08006"), true],
  ["sqlserver_rejected_establishment_of_sqlconnection", coded("08004"), true],
  ["too_many_connections", coded("53300"), true],
  ["lock_not_available", coded("55P03"), true],
  ["query_canceled", coded("57014"), true],
  ["admin_shutdown", coded("57P01"), true],
  ["crash_shutdown", coded("57P02"), true],
  ["cannot_connect_now", coded("57P03"), true],
  ["deadlock_detected", coded("40P01"), true],
  ["a refused connection", coded("ECONNREFUSED"), true],
  ["a reset connection", coded("ECONNRESET"), true],
  ["a temporary DNS failure", coded("EAI_AGAIN"), true],
  ["the driver: the connection ended", new Error("Connection terminated unexpectedly"), true],
  ["the driver: no connection in time", new Error("Connection terminated due to connection timeout"), true],
  ["the driver: no response in time", new Error("Query read timeout"), true],
  [
    "the driver: a connection that was lost before",
    new Error("Client has encountered a connection error and is not queryable"),
    true,
  ],
  ["the pool: no free connection in time", new Error("timeout exceeded when trying to connect"), true],
  ["the pool: closed", new Error("Cannot use a pool after calling end on the pool"), true],
  ["interrupted work", new Interrupted(), true],
  ["no slot in time", new QueueTimeout(), true],
  ["as the cause of another error", new Error("outer", { cause: coded("57P01") }), true],
  ["a full queue", new QueueFull(), false],
  ["unique_violation", coded("23505"), false],
  ["insufficient_privilege", coded("42501"), false],
  ["disk_full", coded("53100"), false],
  ["a wrong password", coded("28P01"), false],
  ["a bug", new TypeError("Cannot read properties of undefined"), false],
  ["not an error", "57P01", false],
])("%s", (_what, cause, passes) => expect(isUnavailable(cause)).toBe(passes));

test("a circular cause ends", () => {
  const circular = new Error("round");
  circular.cause = circular;
  expect(isUnavailable(circular)).toBe(false);
});

// A connection that becomes unresponsive just before the idle limit is found by a statement that begins then.
test("no unresponsive connection is left after 30 seconds, and the server's statement timeout comes first", () => {
  expect(defaultWaits.idleMs + defaultWaits.answerMs).toBeLessThan(30_000);
  expect(defaultWaits.answerMs).toBeGreaterThan(defaultWaits.statementMs);
});
