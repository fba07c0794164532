import { startSession, type Browser } from "../console/session.ts";
import type { Queryable } from "../statement.ts";

/** Signs a new member in, and keeps that it was by an invitation. Returns the cookie's text. */
export async function startInvited(
  tx: Queryable,
  who: { readonly organizationId: string; readonly accountId: string },
  browser: Browser,
  now: Date,
): Promise<string> {
  const cookie = await startSession(tx, who, browser, now);
  if (cookie === undefined) throw new Error("A new member could not be signed in.");
  await tx.query(mark, [who.organizationId, cookie.split(".")[1]]);
  return cookie;
}

const mark = {
  name: "session_by_invitation",
  text: "update session set method = 'invitation' where organization_id = $1 and id = $2",
};
