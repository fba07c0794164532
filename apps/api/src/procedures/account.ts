import {
  changePassword,
  checkEmailLink,
  confirmEmailChange,
  countRecoveryCodes,
  endOtherSessions,
  enterAfterLeaving,
  leaveOrganization,
  listEmailChanges,
  listSessions,
  provesAccount,
  readAccount,
  readLocks,
  renameAccount,
  startEmailChange,
  withdrawEmailChange,
} from "@rollcall/db";
import { lockedActions, lockReasons, signInMethods, type Refusal } from "@rollcall/domain";
import { z } from "zod";
import { tooMany } from "../security/sign-in-throttle.ts";
import { unwrap } from "../errors/trpc-error.ts";
import { accountProcedure, memberProcedure, publicProcedure, router } from "../trpc.ts";
import { done, idInput, isoDate, linkInput, nameInput, passwordInput } from "./schemas.ts";

const lock = z.object({
  action: z.enum(lockedActions),
  holders: z.array(z.object({ id: z.string(), name: z.string(), reason: z.enum(lockReasons), isOwner: z.boolean() })),
  owners: z.array(z.object({ name: z.string(), email: z.string() })),
});
const challenge = z.object({ id: z.string(), email: z.string(), createdAt: isoDate, expiresAt: isoDate });
const account = z.object({
  email: z.string(),
  name: z.string(),
  hasPassword: z.boolean(),
  passwordChangedAt: isoDate.nullable(),
  twoFactor: z.object({ isOn: z.boolean(), recoveryCodesLeft: z.number() }),
  /** False for a sign-in that is valid for one organization only: then the account cannot be changed. */
  isProven: z.boolean(),
  /** The lock of a directory, its holders and the contacts; null if the person may act themselves. */
  locks: z.object({ leave: lock.nullable(), changeEmail: lock.nullable(), changePassword: lock.nullable() }),
  emailChanges: z.array(challenge),
});
const sessionRow = z.object({
  id: z.string(),
  organizationName: z.string(),
  userAgent: z.string().nullable(),
  ip: z.string().nullable(),
  createdAt: isoDate,
  expiresAt: isoDate,
  lastUsedAt: isoDate,
  method: z.enum(signInMethods),
  passwordAt: isoDate.nullable(),
  secondFactorAt: isoDate.nullable(),
  ssoAt: isoDate.nullable(),
  ssoEntityId: z.string().nullable(),
  isThis: z.boolean(),
});

