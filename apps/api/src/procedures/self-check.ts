import { readSelfCheck, readSelfCheckExchanges } from "@rollcall/db";
import { selfCheckOutcomes, selfCheckProviders, selfCheckState, transcriptText } from "@rollcall/domain";
import { TRPCError } from "@trpc/server";
import { z } from "zod";
import { ownerProcedure, router } from "../trpc.ts";
import { done, idInput, isoDate } from "./schemas.ts";

const provider = z.enum(selfCheckProviders);
const step = z.object({
  position: z.number(),
  part: z.string(),
  name: z.string(),
  outcome: z.enum(selfCheckOutcomes),
  detail: z.string(),
  meaning: z.string().nullable(),
  durationMs: z.number(),
  exchangeCount: z.number(),
});
const check = z.object({
  id: z.string(),
  provider,
  startedBy: z.string(),
  startedAt: isoDate,
  endedAt: isoDate.nullable(),
  state: z.enum(["running", "passed", "failed", "interrupted"]),
  problem: z.string().nullable(),
  steps: z.array(step),
});
const exchange = z.object({
  method: z.string(),
  path: z.string(),
  requestBody: z.string().nullable(),
  status: z.number(),
  responseBody: z.string().nullable(),
  durationMs: z.number(),
});

const providerNames = { okta: "Okta", entra: "Microsoft Entra ID" } as const;

/** "Run the checks": plays a provider's whole sequence on a sandbox of the organization (docs/decisions/0020). */
export const selfCheckRouter = router({
  start: ownerProcedure
    .meta({ accountAction: "none" })
    .input(z.object({ provider }))
    .output(done)
    .mutation(async ({ ctx, input }) => {
      const { organizationId, selfChecks, write } = ctx;
      const outcome = await selfChecks.start({ organizationId, provider: input.provider, startedBy: write.actor.name });
      if (outcome === "started") return;
      if (outcome === "underWay") {
        const message = "The checks are running, or have only just run. Wait a few seconds.";
        throw new TRPCError({ code: "CONFLICT", message });
      }
      const message = "The checks of other organizations are running. Try again in a minute.";
      throw new TRPCError({ code: "TOO_MANY_REQUESTS", message });
    }),

  /** The last run, in progress or ended, and its steps so far; null before the first. */
  get: ownerProcedure.output(z.object({ check: check.nullable() })).query(async ({ ctx }) => {
    const found = await readSelfCheck(ctx.database.sql, ctx.organizationId);
    if (found === undefined) return { check: null };
    const outcomes = found.steps.map(({ outcome }) => outcome);
    const state = selfCheckState(found.check, outcomes, ctx.now);
    return { check: { ...found.check, state, steps: [...found.steps] } };
  }),

  /** The requests and responses of one step of the last run; empty if a newer run has replaced it. */
  exchanges: ownerProcedure
    .input(z.object({ checkId: idInput, position: z.number().int().min(1).max(1000) }))
    .output(z.object({ exchanges: z.array(exchange) }))
    .query(async ({ ctx, input }) => {
      const run = { organizationId: ctx.organizationId, id: input.checkId };
      const found = await readSelfCheckExchanges(ctx.database.sql, run, input.position);
      return { exchanges: [...(found.get(input.position) ?? [])] };
    }),

  /** The whole last run as text, to be saved or sent; null before the first. */
  transcript: ownerProcedure.output(z.object({ text: z.string().nullable() })).query(async ({ ctx }) => {
    const found = await readSelfCheck(ctx.database.sql, ctx.organizationId);
    if (found === undefined) return { text: null };
    const { check, steps } = found;
    const exchangesByPosition = await readSelfCheckExchanges(
      ctx.database.sql,
      { organizationId: ctx.organizationId, id: check.id },
      null,
    );
    const run = {
      ...check,
      organization: ctx.session.access?.organizationName ?? "",
      provider: providerNames[check.provider],
      startedAt: check.startedAt.toISOString(),
    };
    const whole = steps.map((step) => ({ ...step, exchanges: exchangesByPosition.get(step.position) ?? [] }));
    return { text: transcriptText(run, whole) };
  }),
});
