import { browserName } from "@rollcall/domain";
import { z } from "zod";
import type { Queryable } from "../store/queryable.ts";
import { newBrowser, noticeAccount } from "../account/security-notice.ts";

/** So many browsers of an account are known; the one that was used longest ago is forgotten. */
const browsersMax = 50;

type SeenBrowser = { readonly hash: Buffer; readonly userAgent: string | null; readonly ip: string | null };

/**
 * Remembers a browser in which a session begins, and tells the person of one that is new. An account's first browser is
 * nothing new. In the transaction of the sign-in.
 */
export async function meetBrowser(tx: Queryable, accountId: string, browser: SeenBrowser, now: Date): Promise<void> {
  const { hash, userAgent, ip } = browser;
  const [row] = await tx.query(meet, [accountId, hash, now]);
  const { isKnown, isFirst } = metRow.parse(row);
  if (isKnown) return;
  await tx.query(forget, [accountId, browsersMax]);
  if (!isFirst) await noticeAccount(tx, accountId, newBrowser(browserName(userAgent), ip), now);
}

const metRow = z.object({ isKnown: z.boolean(), isFirst: z.boolean() });
const meet = {
  name: "browser_meet",
  text: `with known as materialized (select count(*) = 0 as is_first, coalesce(bool_or(browser_hash = $2), false) as is_known
      from known_browser where account_id = $1),
    met as (insert into known_browser (account_id, browser_hash, first_seen_at, last_seen_at) values ($1, $2, $3, $3)
      on conflict (account_id, browser_hash) do update set last_seen_at = excluded.last_seen_at)
    select is_known as "isKnown", is_first as "isFirst" from known`,
};
const forget = {
  name: "browser_forget",
  text: `delete from known_browser where account_id = $1 and browser_hash in (select browser_hash from known_browser
    where account_id = $1 order by last_seen_at desc, browser_hash offset $2)`,
};
