import { listMemberships, switchOrganization, type Session } from "@rollcall/db";
import type { ApiContext } from "../context.ts";

/**
 * A session in another organization of the same person, for who has lost the one they looked at: the first that lets
 * them in. Undefined: none does.
 */
export async function sessionElsewhere(ctx: ApiContext, session: Session): Promise<string | undefined> {
  const { database, browser, now } = ctx;
  for (const { id, isAwaiting } of await listMemberships(database.sql, session.account.id)) {
    if (isAwaiting) continue;
    const switched = await switchOrganization(database, session, id, browser, now);
    if (switched?.ok === true) return switched.value;
  }
  return undefined;
}
