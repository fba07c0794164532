import { createHash } from "node:crypto";
import type { Credential, PageWindow, Place } from "@rollcall/db";

const rememberedMax = 10_000;
const rememberedMs = 60_000;
/** So many pages may have been served by other nodes since this one served the last page of the same walk. */
const pagesBackMax = 10;

/** A list of somebody's: by which token, and which one (its canonical text). */
export type AskedList = { readonly credential: Credential; readonly query: string };

export type PageAnchors = {
  /**
   * Where the page of `count` resources at `startIndex` begins: behind a place, and from there behind the pages that were
   * not served here. Undefined if none of the ten pages before it was served within the last minute.
   */
  find(list: AskedList, startIndex: number, count: number, now: Date): Pick<PageWindow, "after" | "offset"> | undefined;
  /** Notes behind which place the page at `startIndex` begins. */
  remember(list: AskedList, startIndex: number, place: Place, now: Date): void;
};

/**
 * Remembers, for who walks through a list by `startIndex`, behind whom the next page starts: so that a late page costs no
 * more than the first, and nobody is skipped when somebody before them is deleted (docs/decisions/0010). It is a memory of
 * this process; where it fails, the page is found by counting. The least recently noted places are forgotten first.
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

/** A hash, as a filter may be long; the secret is part of it, so that no token meets another one's anchors. */
function keyOf({ credential, query }: AskedList): string {
  return createHash("sha256").update(credential.secretHash).update(query).digest("base64");
}
