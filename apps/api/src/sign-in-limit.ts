import { createHash } from "node:crypto";
import type { Database } from "@rollcall/db";
import { emailKey } from "@rollcall/domain";
import { RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";

const windowS = 15 * 60;
const failuresPerAccount = 10;
const failuresPerIp = 100;
const tableName = "sign_in_attempt";

/** Counts failed sign-ins for every process together, in PostgreSQL. */
export type SignInLimit = {
  /** Counts an attempt before it is judged. Returns the seconds to wait, or undefined where it may go on. */
  attempt(email: string, ip: string): Promise<number | undefined>;
  /** Forgets all failures of the account after everything was right. */
  forgive(email: string, ip: string): Promise<void>;
  /** Takes this one attempt back, where it was no wrong guess and proved nothing either. */
  undo(email: string, ip: string): Promise<void>;
};

/**
 * At most 10 failures an account and 100 an address in 15 minutes. An attempt is counted before the password is looked
 * at, so that many at once cannot slip through. Unknown e-mails count as well, as only a hash of them is kept. The
 * table is made by the library at the first sign-in; asking for a new password is counted apart (`reset`); rows that ended an hour ago are deleted every five minutes.
 */
export function createSignInLimit(database: Database, purpose: "account" | "reset" = "account"): SignInLimit {
  let opened: Promise<Limiters> | undefined;
  const limiters = (): Promise<Limiters> => {
    opened ??= openLimiters(database, purpose).catch((cause: unknown) => {
      opened = undefined;
      throw cause;
    });
    return opened;
  };
  return {
    async attempt(email, ip) {
      const { byAccount, byIp } = await limiters();
      return (await waitFor(byIp, ip)) ?? (await waitFor(byAccount, keyOf(email)));
    },
    async forgive(email, ip) {
      const { byAccount, byIp } = await limiters();
      await Promise.all([byAccount.delete(keyOf(email)), byIp.reward(ip)]);
    },
    async undo(email, ip) {
      const { byAccount, byIp } = await limiters();
      await Promise.all([byAccount.reward(keyOf(email)), byIp.reward(ip)]);
    },
  };
}

type Limiters = { readonly byAccount: RateLimiterPostgres; readonly byIp: RateLimiterPostgres };

async function openLimiters(database: Database, purpose: string): Promise<Limiters> {
  const common = { storeClient: storeClientOf(database), storeType: "client", tableName, duration: windowS };
  const byAccount = await new Promise<RateLimiterPostgres>((resolve, reject) => {
    const limiter = new RateLimiterPostgres(
      { ...common, keyPrefix: purpose, points: failuresPerAccount },
      (cause?: Error) => (cause === undefined ? resolve(limiter) : reject(cause)),
    );
  });
  const byIp = new RateLimiterPostgres({
    ...common,
    keyPrefix: `${purpose}-ip`,
    points: failuresPerIp,
    tableCreated: true,
  });
  return { byAccount, byIp };
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

async function waitFor(limiter: RateLimiterPostgres, key: string): Promise<number | undefined> {
  try {
    await limiter.consume(key);
    return undefined;
  } catch (cause) {
    if (!(cause instanceof RateLimiterRes)) throw cause;
    return Math.max(1, Math.ceil(cause.msBeforeNext / 1000));
  }
}

function keyOf(email: string): string {
  return createHash("sha256").update(emailKey(email)).digest("base64url");
}
