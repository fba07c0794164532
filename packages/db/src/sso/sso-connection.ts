import { checkSsoRemoval, type Refusal } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { noticeOwners } from "../account/security-notice.ts";
import { ownersAsMembers } from "../member/active-owners.ts";
import { mailTemplate } from "../mail/mail-text.ts";
import { SsoConnectionSchema } from "../model/sso.ts";
import type { Database } from "../store/database.ts";
import { isUuid } from "../store/id.ts";
import type { Queryable } from "../store/queryable.ts";
import { inOrganization, type UnitOfWork } from "../store/unit-of-work.ts";
import type { WriteContext } from "../store/write-context.ts";
import { readSignInWays } from "./sign-in-ways.ts";

/** An identity provider's metadata. `certificates`: its signing certificates, DER in base64. */
export type IdentityProvider = {
  readonly entityId: string;
  readonly signInUrl: string;
  readonly certificates: readonly string[];
  /** The URL of the metadata; null if an owner pasted it. */
  readonly metadataUrl: string | null;
};

/** `testedAt`: the last successful test of the connection; null since it was changed. */
export type SsoConnection = NonNullable<Awaited<ReturnType<typeof findSsoConnection>>>;

export const ssoSubject = { kind: "sso", id: null, name: "" } as const;

export async function findSsoConnection({ db }: Queryable, organizationId: string) {
  if (!isUuid(organizationId)) return undefined;
  return db
    .selectFrom("sso_connection")
    .where("organizationId", "=", organizationId)
    .select(["entityId", "signInUrl", "certificates", "metadataUrl", "isRequired", "updatedAt", "testedAt"])
    .executeTakeFirst();
}

/** The organization that has verified the domain and set up single sign-on, if any. */
export async function findSsoByDomain({ db }: Queryable, domain: string): Promise<string | undefined> {
  const found = await db
    .selectFrom("verified_domain as d")
    .innerJoin("sso_connection as c", "c.organizationId", "d.organizationId")
    .where("d.domain", "=", domain)
    .select("c.organizationId")
    .executeTakeFirst();
  return found?.organizationId;
}

/**
 * Sets up or replaces the connection; the requirement stays, and the connection must be tested again. Ends sessions
 * from the former provider or a removed certificate; refused if no owner could sign in then without the new one.
 */
export function configureSso(
  database: Database,
  context: WriteContext,
  provider: IdentityProvider,
): Promise<Result<void, WithoutPassword>> {
  const attempt = { kind: "sso.configured", subject: ssoSubject } as const;
  return inOrganization(database, context, attempt, async (uow): Promise<Result<void, WithoutPassword>> => {
    const former = await findSsoConnection(uow, uow.organizationId);
    const endsTrust = former !== undefined && !isTrustKept(former, provider);
    if (endsTrust && !(await hasOwnerWithPassword(uow))) return err({ kind: "ownersWithoutPassword" });
    await save(uow, provider);
    if (endsTrust) await endSsoSessions(uow);
    uow.log({ ...attempt, before: former === undefined ? null : factsOf(former), after: factsOf(provider) });
    const predicate = mailTemplate`set up single sign-on with ${provider.entityId}. It can sign in members of your organization`;
    await noticeOwners(uow, uow, { kind: "ssoChanged", subject: mailTemplate`Single sign-on was changed`, predicate });
    return ok(undefined);
  });
}

type WithoutPassword = Refusal<"ownersWithoutPassword">;
type NotConfigured = Refusal<"ssoNotConfigured">;
type RemoveRefusal = NotConfigured | WithoutPassword | Refusal<"confirmationWrong">;

/**
 * Removes the connection, its requirement, its exemptions and its sessions: people with a password can sign in with it
 * again. `typed`: the confirmation with the number of people who cannot sign in then (`ssoRemovalPhrase`).
 */
