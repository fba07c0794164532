import { browserName } from "@rollcall/domain";
import { newBrowser, noticeAccount } from "../account/security-notice.ts";
import type { Queryable } from "../store/queryable.ts";

/** The number of browsers per account; the least recently used one is deleted. */
const browsersMax = 50;

type SeenBrowser = { readonly hash: Buffer; readonly userAgent: string | null; readonly ip: string | null };

/**
 * Records the browser of a new session, and notifies the person of a new one, except the account's first. Must run in
 * the transaction of the sign-in.
 */
export async function recordBrowser(
  tx: Queryable,
  accountId: string,
  { hash: browserHash, userAgent, ip }: SeenBrowser,
  now: Date,
): Promise<void> {
  const browsers = tx.db.selectFrom("known_browser").where("accountId", "=", accountId).select("browserHash");
  const known = await browsers.execute();
  await tx.db
    .insertInto("known_browser")
    .values({ accountId, browserHash, firstSeenAt: now, lastSeenAt: now })
    .onConflict((on) => on.columns(["accountId", "browserHash"]).doUpdateSet({ lastSeenAt: now }))
    .execute();
  if (known.some((one) => one.browserHash.equals(browserHash))) return;
  await tx.db
    .deleteFrom("known_browser")
    .where("accountId", "=", accountId)
    .where("browserHash", "in", browsers.orderBy("lastSeenAt", "desc").orderBy("browserHash").offset(browsersMax))
    .execute();
  if (known.length > 0) await noticeAccount(tx, accountId, newBrowser(browserName(userAgent), ip), now);
}
