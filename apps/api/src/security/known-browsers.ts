import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { deriveKey, type SecretKey } from "@rollcall/db";
import { emailKey } from "@rollcall/domain";

/** Recognises browsers that have signed in to an account before, by a signed cookie; nothing is stored here. */
export type KnownBrowsers = {
  /** The id of the browser for this account, from its cookie; undefined for an unknown browser. */
  idOf(cookie: string | undefined, email: string, now: Date): string | undefined;
  /** The cookie that makes the browser known for this account as well. */
  remember(cookie: string | undefined, email: string, now: Date): string;
};

export const knownBrowserDays = 180;
/** The accounts remembered in one browser, the latest first. */
const accountsMax = 5;
const dayMs = 86_400_000;
const between = "~";

/**
 * Each entry of the cookie is `id.day.signature`; the address is signed but not contained. Without a secret key the
 * browsers are known until the process ends.
 */
export function knownBrowsers(secretKeys: readonly SecretKey[]): KnownBrowsers {
  const derived = secretKeys.map((key) => deriveKey(key, "known browsers"));
  const [signing = randomBytes(32), ...former] = derived;
  const entryFor = (cookie: string | undefined, email: string, now: Date): string | undefined => {
    const today = dayOf(now);
    return entriesOf(cookie).find((entry) => {
      const [id = "", day = "", signature = ""] = entry.split(".");
      const age = today - Number(day);
      const isFresh = age >= 0 && age < knownBrowserDays;
      return isFresh && [signing, ...former].some((key) => isSame(signature, sign(key, [id, day, emailKey(email)])));
    });
  };
  return {
    idOf: (cookie, email, now) => entryFor(cookie, email, now)?.split(".")[0],
    remember(cookie, email, now) {
      const known = entryFor(cookie, email, now);
      const id = known?.split(".")[0] ?? randomBytes(16).toString("base64url");
      const day = String(dayOf(now));
      const renewed = [id, day, sign(signing, [id, day, emailKey(email)])].join(".");
      const others = entriesOf(cookie).filter((entry) => entry !== known);
      return [renewed, ...others].slice(0, accountsMax).join(between);
    },
  };
}

function entriesOf(cookie: string | undefined): readonly string[] {
  const isOurs = /^[\w-]+\.\d+\.[\w-]+$/;
  return (cookie ?? "").split(between, accountsMax).filter((entry) => isOurs.test(entry));
}

function dayOf(now: Date): number {
  return Math.floor(now.getTime() / dayMs);
}

function sign(key: Buffer, parts: readonly string[]): string {
  return createHmac("sha256", key).update(JSON.stringify(parts)).digest("base64url");
}

function isSame(left: string, right: string): boolean {
  const [one, other] = [Buffer.from(left), Buffer.from(right)];
  return one.length === other.length && timingSafeEqual(one, other);
}
