import { expect, test } from "vitest";
import { meaningOfFailure, selfCheckOverAfterMs, selfCheckState } from "./self-check.ts";

const startedAt = new Date("2026-11-25T10:00:00Z");
const after = (ms: number): Date => new Date(startedAt.getTime() + ms);
const ended = { startedAt, endedAt: after(5000), problem: null };
const open = { startedAt, endedAt: null, problem: null };

test.each([
  ["runs", open, [], after(1000), "running"],
  ["runs with a step that failed", open, ["failed"], after(1000), "running"],
  ["was left by a process that died", open, ["passed"], after(selfCheckOverAfterMs + 1), "interrupted"],
  ["passed", ended, ["passed", "noted"], after(6000), "passed"],
  ["failed", ended, ["passed", "failed"], after(6000), "failed"],
  ["was cut off", { ...ended, problem: "It took too long." }, ["passed"], after(6000), "interrupted"],
] as const)("a run that %s", (_what, run, outcomes, now, state) => {
  expect(selfCheckState(run, outcomes, now)).toBe(state);
});

test.each([
  [0, "There was no response"],
  [401, "The token was not accepted"],
  [403, "The organization’s settings refuse the provider"],
  [409, "conflicts"],
  [429, "Mass-removal protection held this"],
  [500, "This is an error in Rollcall"],
  [400, "The provider would show an error"],
  [200, "do not contain what was requested"],
])("a step that ends with %i", (status, words) => {
  const exchange = { method: "GET", path: "/Users", requestBody: null, status, responseBody: null, durationMs: 1 };
  expect(meaningOfFailure(exchange)).toContain(words);
});

test("a step without a request has no response", () => {
  expect(meaningOfFailure(undefined)).toContain("There was no response");
});
