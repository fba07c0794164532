import { admitBySso, domainOf, emailKey, type SessionProofs, type SsoProblem } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { z } from "zod";
import type { At } from "../account/account-operation.ts";
import { endSession, startSession, type Browser, type SessionStart } from "../session/session.ts";
import type { Database } from "../store/database.ts";
import { acceptByDomain } from "../member/member-acceptance.ts";
import { verifiedAmong } from "../store/organization-lock.ts";
import type { Queryable } from "../store/queryable.ts";
import { useSsoRequest } from "./sso-request.ts";

/** A correctly signed assertion that is for us and in time. */
export type TrustedAssertion = {
  readonly organizationId: string;
  readonly assertionId: string;
  /** Until then it would be taken, so until then it is remembered. */
  readonly usableUntil: Date;
  /** The request that it answers. */
  readonly requestId: string;
  readonly nameId: string;
  /** `updatedAt` of the connection by which it was judged: a change since then is a refusal. */
  readonly trustedSince: Date;
  /** The provider's entity id, kept with the session. */
  readonly issuer: string;
  /** When the person signed in there, and when the session has to end; null: the provider does not say. */
  readonly authenticatedAt: Date | null;
  readonly sessionUntil: Date | null;
};

type Admission = { readonly memberId: string; readonly accountId: string | null; readonly isAccepting: boolean };
type SignedIn = { readonly cookie: string; readonly nextPath: string };

/**
 * Signs in the member whose account has the address that the assertion names, in the browser that has asked for it, and
 * ends that browser's former session. Request, assertion and sessions are saved in one transaction, so that a refusal
 * leaves nothing behind, and an assertion that comes twice at once is taken once.
 */
export function signInBySso(
  database: Database,
  assertion: TrustedAssertion,
  browser: Browser,
  at: At,
): Promise<Result<SignedIn, SsoProblem>> {
  const { organizationId, assertionId, usableUntil, requestId: id } = assertion;
  const { now } = at;
  return database.transaction(
    async (tx): Promise<Result<SignedIn, SsoProblem>> => {
      const held = await tx.query(holdConnection, [organizationId, assertion.trustedSince]);
      if (held.length === 0) return err("notConfigured");
      const request = await useSsoRequest(tx, { organizationId, id, browserHash: browser.hash ?? null }, now);
      if (request === undefined) return err("request");
      const seen = await tx.query(remember, [organizationId, assertionId, usableUntil]);
      if (seen.length === 0) return err("replayed");
      const admitted = await admit(tx, organizationId, assertion.nameId, at);
      if (!admitted.ok) return admitted;
      const { accountId } = admitted.value;
      if (accountId === null) return err("noMember");
      const former = await endFormer(tx, request.formerSession, accountId, now);
      const start = { ...startOf(assertion, now), ...former };
      const cookie = await startSession(tx, { organizationId, accountId }, browser, now, start);
      if (cookie === undefined) return err("noMember");
      await tx.query(forgetOld, [organizationId, now]);
      return ok({ cookie, nextPath: request.nextPath });
    },
    (outcome) => outcome.ok,
  );
}

type OwnProofs = Pick<SessionProofs, "passwordAt" | "secondFactorAt">;
const nothingProven: OwnProofs = { passwordAt: null, secondFactorAt: null };

/** Ends the browser's former session. What the same person has proven of their own in it goes along. */
async function endFormer(
  tx: Queryable,
  former: Parameters<typeof endSession>[1] | null,
  accountId: string,
  now: Date,
): Promise<OwnProofs> {
  if (former === null) return nothingProven;
  const [row] = await tx.query(ownProofs, [former.organizationId, former.sessionId, accountId]);
  await endSession(tx, former, now);
  return row === undefined ? nothingProven : proofsRow.parse(row);
}

/** A sign-in in the future is one of a clock that is ahead. */
function startOf({ authenticatedAt, sessionUntil, issuer }: TrustedAssertion, now: Date): SessionStart {
  const ssoAt = authenticatedAt !== null && authenticatedAt < now ? authenticatedAt : now;
  return { method: "sso", passwordAt: null, secondFactorAt: null, ssoAt, ssoEntityId: issuer, until: sessionUntil };
}

/** Whom an address would sign in, decided as for a sign-in. No account is ever made. */
export async function admissionOf(
  sql: Queryable,
  organizationId: string,
  nameId: string,
): Promise<Result<Admission, SsoProblem>> {
  const [row] = await sql.query(memberByEmail, [organizationId, emailKey(nameId)]);
  const member = row === undefined ? null : memberRow.parse(row);
  const domain = domainOf(nameId);
  const isDomainVerified = (await verifiedAmong(sql, organizationId, [domain])).has(domain);
  const admitted = admitBySso(member === null ? null : { ...member, isDomainVerified });
  if (!admitted.ok) return admitted;
  return member === null ? err("noMember") : ok({ ...member, ...admitted.value });
}

/** As `admissionOf`, and accepts a membership that the organization may accept for the person. */
async function admit(
  tx: Queryable,
  organizationId: string,
  nameId: string,
  at: At,
): Promise<Result<Admission, SsoProblem>> {
  const admitted = await admissionOf(tx, organizationId, nameId);
  if (!admitted.ok || !admitted.value.isAccepting) return admitted;
  const what = { organizationId, domain: domainOf(nameId), userNameKey: emailKey(nameId) };
  await acceptByDomain(tx, what, at);
  return admissionOf(tx, organizationId, nameId);
}

const proofsRow = z.object({ passwordAt: z.date().nullable(), secondFactorAt: z.date().nullable() });
const memberRow = z.object({
  memberId: z.string(),
  accountId: z.string().nullable(),
  isActive: z.boolean(),
  awaitsAcceptance: z.boolean(),
});

const ownProofs = {
  name: "sso_former_proofs",
  text: `select password_at as "passwordAt", second_factor_at as "secondFactorAt" from session
    where organization_id = $1 and id = $2 and account_id = $3 and ended_at is null`,
};
/** Held until the session is there, so that who removes the connection sees it or prevents it. */
const holdConnection = {
  name: "sso_connection_hold",
  text: "select 1 from sso_connection where organization_id = $1 and updated_at = $2 for share",
};
const remember = {
  name: "sso_assertion_add",
  text: `insert into sso_assertion (organization_id, id, expires_at) values ($1, $2, $3)
    on conflict do nothing returning id`,
};
const forgetOld = {
  name: "sso_assertion_forget",
  text: `delete from sso_assertion where organization_id = $1 and id in (select id from sso_assertion
    where organization_id = $1 and expires_at < $2 order by id limit 100
    for update skip locked)`,
};
/** The member whose account has the address, or else whose acceptance is awaited from its holder. */
const memberByEmail = {
  name: "sso_member",
  text: `select m.id as "memberId", m.account_id as "accountId", m.active as "isActive",
      m.awaits_acceptance as "awaitsAcceptance"
    from ((select m.* from account a join member m on m.organization_id = $1 and m.account_id = a.id and not m.is_deleted
        where a.email_key = $2)
      union all (select * from member where organization_id = $1 and user_name_key = $2 and awaits_acceptance
        and not is_deleted)) m order by m.awaits_acceptance limit 1`,
};
