import { browserName } from "@rollcall/domain";
import { newBrowser, noticeAccount } from "../account/security-notice.ts";
import type { Queryable } from "../store/queryable.ts";

/** So many browsers of an account are known; the one that was used longest ago is forgotten. */
const browsersMax = 50;

type SeenBrowser = { readonly hash: Buffer; readonly userAgent: string | null; readonly ip: string | null };

/**
 * Remembers a browser in which a session begins, and tells the person of one that is new. An account's first browser is
 * nothing new. In the transaction of the sign-in.
 */
export async function meetBrowser(
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
