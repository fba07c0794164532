import { listLockExemptions, setLockExemption } from "@rollcall/db";
import { z } from "zod";
import { unwrap } from "../errors/trpc-error.ts";
import { ownerProcedure, router } from "../trpc.ts";
import { done, exemption, idInput } from "./schemas.ts";

export const locksRouter = router({
  /** The members exempt from the organization's account locks, by name. */
  exemptions: ownerProcedure
    .output(z.array(exemption))
    .query(async ({ ctx }) => [...(await listLockExemptions(ctx.database.sql, ctx.organizationId))]),

  setExemption: ownerProcedure
    .meta({ accountAction: "none" })
    .input(z.object({ memberId: idInput, isExempt: z.boolean() }))
    .output(done)
    .mutation(async ({ ctx, input }) => unwrap(await setLockExemption(ctx.database, ctx.write, input))),
});
