import { randomBytes } from "node:crypto";
import { claimDomain, domainKey, judgeProof, proofOf, type DnsFinding, type Refusal } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { z } from "zod";
import { recordChanges } from "../store/change-log.ts";
import { inOrganization } from "../store/unit-of-work.ts";
import type { Database } from "../store/database.ts";
import type { Queryable } from "../store/queryable.ts";
import { violatedUnique } from "../store/violation.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";
import { followDomain, forgetDomain } from "./verified-domain.ts";

/** One of an organization's domains, on its way or verified. `proof` is null where the operator has vouched for it. */
export type ListedDomain = z.infer<typeof listedRow> & {
  /** How many visible members have an address there, and how many of them would have no access without the domain. */
  readonly memberCount: number;
  readonly unacceptedCount: number;
};

const domainsMax = 100;
const proofBytes = 16;

/** By name, at most 100. */
export async function listDomains(sql: Queryable, organizationId: string): Promise<readonly ListedDomain[]> {
  const domains = (await sql.query(list, [organizationId])).map((row) => listedRow.parse(row));
  const counted = await sql.query(memberCounts, [organizationId, domains.map(({ domain }) => domainKey(domain))]);
  const counts = new Map(counted.map((row) => countRow.parse(row)).map(({ key, ...count }) => [key, count]));
  return domains.map((one) => ({ ...one, ...(counts.get(domainKey(one.domain)) ?? nobody) }));
}

type ClaimRefusal = Refusal<"domainMalformed" | "domainPublic" | "domainLimitReached">;

/**
 * Puts a domain on the organization's list and makes what its DNS must hold; again changes nothing. Whether another
 * organization has it is not told before the proof is there, so that a claim asks nothing about others. `domain`: lower
 * case, ASCII.
 */
export function addDomain(
  database: Database,
  context: WriteContext,
  domain: string,
): Promise<Result<void, ClaimRefusal>> {
  const subject = { kind: "domain", id: null, name: domain } as const;
  return inOrganization(
    database,
    context,
    { kind: "domain.added", subject },
    async (tx): Promise<Result<void, ClaimRefusal>> => {
      const claimed = claimDomain(domain);
      if (!claimed.ok) return claimed;
      const { organizationId, actor, now } = context;
      const known = await listDomains(tx, organizationId);
      if (known.some((one) => one.domain === domain)) return ok(undefined);
      if (known.length >= domainsMax) return err({ kind: "domainLimitReached", limit: domainsMax });
      const proof = proofOf(randomBytes(proofBytes).toString("base64url"));
      await tx.query(insert, [organizationId, domain, proof, actor.name, now]);
      await recordChanges(tx, [{ ...entryOf(context), kind: "domain.added", subject, after: { domain } }]);
      return ok(undefined);
    },
  );
}

/** What must be proven, or undefined where nothing is claimed. */
export async function readProof(sql: Queryable, organizationId: string, domain: string): Promise<string | undefined> {
  const [row] = await sql.query(proofStatement, [organizationId, domain]);
  return row === undefined ? undefined : z.object({ proof: z.string() }).parse(row).proof;
}

type CheckRefusal = Refusal<"domainNotFound" | "domainUnproven" | "domainTaken">;

/** Verifies a claimed domain if what the DNS said proves it; else keeps what was found. For one organization only. */
export async function saveCheck(
  database: Database,
  context: WriteContext,
  check: { readonly domain: string; readonly finding: DnsFinding },
): Promise<Result<void, CheckRefusal>> {
  const { domain, finding } = check;
  const { organizationId, now, actor } = context;
  const subject = { kind: "domain", id: null, name: domain } as const;
  const attempt = { kind: "domain.verified", subject } as const;
  const checked = await inOrganization(
    database,
    context,
    { ...attempt, locksOut: true, seesOthers: true },
    async (tx): Promise<Result<void, CheckRefusal>> => {
      const proof = await readProof(tx, organizationId, domain);
      if (proof === undefined) return err({ kind: "domainNotFound", domain });
      const judged = judgeProof(domain, proof, finding);
      if (!judged.ok) return judged;
      if (!(await verify(tx, [organizationId, domain, now, actor.name, domainKey(domain)])))
        return err({ kind: "domainTaken", domain });
      await tx.query(noteCheck, [organizationId, domain, now, null]);
      await recordChanges(tx, [{ ...entryOf(context), ...attempt, after: { domain } }]);
      await followDomain(tx, context, domain);
      return ok(undefined);
    },
  );
  if (!checked.ok && checked.error.kind !== "domainNotFound") {
    const problem =
      checked.error.kind === "domainTaken" ? "Another organization has verified it." : checked.error.problem;
    await database.sql.query(noteCheck, [organizationId, domain, now, problem]);
  }
  return checked;
}

