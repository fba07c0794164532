import { createHash, randomBytes } from "node:crypto";
import type { Request, Response } from "express";
import type { CookieJar } from "./session-cookie.ts";

const secretShape = /^[\w-]{43}$/;

/**
 * Marks the browser and returns the hash that identifies it: when it starts a request to an identity provider, and at
 * sign-in. The provider's response is a form that another site submits, with which browsers send only `SameSite=None`
 * cookies; such a cookie must be Secure, which browsers accept from http on loopback too.
 */
export function markBrowser(cookies: CookieJar, req: Request, res: Response): Buffer {
  const held = secretOf(cookies, req);
  const secret = held ?? randomBytes(32).toString("base64url");
  res.appendHeader("Set-Cookie", cookies.write("rollcall_mark", secret));
  return hashOf(secret);
}

/** The hash of the browser's mark; undefined if it has none. */
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
