import { mailTemplate } from "../mail/mail-text.ts";
import {
  endingTokens,
  checkTokenIssue,
  leftWithout,
  checkTokenRevocation,
  rotateToken as decideRotation,
  tokenStatus,
  type ChangeKind,
  type Refusal,
  type TokensLeft,
  type TokenStatus,
} from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { noticeOwners } from "../account/security-notice.ts";
import { ScimTokenSchema } from "../model/scim-token.ts";
import type { Database } from "../store/database.ts";
import { isUuid } from "../store/id.ts";
import type { Queryable } from "../store/queryable.ts";
import { inOrganization, type UnitOfWork } from "../store/unit-of-work.ts";
import type { WriteContext } from "../store/write-context.ts";
import { activeTokens, addToken, revoke, type IssuedToken, type ScimToken } from "./scim-token-store.ts";

export type { IssuedToken } from "./scim-token-store.ts";

/** A token for owners. `prefix` is the public start of its text. */
export type ListedToken = Omit<Awaited<ReturnType<typeof newestTokens>>[number], "keyId"> & {
  readonly prefix: string;
  readonly status: TokenStatus;
  /** The end that a rotation has set for an active token. */
  readonly endsAt: Date | null;
  /** Whether it ends within 30 days without a newer token. */
  readonly isEnding: boolean;
  /** What revoking it would leave, if no lasting token; null: no confirmation needed. */
  readonly leaves: TokensLeft | null;
};

/** Issues a token. Its text is returned only here. At most five tokens are active at a time. */
export function issueToken(
  database: Database,
  context: WriteContext,
  { name }: { readonly name: string },
): Promise<Result<IssuedToken, Refusal<"tokenLimitReached">>> {
  const attempt = { kind: "token.issued", subject: { kind: "token", id: null, name } } as const;
  return inOrganization(database, context, attempt, async (uow) => {
    const allowed = checkTokenIssue((await activeTokens(uow)).length);
    if (!allowed.ok) return allowed;
    const issued = addToken(uow, { name });
    const subject = { ...attempt.subject, id: issued.tokenId };
    uow.log({ ...attempt, subject, after: { name, expiresAt: issued.expiresAt } });
    const predicate = mailTemplate`created the SCIM token “${name}”. Whoever has it can change your organization’s members`;
    await noticeOwners(uow, context, {
      kind: "tokenIssued",
      subject: mailTemplate`A SCIM token was created`,
      predicate,
    });
    return ok(issued);
  });
}

type Revocation = Result<void, Refusal<"tokenNotFound" | "lastTokenUnconfirmed">>;

/** Revokes a token; does nothing for one that has ended. `isLastConfirmed`: it may be the last lasting token. */
export function revokeToken(
  database: Database,
  context: WriteContext,
  { tokenId, isLastConfirmed }: { readonly tokenId: string; readonly isLastConfirmed: boolean },
): Promise<Revocation> {
  return inOrganization(database, context, attemptOn("token.revoked", tokenId), async (uow): Promise<Revocation> => {
    const token = await findToken(uow, tokenId);
    if (token === null) return err({ kind: "tokenNotFound", tokenId });
    if (tokenStatus(token, uow.now) !== "ACTIVE") return ok(undefined);
    const others = (await activeTokens(uow)).filter((other) => other !== token);
    const decided = checkTokenRevocation(token, others, { now: uow.now, isConfirmed: isLastConfirmed });
    if (decided.ok) revoke(uow, token);
    return decided;
  });
}

type Rotation = Result<IssuedToken & { readonly oldEndsAt: Date }, RotationRefusal>;
export type RotationRefusal = Refusal<"tokenNotFound" | "tokenNotActive" | "tokenLimitReached">;

/**
 * Issues a successor of the same name and ends the old token after `overlapDays` (0 to 30; 0: immediately). During the
 * overlap both count towards the limit of five.
 */
export function rotateToken(
  database: Database,
  context: WriteContext,
  { tokenId, overlapDays }: { readonly tokenId: string; readonly overlapDays: number },
): Promise<Rotation> {
  const attempt = attemptOn("token.rotated", tokenId);
  return inOrganization(database, context, attempt, async (uow): Promise<Rotation> => {
    const token = await findToken(uow, tokenId);
    if (token === null) return err({ kind: "tokenNotFound", tokenId });
    const decided = decideRotation(token, overlapDays, uow.now);
    if (!decided.ok) return decided;
    const oldEndsAt = decided.value.endsAt;
    const active = await activeTokens(uow);
    const allowed = checkTokenIssue(active.length - (oldEndsAt <= uow.now ? 1 : 0));
    if (!allowed.ok) return allowed;
    const before = { tokenId, revokedAt: token.revokedAt };
    token.revokedAt = oldEndsAt;
    const issued = addToken(uow, { name: token.name, replacesId: tokenId });
    const after = { tokenId: issued.tokenId, expiresAt: issued.expiresAt, oldEndsAt };
    uow.log({ ...attempt, subject: { ...attempt.subject, name: token.name }, before, after });
    const predicate = mailTemplate`rotated the SCIM token “${token.name}”`;
    await noticeOwners(uow, context, {
      kind: "tokenIssued",
      subject: mailTemplate`A SCIM token was rotated`,
      predicate,
    });
    return ok({ ...issued, oldEndsAt });
  });
}

/** At most 100 tokens, newest first; active and expired tokens take precedence over revoked ones. */
export async function listTokens(
  database: Database,
  organizationId: string,
  now: Date,
): Promise<readonly ListedToken[]> {
  const tokens = await newestTokens(database.sql, organizationId, now);
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

function newestTokens({ db }: Queryable, organizationId: string, now: Date) {
  const shown = db
    .selectFrom("scim_token")
    .where("organizationId", "=", organizationId)
    .select(["id", "name", "keyId", "createdBy", "createdAt", "expiresAt", "revokedAt", "replacesId"])
    .select(["lastUsedAt", "lastUsedIp", "lastUsedClient"])
    .orderBy((eb) => eb.or([eb("revokedAt", "is", null), eb("revokedAt", ">", now)]), "desc")
    .orderBy("id", "desc")
    .limit(100);
  return db.selectFrom(shown.as("shown")).selectAll().orderBy("id", "desc").execute();
}

/** The organization's token, if the text is a UUID and known. */
async function findToken({ em }: UnitOfWork, tokenId: string): Promise<ScimToken | null> {
  return isUuid(tokenId) ? em.findOne(ScimTokenSchema, { id: tokenId }) : null;
}

const attemptOn = <K extends ChangeKind>(kind: K, tokenId: string) =>
  ({ kind, subject: { kind: "token", id: isUuid(tokenId) ? tokenId : null, name: "" } }) as const;
