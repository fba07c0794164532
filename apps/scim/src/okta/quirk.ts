import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { fillIn, valueAt } from "./json-path.ts";

const stepShape = z.strictObject({
  request: z.strictObject({
    method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]),
    /** Below the service's base URL, as sent over the wire; variables are percent-encoded. */
    path: z.string().startsWith("/"),
    /** Overrides the default headers (Bearer token, SCIM media type), by lower-case name; "" removes one. */
    headers: z.record(z.string().lowercase(), z.string()).default({}),
    body: z.unknown().optional(),
  }),
  expect: z.strictObject({
    status: z.union([z.int(), z.array(z.int())]),
    /** The expected part of the response: objects may have more keys, lists have exactly these items in any order. */
    body: z.unknown().optional(),
    absent: z.array(z.string()).default([]),
    /** Lengths of lists, by path. */
    lengths: z.record(z.string(), z.int()).default({}),
    /** Substrings of texts, by path, ignoring case. */
    contains: z.record(z.string(), z.string()).default({}),
    /** Substrings of headers, by lower-case name. */
    headers: z.record(z.string(), z.string()).default({}),
  }),
  save: z.record(z.string(), z.string()).default({}),
  /** The number of times to send it, with the variable `n` counting from 1. */
  repeat: z.int().min(1).max(500).default(1),
});
const quirkShape = z.strictObject({
  name: z.string(),
  source: z.string(),
  /** Needs an unused organization. */
  fresh: z.boolean().default(false),
  steps: z.array(stepShape).min(1),
});
/** A recorded known deviation of a provider: its requests and the expected responses. */
export type Quirk = z.infer<typeof quirkShape>;
type QuirkStep = z.infer<typeof stepShape>;

/** Errors: throws for an invalid file or an unknown key. */
export function readQuirk(text: string): Quirk {
  return quirkShape.parse(JSON.parse(text));
}

/** Plays a quirk against the service and returns a sentence for each difference. */
export async function playQuirk(quirk: Quirk, baseUrl: string, variables: Map<string, string>): Promise<string[]> {
  for (const [index, step] of quirk.steps.entries()) {
    for (let n = 1; n <= step.repeat; n += 1) {
      variables.set("n", String(n));
      const failures = await playStep(step, baseUrl, variables);
      const title = `Step ${index + 1}, ${step.request.method} ${step.request.path}`;
      if (failures.length > 0) return failures.map((failure) => `${title}: ${failure}`);
    }
  }
  return [];
}

async function playStep(step: QuirkStep, baseUrl: string, variables: Map<string, string>): Promise<string[]> {
  const { method, path, body } = step.request;
  const response = await fetch(`${baseUrl}${fillIn(path, variables, encodeURIComponent)}`, {
    method,
    headers: headersOf(step, variables),
    signal: AbortSignal.timeout(30_000),
    ...(body === undefined ? {} : { body: new TextEncoder().encode(JSON.stringify(filled(body, variables))) }),
  });
  const text = await response.text();
  const json: unknown = text === "" ? undefined : JSON.parse(text);
  const failures = judge(step, response, json, variables);
  for (const [name, property] of Object.entries(step.save)) {
    const value = valueAt(json, property);
    if (typeof value === "string" && value !== "") variables.set(name, value);
    else failures.push(`there is no text at ${property} to save`);
  }
  return failures.length === 0 ? [] : [...failures, `the response was ${response.status} ${text.slice(0, 1000)}`];
}

function headersOf(step: QuirkStep, variables: ReadonlyMap<string, string>): Record<string, string> {
  const headers = {
    authorization: "Bearer {{token}}",
    accept: "application/scim+json",
    ...(step.request.body === undefined ? {} : { "content-type": "application/scim+json; charset=utf-8" }),
    ...step.request.headers,
  };
  const sent = Object.entries(headers).filter(([, value]) => value !== "");
  return Object.fromEntries(sent.map(([name, value]) => [name, fillIn(value, variables)]));
}

function judge(step: QuirkStep, response: Response, json: unknown, variables: ReadonlyMap<string, string>): string[] {
  const { status, body, absent, lengths, contains, headers } = step.expect;
  const statuses = typeof status === "number" ? [status] : status;
  const failures = statuses.includes(response.status) ? [] : [`the status should be ${statuses.join(" or ")}`];
  if (body !== undefined) failures.push(...differences(filled(body, variables), json, "the body"));
  for (const path of absent) if (valueAt(json, path) !== undefined) failures.push(`${path} should not be there`);
  for (const [path, length] of Object.entries(lengths)) {
    const value = valueAt(json, path);
    if (!Array.isArray(value) || value.length !== length) failures.push(`${path} should be a list of ${length}`);
  }
  for (const [path, part] of Object.entries(contains)) {
    const value = valueAt(json, path);
    const wanted = fillIn(part, variables).toLowerCase();
    if (typeof value !== "string" || !value.toLowerCase().includes(wanted))
      failures.push(`${path} should name ${wanted}`);
  }
  for (const [name, part] of Object.entries(headers)) {
    if (!response.headers.get(name)?.includes(part)) failures.push(`the header ${name} should hold ${part}`);
  }
  return failures;
}

function differences(expected: unknown, actual: unknown, place: string): string[] {
  if (Array.isArray(expected)) return listDifferences(expected, actual, place);
  if (typeof expected === "object" && expected !== null) {
    if (typeof actual !== "object" || actual === null) return [`${place} should be an object`];
    const entries: [string, unknown][] = Object.entries(expected);
    return entries.flatMap(([key, value]) => differences(value, valueAt(actual, `["${key}"]`), `${place}.${key}`));
  }
  if (isDeepStrictEqual(expected, actual)) return [];
  return [`${place} should be ${JSON.stringify(expected)}, but is ${JSON.stringify(actual)}`];
}

function listDifferences(expected: readonly unknown[], actual: unknown, place: string): string[] {
  if (!Array.isArray(actual) || actual.length !== expected.length) return [`${place} should hold ${expected.length}`];
  const rest: unknown[] = [...actual];
  return expected.flatMap((wanted) => {
    const found = rest.findIndex((one) => differences(wanted, one, place).length === 0);
    if (found === -1) return [`${place} should hold ${JSON.stringify(wanted)}`];
    rest.splice(found, 1);
    return [];
  });
}

function filled(value: unknown, variables: ReadonlyMap<string, string>): unknown {
  if (typeof value === "string") return fillIn(value, variables);
  if (Array.isArray(value)) return value.map((one) => filled(one, variables));
  if (typeof value !== "object" || value === null) return value;
  const entries: [string, unknown][] = Object.entries(value);
  return Object.fromEntries(entries.map(([key, one]) => [key, filled(one, variables)]));
}
