import { confirmSsoRemoval, type Refusal } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { z } from "zod";
import { noticeOwners } from "../account/security-notice.ts";
import { recordChanges } from "../store/change-log.ts";
import { inOrganization } from "../store/unit-of-work.ts";
import type { Database } from "../store/database.ts";
import { isUuid } from "../store/id.ts";
import { mailTemplate } from "../mail/mail-text.ts";
import type { Queryable } from "../store/queryable.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";
import { readSignInWays } from "./sign-in-ways.ts";

/** What an identity provider's metadata says of itself. `certificates`: DER in base64, those it signs with. */
export type IdentityProvider = {
  readonly entityId: string;
  readonly signInUrl: string;
  readonly certificates: readonly string[];
  /** Where the metadata was read; null where an owner pasted it. */
  readonly metadataUrl: string | null;
};

const connectionRow = z.object({
  entityId: z.string(),
  signInUrl: z.string(),
  certificates: z.array(z.string()),
  metadataUrl: z.string().nullable(),
  isRequired: z.boolean(),
  updatedAt: z.date(),
  /** When a test of the connection last went well; null since the connection was changed. */
  testedAt: z.date().nullable(),
});
export type SsoConnection = z.infer<typeof connectionRow>;

export const ssoSubject = { kind: "sso", id: null, name: "" } as const;

/** The organization's connection, or undefined: none, or no such organization. */
export async function findSsoConnection(sql: Queryable, organizationId: string): Promise<SsoConnection | undefined> {
  if (!isUuid(organizationId)) return undefined;
  const [row] = await sql.query(find, [organizationId]);
  return row === undefined ? undefined : connectionRow.parse(row);
}

/** The organization that has verified the domain and set up single sign-on; undefined: none. */
export async function findSsoByDomain(sql: Queryable, domain: string): Promise<string | undefined> {
  const [row] = await sql.query(byDomain, [domain]);
  return row === undefined ? undefined : z.object({ organizationId: z.string() }).parse(row).organizationId;
}

/**
 * Sets the connection up, or replaces it; whether it is required stays, and it has to be tested anew. Sessions that the
 * former provider or a certificate that is gone may have vouched for end.
 */
export async function configureSso(
  database: Database,
  context: WriteContext,
  provider: IdentityProvider,
): Promise<Result<void, never>> {
  const { organizationId, now } = context;
  const attempt = { kind: "sso.configured", subject: ssoSubject } as const;
  return inOrganization(database, context, attempt, async (tx) => {
    const former = await findSsoConnection(tx, organizationId);
    const { entityId, signInUrl, certificates, metadataUrl } = provider;
    await tx.query(save, [organizationId, entityId, signInUrl, certificates, metadataUrl, now]);
    if (former !== undefined && !isTrustKept(former, provider)) await tx.query(endSessions, [organizationId, now]);
    const before = former === undefined ? null : factsOf(former);
    await recordChanges(tx, [{ ...entryOf(context), ...attempt, before, after: factsOf(provider) }]);
    const deed = mailTemplate`set up single sign-on with ${entityId}. It can sign in members of your organization`;
    await noticeOwners(tx, context, { kind: "ssoChanged", subject: mailTemplate`Single sign-on was changed`, deed });
    return ok(undefined);
  });
}

type RemoveRefusal = Refusal<"ssoNotConfigured" | "confirmationWrong">;

/**
 * Forgets the connection, its requirement and its exemptions: whoever has a password signs in with it again. Sessions that
 * it vouched for end. `typed`: how many people cannot sign in then (`ssoRemovalPhrase`).
 */
export async function removeSso(
  database: Database,
  context: WriteContext,
  typed: string,
): Promise<Result<void, RemoveRefusal>> {
  const { organizationId, now } = context;
  const attempt = { kind: "sso.removed", subject: ssoSubject } as const;
  return inOrganization(database, context, attempt, async (tx): Promise<Result<void, RemoveRefusal>> => {
    const former = await findSsoConnection(tx, organizationId);
    if (former === undefined) return err({ kind: "ssoNotConfigured" });
    const confirmed = confirmSsoRemoval((await readSignInWays(tx, organizationId)).locked, typed);
    if (!confirmed.ok) return confirmed;
    await tx.query(forgetExemptions, [organizationId]);
    await tx.query(forget, [organizationId]);
    await tx.query(endSessions, [organizationId, now]);
    const before = { ...factsOf(former), isRequired: former.isRequired };
    await recordChanges(tx, [{ ...entryOf(context), ...attempt, before, after: null }]);
    const deed = mailTemplate`removed single sign-on with ${former.entityId}`;
    await noticeOwners(tx, context, { kind: "ssoChanged", subject: mailTemplate`Single sign-on was removed`, deed });
    return ok(undefined);
  });
}

/** The same provider with every certificate that it had; it may have more. */
function isTrustKept(former: IdentityProvider, next: IdentityProvider): boolean {
  return former.entityId === next.entityId && former.certificates.every((one) => next.certificates.includes(one));
}

function factsOf({ entityId, signInUrl, certificates, metadataUrl }: IdentityProvider): object {
  return { entityId, signInUrl, metadataUrl, certificates: certificates.length };
}

const find = {
  name: "sso_connection_find",
  text: `select entity_id as "entityId", sign_in_url as "signInUrl", certificates, metadata_url as "metadataUrl",
      is_required as "isRequired", updated_at as "updatedAt", tested_at as "testedAt"
    from sso_connection where organization_id = $1`,
};
const byDomain = {
  name: "sso_connection_by_domain",
  text: `select c.organization_id as "organizationId" from verified_domain d
    join sso_connection c on c.organization_id = d.organization_id where d.domain = $1`,
};
const save = {
  name: "sso_connection_save",
  text: `insert into sso_connection (organization_id, entity_id, sign_in_url, certificates, metadata_url, is_required,
      created_at, updated_at) values ($1, $2, $3, $4, $5, false, $6, $6)
    on conflict (organization_id) do update set entity_id = excluded.entity_id, sign_in_url = excluded.sign_in_url,
      certificates = excluded.certificates, metadata_url = excluded.metadata_url, updated_at = excluded.updated_at,
      tested_at = null`,
};
const endSessions = {
  name: "sso_sessions_end",
  text: "update session set ended_at = $2 where organization_id = $1 and method = 'sso' and ended_at is null",
};
const forget = { name: "sso_connection_forget", text: "delete from sso_connection where organization_id = $1" };
const forgetExemptions = {
  name: "sso_exemptions_forget",
  text: "delete from exemption where organization_id = $1 and kind = 'sso'",
};
