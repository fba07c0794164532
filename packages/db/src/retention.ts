import { guardWindowMs } from "@rollcall/domain";
import type { DeleteResult, Kysely } from "kysely";
import { sessionDays } from "./session/session.ts";
import { firstIdAt, nilId } from "./store/id.ts";
import type { Queryable } from "./store/queryable.ts";
import type { Tables } from "./store/tables.ts";

/** Requests are deleted after this time; their changes never. */
export const requestDays = 30;
/** After the longest session. */
const endedSessionDays = 30;
/** Of refusals in the activity log. The trigger on the table has the same number. */
const refusalDays = 180;
const mailDays = 30;
/** Twice the window of the guard, because the clocks of processes differ. */
const tallyMs = 2 * guardWindowMs;

/** Tables to clean by the age of the id, per organization. Each has an index on organization and id. */
const ofOrganization = [
  { table: "scim_request", days: requestDays },
  { table: "session", days: sessionDays + endedSessionDays },
  { table: "change", days: refusalDays },
] as const;
type Table = (typeof ofOrganization)[number]["table"] | "mail";
/** Organizations are read in pages. */
const organizationPageSize = 500;
const organizationPagesMax = 10_000;
const deletedAtOnceMax = 10_000;
const statementsMax = 100;

/**
 * Deletes expired rows, at most a million per table and organization; returns their number. Uses the primary keys,
 * because ids contain the time.
 */
export async function forgetOld({ db }: Queryable, now: Date): Promise<number> {
  const before = (days: number): string => firstIdAt(new Date(now.getTime() - days * 86_400_000));
  let deleted = await deleteAll(oldRows(db, "mail", before(mailDays), {}));
  const tallies = db.deleteFrom("guard_tally").where("minute", "<", new Date(now.getTime() - tallyMs));
  deleted += Number((await tallies.executeTakeFirst()).numDeletedRows);
  let last = nilId;
  for (let page = 0; page < organizationPagesMax; page++) {
    const organizations = db.selectFrom("organization").where("id", ">", last).select("id").orderBy("id");
    const found = await organizations.limit(organizationPageSize).execute();
    for (const { id } of found) {
      last = id;
      for (const { table, days } of ofOrganization)
        deleted += await deleteAll(oldRows(db, table, before(days), { organizationId: id }));
    }
    if (found.length < organizationPageSize) break;
  }
  return deleted;
}

/** Of `change`, only refusals. */
function oldRows(db: Kysely<Tables>, table: Table, before: string, whose: { readonly organizationId?: string }) {
  const old = db
    .selectFrom(table)
    .where("id", "<", before)
    .where((eb) => eb.and(whose))
    .$if(table === "change", (all) => all.where("refusal", "is not", null))
    .select("id")
    .orderBy("id")
    .limit(deletedAtOnceMax);
  return db
    .deleteFrom(table)
    .where("id", "in", old)
    .where((eb) => eb.and(whose));
}

/** Repeats the statement until it deletes less than a full batch. */
async function deleteAll(statement: { executeTakeFirst(): Promise<DeleteResult> }): Promise<number> {
  let deleted = 0;
  for (let round = 0; round < statementsMax; round++) {
    const count = Number((await statement.executeTakeFirst()).numDeletedRows);
    deleted += count;
    if (count < deletedAtOnceMax) break;
  }
  return deleted;
}