export const accountRouter = router({
  /**
   * The person's own account, with the locks of their organizations. A session that is valid for its organization only
   * sees no other organization and no address.
   */
  get: memberProcedure.output(account).query(async ({ ctx }) => {
    const { database, session, now } = ctx;
    const { sql } = database;
    const row = await readAccount(sql, session.account.id);
    if (row === undefined) throw new Error("A session has no account.");
    const isProven = await provesAccount(sql, session);
    const locks = await readLocks(sql, row.id, session.organizationId, !isProven);
    return {
      email: row.email,
      name: row.name,
      isProven,
      hasPassword: row.passwordHash !== null,
      passwordChangedAt: row.passwordChangedAt,
      twoFactor: { isOn: row.totpConfirmedAt !== null, recoveryCodesLeft: await countRecoveryCodes(sql, row.id) },
      locks: {
        leave: onWire(locks.leave),
        changeEmail: onWire(locks.changeEmail),
        changePassword: onWire(locks.changePassword),
      },
      emailChanges: isProven ? [...(await listEmailChanges(sql, row.id, now))] : [],
    };
  }),

  rename: accountProcedure
    .meta({ accountAction: "change the name of the account" })
    .input(z.object({ name: nameInput(200).min(1, "Enter your name.") }))
    .output(done)
    .mutation(({ ctx, input }) => renameAccount(ctx.database.sql, ctx.session, input.name, ctx.now)),

  /** Sends a link to the new address; the response is the same if the address belongs to another account. */
  startEmailChange: accountProcedure
    .meta({ accountAction: "ask for a new email address" })
    .input(z.object({ email: nameInput(254).min(1, "Enter the new address.") }))
    .output(done)
    .mutation(async ({ ctx, input }) => {
      // Withdrawing and requesting again must not send unlimited emails to an address.
      const waitS = await ctx.emailChangeLimit.attempt(ctx.session.account.email, ctx.browser.ip ?? "unknown");
      if (waitS !== undefined) throw tooMany("Too many requests", waitS);
      const linkTo = (token: string): string => `${ctx.config.publicAppUrl}/confirm-email?token=${token}`;
      unwrap(await startEmailChange(ctx.database, ctx.session, { email: input.email, linkTo }, ctx));
    }),

  withdrawEmailChange: accountProcedure
    .meta({ accountAction: "withdraw a change of the email address" })
    .input(z.object({ id: idInput }))
    .output(done)
    .mutation(async ({ ctx, input }) => unwrap(await withdrawEmailChange(ctx.database, ctx.session, input.id, ctx))),

  /** The address that the link of an email would give the account; refuses an invalid link before it is followed. */
  checkEmailLink: publicProcedure
    .input(z.object({ token: linkInput }))
    .output(z.object({ email: z.string() }))
    .query(async ({ ctx, input }) => unwrap(await checkEmailLink(ctx.database.sql, input.token, ctx.now))),

  /** Follows the link of an email, signed in or not: the secret in it is the proof. The link may revert a change. */
  confirmEmailChange: publicProcedure
    .meta({ accountAction: "confirm a new email address" })
    .input(z.object({ token: linkInput }))
    .output(z.object({ email: z.string() }))
    .mutation(async ({ ctx, input }) => {
      const undoLinkTo = (token: string): string => `${ctx.config.publicAppUrl}/undo-email?token=${token}`;
      return unwrap(await confirmEmailChange(ctx.database, { token: input.token, undoLinkTo }, ctx));
    }),

  changePassword: accountProcedure
    .meta({ accountAction: "change the password" })
    .input(z.object({ current: passwordInput, next: passwordInput }))
    .output(done)
    .mutation(({ ctx, input }) =>
      ctx.throttle(ctx.session.account.email, async () =>
        unwrap(await changePassword(ctx.database, ctx.session, input, ctx)),
      ),
    ),

  sessions: accountProcedure.output(z.array(sessionRow)).query(async ({ ctx }) => {
    const { database, session, config, now } = ctx;
    const sessions = await listSessions(database.sql, session.account.id, { now, idleMs: config.sessionIdleMs });
    return sessions.map((one) => ({ ...one, isThis: one.id === session.sessionId }));
  }),

  endOtherSessions: accountProcedure
    .meta({ accountAction: "sign out other browsers" })
    .output(z.object({ ended: z.number() }))
    .mutation(async ({ ctx }) => ({ ended: await endOtherSessions(ctx.database, ctx.session, ctx) })),

  /** Leaves an organization; a session in it moves to another organization of the person, or ends. */
  leave: accountProcedure
    .meta({ accountAction: "leave the organization" })
    .input(z.object({ organizationId: idInput }))
    .output(z.object({ isSignedOut: z.boolean() }))
    .mutation(async ({ ctx, input }) => {
      unwrap(await leaveOrganization(ctx.database, ctx.session, input.organizationId, ctx));
      if (input.organizationId !== ctx.session.organizationId) return { isSignedOut: false };
      const cookie = await enterAfterLeaving(ctx.database, ctx.session, ctx);
      ctx.setSession(cookie);
      return { isSignedOut: cookie === undefined };
    }),
});

type Lock = z.infer<typeof lock>;

function onWire(held: Refusal<"memberLocked"> | undefined): Lock | null {
  if (held === undefined) return null;
  const { action, holders, owners } = held;
  return { action, holders: [...holders], owners: [...owners] };
}
