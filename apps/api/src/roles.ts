import { listRoles, memberStatuses, readRoleWithHolders, setRoleLinked } from "@rollcall/db";
import { grantSources, roleKinds } from "@rollcall/domain";
import { z } from "zod";
import { toTrpcError } from "./trpc-error.ts";
import { ownerProcedure, router } from "./trpc.ts";
import { done, idInput, pageInput, pageSizeInput } from "./wire.ts";

const role = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(roleKinds),
  isScimCreated: z.boolean(),
  isLinked: z.boolean(),
  isDefault: z.boolean(),
  memberCount: z.number(),
  permissions: z.array(z.string()),
});
const holder = z.object({
  id: z.string(),
  name: z.string(),
  userName: z.string(),
  status: z.enum(memberStatuses),
  sources: z.array(z.enum(grantSources)),
});

export const rolesRouter = router({
  /** The built-in roles first, then by name; at most 1,000. */
  list: ownerProcedure
    .output(z.array(role))
    .query(async ({ ctx }) => [...(await listRoles(ctx.database.sql, ctx.organizationId))]),

  /** A role and one page of those who hold it. */
  get: ownerProcedure
    .input(z.object({ id: idInput, page: pageInput, pageSize: pageSizeInput }))
    .output(z.object({ role, total: z.number(), members: z.array(holder) }))
    .query(async ({ ctx, input }) => {
      const { id: roleId, page, pageSize } = input;
      const found = await readRoleWithHolders(ctx.database.sql, ctx.organizationId, { roleId, page, pageSize });
      if (found === undefined) throw toTrpcError({ kind: "roleNotFound", roleId });
      return { role: found.role, total: found.role.memberCount, members: [...found.holders] };
    }),

  /** Hands an existing role to the directory, or takes it back. */
  setLinked: ownerProcedure
    .meta({ door: "none" })
    .input(z.object({ id: idInput, isLinked: z.boolean() }))
    .output(done)
    .mutation(async ({ ctx, input }) => {
      const { id: roleId, isLinked } = input;
      const linked = await setRoleLinked(ctx.database, ctx.write, { roleId, isLinked });
      if (!linked.ok) throw toTrpcError(linked.error);
      return { ok: true };
    }),
});
