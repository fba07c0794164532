import { createHash } from "node:crypto";
import type { Credential, Place } from "@rollcall/db";

const rememberedMax = 10_000;
const rememberedMs = 60_000;

/** Whose list it is, which one (its canonical text), and the index from 1 at which the next page starts. */
export type ListPosition = { readonly credential: Credential; readonly query: string; readonly startIndex: number };

export type PageAnchors = {
  /** The place behind which the page at this position starts, if the page before it was served within the last minute. */
  find(position: ListPosition, now: Date): Place | undefined;
  /** Notes where the page at this position starts. */
  remember(position: ListPosition, place: Place, now: Date): void;
};

/**
 * Remembers, for who walks through a list by `startIndex`, behind whom the next page starts: so that a late page costs no
 * more than the first, and nobody is skipped when somebody before them is deleted (docs/decisions/0010). It is a memory of
 * this process; where it fails, the page is found by counting. The least recently noted positions are forgotten first.
 */
export function pageAnchors(): PageAnchors {
  const anchorsByKey = new Map<string, { readonly place: Place; readonly untilMs: number }>();
  return {
    find(position, now) {
      const anchor = anchorsByKey.get(keyOf(position));
      return anchor !== undefined && now.getTime() < anchor.untilMs ? anchor.place : undefined;
    },
    remember(position, place, now) {
      const key = keyOf(position);
      anchorsByKey.delete(key);
      const [oldest] = anchorsByKey.size < rememberedMax ? [] : anchorsByKey.keys();
      if (oldest !== undefined) anchorsByKey.delete(oldest);
      anchorsByKey.set(key, { place, untilMs: now.getTime() + rememberedMs });
    },
  };
}

/** A hash, as a filter may be long; the secret is part of it, so that no token meets another one's anchors. */
function keyOf({ credential, query, startIndex }: ListPosition): string {
  const hash = createHash("sha256").update(credential.secretHash).update(`${startIndex} ${query}`);
  return hash.digest("base64");
}
