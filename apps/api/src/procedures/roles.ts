import {
  createRole,
  deleteOwnRole,
  holderSorts,
  listCountedRoles,
  memberStatuses,
  readRoleWithHolders,
  renameRole,
  setRoleLinked,
  setRolePermissions,
} from "@rollcall/db";
import { grantSources, permissions, roleKinds, roleNameLengthMax } from "@rollcall/domain";
import { z } from "zod";
import { mappingProcedures } from "./role-mappings.ts";
import { toTrpcError, unwrap } from "../errors/trpc-error.ts";
import { ownerProcedure, router } from "../trpc.ts";
import { done, idInput, isoDate, nameInput, pageInput, pageSizeInput, textInput } from "./schemas.ts";

export const role = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(roleKinds),
  isScimCreated: z.boolean(),
  isLinked: z.boolean(),
  isDefault: z.boolean(),
  permissions: z.array(z.string()),
});
/** With the numbers of active and of inactive holders. `isEstimate`: very many, not counted one by one. */
const countedRole = role.extend({ memberCount: z.number(), inactiveCount: z.number(), isEstimate: z.boolean() });
const holder = z.object({
  id: z.string(),
  name: z.string(),
  userName: z.string(),
  status: z.enum(memberStatuses),
  sources: z.array(z.enum(grantSources)),
  /** The group whose mapping gives the role. */
  mappedBy: z.string().nullable(),
});
/** The provider's latest attempt to manage the role, and its token; null if there is nothing to decide. */
const linkRequest = z.object({ at: isoDate, tokenName: z.string() }).nullable();
const holdersInput = z.object({
  id: idInput,
  search: textInput(200).trim().optional(),
  sort: z.enum(holderSorts).optional(),
  desc: z.boolean().optional(),
  page: pageInput,
  pageSize: pageSizeInput,
});
const roleNameInput = nameInput(roleNameLengthMax).min(1, "Give the role a name.");
/** Bounded here, and judged by the rule, which names an unknown one. */
const permissionsInput = z.array(textInput(100)).max(permissions.length);

export const rolesRouter = router({
  /** The built-in roles first, then by name; at most 1,000. */
  list: ownerProcedure
    .output(z.array(countedRole))
    .query(async ({ ctx }) => [...(await listCountedRoles(ctx.database.sql, ctx.organizationId))]),

  /** A role and one page of its holders. */
  get: ownerProcedure
    .input(holdersInput)
    .output(z.object({ role: countedRole, total: z.number(), members: z.array(holder), linkRequest }))
    .query(async ({ ctx, input }) => {
      const { id: roleId, ...query } = input;
      const found = await readRoleWithHolders(ctx.database.sql, ctx.organizationId, { ...query, roleId });
      if (found === undefined) throw toTrpcError({ kind: "roleNotFound", roleId });
      const { holders, ...rest } = found;
      return { ...rest, members: [...holders] };
    }),

  ...mappingProcedures,

  /** Links an existing role to the directory, or unlinks it. */
  setLinked: ownerProcedure
    .meta({ accountAction: "none" })
    .input(z.object({ id: idInput, isLinked: z.boolean() }))
    .output(done)
    .mutation(async ({ ctx, input }) => {
      const { id: roleId, isLinked } = input;
      unwrap(await setRoleLinked(ctx.database, ctx.write, { roleId, isLinked }));
    }),

  create: ownerProcedure
    .meta({ accountAction: "none" })
    .input(z.object({ name: roleNameInput, permissions: permissionsInput }))
    .output(z.object({ id: z.string() }))
    .mutation(async ({ ctx, input }) => ({ id: unwrap(await createRole(ctx.database, ctx.write, input)) })),

  rename: ownerProcedure
    .meta({ accountAction: "none" })
    .input(z.object({ id: idInput, name: roleNameInput }))
    .output(done)
    .mutation(async ({ ctx, input }) =>
      unwrap(await renameRole(ctx.database, ctx.write, { roleId: input.id, name: input.name })),
    ),

  setPermissions: ownerProcedure
    .meta({ accountAction: "none" })
    .input(z.object({ id: idInput, permissions: permissionsInput }))
    .output(done)
    .mutation(async ({ ctx, input }) => {
      const { id: roleId, permissions: wanted } = input;
      unwrap(await setRolePermissions(ctx.database, ctx.write, { roleId, permissions: wanted }));
    }),

  /** Deletes a role created in Rollcall; its holders stay. */
  delete: ownerProcedure
    .meta({ accountAction: "none" })
    .input(z.object({ id: idInput }))
    .output(done)
    .mutation(async ({ ctx, input }) => unwrap(await deleteOwnRole(ctx.database, ctx.write, input.id))),
});
