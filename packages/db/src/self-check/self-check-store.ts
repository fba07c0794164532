import type { SelfCheckExchange, SelfCheckProvider, SelfCheckStep } from "@rollcall/domain";
import { sql } from "kysely";
import type { Database } from "../store/database.ts";
import { newId } from "../store/id.ts";
import type { Queryable } from "../store/queryable.ts";

/** A run in progress or finished; `problem`: why it was aborted. */
export type SelfCheck = NonNullable<Awaited<ReturnType<typeof readRun>>>;

type Start = Pick<SelfCheck, "startedBy" | "startedAt"> & {
  readonly organizationId: string;
  readonly provider: SelfCheckProvider;
  /** Runs started before this time count as finished. */
  readonly overBefore: Date;
  /** No run may start if another one has started after this time. */
  readonly restBefore: Date;
};

/** Starts a run that replaces the last one. Undefined: one is in progress, or has just started. */
export function beginSelfCheck(database: Database, start: Start): Promise<string | undefined> {
  const { organizationId, provider, startedBy, startedAt, overBefore, restBefore } = start;
  return database.transaction(async ({ db }) => {
    const run = { id: newId(), provider, startedBy, startedAt };
    const begun = await db
      .insertInto("self_check")
      .values({ organizationId, ...run })
      .onConflict((conflict) =>
        conflict
          .column("organizationId")
          .doUpdateSet({ ...run, endedAt: null, problem: null })
          .where((eb) =>
            eb.or([
              eb("self_check.startedAt", "<", overBefore),
              eb.and([eb("self_check.endedAt", "is not", null), eb("self_check.startedAt", "<", restBefore)]),
            ]),
          ),
      )
      .returning("id")
      .executeTakeFirst();
    if (begun === undefined) return undefined;
    await db.deleteFrom("self_check_step").where("organizationId", "=", organizationId).execute();
    return begun.id;
  });
}

type Run = { readonly organizationId: string; readonly id: string };

/** Saves one step of a run in progress; ignored if the run was replaced. */
export async function addSelfCheckStep(
  { db }: Queryable,
  { organizationId, id, position }: Run & { readonly position: number },
  { exchanges, ...step }: SelfCheckStep,
): Promise<void> {
  await db
    .insertInto("self_check_step")
    .columns(["organizationId", "checkId", "position", ...stepColumns, "exchanges"])
    .expression((eb) =>
      eb
        .selectFrom("self_check")
        .where((run) => run.and({ organizationId, id, endedAt: null }))
        .select(["organizationId", "id", eb.val(position).as("position")])
        .select(stepColumns.map((column) => eb.val(step[column]).as(column)))
        .select(sql`${JSON.stringify(exchanges)}::jsonb`.as("exchanges")),
    )
    .execute();
}

const stepColumns = ["part", "name", "outcome", "detail", "meaning", "durationMs"] as const;

export async function endSelfCheck(
  { db }: Queryable,
  { organizationId, id }: Run,
  { endedAt, problem }: { readonly endedAt: Date; readonly problem: string | null },
): Promise<void> {
  await db
    .updateTable("self_check")
    .set({ endedAt, problem })
    .where((eb) => eb.and({ organizationId, id, endedAt: null }))
    .execute();
}

/** The organization's last run and its steps in order, without their exchanges; undefined before the first. */
export async function readSelfCheck(sql: Queryable, organizationId: string) {
  const check = await readRun(sql, organizationId);
  return check && { check, steps: await readSteps(sql, { organizationId, id: check.id }) };
}

function readRun({ db }: Queryable, organizationId: string) {
  return db
    .selectFrom("self_check")
    .where("organizationId", "=", organizationId)
    .select(["id", "provider", "startedBy", "startedAt", "endedAt", "problem"])
    .executeTakeFirst();
}

const stepsOf = ({ db }: Queryable, { organizationId, id }: Run) =>
  db
    .selectFrom("self_check_step")
    .where((eb) => eb.and({ organizationId, checkId: id }))
    .orderBy("position")
    .limit(500);

function readSteps(tx: Queryable, run: Run) {
  return stepsOf(tx, run)
    .select(["position", ...stepColumns])
    .select(sql<number>`jsonb_array_length(exchanges)`.as("exchangeCount"))
    .execute();
}

/** The exchanges of a run's steps, or of the step at `position`; none if another run has replaced it. */
export async function readSelfCheckExchanges(
  sql: Queryable,
  run: Run,
  position: number | null,
): Promise<ReadonlyMap<number, readonly SelfCheckExchange[]>> {
  const steps = await stepsOf(sql, run)
    .$if(position !== null, (all) => all.where("position", "=", position))
    .select(["position", "exchanges"])
    .execute();
  return new Map(steps.map((step) => [step.position, step.exchanges]));
}
