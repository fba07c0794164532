import {
  guardApprovalMs,
  guardLimit,
  guardWindowMs,
  isGuardLatched,
  checkLosses,
  lossKinds,
  type GuardFacts,
  type LossKind,
  type Refusal,
} from "@rollcall/domain";
import type { Result } from "@rollcall/scim-protocol";
import { sql, type Kysely } from "kysely";
import { keptManaged } from "../provisioning/provisioning-row.ts";
import type { Queryable } from "../store/queryable.ts";
import { keptStatement, statement, type Parameter } from "../store/statement.ts";
import type { Tables } from "../store/tables.ts";

export type GuardRefusal = Refusal<"guardTripped" | "guardRejected">;

/** An entry about a role has the role's id in `before`. */
const roleOfEntry = "(c.before ->> 'roleId')::uuid";
/** Not of a person without access (by now, where a role was taken), nor of a role that the person has by another grant. */
const isLoss = `c.actor_kind = 'token' and c.refusal is null
  and c.kind in (${lossKinds.map((kind) => `'${kind}'`).join(", ")})
  and not (c.kind = 'member.deleted' and c.before ->> 'active' = 'false')
  and not (c.kind = 'member.role_revoked' and (
    (select not m.active from member m where m.organization_id = c.organization_id and m.id = c.subject_id)
    or exists (select from role_grant g
      where g.organization_id = c.organization_id and g.member_id = c.subject_id and g.role_id = ${roleOfEntry})))`;

const losses = `select count(distinct c.subject_id)::int as losses, count(distinct c.subject_id)
    filter (where not exists (select from member m where m.organization_id = c.organization_id and m.id = c.subject_id
      and m.is_managed and m.active and not m.is_deleted))::int as "lostAccess" from change c
  where c.organization_id = p.organization_id and ${isLoss} and c.at >= coalesce(p.guard_counted_from, '-infinity')
    and not exists (select 1 from guard_hold h where h.organization_id = c.organization_id
      and h.member_id = c.subject_id and h.kind = c.kind and h.role_id is not distinct from ${roleOfEntry}
      and h.decision = 'approved' and (h.applied_at >= c.at or (h.applied_at is null
        and h.decided_at between c.at - interval '${guardApprovalMs / 1000} seconds' and c.at)))`;

type Write = { readonly organizationId: string; readonly now: Date };
type WriteParams = Write & { readonly approvedSince: Date };

/** The loss entries of the caller's transaction, at its `now`. */
const withTaken = (db: Kysely<Tables>, p: Parameter<Write>) =>
  db.with(
    (cte) => cte("taken").materialized(),
    (from) =>
      from
        .selectFrom("change as c")
        .where("c.organizationId", "=", p("organizationId"))
        .where("c.at", "=", p("now"))
        .where(sql<boolean>`${sql.raw(isLoss)} and c.xmin = pg_current_xact_id()::xid`)
        .select([sql<string>`c.subject_id`.as("memberId"), "c.subjectName as name", sql<LossKind>`c.kind`.as("kind")])
        .select(sql<string | null>`${sql.raw(roleOfEntry)}`.as("roleId")),
  );

/** Joins the hold `h` of the loss `taken`, if decided and in force. */
const isHoldOfTaken = (p: Parameter<WriteParams>) => sql<boolean>`h.organization_id = ${p("organizationId")}
  and h.member_id = taken.member_id and h.kind = taken.kind and h.role_id is not distinct from taken.role_id
  and h.applied_at is null
  and (h.decision = 'rejected' or (h.decision = 'approved' and h.decided_at > ${p("approvedSince")}))`;

/** Joins the rejected hold `r` of the other way to end the access that `taken` ends, unless `h` approves this one. */
const isOtherWay = (p: Parameter<WriteParams>) => sql<boolean>`r.organization_id = ${p("organizationId")}
  and r.member_id = taken.member_id and r.decision = 'rejected' and r.applied_at is null
  and r.kind <> taken.kind and r.role_id is null and taken.role_id is null and h.decision is null`;

const minuteMs = 60_000;
const minuteOf = (at: Date): Date => new Date(Math.floor(at.getTime() / minuteMs) * minuteMs);

