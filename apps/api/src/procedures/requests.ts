import {
  requestOfEntryKinds,
  listScimRequests,
  readRequestOfEntry,
  readScimRequest,
  requestOrders,
  requestOutcomes,
  scannedRequestsMax,
  slowestCursor,
  type RequestQuery,
} from "@rollcall/db";
import { requestMethods, requestResources, knownDeviations } from "@rollcall/domain";
import { TRPCError } from "@trpc/server";
import { z } from "zod";
import { activityEntry } from "./activity.ts";
import { ownerProcedure, router } from "../trpc.ts";
import { idInput, isoDate, limitInput, momentInput, textInput } from "./schemas.ts";

const knownDeviation = z.object({
  id: z.string(),
  title: z.string(),
  clients: z.array(z.string()).readonly(),
  sends: z.string(),
  tolerance: z.string(),
});

const request = z.object({
  id: z.string(),
  at: isoDate,
  tokenId: z.string(),
  tokenName: z.string(),
  method: z.string(),
  path: z.string(),
  status: z.number(),
  scimType: z.string().nullable(),
  detail: z.string().nullable(),
  durationMs: z.number(),
  client: z.string().nullable(),
  ip: z.string().nullable(),
  knownDeviations: z.array(knownDeviation).readonly(),
  requestId: z.string().nullable(),
  memberId: z.string().nullable(),
  refusal: z.string().nullable(),
});

const detail = request.extend({
  requestBody: z.string().nullable(),
  answerBody: z.string().nullable(),
  memberName: z.string().nullable(),
  role: z.object({ id: z.string(), name: z.string() }).nullable(),
  changes: z.array(activityEntry).readonly(),
  rolesToLink: z.array(z.object({ id: z.string(), name: z.string() })).readonly(),
});

/** The filters, on the screen and in an export. */
export const requestsQuery = z.object({
  failed: z.boolean().optional(),
  outcome: z.enum(requestOutcomes).optional(),
  order: z.enum(requestOrders).optional(),
  memberId: idInput.optional(),
  roleId: idInput.optional(),
  tokenId: idInput.optional(),
  method: z.enum(requestMethods).optional(),
  resource: z.enum(requestResources).optional(),
  since: momentInput.optional(),
  until: momentInput.optional(),
  text: textInput(200).min(1).optional(),
});

/** The same filters for the database. */
export function requestsQueryOf({ failed, ...query }: z.infer<typeof requestsQuery>): Omit<RequestQuery, "limit"> {
  return { ...query, isFailed: failed };
}

const listInput = requestsQuery
  .extend({ cursor: z.string().max(60).optional(), after: idInput.optional(), limit: limitInput })
  .refine(isCursorOfOrder, { path: ["cursor"], message: "This is no place in a list of this order." });

/** The slowest requests page by offset; all other lists by the last id. */
function isCursorOfOrder({
  cursor,
  order,
}: {
  readonly cursor?: string | undefined;
  readonly order?: string | undefined;
}): boolean {
  if (cursor === undefined) return true;
  return order === "slowest"
    ? idInput.safeParse(slowestCursor.exec(cursor)?.[2]).success
    : idInput.safeParse(cursor).success;
}

export const requestsRouter = router({
  /**
   * One page of the provider's requests, newest first by default; `after`: only requests newer than that id.
   * `scannedMax`: the number of newest requests among which the slowest are found.
   */
  list: ownerProcedure
    .input(listInput)
    .output(z.object({ requests: z.array(request), nextCursor: z.string().nullable(), scannedMax: z.number() }))
    .query(async ({ ctx, input }) => {
      const { cursor, after, limit, ...filters } = input;
      const query = { ...requestsQueryOf(filters), cursor, after, limit };
      const { requests, nextCursor } = await listScimRequests(ctx.database.sql, ctx.organizationId, query);
      const worded = requests.map(({ quirks, ...rest }) => ({ ...rest, knownDeviations: knownDeviations(quirks) }));
      return { requests: worded, nextCursor, scannedMax: scannedRequestsMax };
    }),

  /** The request that wrote an entry of the change log, or the reason why none is available. */
  ofEntry: ownerProcedure
    .input(z.object({ entryId: idInput }))
    .output(z.object({ kind: z.enum(requestOfEntryKinds), scimRequestId: z.string().nullable() }))
    .query(async ({ ctx, input: { entryId } }) => {
      const found = await readRequestOfEntry(ctx.database.sql, ctx.organizationId, { entryId, now: ctx.now });
      if (found === undefined) {
        throw new TRPCError({ code: "NOT_FOUND", message: "There is no such entry in the activity here." });
      }
      return found;
    }),

  /** One request with its redacted bodies and its changes. Requests are kept for 30 days. */
  get: ownerProcedure
    .input(z.object({ id: idInput }))
    .output(detail)
    .query(async ({ ctx, input }) => {
      const found = await readScimRequest(ctx.database.sql, ctx.organizationId, input.id);
      if (found === undefined) {
        const message = "There is no such request here. Requests are kept for 30 days.";
        throw new TRPCError({ code: "NOT_FOUND", message });
      }
      const { quirks, ...rest } = found;
      return { ...rest, knownDeviations: knownDeviations(quirks) };
    }),
});
