import { createHash, randomBytes } from "node:crypto";
import type { Request, Response } from "express";
import type { CookieJar } from "./session-cookie.ts";

const secretShape = /^[\w-]{43}$/;

/**
 * Marks the browser, and returns the hash by which it is known again: when it brings the answer of an identity provider that
 * it has asked, and when somebody signs in. That answer is a form that another site sends, with which browsers send no
 * other cookie than `SameSite=None`; such a cookie has to be Secure, which browsers take from http on loopback too.
 */
export function markBrowser(cookies: CookieJar, req: Request, res: Response): Buffer {
  const held = secretOf(cookies, req);
  const secret = held ?? randomBytes(32).toString("base64url");
  res.appendHeader("Set-Cookie", cookies.write("rollcall_mark", secret));
  return hashOf(secret);
}

/** The hash of the browser's mark; undefined: it has none. */
export function browserHashOf(cookies: CookieJar, req: Request): Buffer | undefined {
  const secret = secretOf(cookies, req);
  return secret === undefined ? undefined : hashOf(secret);
}

function secretOf(cookies: CookieJar, req: Request): string | undefined {
  const secret = cookies.read(req.headers.cookie, "rollcall_mark");
  return secret !== undefined && secretShape.test(secret) ? secret : undefined;
}

function hashOf(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}
