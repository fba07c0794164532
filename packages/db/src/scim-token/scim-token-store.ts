import type { InferEntity } from "@mikro-orm/postgresql";
import { tokenExpiry, tokenStatus } from "@rollcall/domain";
import { ScimTokenSchema } from "../model/scim-token.ts";
import { newId } from "../store/id.ts";
import type { Queryable } from "../store/queryable.ts";
import type { UnitOfWork } from "../store/unit-of-work.ts";
import { newTokenText } from "./token-text.ts";

export type ScimToken = InferEntity<typeof ScimTokenSchema>;

/** A new token. `token` is its text, which cannot be read again. */
export type IssuedToken = { readonly tokenId: string; readonly token: string; readonly expiresAt: Date };

/** Creates a token that is valid for 365 days, and stores the hash of its text. */
export function addToken(
  { em, organizationId, actor, now }: UnitOfWork,
  { name, replacesId = null }: { readonly name: string; readonly replacesId?: string | null },
): IssuedToken {
  const { text, keyId, secretHash } = newTokenText();
  const { id, expiresAt } = em.create(ScimTokenSchema, {
    organizationId,
    id: newId(),
    name,
    keyId,
    secretHash,
    createdBy: actor.name,
    createdAt: now,
    expiresAt: tokenExpiry(now),
    replacesId,
  });
  return { tokenId: id, token: text, expiresAt };
}

/** The tokens that are neither revoked nor expired; at most five by rule 10. */
export async function activeTokens({ em, now }: UnitOfWork): Promise<readonly ScimToken[]> {
  const isRunning = { expiresAt: { $gt: now }, $or: [{ revokedAt: null }, { revokedAt: { $gt: now } }] };
  const tokens = await em.find(ScimTokenSchema, isRunning, { orderBy: { id: "asc" } });
  return tokens.filter((token) => tokenStatus(token, now) === "ACTIVE");
}

/** The same as rows, for reading; oldest first. */
export function readActiveTokens({ db }: Queryable, organizationId: string, now: Date) {
  return db
    .selectFrom("scim_token")
    .where("organizationId", "=", organizationId)
    .where("expiresAt", ">", now)
    .where((eb) => eb.or([eb("revokedAt", "is", null), eb("revokedAt", ">", now)]))
    .orderBy("id")
    .select(["id", "name", "keyId", "createdAt", "createdBy", "expiresAt", "revokedAt", "lastUsedAt"])
    .execute();
}

/** Revokes every active token; returns their number. */
export async function revokeAllTokens(uow: UnitOfWork): Promise<number> {
  const tokens = await activeTokens(uow);
  for (const token of tokens) revoke(uow, token);
  return tokens.length;
}

export function revoke(uow: UnitOfWork, token: ScimToken): void {
  const subject = { kind: "token", id: token.id, name: token.name } as const;
  const [before, after] = [{ revokedAt: token.revokedAt }, { revokedAt: uow.now }];
  token.revokedAt = uow.now;
  uow.log({ kind: "token.revoked", subject, before, after });
}
