import { mailTemplate } from "../mail/mail-text.ts";
import {
  endingTokens,
  issueToken as decideIssue,
  leftWithout,
  revokeToken as decideRevocation,
  rotateToken as decideRotation,
  tokenStatus,
  type Refusal,
  type TokensLeft,
  type TokenStatus,
} from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { noticeOwners } from "../account/security-notice.ts";
import { recordChanges } from "../store/change-log.ts";
import type { Database } from "../store/database.ts";
import { isUuid } from "../store/id.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";
import { inOrganization } from "../store/unit-of-work.ts";
import {
  activeTokens,
  endToken,
  findToken,
  insertToken,
  revocationOf,
  tokenColumns,
  tokenShape,
  type IssuedToken,
  type TokenRow,
} from "./scim-token-store.ts";

export type { IssuedToken } from "./scim-token-store.ts";

/** A token as owners see it. `prefix` is the public start of its text. */
export type ListedToken = Omit<TokenRow, "keyId"> & {
  readonly prefix: string;
  readonly status: TokenStatus;
  /** Set where the token still works but a rotation has already fixed its end. */
  readonly endsAt: Date | null;
  /** Does it end within 30 days, with no newer token to outlast it? */
  readonly isEnding: boolean;
  /** What revoking it would leave, where that is no lasting token; null: there is nothing to ask. */
  readonly leaves: TokensLeft | null;
};

/** Issues a token. Its text leaves here and is never known again. At most five are active at a time. */
export function issueToken(
  database: Database,
  context: WriteContext,
  wish: { readonly name: string },
): Promise<Result<IssuedToken, Refusal<"tokenLimitReached">>> {
  const nobody = { kind: "token", id: null, name: wish.name } as const;
  return inOrganization(database, context, { kind: "token.issued", subject: nobody }, async (tx) => {
    const active = await activeTokens(tx, context.organizationId, context.now);
    const allowed = decideIssue(active.length);
    if (!allowed.ok) return allowed;
    const issued = await insertToken(tx, context, wish);
    const subject = { ...nobody, id: issued.tokenId };
    const after = { name: wish.name, expiresAt: issued.expiresAt };
    await recordChanges(tx, [{ ...entryOf(context), kind: "token.issued", subject, after }]);
    const deed = mailTemplate`created the SCIM token “${wish.name}”. Whoever has it can change your organization’s members`;
    await noticeOwners(tx, context, { kind: "tokenIssued", subject: mailTemplate`A SCIM token was created`, deed });
    return ok(issued);
  });
}

type Revocation = Result<void, Refusal<"tokenNotFound" | "lastTokenUnconfirmed">>;

/**
 * Ends a token now. One that has ended already is left as it is, and that is no error. `isLastConfirmed`: it may be the
 * last that lasts.
 */
export function revokeToken(
  database: Database,
  context: WriteContext,
  wish: { readonly tokenId: string; readonly isLastConfirmed: boolean },
): Promise<Revocation> {
  const { tokenId, isLastConfirmed: isConfirmed } = wish;
  const subject = { kind: "token", id: isUuid(tokenId) ? tokenId : null, name: "" } as const;
  return inOrganization(database, context, { kind: "token.revoked", subject }, async (tx): Promise<Revocation> => {
    const { organizationId, now } = context;
    const token = isUuid(tokenId) ? await findToken(tx, organizationId, tokenId) : null;
    if (token === null) return err({ kind: "tokenNotFound", tokenId });
    if (tokenStatus(token, now) !== "ACTIVE") return ok(undefined);
    const others = (await activeTokens(tx, organizationId, now)).filter(({ id }) => id !== token.id);
    const decided = decideRevocation(token, others, { now, isConfirmed });
    if (!decided.ok) return decided;
    await endToken(tx, organizationId, token.id, now);
    await recordChanges(tx, [revocationOf(context, token)]);
    return ok(undefined);
  });
}

type Rotation = Result<IssuedToken & { readonly oldEndsAt: Date }, RotationRefusal>;
export type RotationRefusal = Refusal<"tokenNotFound" | "tokenNotActive" | "tokenLimitReached">;

/**
 * Issues a successor of the same name and ends the old token after `overlapDays` (0 to 30; 0: at once). While both work
 * both count towards the limit of five.
 */
export function rotateToken(
  database: Database,
  context: WriteContext,
  wish: { readonly tokenId: string; readonly overlapDays: number },
): Promise<Rotation> {
  const { tokenId, overlapDays } = wish;
  const { organizationId, now } = context;
  const subject = { kind: "token", id: isUuid(tokenId) ? tokenId : null, name: "" } as const;
  return inOrganization(database, context, { kind: "token.rotated", subject }, async (tx): Promise<Rotation> => {
    const token = isUuid(tokenId) ? await findToken(tx, organizationId, tokenId) : null;
    if (token === null) return err({ kind: "tokenNotFound", tokenId });
    const decided = decideRotation(token, overlapDays, now);
    if (!decided.ok) return decided;
    const oldEndsAt = decided.value.endsAt;
    const active = await activeTokens(tx, organizationId, now);
    const allowed = decideIssue(active.length - (oldEndsAt <= now ? 1 : 0));
    if (!allowed.ok) return allowed;
    await endToken(tx, organizationId, token.id, oldEndsAt);
    const issued = await insertToken(tx, context, { name: token.name, replacesId: token.id });
    const before = { tokenId: token.id, revokedAt: token.revokedAt };
    const after = { tokenId: issued.tokenId, expiresAt: issued.expiresAt, oldEndsAt };
    const known = { ...subject, id: token.id, name: token.name };
    await recordChanges(tx, [{ ...entryOf(context), kind: "token.rotated", subject: known, before, after }]);
    const deed = mailTemplate`rotated the SCIM token “${token.name}”`;
    await noticeOwners(tx, context, { kind: "tokenIssued", subject: mailTemplate`A SCIM token was rotated`, deed });
    return ok({ ...issued, oldEndsAt });
  });
}

/** At most 100 tokens, newest first. Of more, those that still work or have run out are kept before revoked ones. */
export async function listTokens(
  database: Database,
  organizationId: string,
  now: Date,
): Promise<readonly ListedToken[]> {
  const tokens = (await database.sql.query(newest, [organizationId, now])).map((row) => tokenShape.parse(row));
  const ending = new Set(endingTokens(tokens, now));
  return tokens.map((token) => {
    const { keyId, ...rest } = token;
    const status = tokenStatus(token, now);
    const others = tokens.filter((other) => other !== token);
    return {
      ...rest,
      prefix: `rcl_${keyId}`,
      status,
      endsAt: status === "ACTIVE" ? token.revokedAt : null,
      isEnding: ending.has(token),
      leaves: leftWithout(token, others, now) ?? null,
    };
  });
}

const newest = {
  name: "scim_token_list",
  text: `select ${tokenColumns} from (select * from scim_token where organization_id = $1
      order by (revoked_at is null or revoked_at > $2) desc, id desc limit 100) shown order by id desc`,
};
