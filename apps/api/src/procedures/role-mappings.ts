import { listMappings, previewMappings, setMappings } from "@rollcall/db";
import { mappingsMax } from "@rollcall/domain";
import { z } from "zod";
import { unwrap } from "../errors/trpc-error.ts";
import { ownerProcedure } from "../trpc.ts";
import { done, idInput } from "./schemas.ts";

/** The effect of a write on one role: the number of people who gain or lose it, and the first of them. */
const roleEffect = z.object({
  roleId: z.string(),
  role: z.string(),
  isGain: z.boolean(),
  count: z.number(),
  names: z.array(z.string()).readonly(),
});

const mapping = z.object({
  groupId: z.string(),
  group: z.string(),
  targetId: z.string(),
  target: z.string(),
  /** People in the group, and those of them for whom this mapping decides. */
  inGroup: z.number(),
  decided: z.number(),
});
const mappingsInput = z.array(z.object({ groupId: idInput, targetId: idInput })).max(mappingsMax);
/** The whole new list, and the list that it was edited from. */
const changeInput = z.object({ mappings: mappingsInput, basis: mappingsInput });

/** Groups of the directory and the roles that owners have mapped them to; part of the roles router. */
export const mappingProcedures = {
  /** In the owners' order: the first matching group decides. */
  mappings: ownerProcedure
    .output(z.array(mapping))
    .query(({ ctx }) => listMappings(ctx.database.sql, ctx.organizationId)),

  /** Previews saving the list. */
  previewMapping: ownerProcedure
    .input(changeInput)
    .output(z.array(roleEffect).readonly())
    .query(async ({ ctx: { organizationId, previews, database, write }, input }) =>
      unwrap(await previews.run(organizationId, () => previewMappings(database, write, input))),
    ),

  setMappings: ownerProcedure
    .meta({ accountAction: "none" })
    .input(changeInput)
    .output(done)
    .mutation(async ({ ctx, input }) => unwrap(await setMappings(ctx.database, ctx.write, input))),
};
