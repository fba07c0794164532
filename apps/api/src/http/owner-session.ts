import type { Session } from "@rollcall/db";
import type { Request, Response } from "express";
import { readSession, requestIdOf, type Services } from "../context.ts";

/** An owner of the session's organization, or the error response. */
type OwnerSession =
  | { readonly ok: true; readonly session: Session }
  | { readonly ok: false; readonly status: 401 | 403; readonly error: string };

/** Reads the session for an owners-only address outside of tRPC; requires a request from the console's own page. */
export async function readOwnerSession(services: Services, req: Request): Promise<OwnerSession> {
  if (isForeign(req)) return { ok: false, status: 403, error: "This request comes from another site." };
  const session = await readSession(services, req);
  if (session === undefined) return { ok: false, status: 401, error: "Sign in first." };
  return session.access?.isOwner === true
    ? { ok: true, session }
    : { ok: false, status: 403, error: "Only owners of the organization may do this." };
}

/** Whether the session, as it is now, still belongs to an owner of the organization. */
export async function isStillOwner(services: Services, req: Request, organizationId: string): Promise<boolean> {
  const again = await readOwnerSession(services, req);
  return again.ok && again.session.organizationId === organizationId;
}

/** The error of an address outside of tRPC. */
export function refuse(res: Response, status: number, error: string): void {
  res.status(status).json({ error, requestId: requestIdOf(res) });
}

/** Browsers send the origin of a request; a page of another site is refused, whatever cookie it sends. */
function isForeign(req: Request): boolean {
  const site = req.headers["sec-fetch-site"];
  return site !== undefined && site !== "same-origin" && site !== "none";
}
