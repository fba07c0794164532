import { issueToken, listTokens, revokeAllTokens, revokeToken, rotateToken } from "@rollcall/db";
import { overlapDaysMax, tokenStatuses } from "@rollcall/domain";
import { z } from "zod";
import { unwrap } from "../errors/trpc-error.ts";
import { ownerProcedure, router } from "../trpc.ts";
import { done, idInput, isoDate, nameInput, textInput } from "./schemas.ts";

const token = z.object({
  id: z.string(),
  name: z.string(),
  prefix: z.string(),
  status: z.enum(tokenStatuses),
  createdBy: z.string(),
  createdAt: isoDate,
  expiresAt: isoDate,
  revokedAt: isoDate.nullable(),
  endsAt: isoDate.nullable(),
  lastUsedAt: isoDate.nullable(),
  lastUsedIp: z.string().nullable(),
  lastUsedClient: z.string().nullable(),
  replacesId: z.string().nullable(),
  isEnding: z.boolean(),
  leaves: z.object({ endsAt: isoDate.nullable() }).nullable(),
});
const issued = z.object({ id: z.string(), token: z.string(), expiresAt: isoDate });

export const tokensRouter = router({
  /** At most 100 tokens, newest first, revoked ones dropped first; never their text. */
  list: ownerProcedure
    .output(z.array(token))
    .query(async ({ ctx }) => [...(await listTokens(ctx.database, ctx.organizationId, ctx.now))]),

  /** Issues a token. Only this response holds its text; the database keeps its hash. */
  issue: ownerProcedure
    .meta({ accountAction: "none" })
    .input(z.object({ name: nameInput(100).min(1, "Give the token a name.") }))
    .output(issued)
    .mutation(async ({ ctx, input }) => {
      const { tokenId: id, token, expiresAt } = unwrap(await issueToken(ctx.database, ctx.write, input));
      return { id, token, expiresAt };
    }),

  /** Revokes a token. Revoking the last lasting token needs a confirmation. */
  revoke: ownerProcedure
    .meta({ accountAction: "none" })
    .input(z.object({ id: idInput, confirmLast: z.boolean().optional() }))
    .output(done)
    .mutation(async ({ ctx, input }) =>
      unwrap(
        await revokeToken(ctx.database, ctx.write, {
          tokenId: input.id,
          isLastConfirmed: input.confirmLast ?? false,
        }),
      ),
    ),

  /** Revokes every active token at once. `confirm` is their number, typed by the owner. */
  revokeAll: ownerProcedure
    .meta({ accountAction: "none" })
    .input(z.object({ confirm: textInput(100) }))
    .output(z.object({ count: z.number() }))
    .mutation(async ({ ctx, input }) => ({
      count: unwrap(await revokeAllTokens(ctx.database, ctx.write, input.confirm)),
    })),

  /** Issues a successor; the old token ends after `overlapDays`, immediately for 0. */
  rotate: ownerProcedure
    .meta({ accountAction: "none" })
    .input(z.object({ id: idInput, overlapDays: z.number().int().min(0).max(overlapDaysMax) }))
    .output(issued.extend({ oldEndsAt: isoDate }))
    .mutation(async ({ ctx, input }) => {
      const { id: tokenId, overlapDays } = input;
      const { tokenId: id, ...rest } = unwrap(await rotateToken(ctx.database, ctx.write, { tokenId, overlapDays }));
      return { id, ...rest };
    }),
});
