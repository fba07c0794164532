import { listMembers, memberStatuses } from "@rollcall/db";
import { grantSources } from "@rollcall/domain";
import { z } from "zod";
import { ownerProcedure, router } from "./trpc.ts";
import { idInput, isoDate, pageInput, pageSizeInput, textInput } from "./wire.ts";

const member = z.object({
  id: z.string(),
  name: z.string(),
  userName: z.string(),
  email: z.string(),
  status: z.enum(memberStatuses),
  isManaged: z.boolean(),
  externalId: z.string().nullable(),
  roles: z.array(z.object({ id: z.string(), name: z.string(), sources: z.array(z.enum(grantSources)) })),
  createdAt: isoDate,
  updatedAt: isoDate,
});

const query = z.object({
  search: textInput(200).trim().optional(),
  status: z.enum(memberStatuses).optional(),
  managed: z.boolean().optional(),
  roleId: idInput.optional(),
  page: pageInput,
  pageSize: pageSizeInput,
});

export const membersRouter = router({
  /** One page of the organization's people by name. */
  list: ownerProcedure
    .input(query)
    .output(z.object({ total: z.number(), members: z.array(member) }))
    .query(async ({ ctx, input }) => {
      const { managed: isManaged, ...rest } = input;
      const { total, members } = await listMembers(ctx.database.sql, ctx.organizationId, { ...rest, isManaged });
      return { total, members: [...members] };
    }),
});
