import {
  countDrift,
  driftHolderSorts,
  driftKinds,
  driftMax,
  driftPeopleSorts,
  listDriftHolders,
  listDriftPeople,
  memberStatuses,
  readRequestHours,
  readHealthFacts,
  unconfirmedAfterDays,
} from "@rollcall/db";
import { grantSources, healthPlaces, healthStates, judgeHealth } from "@rollcall/domain";
import { z } from "zod";
import { ownerProcedure, router } from "../trpc.ts";
import { isoDate, pageInput, pageSizeInput, textInput } from "./schemas.ts";

const figures = z.object({
  answered: z.number(),
  refused: z.number(),
  failed: z.number(),
  medianMs: z.number().nullable(),
  p95Ms: z.number().nullable(),
});

const state = z.object({
  state: z.enum(healthStates),
  cause: z.string(),
  since: isoDate.nullable(),
  next: z.object({ text: z.string(), place: z.enum(healthPlaces) }),
  /** The newest requests, as every screen shows them. */
  failures: z.object({ failed: z.number(), of: z.number() }),
});
const health = state.extend({
  /** The newest request with a valid secret, whatever its status. */
  lastRequestAt: isoDate.nullable(),
  isEnabled: z.boolean(),
  hours: z.array(figures.extend({ startsAt: isoDate })),
  day: figures,
});

const person = z.object({
  id: z.string(),
  name: z.string(),
  userName: z.string(),
  status: z.enum(memberStatuses),
  createdAt: isoDate,
  seenAt: isoDate.nullable(),
});

const holder = z.object({
  member: z.object({ id: z.string(), name: z.string(), userName: z.string() }),
  role: z.object({ id: z.string(), name: z.string() }),
  isManaged: z.boolean(),
  isActive: z.boolean(),
  sources: z.array(z.enum(grantSources)),
});

/** The filters, on the screen and in an export. */
export const driftFilter = z.object({ search: textInput(200).optional() });
const paged = driftFilter.extend({ page: pageInput, pageSize: pageSizeInput, desc: z.boolean().optional() });

export const healthRouter = router({
  /** The state of provisioning, for notices on other screens. */
  state: ownerProcedure.output(state).query(async ({ ctx }) => {
    const { database, organizationId, now } = ctx;
    return judgeHealth(await readHealthFacts(database.sql, organizationId, now), now);
  }),

  /** The state of provisioning, and the requests of the last 24 hours. */
  get: ownerProcedure.output(health).query(async ({ ctx }) => {
    const { database, organizationId, now } = ctx;
    const [facts, { hours, day }] = await Promise.all([
      readHealthFacts(database.sql, organizationId, now),
      readRequestHours(database.sql, organizationId, now),
    ]);
    const lastRequestAt = facts.requests[0]?.at ?? null;
    return { ...judgeHealth(facts, now), lastRequestAt, isEnabled: facts.isEnabled, hours: [...hours], day };
  }),

  /** The numbers of people and grants that the provider has neither made nor confirmed; at most `max` each. */
  drift: ownerProcedure
    .output(
      z.object({
        unlinked: z.number(),
        unconfirmed: z.number(),
        holders: z.number(),
        max: z.number(),
        unconfirmedAfterDays: z.number(),
      }),
    )
    .query(async ({ ctx }) => {
      const counts = await countDrift(ctx.database.sql, ctx.organizationId, ctx.now);
      return { ...counts, max: driftMax, unconfirmedAfterDays };
    }),

  /** One page of these people, by name by default. */
  driftPeople: ownerProcedure
    .input(paged.extend({ kind: z.enum(driftKinds), sort: z.enum(driftPeopleSorts).optional() }))
    .output(z.object({ total: z.number(), people: z.array(person) }))
    .query(async ({ ctx, input }) => {
      const query = { ...input, now: ctx.now };
      const { total, people } = await listDriftPeople(ctx.database.sql, ctx.organizationId, query);
      return { total, people: [...people] };
    }),

  /** One page of the people with a role of the directory that the directory has not given. */
  driftHolders: ownerProcedure
    .input(paged.extend({ sort: z.enum(driftHolderSorts).optional() }))
    .output(z.object({ total: z.number(), holders: z.array(holder) }))
    .query(async ({ ctx, input }) => {
      const { total, holders } = await listDriftHolders(ctx.database.sql, ctx.organizationId, input);
      return { total, holders: [...holders] };
    }),
});
