import { expect, test } from "vitest";
import { transcriptText } from "./transcript-text.ts";

test("a run as text", () => {
  const run = {
    organization: "Acme",
    provider: "Okta",
    startedAt: "2026-11-25T10:00:00.000Z",
    startedBy: "Olive Owner",
    problem: null,
  };
  const exchange = {
    method: "POST",
    path: "/Users",
    requestBody: '{\n  "userName": "ada"\n}',
    status: 403,
    responseBody: null,
    durationMs: 4,
  };
  const step = { part: "Okta", durationMs: 5, detail: "Refused.", exchanges: [exchange] };
  const text = transcriptText(run, [
    { ...step, name: "create a person", outcome: "failed", meaning: "No one can be added." },
    { ...step, name: "look", outcome: "passed", meaning: null, exchanges: [] },
  ]);
  expect(text).toBe(`Self-check of Acme, as Okta
Started 2026-11-25T10:00:00.000Z by Olive Owner

FAIL Okta: create a person (5 ms)
     Refused.
     What it means: No one can be added.
     > POST /Users
       {
         "userName": "ada"
       }
     < 403 (4 ms)

ok   Okta: look (5 ms)
     Refused.
`);
  expect(transcriptText({ ...run, problem: "It took too long." }, [])).toContain("Cut off: It took too long.");
});
