import { chooseSetupProvider, finishSetup, readSetup, restartSetup } from "@rollcall/db";
import { roleKinds, setupChecks, setupProgress, setupProviders, setupStates, setupSteps } from "@rollcall/domain";
import { z } from "zod";
import { unwrap } from "../errors/trpc-error.ts";
import { ownerProcedure, router } from "../trpc.ts";
import { done, isoDate } from "./schemas.ts";

const request = z.object({
  at: isoDate,
  method: z.string(),
  path: z.string(),
  status: z.number(),
  detail: z.string().nullable(),
  client: z.string().nullable(),
  ip: z.string().nullable(),
  tokenName: z.string(),
  tokenPrefix: z.string(),
});
const event = z.object({
  at: isoDate,
  kind: z.enum(["member.created", "member.linked", "member.revived", "member.deactivated"]),
  memberId: z.string(),
  name: z.string(),
  tokenName: z.string(),
});
const overview = z.object({
  baseUrl: z.string(),
  progress: z
    .object({
      provider: z.enum(setupProviders),
      startedAt: isoDate,
      startedBy: z.string(),
      finishedAt: isoDate.nullable(),
      finishedBy: z.string().nullable(),
    })
    .nullable(),
  steps: z
    .array(
      z.object({
        id: z.enum(setupSteps),
        isDone: z.boolean(),
        checks: z.array(z.object({ id: z.enum(setupChecks), state: z.enum(setupStates) })).readonly(),
      }),
    )
    .readonly(),
  openStep: z.enum(setupSteps).nullable(),
  settings: z.object({
    isEnabled: z.boolean(),
    enabledAt: isoDate.nullable(),
    defaultRole: z.object({ id: z.string(), name: z.string(), kind: z.enum(roleKinds) }).nullable(),
    hasSso: z.boolean(),
    ssoTestedAt: isoDate.nullable(),
    ssoAcknowledgedAt: isoDate.nullable(),
    ssoAcknowledgedBy: z.string().nullable(),
    domainCount: z.number(),
    domains: z.array(z.string()),
  }),
  /** Owners who can sign in without the provider. */
  owners: z.array(z.object({ memberId: z.string(), name: z.string(), isLockExempt: z.boolean() })).readonly(),
  evidence: z.object({
    token: z
      .object({ id: z.string(), name: z.string(), prefix: z.string(), createdAt: isoDate, createdBy: z.string() })
      .nullable(),
    firstRequest: request.nullable(),
    firstUser: event.nullable(),
    firstDeactivation: event.nullable(),
    refused: z.array(request).readonly(),
  }),
});

export const setupRouter = router({
  /** The state of every step with its evidence: the current settings, and the provider's requests since the start. */
  get: ownerProcedure.output(overview).query(async ({ ctx }) => {
    const { facts, ...found } = await readSetup(ctx.database.sql, ctx.organizationId, ctx.now);
    return { ...found, ...setupProgress(facts), baseUrl: ctx.config.publicScimUrl };
  }),

  /** Starts the wizard, or changes the provider whose fields it shows. */
  choose: ownerProcedure
    .meta({ accountAction: "none" })
    .input(z.object({ provider: z.enum(setupProviders) }))
    .output(done)
    .mutation(({ ctx, input }) => chooseSetupProvider(ctx.database, ctx.write, input.provider)),

  /** Only later requests count. */
  restart: ownerProcedure
    .meta({ accountAction: "none" })
    .output(done)
    .mutation(async ({ ctx }) => unwrap(await restartSetup(ctx.database, ctx.write))),

  finish: ownerProcedure
    .meta({ accountAction: "none" })
    .output(done)
    .mutation(async ({ ctx }) => unwrap(await finishSetup(ctx.database, ctx.write))),
});
