import {
  selfCheckOutcomes,
  selfCheckProviders,
  type SelfCheckExchange,
  type SelfCheckProvider,
  type SelfCheckStep,
} from "@rollcall/domain";
import { z } from "zod";
import type { Database } from "../store/database.ts";
import { newId } from "../store/id.ts";
import type { Queryable } from "../store/queryable.ts";

/** A run while it is played and after it; `problem`: why it could not be played to its end. */
export type SelfCheck = {
  readonly id: string;
  readonly provider: SelfCheckProvider;
  readonly startedBy: string;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly problem: string | null;
};

export type ListedStep = Omit<SelfCheckStep, "exchanges"> & {
  readonly position: number;
  readonly exchangeCount: number;
};

type Start = Pick<SelfCheck, "provider" | "startedBy" | "startedAt"> & {
  readonly organizationId: string;
  /** A run that began before this is over, whatever became of it. */
  readonly overBefore: Date;
  /** No run begins while one has begun after this. */
  readonly restBefore: Date;
};

/** Begins a run in the place of the last one. Undefined: one is under way, or has only just begun. */
export function beginSelfCheck(database: Database, start: Start): Promise<string | undefined> {
  const { organizationId, provider, startedBy, startedAt, overBefore, restBefore } = start;
  const id = newId();
  return database.transaction(async (tx) => {
    const values = [organizationId, id, provider, startedBy, startedAt, overBefore, restBefore];
    const [begun] = await tx.query(begin, values);
    if (begun === undefined) return undefined;
    await tx.query(forgetSteps, [organizationId]);
    return id;
  });
}

/** Keeps one step of a run that is under way; a run that was given up meanwhile keeps nothing more. */
export async function addSelfCheckStep(
  sql: Queryable,
  run: { readonly organizationId: string; readonly id: string; readonly position: number },
  step: SelfCheckStep,
): Promise<void> {
  const { part, name, outcome, detail, meaning, durationMs, exchanges } = step;
  const facts = [part, name, outcome, detail, meaning, durationMs, JSON.stringify(exchanges)];
  await sql.query(addStep, [run.organizationId, run.id, run.position, ...facts]);
}

export async function endSelfCheck(
  sql: Queryable,
  run: { readonly organizationId: string; readonly id: string },
  end: { readonly endedAt: Date; readonly problem: string | null },
): Promise<void> {
  await sql.query(endRun, [run.organizationId, run.id, end.endedAt, end.problem]);
}

/** The organization's last run and its steps in order, without the calls; undefined before the first. */
export async function readSelfCheck(
  sql: Queryable,
  organizationId: string,
): Promise<{ readonly check: SelfCheck; readonly steps: readonly ListedStep[] } | undefined> {
  const [row] = await sql.query(readRun, [organizationId]);
  if (row === undefined) return undefined;
  const check = checkRow.parse(row);
  const rows = await sql.query(readSteps, [organizationId, check.id]);
  return { check, steps: rows.map((step) => stepRow.parse(step)) };
}

/** The calls of a run's steps, or of one of them, by the step's position; none where another run has taken its place. */
export async function readSelfCheckExchanges(
  sql: Queryable,
  run: { readonly organizationId: string; readonly id: string },
  position: number | null,
): Promise<ReadonlyMap<number, readonly SelfCheckExchange[]>> {
  const rows = await sql.query(readExchanges, [run.organizationId, run.id, position]);
  return new Map(rows.map((row) => exchangeRow.parse(row)).map(({ position, exchanges }) => [position, exchanges]));
}

const checkRow = z.object({
  id: z.string(),
  provider: z.enum(selfCheckProviders),
  startedBy: z.string(),
  startedAt: z.date(),
  endedAt: z.date().nullable(),
  problem: z.string().nullable(),
});
const stepRow = z.object({
  position: z.number(),
  part: z.string(),
  name: z.string(),
  outcome: z.enum(selfCheckOutcomes),
  detail: z.string(),
  meaning: z.string().nullable(),
  durationMs: z.number(),
  exchangeCount: z.number(),
});
const exchange = z.object({
  method: z.string(),
  path: z.string(),
  requestBody: z.string().nullable(),
  status: z.number(),
  responseBody: z.string().nullable(),
  durationMs: z.number(),
});
const exchangeRow = z.object({ position: z.number(), exchanges: z.array(exchange) });

const begin = {
  name: "self_check_begin",
  text: `insert into self_check (organization_id, id, provider, started_by, started_at) values ($1, $2, $3, $4, $5)
    on conflict (organization_id) do update set id = excluded.id, provider = excluded.provider,
      started_by = excluded.started_by, started_at = excluded.started_at, ended_at = null, problem = null
    where self_check.started_at < $6 or (self_check.ended_at is not null and self_check.started_at < $7) returning id`,
};
const forgetSteps = { name: "self_check_forget", text: "delete from self_check_step where organization_id = $1" };
const addStep = {
  name: "self_check_step",
  text: `insert into self_check_step (organization_id, check_id, position, part, name, outcome, detail, meaning,
      duration_ms, exchanges)
    select $1, id, $3, $4, $5, $6, $7, $8, $9, $10::jsonb from self_check
    where organization_id = $1 and id = $2 and ended_at is null`,
};
const endRun = {
  name: "self_check_end",
  text: `update self_check set ended_at = $3, problem = $4
    where organization_id = $1 and id = $2 and ended_at is null`,
};
const readRun = {
  name: "self_check_read",
  text: `select id, provider, started_by as "startedBy", started_at as "startedAt", ended_at as "endedAt", problem
    from self_check where organization_id = $1`,
};
const readSteps = {
  name: "self_check_steps",
  text: `select position, part, name, outcome, detail, meaning, duration_ms as "durationMs",
      jsonb_array_length(exchanges) as "exchangeCount"
    from self_check_step where organization_id = $1 and check_id = $2 order by position limit 500`,
};
const readExchanges = {
  name: "self_check_exchanges",
  text: `select position, exchanges from self_check_step
    where organization_id = $1 and check_id = $2 and ($3::integer is null or position = $3) order by position limit 500`,
};
