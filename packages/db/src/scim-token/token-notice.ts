import { dueNotice, noticeDays, tokenEnd } from "@rollcall/domain";
import { z } from "zod";
import type { Database } from "../store/database.ts";
import { mailTemplate } from "../mail/mail-text.ts";
import { mailOwners, type OwnerMail } from "../mail/owner-mail.ts";

/**
 * Tells the owners of the next token that is about to expire, 30, 14, 7 and 1 days before, each once: the mail and the
 * note that it is out share a transaction. Any number of processes may do this side by side. False: none is due.
 */
export function noticeNextToken(database: Database, now: Date): Promise<boolean> {
  return database.transaction(async (tx) => {
    const [row] = await tx.query(take, [now, [...noticeDays], noticeDays[0]]);
    if (row === undefined) return false;
    const token = tokenRow.parse(row);
    const days = dueNotice(token, now);
    if (days === undefined) throw new Error(`No notice is due for the token ${token.id}, which the database says.`);
    await tx.query(save, [token.organizationId, token.id, days]);
    await mailOwners(tx, token.organizationId, expiryMail(token), now);
    return true;
  });
}

const tokenRow = z.object({
  organizationId: z.string(),
  organizationName: z.string(),
  id: z.string(),
  name: z.string(),
  expiresAt: z.date(),
  revokedAt: z.date().nullable(),
  noticedDays: z.number().nullable(),
  isOutlasted: z.boolean(),
});

function expiryMail(token: z.infer<typeof tokenRow>): OwnerMail {
  const day = tokenEnd(token).toISOString().slice(0, 10);
  return {
    kind: "tokenExpiry",
    subject: mailTemplate`The SCIM token ${token.name} of ${token.organizationName} expires on ${day}`,
    body: mailTemplate`Hello,\n\nthe SCIM token “${token.name}”, with which the identity provider of ${token.organizationName} signs in to Rollcall, expires on ${day} (UTC). From then on nobody is added, changed or deactivated by the provider.\n\nRotate it in Rollcall under Settings > Provisioning: the new token and the old one work side by side until you have put the new one into your identity provider.\n`,
  };
}

const endOf = (token: string): string => `least(${token}.expires_at, ${token}.revoked_at)`;
/** Across organizations, as no organization asks; the same rule as `dueNotice`, whose word counts. */
const take = {
  name: "scim_token_notice_take",
  text: `select t.organization_id as "organizationId", o.name as "organizationName", t.id, t.name,
      t.expires_at as "expiresAt", t.revoked_at as "revokedAt", t.noticed_days as "noticedDays",
      newer.outlasts as "isOutlasted"
    from scim_token t join organization o on o.id = t.organization_id
    cross join lateral (select exists (select 1 from scim_token n where n.organization_id = t.organization_id
      and n.created_at >= t.created_at and ${endOf("n")} > ${endOf("t")}) as outlasts) newer
    where ${endOf("t")} > $1 and ${endOf("t")} <= $1 + $3 * interval '24 hours'
      and (t.revoked_at is null or not newer.outlasts) and exists (select 1 from unnest($2::int[]) as notice (days)
      where ${endOf("t")} <= $1 + notice.days * interval '24 hours'
        and notice.days < coalesce(t.noticed_days, 2147483647))
    order by ${endOf("t")} limit 1 for update of t skip locked`,
};
const save = {
  name: "scim_token_noticed",
  text: "update scim_token set noticed_days = $3 where organization_id = $1 and id = $2",
};
