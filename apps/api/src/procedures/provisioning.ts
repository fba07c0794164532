import {
  disableProvisioning,
  enableProvisioning,
  previewDefaultRole,
  readProvisioningOverview,
  readTurningOff,
  releaseKeptPeople,
  resumePeopleJob,
  setDefaultRole,
  setRemovalPolicy,
} from "@rollcall/db";
import { afterProvisioning, isTyped, peopleTreatments, roleKinds } from "@rollcall/domain";
import { TRPCError } from "@trpc/server";
import { z } from "zod";
import { FieldRefusal, unwrap } from "../errors/trpc-error.ts";
import { ownerProcedure, router } from "../trpc.ts";
import { done, idInput, isoDate, textInput } from "./schemas.ts";

/** The work on more people than one transaction takes; `hasStopped`: an owner has to continue it. */
const peopleJob = z.object({
  choice: z.enum(peopleTreatments),
  people: z.number(),
  done: z.number(),
  startedAt: isoDate,
  endedAt: isoDate.nullable(),
  isFailing: z.boolean(),
  hasStopped: z.boolean(),
});

const overview = z.object({
  isEnabled: z.boolean(),
  enabledAt: isoDate.nullable(),
  baseUrl: z.string(),
  defaultRole: z.object({ id: z.string(), name: z.string(), kind: z.enum(roleKinds) }).nullable(),
  hasSso: z.boolean(),
  ssoAcknowledgedAt: isoDate.nullable(),
  ssoAcknowledgedBy: z.string().nullable(),
  isGuardOn: z.boolean(),
  onlyDirectoryRemoves: z.boolean(),
  keepsLocks: z.boolean(),
  peopleJob: peopleJob.nullable(),
  mappingJob: peopleJob.nullable(),
  guard: z.object({
    losses: z.number(),
    limit: z.number(),
    latchedAt: isoDate.nullable(),
    holdsUntil: isoDate.nullable(),
    held: z.number(),
    releasedUntil: isoDate.nullable(),
  }),
  verifiedDomains: z.array(z.string()),
  managedMembers: z.number(),
});

const named = z.array(z.object({ id: z.string(), name: z.string() }));
const plan = z.object({
  released: z.number(),
  locked: z.number(),
  removed: z.number(),
  removedOwners: z.number(),
  inactive: z.number(),
  staying: z.array(z.object({ id: z.string(), name: z.string(), why: z.enum(["self", "lastOwner"]) })).readonly(),
});
const turningOff = z.object({
  people: named,
  owners: named,
  roles: named,
  roleCount: z.number(),
  managedOwners: z.number(),
  tokens: z.number(),
  plans: z.record(z.enum(afterProvisioning), plan),
});

export const provisioningRouter = router({
  /** The settings, the state of mass-removal protection and the SCIM base URL. */
  get: ownerProcedure.output(overview).query(async ({ ctx }) => {
    const found = await readProvisioningOverview(ctx.database.sql, ctx.organizationId, ctx.now);
    return { ...found, baseUrl: ctx.config.publicScimUrl };
  }),

  /** Sets the role of people created from now on. An owner-kind role needs a confirmation. */
  setDefaultRole: ownerProcedure
    .meta({ accountAction: "none" })
    .input(z.object({ roleId: idInput.nullable(), confirmOwnerRole: z.boolean().optional() }))
    .output(done)
    .mutation(async ({ ctx, input }) => unwrap(await setDefaultRole(ctx.database, ctx.write, input))),

  /** Nobody gains or loses a role by that default role: shows who keeps the current one. */
  previewDefaultRole: ownerProcedure
    .input(z.object({ roleId: idInput }))
    .output(z.object({ role: z.string(), count: z.number(), names: z.array(z.string()).readonly() }).nullable())
    .query(async ({ ctx: { organizationId, previews, database }, input }) =>
      unwrap(await previews.run(organizationId, () => previewDefaultRole(database.sql, organizationId, input.roleId))),
    ),

  enable: ownerProcedure
    .meta({ accountAction: "none" })
    .input(z.object({ acknowledgeNoSso: z.boolean() }))
    .output(done)
    .mutation(async ({ ctx, input }) =>
      unwrap(await enableProvisioning(ctx.database, ctx.write, { acknowledgeSso: input.acknowledgeNoSso })),
    ),

  /** Previews turning provisioning off, for each choice. */
  turningOff: ownerProcedure.output(turningOff).query(({ ctx }) => readTurningOff(ctx.database.sql, ctx.write)),

  /**
   * Turns provisioning off. `confirm` is typed by the owner: the organization's name or, if people are removed, their
   * number. `confirmOwners` confirms that owners among them are removed too.
   */
  disable: ownerProcedure
    .meta({ accountAction: "none" })
    .input(
      z.object({
        after: z.enum(afterProvisioning).default("release"),
        confirm: textInput(1000),
        confirmOwners: z.boolean().optional(),
      }),
    )
    .output(done)
    .mutation(async ({ ctx, input }) => {
      const { after, confirm: typed, confirmOwners: isOwnersConfirmed } = input;
      const name = ctx.session.access?.organizationName;
      if (after !== "remove" && (name === undefined || !isTyped(typed, name))) throw unconfirmed();
      unwrap(await disableProvisioning(ctx.database, ctx.write, { after, typed, isOwnersConfirmed }));
    }),

  /** Unlocks the accounts that were kept locked when provisioning was turned off. */
  releasePeople: ownerProcedure
    .meta({ accountAction: "none" })
    .output(z.object({ count: z.number() }))
    .mutation(async ({ ctx }) => ({ count: unwrap(await releaseKeptPeople(ctx.database, ctx.write)) })),

  /** Continues the work on the people, which has stopped after repeated failures. */
  resumePeopleJob: ownerProcedure
    .meta({ accountAction: "none" })
    .output(done)
    .mutation(({ ctx }) => resumePeopleJob(ctx.database, ctx.organizationId, ctx.now)),

  /** Sets who may remove managed people: the identity provider only, or owners as well. */
  setRemovalPolicy: ownerProcedure
    .meta({ accountAction: "none" })
    .input(z.object({ onlyDirectory: z.boolean() }))
    .output(done)
    .mutation(({ ctx, input }) => setRemovalPolicy(ctx.database, ctx.write, input.onlyDirectory)),
});

function unconfirmed(): TRPCError {
  const message = "Type the organization's name as it is shown.";
  return new TRPCError({ code: "BAD_REQUEST", message, cause: new FieldRefusal({ confirm: message }) });
}
