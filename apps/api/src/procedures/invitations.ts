import {
  acceptInvitation,
  invitationSorts,
  listInvitations,
  readInvitation,
  resendInvitation,
  revokeInvitation,
  sendInvitation,
  switchOrganization,
} from "@rollcall/db";
import type { ApiContext } from "../context.ts";
import { invitationStates } from "@rollcall/domain";
import { z } from "zod";
import { unwrap } from "../errors/trpc-error.ts";
import { ownerProcedure, publicProcedure, router } from "../trpc.ts";
import {
  done,
  idInput,
  isoDate,
  linkInput,
  nameInput,
  pageInput,
  pageSizeInput,
  passwordInput,
  textInput,
} from "./schemas.ts";

const listed = z.object({
  id: z.string(),
  email: z.string(),
  roles: z.array(z.string()),
  invitedBy: z.string(),
  sentAt: isoDate,
  expiresAt: isoDate,
  state: z.enum(invitationStates),
});
const invitationsQuery = z.object({
  search: textInput(200).trim().optional(),
  state: z.enum(["open", "suspended", "expired"]).optional(),
  sort: z.enum(invitationSorts).optional(),
  desc: z.boolean().optional(),
  page: pageInput,
  pageSize: pageSizeInput,
});
const shown = z.object({
  organizationName: z.string(),
  email: z.string(),
  invitedBy: z.string(),
  expiresAt: isoDate,
  way: z.enum(["join", "signUp", "setPassword", "signIn"]),
});

export const invitationsRouter = router({
  /** One page of the invitations that have not ended, the newest first by default; `waiting`: the number of all. */
  list: ownerProcedure
    .input(invitationsQuery)
    .output(z.object({ waiting: z.number(), total: z.number(), invitations: z.array(listed) }))
    .query(async ({ ctx, input }) => {
      const found = await listInvitations(ctx.database.sql, ctx.organizationId, input, ctx.now);
      return { ...found, invitations: [...found.invitations] };
    }),

  /** Invites a person by email. The link goes to that address only. */
  send: ownerProcedure
    .meta({ accountAction: "none" })
    .input(
      z.object({
        email: nameInput(254).min(1, "Enter the email address."),
        roleIds: z.array(idInput).min(1, "Choose at least one role.").max(100),
      }),
    )
    .output(z.object({ id: z.string() }))
    .mutation(async ({ ctx, input }) => ({
      id: unwrap(await sendInvitation(ctx.database, ctx.write, { ...input, linkTo: invitationLink(ctx) })),
    })),

  /** Sends it again with a new link; the previous link no longer works. */
  resend: ownerProcedure
    .meta({ accountAction: "none" })
    .input(z.object({ id: idInput }))
    .output(done)
    .mutation(async ({ ctx, input }) =>
      unwrap(await resendInvitation(ctx.database, ctx.write, { id: input.id, linkTo: invitationLink(ctx) })),
    ),

  revoke: ownerProcedure
    .meta({ accountAction: "none" })
    .input(z.object({ id: idInput }))
    .output(done)
    .mutation(async ({ ctx, input }) => unwrap(await revokeInvitation(ctx.database, ctx.write, input.id))),

  /** The invitation behind a link; needs no session. */
  read: publicProcedure
    .input(z.object({ token: linkInput }))
    .output(shown)
    .query(async ({ ctx, input }) => unwrap(await readInvitation(ctx.database, input.token, ctx.session, ctx.now))),

  /** Joins the organization and switches to it. Name and password are for people without an account. */
  accept: publicProcedure
    .meta({ accountAction: "set a first password by an invitation" })
    .input(
      z.object({
        token: linkInput,
        name: nameInput(200).min(1, "Enter your name.").optional(),
        password: passwordInput.optional(),
      }),
    )
    .output(z.object({ isSignedIn: z.boolean() }))
    .mutation(async ({ ctx, input }) => {
      const { database, session, now, requestId } = ctx;
      const browser = { ...ctx.browser, hash: ctx.markBrowser() };
      const accepted = unwrap(await acceptInvitation(database, input, session, browser, { now, requestId }));
      const { organizationId, cookie: made } = accepted;
      // If that organization requires its own single sign-on, the person has joined and signs in there.
      const switched =
        session === undefined
          ? undefined
          : await switchOrganization(database, session, organizationId, { browser, now });
      const cookie = switched?.ok === true ? switched.value : made;
      if (cookie !== undefined) ctx.setSession(cookie);
      return { isSignedIn: cookie !== undefined || session !== undefined };
    }),
});

/** Builds the address that an invitation email links to. */
export function invitationLink({ config }: Pick<ApiContext, "config">): (token: string) => string {
  return (token) => `${config.publicAppUrl}/invitation?token=${token}`;
}
