import { randomUUID } from "node:crypto";
import { loadSession, type Browser, type Database, type Session } from "@rollcall/db";
import type { CreateExpressContextOptions } from "@trpc/server/adapters/express";
import type { Request, Response } from "express";
import type { ApiConfig } from "./config.ts";
import { guarded } from "./guessing.ts";
import type { SelfChecks } from "./self-check/self-checks.ts";
import { readSessionCookie, writeSessionCookie } from "./session-cookie.ts";
import type { SignInLimit } from "./sign-in-limit.ts";
import type { Turns } from "./turns.ts";
import type { XmlReader } from "./sso/xml-reader.ts";
import type { TxtLookup } from "./txt-lookup.ts";

/** What lives as long as the process. */
export type Services = {
  readonly database: Database;
  readonly config: ApiConfig;
  readonly signInLimit: SignInLimit;
  /** The same for those who ask for a mail with a link. */
  readonly resetLimit: SignInLimit;
  readonly lookupTxt: TxtLookup;
  readonly selfChecks: SelfChecks;
  readonly xmlReader: XmlReader;
  /** Of previews, which hold up the organization's provider. */
  readonly previews: Turns;
  readonly now: () => Date;
};

/** What a procedure is given: the services and one HTTP request. */
export type ApiContext = Omit<Services, "now"> & {
  readonly now: Date;
  readonly requestId: string;
  readonly browser: Browser;
  /** Read anew for this request; undefined: nobody is signed in. */
  readonly session: Session | undefined;
  /** Runs what judges a password or a code of this account, as often as the limit allows. */
  guess<T>(email: string, work: () => Promise<T>): Promise<T>;
  /** Keeps a session in the browser, or forgets it. */
  setSession(cookie: string | undefined): void;
};

const userAgentLengthMax = 300;

/** Reads the session anew for each HTTP request, so that who has lost access is out on the next one. */
export async function createContext(
  services: Services,
  { req, res }: CreateExpressContextOptions,
): Promise<ApiContext> {
  const { database, config, signInLimit, resetLimit, lookupTxt, selfChecks, xmlReader, previews } = services;
  const now = services.now();
  const cookie = readSessionCookie(req.headers.cookie);
  return {
    database,
    config,
    signInLimit,
    resetLimit,
    lookupTxt,
    selfChecks,
    xmlReader,
    previews,
    now,
    requestId: requestIdOf(res),
    browser: browserOf(req),
    session: cookie === undefined ? undefined : await loadSession(database.sql, cookie, now),
    guess: (email, work) => guarded(signInLimit, email, req.ip ?? "unknown", work),
    setSession: (text) => {
      res.setHeader("Set-Cookie", writeSessionCookie(text, config.publicAppUrl.startsWith("https:")));
    },
  };
}

export function browserOf(req: Request): Browser {
  return { userAgent: req.headers["user-agent"]?.slice(0, userAgentLengthMax) ?? null, ip: req.ip ?? null };
}

/** The id of the request that this answer belongs to; made at first sight and sent as X-Request-Id. */
export function requestIdOf(res: Response): string {
  const known = res.getHeader("X-Request-Id");
  if (typeof known === "string") return known;
  const id = randomUUID();
  res.setHeader("X-Request-Id", id);
  return id;
}
