import { randomUUID } from "node:crypto";
import { loadSession, type Browser, type Database, type Session } from "@rollcall/db";
import type { CreateExpressContextOptions } from "@trpc/server/adapters/express";
import type { Request, Response } from "express";
import type { ApiConfig } from "./config.ts";
import { readSessionCookie, writeSessionCookie } from "./session-cookie.ts";
import type { SignInLimit } from "./sign-in-limit.ts";

/** What lives as long as the process. */
export type Services = {
  readonly database: Database;
  readonly config: ApiConfig;
  readonly signInLimit: SignInLimit;
  readonly now: () => Date;
};

/** What a procedure is given: the services and one HTTP request. */
export type ApiContext = Omit<Services, "now"> & {
  readonly now: Date;
  readonly requestId: string;
  readonly browser: Browser;
  /** Read anew for this request; undefined: nobody is signed in. */
  readonly session: Session | undefined;
  /** Keeps a session in the browser, or forgets it. */
  setSession(cookie: string | undefined): void;
};

const userAgentLengthMax = 300;

/** Reads the session anew for each HTTP request, so that who has lost access is out on the next one. */
export async function createContext(
  services: Services,
  { req, res }: CreateExpressContextOptions,
): Promise<ApiContext> {
  const { database, config, signInLimit } = services;
  const now = services.now();
  const cookie = readSessionCookie(req.headers.cookie);
  return {
    database,
    config,
    signInLimit,
    now,
    requestId: requestIdOf(res),
    browser: browserOf(req),
    session: cookie === undefined ? undefined : await loadSession(database.sql, cookie, now),
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
