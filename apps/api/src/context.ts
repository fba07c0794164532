import { randomUUID } from "node:crypto";
import {
  loadSession,
  type Browser,
  type ConcurrencyLimiter,
  type Database,
  type Session,
  type SessionUse,
} from "@rollcall/db";
import type { CreateExpressContextOptions } from "@trpc/server/adapters/express";
import type { Request, Response } from "express";
import type { AddressLimit } from "./security/rate-limit.ts";
import { browserHashOf, markBrowser } from "./http/browser-mark.ts";
import type { ApiConfig } from "./config.ts";
import { throttleSignIn } from "./security/sign-in-throttle.ts";
import type { KnownBrowsers } from "./security/known-browsers.ts";
import type { SelfChecks } from "./workers/self-check/self-checks.ts";
import type { CookieJar } from "./http/session-cookie.ts";
import type { RequestLimit, SignInLimit } from "./security/sign-in-limit.ts";
import type { XmlReader } from "./security/saml/xml-reader.ts";
import { toTemporaryError } from "./errors/trpc-error.ts";
import type { TxtLookup } from "./security/txt-lookup.ts";

/** The services that live as long as the process. */
export type Services = {
  readonly database: Database;
  readonly config: ApiConfig;
  readonly cookies: CookieJar;
  readonly signInLimit: SignInLimit;
  /** For requests of a password link, which anyone can make for any address. */
  readonly forgottenPasswordLimit: RequestLimit;
  /** For a person's own requests to change the address of the account. */
  readonly emailChangeLimit: RequestLimit;
  readonly knownBrowsers: KnownBrowsers;
  readonly lookupTxt: TxtLookup;
  readonly selfChecks: SelfChecks;
  readonly xmlReader: XmlReader;
  /** For previews, which read everybody of an organization. */
  readonly previews: ConcurrencyLimiter;
  /** For looking up a connection and starting a sign-in with it. */
  readonly ssoLimit: AddressLimit;
  readonly now: () => Date;
};

/** The context of a procedure: the services and one HTTP request. */
export type ApiContext = Omit<Services, "now"> & {
  /** The database share of the session's organization, or of the client address without a session. */
  readonly database: Database;
  readonly now: Date;
  readonly requestId: string;
  readonly browser: Browser;
  /** Read anew for this request; undefined if nobody is signed in. */
  readonly session: Session | undefined;
  /** The organization that the sender's page shows, if it says so. */
  readonly shownOrganizationId: string | undefined;
  /** Runs a password or code check of this account, within the limit. A success makes the browser known. */
  throttle<T>(email: string, work: () => Promise<T>): Promise<T>;
  /** Marks the browser so that it is recognized later (`browser-mark.ts`). */
  markBrowser(): Buffer;
  /** Sets or clears the session cookie. */
  setSession(cookie: string | undefined): void;
};

const userAgentLengthMax = 300;

/**
 * Reads the session anew for each HTTP request, so that lost access ends with the next one; after the body, which may
 * take minutes.
 */
export async function createContext(
  services: Services,
  { req, res, info }: CreateExpressContextOptions,
): Promise<ApiContext> {
  const { database, cookies, signInLimit, knownBrowsers } = services;
  // All calls share the body; the procedure refuses one that cannot be read.
  await info.calls[0]?.getRawInput().catch(() => undefined);
  const now = services.now();
  const address = addressOf(req);
  const session = await readSession(services, req).catch((cause: unknown) => {
    throw toTemporaryError(cause);
  });
  return {
    ...services,
    database: database.shareOf(session?.organizationId ?? address),
    now,
    requestId: requestIdOf(res),
    browser: browserOf(cookies, req),
    session,
    shownOrganizationId: req.get("x-rollcall-organization"),
    throttle: async (email, work) => {
      const held = cookies.read(req.headers.cookie, "rollcall_browser");
      const who = { email, ip: address, browserId: knownBrowsers.idOf(held, email, now) };
      const value = await throttleSignIn(signInLimit, who, work);
      res.appendHeader("Set-Cookie", cookies.write("rollcall_browser", knownBrowsers.remember(held, email, now)));
      return value;
    },
    markBrowser: () => markBrowser(cookies, req, res),
    setSession: (text) => void res.appendHeader("Set-Cookie", cookies.write("rollcall_session", text)),
  };
}

/** Reads the session from the request's cookie, in the share of its client address; undefined if nobody is signed in. */
export async function readSession(
  { database, config, cookies, now }: Services,
  req: Request,
): Promise<Session | undefined> {
  const cookie = cookies.read(req.headers.cookie, "rollcall_session");
  if (cookie === undefined) return undefined;
  return loadSession(database.shareOf(addressOf(req)).sql, cookie, now(), sessionUseOf(config, req));
}

export function addressOf(req: Request): string {
  return req.ip ?? "unknown";
}

/** An idle page marks its automatic requests as such; a stream of events is reopened automatically. */
function sessionUseOf({ sessionIdleMs: idleMs }: ApiConfig, { headers }: Request): SessionUse {
  const isStream = headers.accept?.includes("text/event-stream") === true;
  return { idleMs, isUse: headers["x-rollcall-away"] === undefined && !isStream };
}

export function browserOf(cookies: CookieJar, req: Request): Browser {
  const userAgent = req.headers["user-agent"]?.slice(0, userAgentLengthMax) ?? null;
  return { userAgent, ip: req.ip ?? null, hash: browserHashOf(cookies, req) };
}

/** The id of the request; created on first use and sent as X-Request-Id. */
export function requestIdOf(res: Response): string {
  const known = res.getHeader("X-Request-Id");
  if (typeof known === "string") return known;
  const id = randomUUID();
  res.setHeader("X-Request-Id", id);
  return id;
}
