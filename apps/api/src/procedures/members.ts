import {
  dismissRolesOffer,
  grantRole,
  listMembers,
  memberSorts,
  memberStatuses,
  readMemberDetail,
  reactivateMembers,
  readRolesOffer,
  removeMember,
  restoreRoles,
  revokeRole,
  undoReactivations,
  undoRoleChange,
} from "@rollcall/db";
import { grantSources, reactivatedMax, type RuleError } from "@rollcall/domain";
import { z } from "zod";
import { role } from "./roles.ts";
import { toTrpcError, unwrap } from "../errors/trpc-error.ts";
import { ownerProcedure, router } from "../trpc.ts";
import { done, idInput, isoDate, pageInput, pageSizeInput, textInput } from "./schemas.ts";

const member = z.object({
  id: z.string(),
  name: z.string(),
  userName: z.string(),
  email: z.string(),
  status: z.enum(memberStatuses),
  isManaged: z.boolean(),
  externalId: z.string().nullable(),
  roles: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      sources: z.array(z.enum(grantSources)),
      /** The group whose mapping gives the role. */
      mappedBy: z.string().nullable(),
    }),
  ),
  createdAt: isoDate,
  updatedAt: isoDate,
});

const detail = z.object({
  member,
  /** `lock`: the reason why an owner cannot give or take this role, as a sentence. */
  roles: z.array(z.object({ role, isHeld: z.boolean(), lock: z.string().nullable() })),
  /** The reason why the reader cannot remove this person, as a sentence; null if they can. */
  removal: z.string().nullable(),
});

/** The id of the log entry that can be undone; null if nothing changed. */
const roleChange = z.object({ changeId: z.string().nullable() });

/** The filters, on the screen and in an export. */
export const membersQuery = z.object({
  search: textInput(200).trim().optional(),
  status: z.enum(memberStatuses).optional(),
  managed: z.boolean().optional(),
  roleId: idInput.optional(),
  sort: z.enum(memberSorts).optional(),
  desc: z.boolean().optional(),
});

const peopleInput = z.object({ ids: z.array(idInput).min(1).max(reactivatedMax) });

export const membersRouter = router({
  /** One page of the organization's people, by name by default. */
  list: ownerProcedure
    .input(membersQuery.extend({ page: pageInput, pageSize: pageSizeInput }))
    .output(z.object({ total: z.number(), members: z.array(member) }))
    .query(async ({ ctx, input }) => {
      const { managed: isManaged, ...rest } = input;
      const { total, members } = await listMembers(ctx.database.sql, ctx.organizationId, { ...rest, isManaged });
      return { total, members: [...members] };
    }),

  /** One person, with the actions that the reader may take. */
  get: ownerProcedure
    .input(z.object({ id: idInput }))
    .output(detail)
    .query(async ({ ctx, input }) => {
      const found = await readMemberDetail(ctx.database.sql, ctx.write, input.id);
      if (found === undefined) throw toTrpcError({ kind: "memberNotFound", memberId: input.id });
      const roles = found.roles.map((one) => ({ ...one, lock: sentenceOf(one.lock) }));
      return { member: found.member, roles, removal: sentenceOf(found.removal) };
    }),

  /** Ends a membership. `confirm` is the name of a managed person, typed by the owner. */
  remove: ownerProcedure
    .meta({ accountAction: "none" })
    .input(z.object({ id: idInput, confirm: textInput(1000).optional() }))
    .output(done)
    .mutation(async ({ ctx, input }) =>
      unwrap(await removeMember(ctx.database, ctx.write, { memberId: input.id, typed: input.confirm })),
    ),

  /** Reactivates inactive people, all of them or none. */
  reactivate: ownerProcedure
    .meta({ accountAction: "none" })
    .input(peopleInput)
    .output(done)
    .mutation(async ({ ctx, input }) => unwrap(await reactivateMembers(ctx.database, ctx.write, input.ids))),

  /** Reverts an owner's reactivation, of all of them or none. */
  undoReactivate: ownerProcedure
    .meta({ accountAction: "none" })
    .input(peopleInput)
    .output(done)
    .mutation(async ({ ctx, input }) => unwrap(await undoReactivations(ctx.database, ctx.write, input.ids))),

  grantRole: ownerProcedure
    .meta({ accountAction: "none" })
    .input(z.object({ memberId: idInput, roleId: idInput }))
    .output(roleChange)
    .mutation(async ({ ctx, input }) => unwrap(await grantRole(ctx.database, ctx.write, input))),

  /** Takes a role, also one's own; a person's only role cannot be taken. */
  revokeRole: ownerProcedure
    .meta({ accountAction: "give up the last role" })
    .input(z.object({ memberId: idInput, roleId: idInput }))
    .output(roleChange)
    .mutation(async ({ ctx, input }) => unwrap(await revokeRole(ctx.database, ctx.write, input))),

  /** Undoes the owner's latest change to a person's role; `changeId` is the return value of giving or taking it. */
  undoRole: ownerProcedure
    .meta({ accountAction: "give up the last role" })
    .input(z.object({ memberId: idInput, roleId: idInput, changeId: idInput }))
    .output(roleChange)
    .mutation(async ({ ctx, input }) => unwrap(await undoRoleChange(ctx.database, ctx.write, input))),

  /** The manually given roles that were removed with a person's access and that owners may restore. */
  offers: ownerProcedure
    .input(z.object({ id: idInput }))
    .output(z.array(z.object({ id: z.string(), name: z.string() })))
    .query(async ({ ctx, input }) => {
      const offered = unwrap(await readRolesOffer(ctx.database.sql, ctx.organizationId, input.id));
      return [...offered];
    }),

  restoreRoles: ownerProcedure
    .meta({ accountAction: "none" })
    .input(z.object({ id: idInput }))
    .output(z.object({ count: z.number() }))
    .mutation(async ({ ctx, input }) => ({ count: unwrap(await restoreRoles(ctx.database, ctx.write, input.id)) })),

  dismissOffer: ownerProcedure
    .meta({ accountAction: "none" })
    .input(z.object({ id: idInput }))
    .output(done)
    .mutation(async ({ ctx, input }) => void unwrap(await dismissRolesOffer(ctx.database, ctx.write, input.id))),
});

function sentenceOf(refusal: RuleError | null): string | null {
  return refusal === null ? null : toTrpcError(refusal).message;
}
