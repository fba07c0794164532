import { sessionDays } from "@rollcall/db";
import { hostNameOf, isLoopbackHost } from "@rollcall/domain";
import { knownBrowserDays } from "./known-browsers.ts";

/** Every cookie of the console, without its prefix, and how long browsers keep it, in seconds. */
const cookies = {
  rollcall_session: sessionDays * 86_400,
  rollcall_browser: knownBrowserDays * 86_400,
} as const;

type CookieName = keyof typeof cookies;

/** Reads and writes the cookies of one console. */
export type CookieJar = {
  /** The cookie's text in a Cookie header, or undefined. The first one counts. */
  read(header: string | undefined, name: CookieName): string | undefined;
  /** The Set-Cookie header that keeps the cookie, or deletes it where `text` is undefined. */
  write(name: CookieName, text: string | undefined): string;
};

/**
 * Cookies are `Secure` and have the prefix `__Host-`, so that neither plain HTTP nor a sibling domain can set one (RFC
 * 6265bis section 4.1.3.2). Only a console at http on loopback goes without: browsers keep no `Secure` cookie there.
 */
export function cookieJar(publicAppUrl: string): CookieJar {
  const isSecure = !(publicAppUrl.startsWith("http:") && isLoopbackHost(hostNameOf(publicAppUrl)));
  const [prefix, secure] = isSecure ? ["__Host-", "; Secure"] : ["", ""];
  return {
    read(header, name) {
      const start = `${prefix}${name}=`;
      const pair = (header ?? "").split(";").find((part) => part.trim().startsWith(start));
      return pair?.trim().slice(start.length);
    },
    write(name, text) {
      const maxAgeS = text === undefined ? 0 : cookies[name];
      return `${prefix}${name}=${text ?? ""}; Path=/; Max-Age=${maxAgeS}; HttpOnly; SameSite=Lax${secure}`;
    },
  };
}
