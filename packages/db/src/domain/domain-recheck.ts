import { lapseMs, recheckDomain, recheckMs, retryMs, type DnsFinding, type Recheck } from "@rollcall/domain";
import { z } from "zod";
import { recordChanges } from "../store/change-log.ts";
import type { Database } from "../store/database.ts";
import { mailTemplate, verbatim } from "../mail/mail-text.ts";
import { mailOwners, type OwnerMail } from "../mail/owner-mail.ts";
import { lockOutProvider } from "../store/organization-lock.ts";
import type { Queryable } from "../store/queryable.ts";
import { forgetDomain } from "./verified-domain.ts";

/** A verified domain that is to be looked at again, and when it was looked at before. */
export type DueDomain = { readonly organizationId: string; readonly domain: string; readonly checkedAt: Date | null };

/**
 * Takes the next domain that nobody has looked at for a day, so that no other process takes it too; should this one fail
 * before it says what it found, the domain comes up again in an hour. Undefined: none is due. What the operator has
 * vouched for has no claim and is never looked at.
 */
export async function takeDueDomain(sql: Queryable, now: Date): Promise<DueDomain | undefined> {
  const dueBefore = new Date(now.getTime() - recheckMs);
  const [row] = await sql.query(take, [dueBefore, new Date(dueBefore.getTime() + retryMs)]);
  return row === undefined ? undefined : dueRow.parse(row);
}

/**
 * Saves what a look at a verified domain has found: it counts on, is failing (owners are warned by mail), or lapses after
 * a week. Returns what was decided; undefined where the domain has been removed meanwhile.
 */
export function saveRecheck(
  database: Database,
  due: DueDomain,
  finding: DnsFinding,
  now: Date,
): Promise<Recheck | undefined> {
  const { organizationId, domain } = due;
  return database.transaction(async (tx) => {
    await lockOutProvider(tx, organizationId);
    const [row] = await tx.query(read, [organizationId, domain]);
    if (row === undefined) return undefined;
    const { proof, failingSince } = verifiedRow.parse(row);
    const decided = recheckDomain({ failingSince, checkedAt: due.checkedAt }, proof, finding, now);
    await apply(tx, due, decided, now);
    return decided;
  });
}

async function apply(tx: Queryable, due: DueDomain, decided: Recheck, now: Date): Promise<void> {
  const values = [due.organizationId, due.domain];
  switch (decided.kind) {
    case "unknown":
      // It was put back by `takeDueDomain` already: it comes up again in an hour.
      return;
    case "proven":
      await tx.query(save, [...values, now, null, null]);
      return;
    case "failing":
      await tx.query(save, [...values, now, decided.since, problem]);
      if (decided.warns) await log(tx, due, "domain.failed", now);
      if (decided.warns) await mailOwners(tx, due.organizationId, failingMail(due.domain, decided.lapsesAt), now);
      return;
    case "lapsed": {
      await tx.query(remove, values);
      const { organizationId } = due;
      const awaited = await forgetDomain(tx, { organizationId, now, requestId: null }, due.domain);
      await log(tx, due, "domain.lapsed", now);
      await mailOwners(tx, organizationId, lapsedMail(due.domain, awaited), now);
      return;
    }
  }
}

const problem = "The TXT record that proves the domain is gone.";

function log(tx: Queryable, due: DueDomain, kind: "domain.failed" | "domain.lapsed", now: Date): Promise<void> {
  return recordChanges(tx, [
    {
      organizationId: due.organizationId,
      at: now,
      requestId: null,
      actor: { kind: "system", id: null, name: "" },
      subject: { kind: "domain", id: null, name: due.domain },
      kind,
      after: { problem },
    },
  ]);
}

function failingMail(domain: string, lapsesAt: Date): OwnerMail {
  const day = lapsesAt.toISOString().slice(0, 10);
  return {
    kind: "domainUnproven",
    subject: mailTemplate`The proof of ${verbatim(domain)} is gone`,
    body: mailTemplate`Hello,\n\nthe TXT record that proves that ${verbatim(domain)} is yours is no longer in the DNS. If it is not back by ${day}, Rollcall stops trusting the domain: e-mail addresses can then not be moved from or to it.\n\nThe record is shown in Rollcall under Settings > Domains.\n`,
  };
}

function lapsedMail(domain: string, awaited: number): OwnerMail {
  const days = lapseMs / 86_400_000;
  const access =
    awaited === 0
      ? "Nobody has lost access."
      : `Whoever has signed in or accepted keeps access; ${awaited === 1 ? "one person" : `${awaited} people`} of that domain who had done neither get it back when they accept the membership.`;
  return {
    kind: "domainUnproven",
    subject: mailTemplate`${verbatim(domain)} is no longer verified`,
    body: mailTemplate`Hello,\n\nthe TXT record of ${verbatim(domain)} has been missing for ${days} days, so Rollcall no longer trusts the domain. ${verbatim(access)} E-mail addresses cannot be moved from or to it until it is verified again, under Settings > Domains.\n`,
  };
}

const dueRow = z.object({ organizationId: z.string(), domain: z.string(), checkedAt: z.date().nullable() });
const verifiedRow = z.object({ proof: z.string(), failingSince: z.date().nullable() });

/** Whose turn it is, across organizations: the one question that no organization asks. */
const take = {
  name: "verified_domain_take",
  text: `with due as materialized (select v.organization_id, v.domain, v.checked_at from verified_domain v
      join domain_claim c on c.organization_id = v.organization_id and c.domain = v.domain
      where coalesce(v.checked_at, v.verified_at) < $1 order by coalesce(v.checked_at, v.verified_at) limit 1
      for update of v skip locked)
    update verified_domain v set checked_at = $2 from due
    where v.organization_id = due.organization_id and v.domain = due.domain
    returning v.organization_id as "organizationId", v.domain, due.checked_at as "checkedAt"`,
};
const read = {
  name: "verified_domain_read",
  text: `select c.proof, v.failing_since as "failingSince" from verified_domain v
    join domain_claim c on c.organization_id = v.organization_id and c.domain = v.domain
    where v.organization_id = $1 and v.domain = $2 for update of v`,
};
const save = {
  name: "verified_domain_save",
  text: `update verified_domain set checked_at = $3, failing_since = $4, problem = $5
    where organization_id = $1 and domain = $2`,
};
const remove = {
  name: "verified_domain_lapse",
  text: "delete from verified_domain where organization_id = $1 and domain = $2",
};
