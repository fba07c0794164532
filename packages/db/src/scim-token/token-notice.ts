import { dueNotice, noticeDays, tokenEnd } from "@rollcall/domain";
import { sql } from "kysely";
import type { Database } from "../store/database.ts";
import type { Queryable } from "../store/queryable.ts";
import { mailTemplate } from "../mail/mail-text.ts";
import { mailOwners, type OwnerMail } from "../mail/owner-mail.ts";

/**
 * Mails the owners of the next token that is about to expire, 30, 14, 7 and 1 days before, each once: the mail and its
 * record share a transaction, so that several processes may do this. False: none is due.
 */
export function noticeNextToken(database: Database, now: Date): Promise<boolean> {
  return database.transaction(async (tx) => {
    const token = await takeNext(tx, now);
    if (token === undefined) return false;
    const days = dueNotice(token, now);
    if (days === undefined) throw new Error(`The database returned the token ${token.id}, for which no notice is due.`);
    const { organizationId, id } = token;
    await tx.db
      .updateTable("scim_token")
      .set({ noticedDays: days })
      .where("organizationId", "=", organizationId)
      .where("id", "=", id)
      .execute();
    await mailOwners(tx, organizationId, expiryMail(token), now);
    return true;
  });
}

type DueToken = NonNullable<Awaited<ReturnType<typeof takeNext>>>;

function expiryMail(token: DueToken): OwnerMail {
  const day = tokenEnd(token).toISOString().slice(0, 10);
  return {
    kind: "tokenExpiry",
    subject: mailTemplate`The SCIM token ${token.name} of ${token.organizationName} expires on ${day}`,
    body: mailTemplate`Hello,\n\nthe SCIM token “${token.name}”, with which the identity provider of ${token.organizationName} signs in to Rollcall, expires on ${day} (UTC). From then on no one is added, changed or deactivated by the provider.\n\nRotate it in Rollcall under Provisioning: the new token and the old one work side by side until you have put the new one into your identity provider.\n`,
  };
}

/**
 * The next token of any organization that is due for a notice, locked, skipping rows locked by another process. Selects
 * by the same rule as `dueNotice`, which decides.
 */
function takeNext({ db }: Queryable, now: Date) {
  const isOutlasted = sql<boolean>`exists (select 1 from scim_token n where n.organization_id = t.organization_id
    and n.created_at >= t.created_at and ${endOf("n")} > ${endOf("t")})`;
  return db
    .selectFrom("scim_token as t")
    .innerJoin("organization as o", "o.id", "t.organizationId")
    .where(endOf("t"), ">", now)
    .where(endOf("t"), "<=", daysAfter(now, noticeDays[0]))
    .where((eb) => eb.or([eb("t.revokedAt", "is", null), eb.not(isOutlasted)]))
    .where((eb) => {
      const noticed = eb.fn.coalesce("t.noticedDays", eb.val<number>(maxInt));
      return eb.or(
        noticeDays.map((days) => eb.and([eb(endOf("t"), "<=", daysAfter(now, days)), eb(noticed, ">", days)])),
      );
    })
    .select(["t.organizationId", "o.name as organizationName", "t.id", "t.name", "t.expiresAt", "t.revokedAt"])
    .select(["t.noticedDays", isOutlasted.as("isOutlasted")])
    .orderBy(endOf("t"))
    .limit(1)
    .forUpdate(["t"])
    .skipLocked()
    .executeTakeFirst();
}

const endOf = (token: "t" | "n") =>
  sql<Date>`least(${sql.ref(`${token}.expiresAt`)}, ${sql.ref(`${token}.revokedAt`)})`;
const daysAfter = (now: Date, days: number): Date => new Date(now.getTime() + days * dayMs);
const dayMs = 86_400_000;
const maxInt = 2_147_483_647;
