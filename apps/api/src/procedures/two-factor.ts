import { beginTwoFactor, confirmTwoFactor, endTwoFactor } from "@rollcall/db";
import { z } from "zod";
import { newTotpSecret, totpReader, totpSetup } from "../security/totp.ts";
import { unwrap } from "../errors/trpc-error.ts";
import { accountProcedure, router } from "../trpc.ts";
import { codeInput, done, passwordInput } from "./schemas.ts";

const ownProcedure = accountProcedure.meta({ accountAction: "turn two-factor sign-in on or off" });

/** Two-factor sign-in stays the person's own, whatever a directory manages (AR-69). */
export const twoFactorRouter = router({
  /** A new secret for the authenticator app; it takes effect once `confirm` has received a code of it. */
  begin: ownProcedure
    .output(z.object({ secret: z.string(), uri: z.string(), svg: z.string() }))
    .mutation(async ({ ctx }) => {
      const secret = newTotpSecret();
      unwrap(await beginTwoFactor(ctx.database, ctx.session, secret, ctx));
      return { secret, ...(await totpSetup(secret, ctx.session.account.email)) };
    }),

  /** Turns it on. Only this response holds the recovery codes. */
  confirm: ownProcedure
    .input(z.object({ code: codeInput }))
    .output(z.object({ recoveryCodes: z.array(z.string()) }))
    .mutation(async ({ ctx, input }) => {
      const given = { code: input.code, readTotp: totpReader(ctx.now) };
      const codes = await ctx.throttle(ctx.session.account.email, async () =>
        unwrap(await confirmTwoFactor(ctx.database, ctx.session, given, ctx)),
      );
      return { recoveryCodes: [...codes] };
    }),

  end: ownProcedure
    .input(z.object({ password: passwordInput, code: codeInput }))
    .output(done)
    .mutation(({ ctx, input }) => {
      const given = { ...input, readTotp: totpReader(ctx.now) };
      return ctx.throttle(ctx.session.account.email, async () =>
        unwrap(await endTwoFactor(ctx.database, ctx.session, given, ctx)),
      );
    }),
});
