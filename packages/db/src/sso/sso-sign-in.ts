import { admitBySso, domainOf, emailKey, type SessionProofs, type SsoProblem } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { sql } from "kysely";
import { holdAccount } from "../account/account-row.ts";
import { endSession, sessionDays, startSession, type Browser, type SessionStart } from "../session/session.ts";
import type { Database } from "../store/database.ts";
import { acceptByDomain } from "../member/member-acceptance.ts";
import { verifiedAmong } from "../store/organization-lock.ts";
import type { Queryable } from "../store/queryable.ts";
import { useSsoRequest } from "./sso-request.ts";
import type { RequestStamp } from "../store/write-context.ts";

/** An assertion with a valid signature, audience and time. */
export type TrustedAssertion = {
  readonly organizationId: string;
  readonly assertionId: string;
  /** Recorded until then to prevent replays. */
  readonly usableUntil: Date;
  /** The id of its request. */
  readonly requestId: string;
  readonly nameId: string;
  /** `updatedAt` of the connection that validated it: refused if the connection has changed since. */
  readonly trustedSince: Date;
  /** The provider's entity id, stored with the session. */
  readonly issuer: string;
  /** When the person signed in there, and when the session must end; null: not specified. */
  readonly authenticatedAt: Date | null;
  readonly sessionUntil: Date | null;
};

type Admission = { readonly memberId: string; readonly accountId: string | null; readonly isAccepting: boolean };
type SignedIn = { readonly cookie: string; readonly nextPath: string };

/**
 * Signs in the member with the assertion's address, in the browser that sent the request, and ends that browser's
 * former session. Request, assertion and sessions are saved in one transaction, so that a refusal saves nothing, and a
 * concurrently replayed assertion is used once.
 */
export function signInBySso(
  database: Database,
  assertion: TrustedAssertion,
  browser: Browser,
  at: RequestStamp,
): Promise<Result<SignedIn, SsoProblem>> {
  const { organizationId, requestId: id } = assertion;
  const { now } = at;
  return database.transaction(
    async (tx): Promise<Result<SignedIn, SsoProblem>> => {
      if (!(await holdConnection(tx, assertion))) return err("notConfigured");
      const request = await useSsoRequest(tx, { organizationId, id, browserHash: browser.hash ?? null }, now);
      if (request === undefined) return err("request");
      if (!(await remember(tx, assertion))) return err("replayed");
      const admitted = await admit(tx, organizationId, assertion.nameId, at);
      if (!admitted.ok) return admitted;
      const { accountId } = admitted.value;
      if (accountId === null) return err("noMember");
      // Whoever ends the account's sessions, or sets another password, has done so or waits.
      await holdAccount(tx, accountId);
      const former = request.formerSession;
      const start = { ...startOf(assertion, now), ...(await ownProofs(tx, former, accountId, now)) };
      const cookie = await startSession(tx, { organizationId, accountId }, browser, now, start);
      if (cookie === undefined) return err("noMember");
      // After the member is locked, as by a deactivation.
      if (former !== null) await endSession(tx, former, now);
      await forgetOld(tx, organizationId, now);
      return ok({ cookie, nextPath: request.nextPath });
    },
    (outcome) => outcome.ok,
  );
}

type OwnProofs = Pick<SessionProofs, "passwordAt" | "secondFactorAt">;
const nothingProven: OwnProofs = { passwordAt: null, secondFactorAt: null };

/** What the same person has proven in the browser's former session, for as long as a session may last. */
async function ownProofs(
  tx: Queryable,
  former: Parameters<typeof endSession>[1] | null,
  accountId: string,
  now: Date,
): Promise<OwnProofs> {
  if (former === null) return nothingProven;
  const proofs = await tx.db
    .selectFrom("session")
    .where((eb) => eb.and({ organizationId: former.organizationId, id: former.sessionId, accountId, endedAt: null }))
    .select(["passwordAt", "secondFactorAt"])
    .executeTakeFirst();
  const since = new Date(now.getTime() - sessionDays * 86_400_000);
  const kept = (at: Date | null | undefined): Date | null =>
    at !== null && at !== undefined && at > since ? at : null;
  return { passwordAt: kept(proofs?.passwordAt), secondFactorAt: kept(proofs?.secondFactorAt) };
}

