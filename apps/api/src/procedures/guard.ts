import {
  deactivateHeld,
  decideHeld,
  endDecisions,
  endGuardRelease,
  listHeldChanges,
  readGuardHold,
  releaseGuard,
  resumeGuard,
  setGuard,
} from "@rollcall/db";
import { guardDecisions, guardHoldsMax, lossKinds } from "@rollcall/domain";
import { z } from "zod";
import { unwrap } from "../errors/trpc-error.ts";
import { ownerProcedure, router } from "../trpc.ts";
import { done, idInput, isoDate } from "./schemas.ts";

const heldChange = z.object({
  id: z.string(),
  memberId: z.string(),
  name: z.string(),
  userName: z.string(),
  kind: z.enum(lossKinds),
  role: z.string().nullable(),
  requestId: z.string(),
  firstTriedAt: isoDate,
  lastTriedAt: isoDate,
  tries: z.number(),
  decision: z.enum(guardDecisions).nullable(),
  decidedAt: isoDate.nullable(),
  decidedBy: z.string().nullable(),
});
const idsInput = z.array(idInput).min(1).max(guardHoldsMax);
const counted = z.object({ count: z.number() });

/** Mass-removal protection: its held changes and the owners' decisions (docs/decisions/0028). */
export const guardRouter = router({
  /** The held changes and the active decisions, the oldest first. */
  list: ownerProcedure
    .output(z.array(heldChange))
    .query(async ({ ctx }) => [...(await listHeldChanges(ctx.database.sql, ctx.organizationId))]),

  /** The state of held removals, for every screen; null if there are none. */
  hold: ownerProcedure
    .output(z.object({ latchedAt: isoDate, held: z.number() }).nullable())
    .query(({ ctx }) => readGuardHold(ctx.database.sql, ctx.organizationId, ctx.now)),

  /** Approves or rejects the held changes with these ids; ids that are no longer held are ignored. */
  decide: ownerProcedure
    .meta({ accountAction: "none" })
    .input(z.object({ decision: z.enum(guardDecisions), ids: idsInput }))
    .output(counted)
    .mutation(async ({ ctx, input }) => ({ count: unwrap(await decideHeld(ctx.database, ctx.write, input)) })),

  /** Ends decisions: an approved change is held again, a rejected one is judged anew at its next attempt. */
  endDecisions: ownerProcedure
    .meta({ accountAction: "none" })
    .input(z.object({ ids: idsInput }))
    .output(counted)
    .mutation(async ({ ctx, input }) => ({ count: unwrap(await endDecisions(ctx.database, ctx.write, input.ids)) })),

  /** Makes a held deactivation or deletion now. */
  deactivate: ownerProcedure
    .meta({ accountAction: "none" })
    .input(z.object({ id: idInput }))
    .output(done)
    .mutation(async ({ ctx, input }) => unwrap(await deactivateHeld(ctx.database, ctx.write, input.id))),

  /** Approves every held change and allows all removals for an hour. */
  release: ownerProcedure
    .meta({ accountAction: "none" })
    .output(z.object({ releasedUntil: isoDate }))
    .mutation(async ({ ctx }) => ({ releasedUntil: await releaseGuard(ctx.database, ctx.write) })),

  endRelease: ownerProcedure
    .meta({ accountAction: "none" })
    .output(done)
    .mutation(({ ctx }) => endGuardRelease(ctx.database, ctx.write)),

  /** Ends a fully decided hold before its 15 minutes are over. */
  resume: ownerProcedure
    .meta({ accountAction: "none" })
    .output(done)
    .mutation(async ({ ctx }) => unwrap(await resumeGuard(ctx.database, ctx.write))),

  setOn: ownerProcedure
    .meta({ accountAction: "none" })
    .input(z.object({ isOn: z.boolean() }))
    .output(done)
    .mutation(({ ctx, input }) => setGuard(ctx.database, ctx.write, input.isOn)),
});
