import { randomBytes } from "node:crypto";
import {
  checkDomainClaim,
  domainKey,
  checkDomainProof,
  proofOf,
  type ChangeKind,
  type DnsFinding,
  type Refusal,
} from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { sql as fragment } from "kysely";
import { DomainClaimSchema, VerifiedDomainSchema } from "../model/organization.ts";
import type { Database } from "../store/database.ts";
import type { Queryable } from "../store/queryable.ts";
import { inOrganization, type UnitOfWork } from "../store/unit-of-work.ts";
import { violatedUnique } from "../store/violation.ts";
import type { WriteContext } from "../store/write-context.ts";
import { followDomain, forgetDomain } from "./verified-domain.ts";

/** A domain of an organization, claimed or verified. `proof` is null if the operator has verified it. */
export type ListedDomain = Awaited<ReturnType<typeof readDomains>>[number] & {
  /** The number of visible members with an address there, and of those who would lose access without the domain. */
  readonly memberCount: number;
  readonly unacceptedCount: number;
};

const domainsMax = 100;
const proofBytes = 16;

/** By name, at most 100. */
export async function listDomains(sql: Queryable, organizationId: string): Promise<readonly ListedDomain[]> {
  const domains = await readDomains(sql, organizationId);
  const keys = domains.map(({ domain }) => domainKey(domain));
  const counts = new Map((await countMembers(sql, organizationId, keys)).map(({ key, ...count }) => [key, count]));
  return domains.map((one) => ({ ...one, ...(counts.get(domainKey(one.domain)) ?? noMembers) }));
}

function readDomains({ db }: Queryable, organizationId: string) {
  const claimed = db.selectFrom("domain_claim").where("organizationId", "=", organizationId).selectAll();
  const verified = db.selectFrom("verified_domain").where("organizationId", "=", organizationId).selectAll();
  return db
    .selectFrom(claimed.as("c"))
    .fullJoin(verified.as("v"), "v.domain", "c.domain")
    .select((eb) => [
      eb.fn.coalesce("c.domain", "v.domain").$notNull().as("domain"),
      eb.fn.coalesce("v.checkedAt", "c.checkedAt").as("checkedAt"),
      eb.case().when("v.domain", "is", null).then(eb.ref("c.problem")).else(eb.ref("v.problem")).end().as("problem"),
    ])
    .select(["c.proof", "c.createdBy as addedBy", "v.verifiedAt", "v.verifiedBy", "v.failingSince"])
    .orderBy("domain")
    .limit(200)
    .execute();
}

const noMembers = { memberCount: 0, unacceptedCount: 0 };

function countMembers({ db }: Queryable, organizationId: string, domainKeys: readonly string[]) {
  const key = fragment<string>`substring(user_name_key from '[^@]*$')`;
  return db
    .selectFrom("member")
    .where("organizationId", "=", organizationId)
    .where("isDeleted", "=", false)
    .where((eb) => eb(key, "=", eb.fn.any(eb.val(domainKeys))))
    .select((eb) => [
      key.as("key"),
      eb.fn.countAll<number>().as("memberCount"),
      eb.fn
        .countAll<number>()
        .filterWhere("acceptedAt", "is", null)
        .filterWhere("active", "=", true)
        .filterWhere("awaitsAcceptance", "=", false)
        .as("unacceptedCount"),
    ])
    .groupBy(key)
    .execute();
}

type Claiming = Result<void, Refusal<"domainMalformed" | "domainPublic" | "domainLimitReached">>;

/**
 * Claims a domain and creates the value of its DNS record; repeating it changes nothing. Whether another organization
 * has the domain is disclosed only after proof, so that a claim reveals nothing about others. `domain`: lower case,
 * ASCII.
 */
export function addDomain(database: Database, context: WriteContext, domain: string): Promise<Claiming> {
  const attempt = attemptOn("domain.added", domain);
  return inOrganization(database, context, attempt, async (uow): Promise<Claiming> => {
    const decided = checkDomainClaim(domain);
    if (!decided.ok) return decided;
    const { organizationId, actor, now } = uow;
    const known = await readDomains(uow, organizationId);
    if (known.some((one) => one.domain === domain)) return ok(undefined);
    if (known.length >= domainsMax) return err({ kind: "domainLimitReached", limit: domainsMax });
    const proof = proofOf(randomBytes(proofBytes).toString("base64url"));
    uow.em.create(DomainClaimSchema, { organizationId, domain, proof, createdBy: actor.name, createdAt: now });
    uow.log({ ...attempt, after: { domain } });
    return ok(undefined);
  });
}

