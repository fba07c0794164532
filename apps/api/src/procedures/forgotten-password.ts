import { setTimeout } from "node:timers/promises";
import { requestPasswordReset, checkPasswordReset, completePasswordReset, inviteAwaited } from "@rollcall/db";
import { z } from "zod";
import { tooMany } from "../security/sign-in-throttle.ts";
import { invitationLink } from "./invitations.ts";
import { unwrap } from "../errors/trpc-error.ts";
import { publicProcedure, router } from "../trpc.ts";
import { done, linkInput, passwordInput, textInput } from "./schemas.ts";

/** The duration of every response; far longer than writing the email takes. */
const responseMs = 150;

export const forgottenPasswordRouter = router({
  /**
   * Sends the link of a reset, or those of memberships that await acceptance. The response is the same whether or not
   * such an account exists or is managed (AR-65).
   */
  request: publicProcedure
    .meta({ accountAction: "ask for a password reset" })
    .input(z.object({ email: textInput(254).trim().min(1, "Enter your email address.") }))
    .output(done)
    .mutation(async ({ ctx, input }) => {
      const waitS = await ctx.forgottenPasswordLimit.attempt(input.email, ctx.browser.ip ?? "unknown");
      if (waitS !== undefined) throw tooMany("Too many requests", waitS);
      const linkTo = (token: string): string => `${ctx.config.publicAppUrl}/reset-password?token=${token}`;
      // The duration must not reveal whether the account exists.
      const { email } = input;
      await Promise.all([
        requestPasswordReset(ctx.database, { email, linkTo }, ctx),
        inviteAwaited(ctx.database, { email, linkTo: invitationLink(ctx) }, ctx),
        setTimeout(responseMs),
      ]);
    }),

  /** Refuses an invalid link before a new password is typed. */
  check: publicProcedure
    .input(z.object({ token: linkInput }))
    .output(done)
    .query(async ({ ctx, input }) => unwrap(await checkPasswordReset(ctx.database.sql, input.token, ctx.now))),

  /** Sets the new password and ends every session. */
  complete: publicProcedure
    .meta({ accountAction: "complete a password reset" })
    .input(z.object({ token: linkInput, password: passwordInput }))
    .output(done)
    .mutation(async ({ ctx, input }) => unwrap(await completePasswordReset(ctx.database, input, ctx))),
});