export function removeSso(
  database: Database,
  context: WriteContext,
  typed: string,
): Promise<Result<void, RemoveRefusal>> {
  const attempt = { kind: "sso.removed", subject: ssoSubject } as const;
  // Locks depend on the other organizations of a person too.
  const inAll = { ...attempt, seesOthers: true };
  return inOrganization(database, context, inAll, async (uow): Promise<Result<void, RemoveRefusal>> => {
    const { db, organizationId } = uow;
    const former = await findSsoConnection(uow, organizationId);
    if (former === undefined) return err({ kind: "ssoNotConfigured" });
    const confirmed = checkSsoRemoval((await readSignInWays(uow, organizationId)).locked, typed);
    if (!confirmed.ok) return confirmed;
    if (!(await hasOwnerWithPassword(uow))) return err({ kind: "ownersWithoutPassword" });
    await db.deleteFrom("exemption").where("organizationId", "=", organizationId).where("kind", "=", "sso").execute();
    await db.deleteFrom("sso_connection").where("organizationId", "=", organizationId).execute();
    await endSsoSessions(uow);
    uow.log({ ...attempt, before: { ...factsOf(former), isRequired: former.isRequired } });
    const predicate = mailTemplate`removed single sign-on with ${former.entityId}`;
    await noticeOwners(uow, uow, { kind: "ssoChanged", subject: mailTemplate`Single sign-on was removed`, predicate });
    return ok(undefined);
  });
}

/**
 * Sets whether single sign-on is required of everybody except owners and exempt members. Sessions from a password end
 * with their next request (`loadSession`). `updatedAt` stays, because the trusted provider does not change.
 */
export function setSsoRequired(
  database: Database,
  context: WriteContext,
  isRequired: boolean,
): Promise<Result<void, NotConfigured>> {
  const attempt = { kind: "sso.requirement_changed", subject: ssoSubject } as const;
  return inOrganization(database, context, attempt, async (uow): Promise<Result<void, NotConfigured>> => {
    const connection = await uow.em.findOne(SsoConnectionSchema, uow.organizationId);
    if (connection === null) return err({ kind: "ssoNotConfigured" });
    if (connection.isRequired === isRequired) return ok(undefined);
    uow.log({ ...attempt, before: { isRequired: connection.isRequired }, after: { isRequired } });
    connection.isRequired = isRequired;
    const predicate = isRequired
      ? mailTemplate`required single sign-on`
      : mailTemplate`allowed members to sign in without single sign-on`;
    await noticeOwners(uow, uow, { kind: "ssoChanged", subject: mailTemplate`Single sign-on was changed`, predicate });
    return ok(undefined);
  });
}

async function hasOwnerWithPassword({ db, organizationId }: UnitOfWork): Promise<boolean> {
  const owner = await ownersAsMembers(db, organizationId)
    .innerJoin("account as a", "a.id", "o.accountId")
    .where("o.hasAccess", "=", true)
    .where("a.passwordHash", "is not", null)
    .limit(1)
    .executeTakeFirst();
  return owner !== undefined;
}

/** One statement, so that a concurrent test of the former provider does not count for this one. */
async function save({ db, organizationId, now }: UnitOfWork, provider: IdentityProvider): Promise<void> {
  const { entityId, signInUrl, metadataUrl } = provider;
  const changed = { entityId, signInUrl, certificates: [...provider.certificates], metadataUrl, updatedAt: now };
  await db
    .insertInto("sso_connection")
    .values({ ...changed, organizationId, isRequired: false, createdAt: now })
    .onConflict((conflict) => conflict.column("organizationId").doUpdateSet({ ...changed, testedAt: null }))
    .execute();
}

async function endSsoSessions({ db, organizationId, now }: UnitOfWork): Promise<void> {
  await db
    .updateTable("session")
    .set({ endedAt: now })
    .where((eb) => eb.and({ organizationId, method: "sso", endedAt: null }))
    .execute();
}

/** Whether the provider is the same with all its former certificates; it may have more. */
function isTrustKept(former: IdentityProvider, next: IdentityProvider): boolean {
  return former.entityId === next.entityId && former.certificates.every((one) => next.certificates.includes(one));
}

function factsOf({ entityId, signInUrl, certificates, metadataUrl }: IdentityProvider): object {
  return { entityId, signInUrl, metadataUrl, certificates: certificates.length };
}
