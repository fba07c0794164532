import {
  acceptMembership,
  endSession,
  findSsoConnection,
  listMemberships,
  provesAccount,
  proveSession,
  readAccount,
  signIn,
  switchOrganization,
} from "@rollcall/db";
import { TRPCError } from "@trpc/server";
import { z } from "zod";
import type { ApiContext } from "../context.ts";
import { totpReader } from "../security/totp.ts";
import { toTrpcError, unwrap } from "../errors/trpc-error.ts";
import { memberProcedure, publicProcedure, router } from "../trpc.ts";
import { codeInput, done, idInput, passwordInput, textInput } from "./schemas.ts";

const organization = z.object({ id: z.string(), name: z.string() });
const current = z.object({
  account: z.object({ id: z.string(), email: z.string(), name: z.string() }),
  /** Null for a person whose only memberships await acceptance. */
  organization: organization.nullable(),
  memberId: z.string().nullable(),
  isOwner: z.boolean(),
  roles: z.array(z.string()),
  organizations: z.array(organization),
  awaiting: z.array(organization),
});

export const sessionRouter = router({
  /** The signed-in person and their organization; null without a session. */
  current: publicProcedure.output(current.nullable()).query(async ({ ctx }) => {
    const { session, database } = ctx;
    if (session === undefined) return null;
    const { account, access, organizationId } = session;
    // An organization that only vouches for the person must not see their other memberships.
    const isWhole = await provesAccount(database.sql, session);
    const known = await listMemberships(database.sql, account.id);
    const memberships = known.filter(({ id }) => isWhole || id === organizationId);
    return {
      account,
      organization: access === null ? null : { id: organizationId, name: access.organizationName },
      memberId: access?.memberId ?? null,
      isOwner: access?.isOwner ?? false,
      roles: [...(access?.roles ?? [])],
      organizations: memberships.filter(({ isAwaiting }) => !isAwaiting),
      awaiting: memberships.filter(({ isAwaiting }) => isAwaiting),
    };
  }),

  /**
   * Signs in; a wrong email and a wrong password get the same refusal. A right password reveals that the access has
   * ended (`accessEnded`), or requires the code of the second factor (`twoFactorRequired`), sent together with both.
   */
  signIn: publicProcedure
    .meta({ accountAction: "none" })
    .input(z.object({ email: textInput(254).min(1), password: passwordInput, code: codeInput.optional() }))
    .output(done)
    .mutation(async ({ ctx, input }) => {
      const { database, now } = ctx;
      const browser = { ...ctx.browser, hash: ctx.markBrowser() };
      const email = input.email.trim();
      const given = { ...input, email, readTotp: totpReader(now) };
      const cookie = await ctx.throttle(email, async () => unwrap(await signIn(database, given, browser, now)));
      if (ctx.session !== undefined) await endSession(database.sql, ctx.session, now);
      ctx.setSession(cookie);
    }),

  /** Confirms the person's identity again, by password, by a code of the second factor, or both. */
  prove: memberProcedure
    .meta({ accountAction: "none" })
    .input(
      z
        .object({ password: passwordInput.optional(), code: codeInput.optional() })
        .refine(({ password, code }) => password !== undefined || code !== undefined, "Enter the password or a code."),
    )
    .output(done)
    .mutation(async ({ ctx, input }) => {
      const { database, session, now } = ctx;
      const given = { ...input, readTotp: totpReader(now) };
      await ctx.throttle(session.account.email, async () => unwrap(await proveSession(database, session, given, now)));
    }),

  /** The ways in which the person can confirm their identity again. */
  proofWays: memberProcedure
    .output(z.object({ hasPassword: z.boolean(), isSecondFactorOn: z.boolean(), ssoStartPath: z.string().nullable() }))
    .query(async ({ ctx }) => {
      const { database, session } = ctx;
      const account = await readAccount(database.sql, session.account.id);
      const connection = await findSsoConnection(database.sql, session.organizationId);
      return {
        hasPassword: account !== undefined && account.passwordHash !== null,
        isSecondFactorOn: account !== undefined && account.totpConfirmedAt !== null,
        ssoStartPath: connection === undefined ? null : `/sso/${session.organizationId}/start`,
      };
    }),

  signOut: memberProcedure
    .meta({ accountAction: "none" })
    .output(done)
    .mutation(async ({ ctx }) => {
      await endSession(ctx.database.sql, ctx.session, ctx.now);
      ctx.setSession(undefined);
    }),

  /** Switches to another organization of the same person, in a new session. */
  switchTo: memberProcedure
    .meta({ accountAction: "none" })
    .input(z.object({ organizationId: idInput }))
    .output(done)
    .mutation(async ({ ctx, input }) => {
      const { database, session } = ctx;
      const switched = await switchOrganization(database, session, input.organizationId, ctx);
      if (switched === undefined) throw unknownOrganization();
      if (!switched.ok) throw toTrpcError(switched.error);
      ctx.setSession(switched.value);
    }),

  /** Accepts a membership created over SCIM. A person without any other access is switched to it. */
  accept: memberProcedure
    .meta({ accountAction: "none" })
    .input(z.object({ organizationId: idInput }))
    .output(done)
    .mutation(async ({ ctx, input }) => {
      const { database, session } = ctx;
      const isAccepted = await acceptMembership(database, session, input.organizationId, ctx);
      if (!isAccepted) throw unknownOrganization();
      if (session.access === null) await switchIfElsewhere(ctx, session, input.organizationId);
    }),
});

/** Switches the session to the organization unless it is there already. */
async function switchIfElsewhere(
  ctx: ApiContext,
  session: NonNullable<ApiContext["session"]>,
  organizationId: string,
): Promise<void> {
  if (session.organizationId === organizationId) return;
  const switched = await switchOrganization(ctx.database, session, organizationId, ctx);
  if (switched?.ok === true) ctx.setSession(switched.value);
}

function unknownOrganization(): TRPCError {
  return new TRPCError({ code: "NOT_FOUND", message: "You are not a member of this organization." });
}
