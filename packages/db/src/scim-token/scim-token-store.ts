import { tokenExpiry, tokenStatus } from "@rollcall/domain";
import { z } from "zod";
import { recordChanges } from "../store/change-log.ts";
import type { Queryable } from "../store/queryable.ts";
import { newTokenText } from "./token-text.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";
import { newId } from "../store/id.ts";

export const tokenShape = z.object({
  id: z.string(),
  name: z.string(),
  keyId: z.string(),
  createdBy: z.string(),
  createdAt: z.date(),
  expiresAt: z.date(),
  revokedAt: z.date().nullable(),
  lastUsedAt: z.date().nullable(),
  lastUsedIp: z.string().nullable(),
  lastUsedClient: z.string().nullable(),
  /** The token that this one took over from by a rotation. */
  replacesId: z.string().nullable(),
});
export type TokenRow = z.infer<typeof tokenShape>;

/** The columns of `TokenRow`; the hash is never read back here. */
export const tokenColumns = `id, name, key_id as "keyId", created_by as "createdBy", created_at as "createdAt",
  expires_at as "expiresAt", revoked_at as "revokedAt", last_used_at as "lastUsedAt", last_used_ip as "lastUsedIp",
  last_used_client as "lastUsedClient", replaces_id as "replacesId"`;

/** A token just made. `token` is its whole text, which nobody can read again. */
export type IssuedToken = { readonly tokenId: string; readonly token: string; readonly expiresAt: Date };

/** Keeps the hash of a new token, valid for 365 days. In a transaction under the organization's lock. */
export async function insertToken(
  tx: Queryable,
  context: WriteContext,
  { name, replacesId = null }: { readonly name: string; readonly replacesId?: string | null },
): Promise<IssuedToken> {
  const { text, keyId, secretHash } = newTokenText();
  const tokenId = newId();
  const expiresAt = tokenExpiry(context.now);
  const { organizationId, actor, now } = context;
  await tx.query(insert, [organizationId, tokenId, name, keyId, secretHash, actor.name, now, expiresAt, replacesId]);
  return { tokenId, token: text, expiresAt };
}

/** The organization's token of that id, or null. `tokenId` must be a UUID. */
export async function findToken(tx: Queryable, organizationId: string, tokenId: string): Promise<TokenRow | null> {
  const [row] = await tx.query(byId, [organizationId, tokenId]);
  return row === undefined ? null : tokenShape.parse(row);
}

/** Those tokens that have neither ended nor expired; at most five by rule 10. */
export async function activeTokens(tx: Queryable, organizationId: string, now: Date): Promise<readonly TokenRow[]> {
  const rows = (await tx.query(active, [organizationId, now])).map((row) => tokenShape.parse(row));
  return rows.filter((token) => tokenStatus(token, now) === "ACTIVE");
}

/** Ends a token at `endsAt`, which may lie in the future. */
export async function endToken(tx: Queryable, organizationId: string, tokenId: string, endsAt: Date): Promise<void> {
  await tx.query(end, [organizationId, tokenId, endsAt]);
}

/** Revokes every token that still works, now; returns how many. In a transaction under the organization's lock. */
export async function endAllTokens(tx: Queryable, context: WriteContext): Promise<number> {
  const { organizationId, now } = context;
  const tokens = await activeTokens(tx, organizationId, now);
  for (const token of tokens) await endToken(tx, organizationId, token.id, now);
  await recordChanges(
    tx,
    tokens.map((token) => revocationOf(context, token)),
  );
  return tokens.length;
}

/** The log entry of a revocation that takes effect now. */
export function revocationOf(context: WriteContext, token: TokenRow): Parameters<typeof recordChanges>[1][number] {
  return {
    ...entryOf(context),
    kind: "token.revoked",
    subject: { kind: "token", id: token.id, name: token.name },
    before: { revokedAt: token.revokedAt },
    after: { revokedAt: context.now },
  };
}

const insert = {
  name: "scim_token_insert",
  text: `insert into scim_token (organization_id, id, name, key_id, secret_hash, created_by, created_at, expires_at,
      replaces_id)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
};
const byId = {
  name: "scim_token_by_id",
  text: `select ${tokenColumns} from scim_token where organization_id = $1 and id = $2`,
};
const active = {
  name: "scim_token_active",
  text: `select ${tokenColumns} from scim_token where organization_id = $1 and expires_at > $2
    and (revoked_at is null or revoked_at > $2) order by id`,
};
const end = {
  name: "scim_token_end",
  text: "update scim_token set revoked_at = $3 where organization_id = $1 and id = $2",
};
