import { asciiDomain, domainIn, domainKey, isEmailAddress, type Refusal } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { z } from "zod";
import { recordChanges } from "../store/change-log.ts";
import type { Database } from "../store/database.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";
import { acceptByDomain, awaitByDomain } from "../member/member-acceptance.ts";
import type { Queryable } from "../store/queryable.ts";
import { inOrganization } from "../store/unit-of-work.ts";

type Verification = Result<void, Refusal<"domainTaken" | "domainMalformed">>;

/**
 * Records that a domain belongs to the organization; the proof lies with the caller, so that what the organization has
 * claimed itself needs none any more and is never looked at again. A domain belongs to one organization only, and one's own
 * again changes nothing. Kept as the DNS has it.
 */
export function verifyDomain(database: Database, context: WriteContext, domain: string): Promise<Verification> {
  const key = asciiDomain(domainIn(domain));
  const subject = { kind: "domain", id: null, name: key } as const;
  return inOrganization(
    database,
    context,
    { kind: "domain.verified", subject, locksOut: true, seesOthers: true },
    async (tx): Promise<Verification> => {
      if (!isEmailAddress(`somebody@${key}`)) return err({ kind: "domainMalformed", domain: key });
      const { organizationId, now, actor } = context;
      const added = await tx.query(insert, [organizationId, key, domainKey(key), now, actor.name]);
      await tx.query(endClaim, [organizationId, key]);
      if (added.length > 0) {
        await recordChanges(tx, [{ ...entryOf(context), kind: "domain.verified", subject, after: { domain: key } }]);
        await followDomain(tx, context, key);
        return ok(undefined);
      }
      const [row] = await tx.query(holder, [key]);
      const isOurs = z.object({ organizationId: z.string() }).parse(row).organizationId === organizationId;
      return isOurs ? ok(undefined) : err({ kind: "domainTaken", domain: key });
    },
  );
}

/**
 * What follows from a verification: the organization's memberships of the domain are accepted, and a POST that has read the
 * domains before is decided again. In the transaction of the verification, which keeps the provider's writes out.
 */
export async function followDomain(tx: Queryable, context: WriteContext, domain: string): Promise<void> {
  const { organizationId } = context;
  await moveDomainsVersion(tx, organizationId);
  await acceptByDomain(tx, { organizationId, domain, userNameKey: null }, context);
}

/** What follows from the loss of a domain; how many people have to accept now. Otherwise as `followDomain`. */
export async function forgetDomain(
  tx: Queryable,
  context: Pick<WriteContext, "organizationId" | "now" | "requestId">,
  domain: string,
): Promise<number> {
  const { organizationId } = context;
  await moveDomainsVersion(tx, organizationId);
  return awaitByDomain(tx, { organizationId, domain }, context);
}

/** Has every POST that has read the organization's domains before decided again. */
async function moveDomainsVersion(tx: Queryable, organizationId: string): Promise<void> {
  await tx.query(moveVersion, [organizationId]);
}

const moveVersion = {
  name: "provisioning_domains_moved",
  text: "update provisioning set domains_version = domains_version + 1 where organization_id = $1",
};
const insert = {
  name: "verified_domain_add",
  text: `insert into verified_domain (organization_id, domain, domain_key, verified_at, verified_by) values ($1, $2, $3, $4, $5)
    on conflict (domain) do nothing returning domain`,
};
const endClaim = {
  name: "domain_claim_vouched",
  text: `delete from domain_claim c using verified_domain v where c.organization_id = $1 and c.domain = $2
    and v.organization_id = c.organization_id and v.domain = c.domain`,
};
const holder = {
  name: "verified_domain_holder",
  text: `select organization_id as "organizationId" from verified_domain where domain = $1`,
};
