import { sessionDays } from "@rollcall/db";
import { hostNameOf, isLoopbackHost } from "@rollcall/domain";
import { knownBrowserDays } from "../security/known-browsers.ts";

/**
 * A cookie of the console, named without its prefix; browsers keep it for `maxAgeS` seconds. `isCrossSite`: also sent
 * with a form of another site.
 */
const cookies = {
  rollcall_session: { maxAgeS: sessionDays * 86_400, isCrossSite: false },
  rollcall_browser: { maxAgeS: knownBrowserDays * 86_400, isCrossSite: false },
  rollcall_mark: { maxAgeS: 365 * 86_400, isCrossSite: true },
} as const;

type CookieName = keyof typeof cookies;

/** Reads and writes the cookies of one console. */
export type CookieJar = {
  /** The cookie's value in a Cookie header, or undefined. The first one counts. */
  read(header: string | undefined, name: CookieName): string | undefined;
  /** The Set-Cookie header that sets the cookie, or deletes it if `text` is undefined. */
  write(name: CookieName, text: string | undefined): string;
};

/**
 * Cookies are `Secure` and have the prefix `__Host-`, so that neither plain HTTP nor a sibling domain can set one (RFC
 * 6265bis section 4.1.3.2). Only a console at http on loopback omits both, as not every browser keeps a `Secure` cookie
 * there; a cross-site cookie must be `Secure` there too.
 */
export function cookieJar(publicAppUrl: string): CookieJar {
  const isSecure = !(publicAppUrl.startsWith("http:") && isLoopbackHost(hostNameOf(publicAppUrl)));
  const fullName = (name: CookieName): string => (isSecure || cookies[name].isCrossSite ? `__Host-${name}` : name);
  return {
    read(header, name) {
      const start = `${fullName(name)}=`;
      const pair = (header ?? "").split(";").find((part) => part.trim().startsWith(start));
      return pair?.trim().slice(start.length);
    },
    write(name, text) {
      const { maxAgeS, isCrossSite } = cookies[name];
      const secure = isSecure || isCrossSite ? "; Secure" : "";
      const lifetimeS = text === undefined ? 0 : maxAgeS;
      return `${fullName(name)}=${text ?? ""}; Path=/; Max-Age=${lifetimeS}; HttpOnly; SameSite=${isCrossSite ? "None" : "Lax"}${secure}`;
    },
  };
}