/** Adds the transaction's losses to the tally and reads what the decision needs except the exact count of losses. */
const facts = keptStatement<WriteParams & { windowStart: Date; minute: Date }>()("guard_facts", (db, p) =>
  withTaken(db, p)
    .with("added", (to) =>
      to
        .insertInto("guard_tally")
        .columns(["organizationId", "minute", "losses"])
        .expression((eb) =>
          eb
            .selectFrom("taken")
            .select([sql<string>`${p("organizationId")}::uuid`.as("organizationId")])
            .select(sql<Date>`${p("minute")}::timestamptz`.as("minute"))
            .select((taken) => taken.fn.count<number>("taken.memberId").distinct().as("losses")),
        )
        .onConflict((on) =>
          on
            .columns(["organizationId", "minute"])
            .doUpdateSet((eb) => ({ losses: eb("guard_tally.losses", "+", eb.ref("excluded.losses")) })),
        )
        .returning("losses"),
    )
    .with("judged", (from) =>
      from
        .selectFrom("taken")
        .leftJoin("guard_hold as h", (on) => on.on(isHoldOfTaken(p)))
        .leftJoin("guard_hold as r", (on) => on.on(isOtherWay(p)))
        .select(["taken.name", sql<string | null>`coalesce(h.decision, r.decision)`.as("decision")]),
    )
    .selectFrom("provisioning as p")
    .where("p.organizationId", "=", p("organizationId"))
    .select(["p.isGuardOn as isOn", "p.guardReleasedUntil as releasedUntil", "p.guardLatchedAt as latchedAt"])
    .select("p.guardHoldsUntil as holdsUntil")
    .select(keptManaged("active").as("active"))
    .select([
      sql<number>`((select losses from added) + (select coalesce(sum(t.losses), 0) from guard_tally t
        where t.organization_id = p.organization_id and t.minute <> ${p("minute")}
          and t.minute > greatest(${p("windowStart")}, p.guard_counted_from) - interval '1 minute'))::int`.as(
        "lossesAtMost",
      ),
      sql<number>`(select count(*)::int from judged where decision = 'approved')`.as("approved"),
      sql<number>`(select count(*)::int from judged where decision is distinct from 'approved')`.as("unapproved"),
      sql<string[]>`array(select distinct name from judged where decision = 'rejected' order by name limit 10)`.as(
        "rejected",
      ),
    ]),
);

const exactLosses = statement<{ organizationId: string; windowStart: Date }>()((db, p) =>
  db
    .selectFrom("provisioning as p")
    .innerJoin(
      sql<{ losses: number; lostAccess: number }>`lateral (${sql.raw(losses)} and c.at > ${p("windowStart")})`.as("l"),
      (on) => on.onTrue(),
    )
    .where("p.organizationId", "=", p("organizationId"))
    .select(["l.losses", sql<number>`${keptManaged("active")} + l."lostAccess"`.as("people")]),
);

const markApplied = statement<WriteParams>()((db, p) =>
  withTaken(db, p)
    .updateTable("guard_hold as h")
    .from("taken")
    .set({ appliedAt: p("now") })
    .where(isHoldOfTaken(p)),
);
const takenByRequest = statement<Write>()((db, p) =>
  withTaken(db, p)
    .selectFrom("taken")
    .select(["memberId", "kind", "roleId"])
    .orderBy("memberId")
    .orderBy("kind")
    .orderBy("roleId"),
);

/**
 * Checks the losses of a SCIM write, after it, in its transaction and under the organization's lock; a refusal rolls
 * the write back. A person with several losses counts once. Uses up approvals.
 */
export async function checkGuard(tx: Queryable, { organizationId, now }: Write): Promise<Result<void, GuardRefusal>> {
  const params = { organizationId, now, approvedSince: ago(now, guardApprovalMs) };
  const [found] = await tx.run(facts, {
    ...params,
    windowStart: ago(now, guardWindowMs),
    minute: minuteOf(now),
  });
  if (found === undefined) throw new Error(`The organization ${organizationId} has no provisioning.`);
  // The exact count reads every loss of the window, so only if it decides: a latched guard holds anyway.
  const isLatched = isGuardLatched(found, now);
  const isDecided = found.lossesAtMost <= guardLimit(found.active) || isLatched;
  // While it holds, the limit is only named: that of about the start of the hold.
  const people = found.active + (isLatched ? found.lossesAtMost : 0);
  const atMost = { losses: found.lossesAtMost, people };
  const counted = isDecided ? atMost : await countLosses(tx, organizationId, now);
  const judged = checkLosses({ ...found, ...counted }, now);
  if (judged.ok && found.approved > 0) await tx.run(markApplied, params);
  return judged;
}

/**
 * How many people have lost something to the provider within the window and since the last reset of the count, except
 * approved losses; `people`: how many had access before them.
 */
export async function countLosses(
  sql: Queryable,
  organizationId: string,
  now: Date,
): Promise<Pick<GuardFacts, "losses" | "people">> {
  const [counted] = await sql.run(exactLosses, { organizationId, windowStart: ago(now, guardWindowMs) });
  if (counted === undefined) throw new Error(`The organization ${organizationId} has no provisioning.`);
  return counted;
}

/** A loss of a person by a request. */
export type GuardLoss = Awaited<ReturnType<typeof readTaken>>[number];

/** All losses in the caller's transaction so far, before its rollback. */
export function readTaken(tx: Queryable, { organizationId, now }: Write) {
  return tx.run(takenByRequest, { organizationId, now });
}

export const ago = (now: Date, milliseconds: number): Date => new Date(now.getTime() - milliseconds);
