import { guardHoldsMax } from "@rollcall/domain";
import { expressionBuilder, type NotNull } from "kysely";
import type { Queryable } from "../store/queryable.ts";
import type { Tables } from "../store/tables.ts";

/** The tables of the expressions: the settings `p`, a hold `h` and its member `m`. */
type Named = Tables & { p: Tables["provisioning"]; h: Tables["guard_hold"]; m: Tables["member"] };
const ofHold = expressionBuilder<Named, "h" | "m">();

export const isOfHold = ofHold.and([
  ofHold("m.organizationId", "=", ofHold.ref("h.organizationId")),
  ofHold("m.id", "=", ofHold.ref("h.memberId")),
]);

const held = ofHold
  .selectFrom("role_grant as g")
  .whereRef("g.organizationId", "=", "h.organizationId")
  .whereRef("g.memberId", "=", "h.memberId")
  .whereRef("g.roleId", "=", "h.roleId");

/**
 * Whether the member `m` would still lose what the hold `h` would remove (as `isLoss` of guard-check.ts has it).
 * Otherwise the provider's retry passes, and there is nothing to decide.
 */
export const isStillThere = ofHold.and([
  ofHold("m.isDeleted", "=", false),
  ofHold("m.active", "=", true),
  ofHold.or([
    ofHold("h.kind", "<>", "member.role_revoked"),
    ofHold.and([
      ofHold.exists(held.select("g.roleId")),
      ofHold.not(ofHold.exists(held.where("g.source", "=", "manual").select("g.roleId"))),
    ]),
  ]),
]);

/** The undecided changes of the organization of the settings `p`. */
export const waitingHolds = expressionBuilder<Named, "p">()
  .selectFrom("guard_hold as h")
  .innerJoin("member as m", (on) => on.on(isOfHold))
  .whereRef("h.organizationId", "=", "p.organizationId")
  .where("h.decision", "is", null)
  .where(isStillThere);

export const waitingCount = waitingHolds.select((eb) => eb.fn.countAll<number>().as("held"));

export async function countWaiting({ db }: Queryable, organizationId: string): Promise<number> {
  const { held } = await db
    .selectFrom("provisioning as p")
    .where("p.organizationId", "=", organizationId)
    .select(waitingCount.$asScalar().$notNull().as("held"))
    .executeTakeFirstOrThrow();
  return held;
}

/**
 * The start of the hold and the number of undecided changes; null if the guard does not hold (`isGuardLatched`), is
 * off, or an owner allows all removals.
 */
export async function readGuardHold({ db }: Queryable, organizationId: string, now: Date) {
  const found = await db
    .selectFrom("provisioning as p")
    .where("p.organizationId", "=", organizationId)
    .where("p.isGuardOn", "=", true)
    .where("p.guardLatchedAt", "is not", null)
    .where((eb) => eb.or([eb("p.guardHoldsUntil", "is", null), eb("p.guardHoldsUntil", ">", now)]))
    .where((eb) => eb.or([eb("p.guardReleasedUntil", "is", null), eb("p.guardReleasedUntil", "<=", now)]))
    .select(["p.guardLatchedAt as latchedAt", waitingCount.as("held")])
    .$narrowType<{ latchedAt: NotNull; held: NotNull }>()
    .executeTakeFirst();
  return found ?? null;
}

/** A change that the guard has refused and that has not been made since. */
export type HeldChange = Awaited<ReturnType<typeof listHeldChanges>>[number];

/**
 * All current held changes, the undecided first and then the oldest; at most `guardHoldsMax`. `role`: the one to be
 * revoked, null for other kinds; `requestId`: the request of the last try.
 */
export function listHeldChanges({ db }: Queryable, organizationId: string) {
  return db
    .selectFrom("guard_hold as h")
    .innerJoin("member as m", (on) => on.on(isOfHold))
    .leftJoin("role as r", (on) => on.onRef("r.organizationId", "=", "h.organizationId").onRef("r.id", "=", "h.roleId"))
    .where("h.organizationId", "=", organizationId)
    .where("h.appliedAt", "is", null)
    .where(isStillThere)
    .orderBy((eb) => eb("h.decision", "is not", null))
    .orderBy("h.firstTriedAt")
    .orderBy("m.nameKey")
    .orderBy("h.id")
    .limit(guardHoldsMax)
    .select(["h.id", "h.memberId", "m.name", "m.userName", "h.kind", "r.name as role", "h.requestId"])
    .select(["h.firstTriedAt", "h.lastTriedAt", "h.tries", "h.decision", "h.decidedAt", "h.decidedBy"])
    .execute();
}
