import { z } from "zod";
import { sessionDays } from "./session/session.ts";
import { firstIdAt } from "./store/id.ts";
import type { Queryable } from "./store/queryable.ts";

/** Calls are deleted after so many days; what they changed never is. */
export const requestDays = 30;
/** After the longest that a session can last. */
const endedSessionDays = 30;
/** Of entries in the activity log that say only what was refused. The trigger on the table knows the number too. */
const refusalDays = 180;
const mailDays = 30;

/** What is deleted, by the age of the id, and the condition besides. Organization and id lead the index of each. */
const ofOrganization = [
  { table: "scim_request", days: requestDays, condition: "true" },
  { table: "session", days: sessionDays + endedSessionDays, condition: "true" },
  { table: "change", days: refusalDays, condition: "refusal is not null" },
].map(({ table, days, condition }) => ({
  days,
  statement: {
    name: `${table}_forget`,
    text: `with gone as (delete from ${table} where organization_id = $1 and id in
        (select id from ${table} where organization_id = $1 and id < $2 and ${condition} order by id limit $3) returning id)
      select count(*)::int as count from gone`,
  },
}));
const mails = {
  name: "mail_forget",
  text: `with gone as (delete from mail where id in (select id from mail where id < $1 order by id limit $2) returning id)
    select count(*)::int as count from gone`,
};
/** The organizations in pages, so that no list of them all is held. */
const organizations = {
  name: "retention_organizations",
  text: "select id from organization where id > $1 order by id limit $2",
};
const organizationPageSize = 500;
const organizationPagesMax = 10_000;
const deletedAtOnceMax = 10_000;
const statementsMax = 100;
const firstId = "00000000-0000-0000-0000-000000000000";

/**
 * Deletes what is kept no longer, at most a million rows of each table and organization; returns how many. It goes from
 * organization to organization by the primary key, as the ids carry the time.
 */
export async function forgetOld(sql: Queryable, now: Date): Promise<number> {
  const before = (days: number): string => firstIdAt(new Date(now.getTime() - days * 86_400_000));
  let deleted = await deleteAll(sql, mails, [before(mailDays)]);
  let last = firstId;
  for (let page = 0; page < organizationPagesMax; page++) {
    const found = await sql.query(organizations, [last, organizationPageSize]);
    for (const row of found) {
      last = z.object({ id: z.string() }).parse(row).id;
      for (const { days, statement } of ofOrganization) {
        deleted += await deleteAll(sql, statement, [last, before(days)]);
      }
    }
    if (found.length < organizationPageSize) break;
  }
  return deleted;
}

async function deleteAll(sql: Queryable, statement: typeof mails, values: readonly string[]): Promise<number> {
  let deleted = 0;
  for (let round = 0; round < statementsMax; round++) {
    const [row] = await sql.query(statement, [...values, deletedAtOnceMax]);
    const { count } = z.object({ count: z.number() }).parse(row);
    deleted += count;
    if (count < deletedAtOnceMax) break;
  }
  return deleted;
}
