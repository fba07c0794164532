import { createHash } from "node:crypto";
import { isIPv6 } from "node:net";
import type { Database } from "@rollcall/db";
import { emailKey } from "@rollcall/domain";
import { RateLimiterPostgres } from "rate-limiter-flexible";
import { attempt, type Attempt, type Outcome } from "./backoff.ts";
import { waitOf } from "./rate-limit.ts";

/** Free failures: of one client with one account, of one client in all, of all clients with one account. */
const free = { pair: 10, client: 100, account: 100 };
const failureS = 86_400;
const requestWindowS = 15 * 60;
const tableName = "sign_in_attempt";

/** The client of an attempt: `browserId` if this browser has signed in to the account before. */
export type SignInSource = { readonly email: string; readonly ip: string; readonly browserId: string | undefined };

/** Counts failed sign-ins of all processes together, in PostgreSQL. */
export type SignInLimit = {
  /** Counts an attempt before it is judged, or returns the seconds to wait. */
  attempt(who: SignInSource): Promise<Outcome>;
};

/** Counts requests that need no sign-in, such as for an email. */
export type RequestLimit = {
  /** Counts one request. Returns the seconds to wait, or undefined if it is allowed. */
  attempt(email: string, ip: string): Promise<number | undefined>;
};

/**
 * A browser that has signed in to the account before has its own ten failures, independent of others. All others have
 * ten for each client and account, a hundred for each client and a hundred for the account together; then they wait,
 * twice as long each time. So a single client blocks only itself, and ten together block only browsers that the account
 * has never used. Unknown emails count as well; only a hash of them is kept. Source: OWASP, "Slow Down Online Guessing
 * Attacks with Device Cookies".
 */
export function createSignInLimit(database: Database): SignInLimit {
  const failures = limiterOf(database, { keyPrefix: "failure", points: free.account, duration: failureS });
  const gate = limiterOf(database, { keyPrefix: "gate", points: 1, duration: failureS });
  return {
    async attempt({ email, ip, browserId }) {
      const passed: Attempt[] = [];
      for (const { key, bound } of keysOf(email, clientOf(ip), browserId)) {
        const outcome = await attempt({ failures, gate }, key, bound);
        if ("waitS" in outcome) {
          await undoAll(passed);
          return outcome;
        }
        passed.push(outcome.attempt);
      }
      const [own, ...shared] = passed;
      return {
        attempt: {
          clear: async () => void (await Promise.all([own?.clear(), undoAll(shared)])),
          undo: () => undoAll(passed),
        },
      };
    },
  };
}

/** At most 10 an account and 100 an address in 15 minutes; each `kind` of requests has counters of its own. */
export function createRequestLimit(database: Database, kind: "reset" | "email-change"): RequestLimit {
  const byAccount = limiterOf(database, { keyPrefix: kind, points: 10, duration: requestWindowS });
  const byIp = limiterOf(database, { keyPrefix: `${kind}-ip`, points: 100, duration: requestWindowS });
  return {
    async attempt(email, ip) {
      return (await waitOf(byIp.consume(clientOf(ip)))) ?? (await waitOf(byAccount.consume(hashOf(emailKey(email)))));
    },
  };
}

/**
 * The keys that an attempt counts for; the first is cleared after a success. The narrowest is first: who is refused
 * there counts for no key that others share, not even for a moment.
 */
function keysOf(email: string, client: string, browserId: string | undefined) {
  const account = emailKey(email);
  if (browserId !== undefined) return [{ key: hashOf(`browser ${browserId} ${account}`), bound: free.pair }];
  return [
    { key: hashOf(`pair ${client} ${account}`), bound: free.pair },
    { key: hashOf(`client ${client}`), bound: free.client },
    { key: hashOf(`account ${account}`), bound: free.account },
  ];
}

/** A provider gives each customer at least a /64 of IPv6 (RFC 6177): its addresses are one client. */
function clientOf(ip: string): string {
  const address = ip.replace(/^::ffff:(?=\d+\.)/i, "");
  if (!isIPv6(address)) return address;
  const [head = "", tail] = address.split("::");
  const [before, after] = [head, tail ?? ""].map((part) => part.split(":").filter((group) => group !== ""));
  const zeros = Array.from(
    { length: tail === undefined ? 0 : 8 - (before?.length ?? 0) - (after?.length ?? 0) },
    () => "0",
  );
  return [...(before ?? []), ...zeros, ...(after ?? [])].slice(0, 4).join(":");
}

async function undoAll(attempts: readonly Attempt[]): Promise<void> {
  await Promise.all(attempts.map((one) => one.undo()));
}

type LimiterBounds = { readonly keyPrefix: string; readonly points: number; readonly duration: number };

/** Rows that ended an hour ago are deleted every five minutes. */
function limiterOf(database: Database, bounds: LimiterBounds): RateLimiterPostgres {
  const storeClient = storeClientOf(database);
  return new RateLimiterPostgres({ ...bounds, storeClient, storeType: "client", tableName, tableCreated: true });
}

type LimiterQuery = { readonly name?: string; readonly text: string; readonly values?: readonly unknown[] };

/** The part of a PostgreSQL client that the library needs, on the database's own pool. */
function storeClientOf(database: Database): object {
  return {
    async query({ name, text, values }: LimiterQuery): Promise<{ rows: readonly unknown[]; rowCount: number }> {
      const rows = await database.sql.query({ name: name ?? "", text }, values ?? []);
      return { rows, rowCount: rows.length };
    },
  };
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}
