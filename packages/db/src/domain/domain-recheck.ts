import {
  formatPeople,
  lapseMs,
  recheckDomain,
  recheckMs,
  retryMs,
  type DnsFinding,
  type Recheck,
} from "@rollcall/domain";
import type { QueryCreator } from "kysely";
import type { Database } from "../store/database.ts";
import { mailTemplate, verbatim } from "../mail/mail-text.ts";
import { mailOwners, type OwnerMail } from "../mail/owner-mail.ts";
import { lockOutProvider } from "../store/organization-lock.ts";
import type { Queryable } from "../store/queryable.ts";
import type { Tables } from "../store/tables.ts";
import { unitOf, type UnitOfWork } from "../store/unit-of-work.ts";
import { forgetDomain } from "./verified-domain.ts";

/** A verified domain due for a check, with the time of the last one. */
export type DueDomain = NonNullable<Awaited<ReturnType<typeof takeDueDomain>>>;

/**
 * Takes the next domain of any organization that has not been checked for a day, so that no other process takes it too;
 * if this process fails before it saves the result, the domain is due again in an hour. Undefined: none is due. Domains
 * verified by the operator have no claim and are never checked.
 */
export function takeDueDomain({ db }: Queryable, now: Date) {
  const dueBefore = new Date(now.getTime() - recheckMs);
  return db
    .with(
      (cte) => cte("due").materialized(),
      (cte) =>
        provable(cte)
          .where((eb) => eb(eb.fn.coalesce("v.checkedAt", "v.verifiedAt"), "<", dueBefore))
          .select(["v.organizationId", "v.domain", "v.checkedAt"])
          .orderBy((eb) => eb.fn.coalesce("v.checkedAt", "v.verifiedAt"))
          .limit(1)
          .forUpdate(["v"])
          .skipLocked(),
    )
    .updateTable("verified_domain as v")
    .from("due")
    .set({ checkedAt: new Date(dueBefore.getTime() + retryMs) })
    .whereRef("v.organizationId", "=", "due.organizationId")
    .whereRef("v.domain", "=", "due.domain")
    .returning(["v.organizationId", "v.domain", "due.checkedAt"])
    .executeTakeFirst();
}

/** Verified domains with a claim. */
function provable(db: QueryCreator<Tables>) {
  return db
    .selectFrom("verified_domain as v")
    .innerJoin("domain_claim as c", (on) =>
      on.onRef("c.organizationId", "=", "v.organizationId").onRef("c.domain", "=", "v.domain"),
    );
}

/**
 * Saves the result of a check: the domain stays verified, is failing (owners get a mail), or expires after a week.
 * Returns the decision; undefined if the domain has been removed.
 */
export function saveRecheck(
  database: Database,
  due: DueDomain,
  finding: DnsFinding,
  now: Date,
): Promise<Recheck | undefined> {
  const { organizationId, checkedAt, domain } = due;
  return database.transaction(async (tx) => {
    await lockOutProvider(tx, organizationId);
    const verified = await holdVerified(tx, due);
    if (verified === undefined) return undefined;
    const { proof, failingSince } = verified;
    const decided = recheckDomain({ failingSince, checkedAt }, proof, finding, now);
    const actor = { kind: "system", id: null, name: "" } as const;
    await apply(unitOf(tx, { organizationId, defaultRoleId: null, actor, now, requestId: null }), domain, decided);
    return decided;
  });
}

function holdVerified({ db }: Queryable, { organizationId, domain }: DueDomain) {
  return provable(db)
    .where("v.organizationId", "=", organizationId)
    .where("v.domain", "=", domain)
    .select(["c.proof", "v.failingSince"])
    .forUpdate(["v"])
    .executeTakeFirst();
}

async function apply(uow: UnitOfWork, domain: string, decided: Recheck): Promise<void> {
  const { organizationId, now } = uow;
  switch (decided.kind) {
    case "unknown":
      // `takeDueDomain` has already scheduled it for an hour later.
      return;
    case "proven":
      await save(uow, domain, { failingSince: null, problem: null });
      return;
    case "failing":
      await save(uow, domain, { failingSince: decided.since, problem });
      if (!decided.warns) return;
      log(uow, domain, "domain.failed");
      await mailOwners(uow, organizationId, failingMail(domain, decided.lapsesAt), now);
      return;
    case "lapsed": {
      await uow.db
        .deleteFrom("verified_domain")
        .where((eb) => eb.and({ organizationId, domain }))
        .execute();
      const awaited = await forgetDomain(uow, domain);
      log(uow, domain, "domain.lapsed");
      await mailOwners(uow, organizationId, lapsedMail(domain, awaited), now);
      return;
    }
  }
}

const problem = "The TXT record that proves the domain is missing.";

async function save(
  { db, organizationId, now }: UnitOfWork,
  domain: string,
  found: { readonly failingSince: Date | null; readonly problem: string | null },
): Promise<void> {
  await db
    .updateTable("verified_domain")
    .set({ checkedAt: now, ...found })
    .where((eb) => eb.and({ organizationId, domain }))
    .execute();
}

function log(uow: UnitOfWork, domain: string, kind: "domain.failed" | "domain.lapsed"): void {
  uow.log({ kind, subject: { kind: "domain", id: null, name: domain }, after: { problem } });
}

function failingMail(domain: string, lapsesAt: Date): OwnerMail {
  const day = lapsesAt.toISOString().slice(0, 10);
  return {
    kind: "domainUnproven",
    subject: mailTemplate`The TXT record of ${verbatim(domain)} is missing`,
    body: mailTemplate`Hello,\n\nthe TXT record that proves that ${verbatim(domain)} is yours is no longer in the DNS. If it is not back by ${day}, Rollcall stops trusting the domain: email addresses can then not be changed from or to it.\n\nThe record is shown in Rollcall under Domains.\n`,
  };
}

function lapsedMail(domain: string, awaited: number): OwnerMail {
  const days = lapseMs / 86_400_000;
  const access =
    awaited === 0
      ? "No one lost access."
      : `People who have signed in or accepted keep access. ${formatPeople(awaited)} with an address at this domain lost access and must accept the membership to get it back.`;
  return {
    kind: "domainUnproven",
    subject: mailTemplate`${verbatim(domain)} is no longer verified`,
    body: mailTemplate`Hello,\n\nthe TXT record of ${verbatim(domain)} has been missing for ${days} days, so Rollcall no longer trusts the domain. ${verbatim(access)} Email addresses cannot be changed from or to it until it is verified again, under Domains.\n`,
  };
}
