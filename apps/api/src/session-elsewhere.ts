import { listMemberships, switchOrganization, type Session } from "@rollcall/db";
import type { ApiContext } from "./context.ts";

/** A session in another organization of the same person, for who has lost the one they looked at; undefined: none. */
export async function sessionElsewhere(ctx: ApiContext, session: Session): Promise<string | undefined> {
  const { database, browser, now } = ctx;
  const [other] = await listMemberships(database.sql, session.account.id);
  if (other === undefined || other.isAwaiting) return undefined;
  return switchOrganization(database, session, other.id, browser, now);
}
