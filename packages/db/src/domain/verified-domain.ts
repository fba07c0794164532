import { asciiDomain, domainIn, domainKey, isEmailAddress, type Refusal } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { acceptByDomain, awaitByDomain } from "../member/member-acceptance.ts";
import { DomainClaimSchema } from "../model/organization.ts";
import type { Database } from "../store/database.ts";
import { inOrganization, type UnitOfWork } from "../store/unit-of-work.ts";
import type { WriteContext } from "../store/write-context.ts";

type Verification = Result<void, Refusal<"domainTaken" | "domainMalformed">>;

/**
 * Records that a domain belongs to the organization; the caller must have proof. Ends the organization's claim, so that
 * the domain is never checked. Only one organization can have a domain; verifying it again changes nothing. Stored in
 * ASCII as in the DNS.
 */
export function verifyDomain(database: Database, context: WriteContext, input: string): Promise<Verification> {
  const domain = asciiDomain(domainIn(input));
  const attempt = { kind: "domain.verified", subject: { kind: "domain", id: null, name: domain } } as const;
  const options = { ...attempt, locksOut: true, seesOthers: true };
  return inOrganization(database, context, options, async (uow): Promise<Verification> => {
    if (!isEmailAddress(`somebody@${domain}`)) return err({ kind: "domainMalformed", domain });
    const { organizationId, actor, now, db } = uow;
    const verified = { organizationId, domain, domainKey: domainKey(domain), verifiedAt: now, verifiedBy: actor.name };
    const { numInsertedOrUpdatedRows: added = 0n } = await db
      .insertInto("verified_domain")
      .values(verified)
      .onConflict((conflict) => conflict.column("domain").doNothing())
      .executeTakeFirstOrThrow();
    if (added === 0n && !(await isHolder(uow, domain))) return err({ kind: "domainTaken", domain });
    await uow.em.nativeDelete(DomainClaimSchema, { domain });
    if (added === 0n) return ok(undefined);
    uow.log({ ...attempt, after: { domain } });
    await followDomain(uow, domain);
    return ok(undefined);
  });
}

async function isHolder({ db, organizationId }: UnitOfWork, domain: string): Promise<boolean> {
  const holder = await db
    .selectFrom("verified_domain")
    .where("domain", "=", domain)
    .select("organizationId")
    .executeTakeFirstOrThrow();
  return holder.organizationId === organizationId;
}

/**
 * Applies a verification: accepts the organization's memberships of the domain and repeats POSTs that have read the
 * earlier domains. Must run in the transaction of the verification, which blocks SCIM writes.
 */
export async function followDomain(uow: UnitOfWork, domain: string): Promise<void> {
  await moveDomainsVersion(uow);
  await acceptByDomain(uow, { organizationId: uow.organizationId, domain, userNameKey: null }, uow);
}

/** Applies the loss of a domain, like `followDomain`; returns how many people must accept now. */
export async function forgetDomain(uow: UnitOfWork, domain: string): Promise<number> {
  await moveDomainsVersion(uow);
  return awaitByDomain(uow, { organizationId: uow.organizationId, domain }, uow);
}

/** Repeats POSTs that have read the organization's earlier domains. */
async function moveDomainsVersion({ db, organizationId }: UnitOfWork): Promise<void> {
  await db
    .updateTable("provisioning")
    .set((eb) => ({ domainsVersion: eb("domainsVersion", "+", 1) }))
    .where("organizationId", "=", organizationId)
    .execute();
}
