import { activityOrders, listActivity } from "@rollcall/db";
import { actorKinds, changeAreas, changeKinds, subjectKinds } from "@rollcall/domain";
import { z } from "zod";
import { ownerProcedure, router } from "../trpc.ts";
import { idInput, isoDate, limitInput, momentInput } from "./schemas.ts";

/** An entry of the change log in a response. */
export const activityEntry = z.object({
  id: z.string(),
  at: isoDate,
  actor: z.object({ kind: z.enum(actorKinds), name: z.string() }),
  subject: z.object({ kind: z.enum(subjectKinds), id: z.string().nullable(), name: z.string() }),
  kind: z.enum(changeKinds),
  before: z.unknown(),
  after: z.unknown(),
  refusal: z.string().nullable(),
  requestId: z.string().nullable(),
  isSelf: z.boolean(),
});

/** The filters, on the screen and in an export. */
export const activityQuery = z.object({
  outcome: z.enum(["done", "refused"]).optional(),
  order: z.enum(activityOrders).optional(),
  memberId: idInput.optional(),
  who: z.enum(actorKinds).optional(),
  tokenId: idInput.optional(),
  byMemberId: idInput.optional(),
  area: z.enum(changeAreas).optional(),
  kind: z.enum(changeKinds).optional(),
  since: momentInput.optional(),
  until: momentInput.optional(),
});

export const activityRouter = router({
  /** One page of the change log, newest first by default. The console renders the text with `describeChange`. */
  list: ownerProcedure
    .input(activityQuery.extend({ cursor: idInput.optional(), limit: limitInput }))
    .output(z.object({ entries: z.array(activityEntry), nextCursor: z.string().nullable() }))
    .query(async ({ ctx, input }) => {
      const { entries, nextCursor } = await listActivity(ctx.database.sql, ctx.organizationId, input);
      return { entries: [...entries], nextCursor };
    }),
});
