import { explainAddress, explainMember, readRoleReasons, readTimeline } from "@rollcall/db";
import { absenceKinds, nextPlaces, signInMethods } from "@rollcall/domain";
import { z } from "zod";
import { activityEntry } from "./activity.ts";
import { toTrpcError } from "../errors/trpc-error.ts";
import { ownerProcedure, router } from "../trpc.ts";
import { idInput, isoDate, limitInput, textInput } from "./schemas.ts";

const origin = z.object({ client: z.string().nullable(), ip: z.string().nullable() });
const item = z.discriminatedUnion("what", [
  z.object({ what: z.literal("change"), entry: activityEntry, origin: origin.nullable() }),
  z.object({
    what: z.literal("signIn"),
    id: z.string(),
    at: isoDate,
    method: z.enum(signInMethods),
    userAgent: z.string().nullable(),
    ip: z.string().nullable(),
    endedAt: isoDate.nullable(),
  }),
]);

const absence = z.object({
  kind: z.enum(absenceKinds),
  text: z.string(),
  at: isoDate.nullable(),
  person: z.object({ id: z.string(), name: z.string(), userName: z.string() }).nullable(),
  next: z.object({ text: z.string(), place: z.enum(nextPlaces).nullable() }).nullable(),
  /** The id of the refused request. */
  scimRequestId: z.string().nullable(),
});

const roleReasons = z.object({
  roleId: z.string(),
  reasons: z.array(z.object({ text: z.string(), since: isoDate })).readonly(),
});

export const personRouter = router({
  /** One page of the history of a current or former member, newest first. */
  timeline: ownerProcedure
    .input(
      z.object({ id: idInput, cursor: idInput.optional(), limit: limitInput, refused: z.boolean().default(false) }),
    )
    .output(z.object({ items: z.array(item).readonly(), nextCursor: z.string().nullable() }))
    .query(async ({ ctx, input }) => {
      const { id: memberId, cursor, limit, refused: isRefusedOnly } = input;
      const query = { memberId, cursor, limit, isRefusedOnly };
      const found = await readTimeline(ctx.database.sql, ctx.organizationId, query);
      if (found === undefined) throw toTrpcError({ kind: "memberNotFound", memberId });
      return found;
    }),

  /** A member's status, the next step, and the origin of each of their roles. */
  explain: ownerProcedure
    .input(z.object({ id: idInput }))
    .output(z.object({ standing: absence, roles: z.array(roleReasons).readonly() }))
    .query(async ({ ctx, input }) => {
      const standing = await explainMember(ctx.database.sql, ctx.write, input.id);
      if (standing === undefined) throw toTrpcError({ kind: "memberNotFound", memberId: input.id });
      return { standing, roles: await readRoleReasons(ctx.database.sql, ctx.organizationId, input.id) };
    }),

  /** The reason why a person is missing, found by userName, address or a similar spelling within this organization. */
  whyNotHere: ownerProcedure
    .input(z.object({ address: textInput(320).trim().min(1, "Enter an email address or a user name.") }))
    .output(absence)
    .query(({ ctx, input }) => explainAddress(ctx.database.sql, ctx.write, input.address)),
});
