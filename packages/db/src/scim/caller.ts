import { timingSafeEqual } from "node:crypto";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import type { Kysely } from "kysely";
import type { Queryable } from "../store/queryable.ts";
import { lookUpStatement, type Parameter, type RowOf } from "../store/statement.ts";
import type { Tables } from "../store/tables.ts";
import type { RequestStamp, WriteContext } from "../store/write-context.ts";
import { hashToken, keyIdOf } from "../scim-token/token-text.ts";

/** A well-formed token that is not verified yet. */
export type Credential = { readonly keyId: string; readonly secretHash: Buffer };

/** The authenticated token with its organization. */
export type Caller = {
  readonly organizationId: string;
  readonly tokenId: string;
  readonly tokenName: string;
  readonly defaultRoleId: string;
  readonly isGuardOn: boolean;
};

/**
 * Why authentication failed. `identity`: the token's organization, if the secret was right; `claimed`: if only the
 * public key id was; it is for that organization's log and must not be disclosed to the client.
 */
export type CallerRefusal = {
  readonly kind: "tokenUnknown" | "tokenExpired" | "tokenRevoked" | "provisioningOff";
  readonly identity?: { readonly organizationId: string; readonly tokenId: string; readonly at: Date };
  readonly claimed?: { readonly organizationId: string; readonly tokenId: string };
};

/** The caller as the author of a write. */
export function contextOf(caller: Caller, at: RequestStamp): WriteContext {
  return {
    organizationId: caller.organizationId,
    defaultRoleId: caller.defaultRoleId,
    actor: { kind: "token", id: caller.tokenId, name: caller.tokenName },
    now: at.now,
    requestId: at.requestId,
  };
}

/** Parses a token's text; undefined if the form or checksum is wrong. */
export function credentialOf(token: string): Credential | undefined {
  const keyId = keyIdOf(token);
  return keyId === undefined ? undefined : { keyId, secretHash: hashToken(token) };
}

/** Checks the caller's columns of a statement's first row; no row means an unknown key id. */
export function judgeCaller(
  caller: CallerRow | undefined,
  credential: Credential,
  now: Date,
): Result<Caller, CallerRefusal> {
  if (caller === undefined) return err({ kind: "tokenUnknown" });
  const claimed = { organizationId: caller.callerOrganizationId, tokenId: caller.callerTokenId };
  if (!timingSafeEqual(caller.callerSecretHash, credential.secretHash)) return err({ kind: "tokenUnknown", claimed });
  const identity = { ...claimed, at: now };
  // Turning provisioning off revokes every token, but is the better explanation.
  if (!caller.callerIsOn || caller.callerDefaultRoleId === null) return err({ kind: "provisioningOff", identity });
  if (caller.callerRevokedAt !== null && caller.callerRevokedAt <= now) {
    return err({ kind: "tokenRevoked", identity: { ...identity, at: caller.callerRevokedAt } });
  }
  if (caller.callerExpiresAt <= now) {
    return err({ kind: "tokenExpired", identity: { ...identity, at: caller.callerExpiresAt } });
  }
  return ok({
    organizationId: identity.organizationId,
    tokenId: identity.tokenId,
    tokenName: caller.callerTokenName,
    defaultRoleId: caller.callerDefaultRoleId,
    isGuardOn: caller.callerIsGuardOn,
  });
}

/**
 * Starts every SCIM statement with the token's row by its key id, so that authentication needs no extra round trip and
 * a revocation takes effect with the next request.
 */
export function withCaller<P extends { readonly keyId: string }>(db: Kysely<Tables>, p: Parameter<P>) {
  return db.with("caller", (from) =>
    from
      .selectFrom("scim_token as t")
      .innerJoin("provisioning as p", "p.organizationId", "t.organizationId")
      .where("t.keyId", "=", p("keyId"))
      .select([
        "t.organizationId as callerOrganizationId",
        "t.id as callerTokenId",
        "t.name as callerTokenName",
        "t.secretHash as callerSecretHash",
        "t.expiresAt as callerExpiresAt",
        "t.revokedAt as callerRevokedAt",
        "p.isEnabled as callerIsOn",
        "p.defaultRoleId as callerDefaultRoleId",
        "p.isGuardOn as callerIsGuardOn",
        "p.domainsVersion as callerDomainsVersion",
      ]),
  );
}

/** The token with that public key id, whatever the secret. */
export async function loadClaimed(
  sql: Queryable,
  keyId: string,
): Promise<{ readonly organizationId: string; readonly tokenId: string } | undefined> {
  const [row] = await sql.run(callerOnly, { keyId });
  if (row === undefined) return undefined;
  return { organizationId: row.callerOrganizationId, tokenId: row.callerTokenId };
}

/** The caller's columns, for the end of a statement. */
export const callerFields = [
  "caller.callerOrganizationId",
  "caller.callerTokenId",
  "caller.callerTokenName",
  "caller.callerSecretHash",
  "caller.callerExpiresAt",
  "caller.callerRevokedAt",
  "caller.callerIsOn",
  "caller.callerDefaultRoleId",
  "caller.callerIsGuardOn",
  "caller.callerDomainsVersion",
] as const;

type CallerRow = RowOf<typeof callerOnly>;
const callerOnly = lookUpStatement<{ keyId: string }>()("scim_caller", (db, p) =>
  withCaller(db, p).selectFrom("caller").select(callerFields),
);

/** Authenticates a request that reads no tenant data (discovery). */
export async function loadCaller(
  sql: Queryable,
  credential: Credential,
  now: Date,
): Promise<Result<Caller, CallerRefusal>> {
  const [row] = await sql.run(callerOnly, { keyId: credential.keyId });
  return judgeCaller(row, credential, now);
}
