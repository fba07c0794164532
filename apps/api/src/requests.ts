import { listScimRequests } from "@rollcall/db";
import { providerHabits } from "@rollcall/domain";
import { z } from "zod";
import { ownerProcedure, router } from "./trpc.ts";
import { idInput, isoDate, limitInput } from "./wire.ts";

const habit = z.object({
  id: z.string(),
  title: z.string(),
  clients: z.array(z.string()).readonly(),
  sends: z.string(),
  tolerance: z.string(),
});

const request = z.object({
  id: z.string(),
  at: isoDate,
  tokenName: z.string(),
  method: z.string(),
  path: z.string(),
  status: z.number(),
  scimType: z.string().nullable(),
  detail: z.string().nullable(),
  durationMs: z.number(),
  client: z.string().nullable(),
  ip: z.string().nullable(),
  habits: z.array(habit).readonly(),
});

/** What can be asked for, on the screen and in an export. */
export const requestsQuery = z.object({ failed: z.boolean().optional() });

export const requestsRouter = router({
  /** One page of the provider's calls, newest first. */
  list: ownerProcedure
    .input(requestsQuery.extend({ cursor: idInput.optional(), limit: limitInput }))
    .output(z.object({ requests: z.array(request), nextCursor: z.string().nullable() }))
    .query(async ({ ctx, input }) => {
      const { cursor, limit, failed: isFailed } = input;
      const query = { cursor, limit, isFailed };
      const { requests, nextCursor } = await listScimRequests(ctx.database.sql, ctx.organizationId, query);
      const worded = requests.map(({ quirks, ...rest }) => ({ ...rest, habits: providerHabits(quirks) }));
      return { requests: worded, nextCursor };
    }),
});