/** The value that proves the domain, or undefined without a claim. */
export async function readProof(
  { db }: Queryable,
  organizationId: string,
  domain: string,
): Promise<string | undefined> {
  const claim = await db
    .selectFrom("domain_claim")
    .where((eb) => eb.and({ organizationId, domain }))
    .select("proof")
    .executeTakeFirst();
  return claim?.proof;
}

type Check = { readonly domain: string; readonly finding: DnsFinding };
type Checking = Result<void, Refusal<"domainNotFound" | "domainUnproven" | "domainTaken">>;

/** Verifies a claimed domain if the DNS lookup proves it; otherwise stores the result. For one organization only. */
export async function saveCheck(database: Database, context: WriteContext, check: Check): Promise<Checking> {
  const { domain, finding } = check;
  const attempt = attemptOn("domain.verified", domain);
  const options = { ...attempt, locksOut: true, seesOthers: true };
  const checked = await inOrganization(database, context, options, async (uow): Promise<Checking> => {
    const claim = await uow.em.findOne(DomainClaimSchema, { domain });
    if (claim === null) return err({ kind: "domainNotFound", domain });
    const judged = checkDomainProof(domain, claim.proof, finding);
    if (!judged.ok) return judged;
    if (!(await verify(uow, domain))) return err({ kind: "domainTaken", domain });
    claim.checkedAt = uow.now;
    claim.problem = null;
    uow.log({ ...attempt, after: { domain } });
    await followDomain(uow, domain);
    return ok(undefined);
  });
  if (!checked.ok && checked.error.kind !== "domainNotFound") {
    const { error } = checked;
    const problem = error.kind === "domainTaken" ? "Another organization has verified it." : error.problem;
    const { organizationId, now } = context;
    await database.sql.db
      .updateTable("domain_claim")
      .set({ checkedAt: now, problem })
      .where((eb) => eb.and({ organizationId, domain }))
      .execute();
  }
  return checked;
}

/** False if another organization has the domain. A domain that is verified here stays so and no longer fails. */
async function verify({ db, organizationId, now, actor }: UnitOfWork, domain: string): Promise<boolean> {
  const proven = { checkedAt: now, failingSince: null, problem: null };
  const verified = { organizationId, domain, domainKey: domainKey(domain), verifiedAt: now, verifiedBy: actor.name };
  try {
    await db
      .insertInto("verified_domain")
      .values({ ...verified, ...proven })
      .onConflict((conflict) => conflict.columns(["organizationId", "domain"]).doUpdateSet(proven))
      .execute();
    return true;
  } catch (cause) {
    if (violatedUnique(cause) !== "verified_domain_unique") throw cause;
    return false;
  }
}

type Removal = Result<void, Refusal<"domainNotFound">>;

/**
 * Removes a domain, verified or not. Emails can then no longer change from or to it, and a person who has not accepted
 * a membership of it must accept (`awaitByDomain`).
 */
export function removeDomain(database: Database, context: WriteContext, domain: string): Promise<Removal> {
  const attempt = attemptOn("domain.removed", domain);
  // Blocks SCIM writes, because one in progress may have read that the domain is verified.
  const options = { ...attempt, locksOut: true };
  return inOrganization(database, context, options, async (uow): Promise<Removal> => {
    const verified = await uow.em.findOne(VerifiedDomainSchema, { domain });
    const claim = await uow.em.findOne(DomainClaimSchema, { domain });
    if (verified === null && claim === null) return err({ kind: "domainNotFound", domain });
    for (const row of [verified, claim]) if (row !== null) uow.em.remove(row);
    await uow.em.flush();
    if (verified !== null) await forgetDomain(uow, domain);
    uow.log({ ...attempt, before: { domain, isVerified: verified !== null } });
    return ok(undefined);
  });
}

const attemptOn = <K extends ChangeKind>(kind: K, domain: string) =>
  ({ kind, subject: { kind: "domain", id: null, name: domain } }) as const;
