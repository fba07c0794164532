import type { Session } from "@rollcall/db";
import type { Request } from "express";
import { readSession, type Services } from "../context.ts";

/** An owner of the organization that the session looks at, or how the request is answered instead. */
type OwnerSession =
  | { readonly ok: true; readonly session: Session }
  | { readonly ok: false; readonly status: 401 | 403; readonly error: string };

/** Reads the session of an address that is no procedure and is for owners only, asked by a page of ours. */
export async function readOwnerSession(services: Services, req: Request): Promise<OwnerSession> {
  if (isForeign(req)) return { ok: false, status: 403, error: "This request comes from another site." };
  const session = await readSession(services, req);
  if (session === undefined) return { ok: false, status: 401, error: "Sign in first." };
  return session.access?.isOwner === true
    ? { ok: true, session }
    : { ok: false, status: 403, error: "Only owners of the organization may do this." };
}

/** Browsers say from where a page asks; a page of another site has no business here, whatever cookie it brings. */
function isForeign(req: Request): boolean {
  const site = req.headers["sec-fetch-site"];
  return site !== undefined && site !== "same-origin" && site !== "none";
}