/** A sign-in in the future comes from a fast clock. */
function startOf({ authenticatedAt, sessionUntil, issuer }: TrustedAssertion, now: Date): SessionStart {
  const ssoAt = authenticatedAt !== null && authenticatedAt < now ? authenticatedAt : now;
  return { method: "sso", passwordAt: null, secondFactorAt: null, ssoAt, ssoEntityId: issuer, until: sessionUntil };
}

/** The member that an address would sign in, by the rules of a sign-in. Never creates an account. */
export async function admissionOf(
  sql: Queryable,
  organizationId: string,
  nameId: string,
): Promise<Result<Admission, SsoProblem>> {
  const domain = domainOf(nameId);
  const isDomainVerified = (await verifiedAmong(sql, organizationId, [domain])).has(domain);
  const member = await memberByAddress(sql, organizationId, emailKey(nameId), isDomainVerified);
  const admitted = admitBySso(member === undefined ? null : { ...member, isDomainVerified });
  if (!admitted.ok) return admitted;
  return member === undefined ? err("noMember") : ok({ ...member, ...admitted.value });
}

/** As `admissionOf`, and accepts a pending membership that the organization may accept for the person. */
async function admit(
  tx: Queryable,
  organizationId: string,
  nameId: string,
  at: RequestStamp,
): Promise<Result<Admission, SsoProblem>> {
  const admitted = await admissionOf(tx, organizationId, nameId);
  if (!admitted.ok || !admitted.value.isAccepting) return admitted;
  const what = { organizationId, domain: domainOf(nameId), userNameKey: emailKey(nameId) };
  await acceptByDomain(tx, what, at);
  return admissionOf(tx, organizationId, nameId);
}

/** Locked until the session is saved, so that removing the connection either sees the session or prevents it. */
async function holdConnection(
  { db }: Queryable,
  { organizationId, trustedSince }: Pick<TrustedAssertion, "organizationId" | "trustedSince">,
): Promise<boolean> {
  const held = await db
    .selectFrom("sso_connection")
    .where((eb) => eb.and({ organizationId, updatedAt: trustedSince }))
    .select("organizationId")
    .forShare()
    .executeTakeFirst();
  return held !== undefined;
}

/** False if the assertion was used before. */
async function remember({ db }: Queryable, assertion: TrustedAssertion): Promise<boolean> {
  const { organizationId, assertionId: id, usableUntil: expiresAt } = assertion;
  const kept = await db
    .insertInto("sso_assertion")
    .values({ organizationId, id, expiresAt })
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .executeTakeFirst();
  return kept !== undefined;
}

async function forgetOld({ db }: Queryable, organizationId: string, now: Date): Promise<void> {
  await db
    .deleteFrom("sso_assertion")
    .where("organizationId", "=", organizationId)
    .where("id", "in", (eb) =>
      eb
        .selectFrom("sso_assertion")
        .where("organizationId", "=", organizationId)
        .where("expiresAt", "<", now)
        .orderBy("id")
        .limit(100)
        .forUpdate()
        .skipLocked()
        .select("id"),
    )
    .execute();
}

/**
 * The member whose account has the address, or else the one whom the directory knows by it: a pending one, or in a
 * verified domain also one whose account has another address, changed while no lock applied.
 */
function memberByAddress({ db }: Queryable, organizationId: string, key: string, isDomainVerified: boolean) {
  const columns = ["m.id as memberId", "m.accountId", "m.active as isActive", "m.awaitsAcceptance"] as const;
  const visible = db
    .selectFrom("member as m")
    .where("m.organizationId", "=", organizationId)
    .where("m.isDeleted", "=", false)
    .select(columns);
  const named = visible
    .where("m.userNameKey", "=", key)
    .where((eb) =>
      eb.or([eb("m.awaitsAcceptance", "=", true), eb.and([eb.lit(isDomainVerified), eb("m.isManaged", "=", true)])]),
    );
  const members = visible.innerJoin("account as a", "a.id", "m.accountId").where("a.emailKey", "=", key);
  return db
    .selectFrom(
      members
        .select(sql.lit(1).as("rank"))
        .unionAll(named.select(sql.lit(2).as("rank")))
        .as("m"),
    )
    .selectAll()
    .orderBy("m.rank")
    .limit(1)
    .executeTakeFirst();
}
