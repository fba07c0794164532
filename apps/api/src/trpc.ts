import { provesAccount, personContext, type Session } from "@rollcall/db";
import type { AccountAction, RuleError } from "@rollcall/domain";
import { initTRPC, TRPCError } from "@trpc/server";
import { z } from "zod";
import type { ApiContext } from "./context.ts";
import { demandProof } from "./security/proof-demand.ts";
import { FieldRefusal, RuleRefusal, toTemporaryError, toTrpcError } from "./errors/trpc-error.ts";

/**
 * The action on the person's own account that a mutation performs (`accountActions` of
 * packages/domain/src/member/locked-action.ts), which the account locks may refuse; `none` for all others. A test fails
 * for a mutation without one.
 */
type ProcedureMeta = { readonly accountAction: AccountAction | "none" };

const trpc = initTRPC
  .meta<ProcedureMeta>()
  .context<ApiContext>()
  .create({
    isDev: false,
    errorFormatter: ({ shape, error, ctx }) => ({
      ...shape,
      message: sentenceOf(error),
      data: {
        ...shape.data,
        rule: ruleOf(error),
        requestId: ctx?.requestId,
        fieldErrors: fieldErrorsOf(error),
      },
    }),
  });

export const router = trpc.router;

/** For everybody, signed in or not. A temporary failure is 429 or 503. */
export const publicProcedure = trpc.procedure.use(async ({ next }) => {
  const result = await next();
  if (!result.ok && result.error.code === "INTERNAL_SERVER_ERROR") throw toTemporaryError(result.error.cause);
  return result;
});

const signedInProcedure = publicProcedure.use(({ ctx, next }) => next({ ctx: { session: signedIn(ctx.session) } }));

/** For signed-in people, also those whose only memberships await acceptance. */
export const memberProcedure = signedInProcedure.use(async ({ ctx, next, ...call }) => {
  await demandFresh(ctx, call);
  return next();
});

/**
 * For people who have proven to own the account, beyond the word of one organization's identity provider: for actions
 * that affect other organizations (docs/decisions/0007).
 */
export const accountProcedure = signedInProcedure.use(async ({ ctx, next, ...call }) => {
  if (!(await provesAccount(ctx.database.sql, ctx.session))) throw toTrpcError({ kind: "accountUnproven" });
  await demandFresh(ctx, call);
  return next();
});

/**
 * For owners of the session's organization; `database` is limited to its rows, and `write` is the owner as the author
 * of a change.
 */
export const ownerProcedure = signedInProcedure.use(async ({ ctx, next, ...call }) => {
  const { session, now, requestId } = ctx;
  const { organizationId } = session;
  if (session.access?.isOwner !== true) throw notOwner();
  if (call.type === "mutation") demandShown(ctx, organizationId);
  await demandFresh(ctx, call);
  const database = ctx.database.tenantOf(organizationId);
  return next({ ctx: { organizationId, database, write: personContext(session, { now, requestId }) } });
});

/** Refuses a change from a page of another organization than the one to which another tab has switched. */
function demandShown({ shownOrganizationId = "" }: ApiContext, organizationId: string): void {
  if (shownOrganizationId === "" || shownOrganizationId === organizationId) return;
  const message =
    "Another organization was opened in another tab, and this page is of the former one. Nothing was changed. Reload the page.";
  throw new TRPCError({ code: "CONFLICT", message });
}

type Call = {
  readonly path: string;
  readonly type: "query" | "mutation" | "subscription";
  readonly getRawInput: () => Promise<unknown>;
};

/** The last check: without permission, no proof is requested. */
async function demandFresh(ctx: ApiContext & { readonly session: Session }, call: Call): Promise<void> {
  if (call.type === "mutation") await demandProof(ctx, call.path, call.getRawInput);
}

function signedIn(session: Session | undefined): Session {
  if (session !== undefined) return session;
  throw new TRPCError({ code: "UNAUTHORIZED", message: "Sign in first." });
}

function notOwner(): TRPCError {
  return new TRPCError({ code: "FORBIDDEN", message: "Only owners of the organization may do this." });
}

function ruleOf(error: TRPCError): RuleError | undefined {
  return error.cause instanceof RuleRefusal ? error.cause.rule : undefined;
}

/** Messages of our own errors are meant for people; those of unexpected errors are not. */
function sentenceOf(error: TRPCError): string {
  if (error.code === "INTERNAL_SERVER_ERROR") return "Something went wrong on our side. Nothing was changed.";
  return error.cause instanceof z.ZodError ? "Please check what you entered." : error.message;
}

function fieldErrorsOf(error: TRPCError): Readonly<Record<string, string>> | undefined {
  if (error.cause instanceof FieldRefusal) return error.cause.fieldErrors;
  if (error.code !== "BAD_REQUEST" || !(error.cause instanceof z.ZodError)) return undefined;
  return Object.fromEntries(error.cause.issues.map((issue) => [issue.path.join("."), issue.message]));
}
