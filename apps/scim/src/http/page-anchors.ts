import { createHash } from "node:crypto";
import type { Credential, PageWindow, Place } from "@rollcall/db";

const rememberedMax = 10_000;
const rememberedMs = 60_000;
/** The number of consecutive pages that other nodes may have served since this node's last page of the same list. */
const pagesBackMax = 10;

/** The key of a list: the token and the canonical text of the query. */
export type ListKey = { readonly credential: Credential; readonly query: string };

export type PageAnchors = {
  /**
   * The start of the page of `count` resources at `startIndex`: a place, and an offset for the pages after it that
   * other nodes served. Undefined if this node served none of the ten pages before it within the last minute.
   */
  find(list: ListKey, startIndex: number, count: number, now: Date): Pick<PageWindow, "after" | "offset"> | undefined;
  /** Records the place after which the page at `startIndex` begins. */
  remember(list: ListKey, startIndex: number, place: Place, now: Date): void;
};

/**
 * Remembers, for clients that page by `startIndex`, the place after which the next page starts: a late page costs no
 * more than the first, and no member is skipped when an earlier one is deleted (docs/decisions/0010). Kept in this
 * process only; without an anchor, the page is found by counting. The least recently recorded places are dropped first.
 */
export function pageAnchors(): PageAnchors {
  const anchorsByKey = new Map<string, { readonly place: Place; readonly untilMs: number }>();
  return {
    find(list, startIndex, count, now) {
      const listKey = keyOf(list);
      for (let pages = 0; pages <= pagesBackMax; pages++) {
        const offset = pages * count;
        const anchor = anchorsByKey.get(`${startIndex - offset} ${listKey}`);
        if (anchor !== undefined && now.getTime() < anchor.untilMs) return { after: anchor.place, offset };
      }
      return undefined;
    },
    remember(list, startIndex, place, now) {
      const key = `${startIndex} ${keyOf(list)}`;
      anchorsByKey.delete(key);
      const [oldest] = anchorsByKey.size < rememberedMax ? [] : anchorsByKey.keys();
      if (oldest !== undefined) anchorsByKey.delete(oldest);
      anchorsByKey.set(key, { place, untilMs: now.getTime() + rememberedMs });
    },
  };
}

/** A hash, because a filter may be long; it includes the secret, so that tokens never share anchors. */
function keyOf({ credential, query }: ListKey): string {
  return createHash("sha256").update(credential.secretHash).update(query).digest("base64");
}
