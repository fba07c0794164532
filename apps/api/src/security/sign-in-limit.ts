import { createHash } from "node:crypto";
import { isIPv6 } from "node:net";
import type { Database } from "@rollcall/db";
import { emailKey } from "@rollcall/domain";
import { RateLimiterPostgres } from "rate-limiter-flexible";
import { attempt, type Attempt, type Outcome } from "./backoff.ts";
import { waitOf } from "./rate-limit.ts";

/** Failures that count for nothing: of one client with one account, of one client in all, of all clients with one account. */
const free = { pair: 10, client: 100, account: 100 };
const failureS = 86_400;
const askWindowS = 15 * 60;
const tableName = "sign_in_attempt";

/** Who tries: `browserId` where this browser has signed in to the account before. */
export type Guesser = { readonly email: string; readonly ip: string; readonly browserId: string | undefined };

/** Counts failed sign-ins for every process together, in PostgreSQL. */
export type SignInLimit = {
  /** Counts a try before it is judged, or tells the seconds to wait. */
  attempt(who: Guesser): Promise<Outcome>;
};

/** Counts what anybody may ask for, such as a mail. */
export type AskLimit = {
  /** Counts one. Returns the seconds to wait, or undefined where it may go on. */
  attempt(email: string, ip: string): Promise<number | undefined>;
};

/**
 * A browser that has signed in to the account before has its own ten failures, whatever others do. All others have ten for
 * each client and account, a hundred for each client and a hundred for the account together; then they wait, twice as long
 * each time. So a stranger stops themselves, and many strangers stop only browsers that the account has never used. Unknown
 * e-mails count as well, as only a hash of them is kept. Source: OWASP, "Slow Down Online Guessing Attacks with Device Cookies".
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
      const [own, ...shared] = passed.toReversed();
      return {
        attempt: {
          forgive: async () => void (await Promise.all([own?.forgive(), undoAll(shared)])),
          undo: () => undoAll(passed),
        },
      };
    },
  };
}

/** At most 10 an account and 100 an address in 15 minutes. */
export function createAskLimit(database: Database): AskLimit {
  const byAccount = limiterOf(database, { keyPrefix: "reset", points: 10, duration: askWindowS });
  const byIp = limiterOf(database, { keyPrefix: "reset-ip", points: 100, duration: askWindowS });
  return {
    async attempt(email, ip) {
      return (await waitOf(byIp.consume(clientOf(ip)))) ?? (await waitOf(byAccount.consume(hashOf(emailKey(email)))));
    },
  };
}

/** What a try counts for; the last is forgotten when everything was right. */
function keysOf(email: string, client: string, browserId: string | undefined) {
  const account = emailKey(email);
  if (browserId !== undefined) return [{ key: hashOf(`browser ${browserId} ${account}`), bound: free.pair }];
  return [
    { key: hashOf(`client ${client}`), bound: free.client },
    { key: hashOf(`account ${account}`), bound: free.account },
    { key: hashOf(`pair ${client} ${account}`), bound: free.pair },
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

/** What the library needs of a PostgreSQL client, on the database's own pool. */
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