/** False where another organization has the domain. Verified here already: it counts on, without its doubts. */
async function verify(tx: Queryable, values: readonly unknown[]): Promise<boolean> {
  try {
    await tx.query(upsert, values);
    return true;
  } catch (cause) {
    if (violatedUnique(cause) !== "verified_domain_unique") throw cause;
    return false;
  }
}

/**
 * Takes a domain off the list, verified or not. From then on e-mails move neither from nor to it, and whoever has not
 * accepted a membership of it has to (`awaitByDomain`).
 */
export function removeDomain(
  database: Database,
  context: WriteContext,
  domain: string,
): Promise<Result<void, Refusal<"domainNotFound">>> {
  const subject = { kind: "domain", id: null, name: domain } as const;
  const attempt = { kind: "domain.removed", subject } as const;
  // The provider's writes are kept out, as one that has begun may have read that the domain is verified.
  const held = { ...attempt, locksOut: true };
  return inOrganization(database, context, held, async (tx): Promise<Result<void, Refusal<"domainNotFound">>> => {
    const values = [context.organizationId, domain];
    const verified = await tx.query(removeVerified, values);
    const claims = await tx.query(removeClaim, values);
    if (verified.length + claims.length === 0) return err({ kind: "domainNotFound", domain });
    if (verified.length > 0) await forgetDomain(tx, context, domain);
    const before = { domain, isVerified: verified.length > 0 };
    await recordChanges(tx, [{ ...entryOf(context), ...attempt, before }]);
    return ok(undefined);
  });
}

const listedRow = z.object({
  domain: z.string(),
  proof: z.string().nullable(),
  addedBy: z.string().nullable(),
  checkedAt: z.date().nullable(),
  problem: z.string().nullable(),
  verifiedAt: z.date().nullable(),
  verifiedBy: z.string().nullable(),
  failingSince: z.date().nullable(),
});
const countRow = z.object({ key: z.string(), memberCount: z.number(), unacceptedCount: z.number() });
const nobody = { memberCount: 0, unacceptedCount: 0 };

const list = {
  name: "domain_list",
  text: `select d.domain, c.proof, c.created_by as "addedBy", coalesce(v.checked_at, c.checked_at) as "checkedAt",
      case when v.domain is null then c.problem else v.problem end as problem, v.verified_at as "verifiedAt",
      v.verified_by as "verifiedBy", v.failing_since as "failingSince"
    from (select domain from domain_claim where organization_id = $1
      union select domain from verified_domain where organization_id = $1) d
    left join domain_claim c on c.organization_id = $1 and c.domain = d.domain
    left join verified_domain v on v.organization_id = $1 and v.domain = d.domain
    order by d.domain limit 200`,
};
const memberCounts = {
  name: "domain_member_counts",
  text: `select substring(user_name_key from '[^@]*$') as key, count(*)::int as "memberCount",
      (count(*) filter (where accepted_at is null and active and not awaits_acceptance))::int as "unacceptedCount" from member
    where organization_id = $1 and not is_deleted and substring(user_name_key from '[^@]*$') = any($2::text[])
    group by 1`,
};
const insert = {
  name: "domain_claim_add",
  text: `insert into domain_claim (organization_id, domain, proof, created_by, created_at) values ($1, $2, $3, $4, $5)`,
};
const proofStatement = {
  name: "domain_claim_proof",
  text: "select proof from domain_claim where organization_id = $1 and domain = $2",
};
const noteCheck = {
  name: "domain_claim_checked",
  text: "update domain_claim set checked_at = $3, problem = $4 where organization_id = $1 and domain = $2",
};
const upsert = {
  name: "verified_domain_prove",
  text: `insert into verified_domain (organization_id, domain, verified_at, verified_by, checked_at, domain_key)
    values ($1, $2, $3, $4, $3, $5)
    on conflict (organization_id, domain) do update set checked_at = $3, failing_since = null, problem = null`,
};
const removeVerified = {
  name: "verified_domain_remove",
  text: "delete from verified_domain where organization_id = $1 and domain = $2 returning domain",
};
const removeClaim = {
  name: "domain_claim_remove",
  text: "delete from domain_claim where organization_id = $1 and domain = $2 returning domain",
};
