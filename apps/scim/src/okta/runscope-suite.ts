import { createContext, runInContext } from "node:vm";
import { z } from "zod";
import { fillIn, valueAt } from "./json-path.ts";

const assertionShape = z.object({
  comparison: z.enum(["equal", "equal_number", "not_empty", "has_value", "contains", "is_a_number", "is_less_than"]),
  source: z.enum(["response_status", "response_json", "response_time"]),
  value: z.union([z.string(), z.number(), z.null()]).optional(),
  property: z.string().optional(),
});
type Assertion = z.infer<typeof assertionShape>;

const requestShape = z.object({
  step_type: z.literal("request"),
  note: z.string(),
  method: z.enum(["GET", "POST", "PUT", "DELETE"]),
  url: z.string(),
  headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  body: z.string().optional(),
  assertions: z.array(assertionShape),
  variables: z.array(
    z.object({ source: z.literal("response_json"), name: z.string().nullable(), property: z.string() }),
  ),
  scripts: z.array(z.string()),
  before_scripts: z.array(z.never()),
  skipped: z.literal(false).optional(),
});
const pauseShape = z.object({ step_type: z.literal("pause"), duration: z.number() });
const suiteShape = z.object({
  name: z.string(),
  steps: z.array(z.discriminatedUnion("step_type", [requestShape, pauseShape])),
});

export type RunscopeStep = z.infer<typeof requestShape> & {
  /** The seconds that Okta pauses before this step, so that its jobs catch up. */
  readonly pauseBeforeS: number;
};
export type RunscopeSuite = { readonly name: string; readonly steps: readonly RunscopeStep[] };

/**
 * Reads a suite as Runscope (BlazeMeter) exports it; pauses are moved into the following step. Errors: throws for an
 * unknown comparison, source or kind of step, so that none is skipped.
 */
export function readSuite(text: string): RunscopeSuite {
  const suite = suiteShape.parse(JSON.parse(text));
  const steps: RunscopeStep[] = [];
  let pauseBeforeS = 0;
  for (const step of suite.steps) {
    if (step.step_type === "pause") {
      pauseBeforeS += step.duration;
    } else {
      steps.push({ ...step, pauseBeforeS });
      pauseBeforeS = 0;
    }
  }
  return { name: suite.name, steps };
}

type Played = { readonly status: number; readonly timeMs: number; readonly text: string; readonly json: unknown };

/** Sends a step, saves its variables and returns a sentence for each failed assertion. */
export async function playStep(step: RunscopeStep, variables: Map<string, string>): Promise<readonly string[]> {
  const played = await send(step, variables);
  const failures = step.assertions.flatMap((assertion) => judge(assertion, played, variables));
  for (const script of step.scripts) failures.push(...runScript(script, played.text));
  for (const { name, property } of step.variables) {
    const value = valueAt(played.json, property);
    if (name !== null && (typeof value === "string" || typeof value === "number")) variables.set(name, String(value));
  }
  return failures.length === 0 ? [] : [...failures, `The answer was ${played.status} ${played.text.slice(0, 1000)}`];
}

async function send(step: RunscopeStep, variables: ReadonlyMap<string, string>): Promise<Played> {
  const headers = Object.entries(step.headers).map(([name, value]): [string, string] => [
    name,
    fillIn(typeof value === "string" ? value : value.join(", "), variables),
  ]);
  const startedAt = performance.now();
  const response = await fetch(new URL(fillIn(step.url, variables)), {
    method: step.method,
    headers,
    redirect: "manual",
    signal: AbortSignal.timeout(30_000),
    ...(step.body === undefined ? {} : { body: new TextEncoder().encode(fillIn(step.body, variables)) }),
  });
  const text = await response.text();
  const timeMs = performance.now() - startedAt;
  return { status: response.status, timeMs, text, json: parseJson(text) };
}

function judge(assertion: Assertion, played: Played, variables: ReadonlyMap<string, string>): string[] {
  const { comparison, source, property = "", value } = assertion;
  const actual = actualOf(source, property, played);
  const expected = fillIn(String(value ?? ""), variables);
  if (holds(comparison, actual, expected)) return [];
  return [`${source} ${property} should ${comparison} ${expected}, but is ${JSON.stringify(actual)}.`];
}

function actualOf(source: Assertion["source"], property: string, played: Played): unknown {
  switch (source) {
    case "response_status":
      return played.status;
    case "response_time":
      return played.timeMs;
    case "response_json":
      return valueAt(played.json, property);
  }
}

function holds(comparison: Assertion["comparison"], actual: unknown, expected: string): boolean {
  switch (comparison) {
    case "equal":
      return isScalar(actual) && String(actual) === expected;
    case "equal_number":
      return isScalar(actual) && String(actual) !== "" && Number(actual) === Number(expected);
    case "not_empty":
      return !isEmpty(actual);
    case "has_value":
      return Array.isArray(actual) && actual.includes(expected);
    case "contains":
      return typeof actual === "string" || Array.isArray(actual) ? actual.includes(expected) : false;
    case "is_a_number":
      return typeof actual === "number" && Number.isFinite(actual);
    case "is_less_than":
      return typeof actual === "number" && actual < Number(expected);
  }
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** Runs a step's script with the three globals that Runscope provides; returns its failed assertions and errors. */
function runScript(script: string, responseBody: string): string[] {
  if (script === "") return [];
  const failures: string[] = [];
  const ok = (value: unknown, message?: unknown): void => {
    if (!value) failures.push(`The script says: ${String(message)}`);
  };
  const assert = Object.assign((value: unknown, message?: unknown) => ok(value, message), { ok });
  const context = createContext({ response: { body: responseBody }, assert, log: () => undefined });
  try {
    runInContext(script, context, { timeout: 1000 });
  } catch (cause) {
    failures.push(`The script failed: ${String(cause)}`);
  }
  return failures;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
