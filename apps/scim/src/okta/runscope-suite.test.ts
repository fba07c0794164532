import { expect, test } from "vitest";
import { fixedResponse } from "../testing/proxy-handlers.ts";
import { playStep, readSuite } from "./runscope-suite.ts";

const response = {
  id: "u1",
  active: false,
  totalResults: 2,
  startIndex: "1",
  schemas: ["urn:a"],
  Resources: [],
  text: "",
};

function suiteOf(step: object): string {
  const request = { step_type: "request", note: "n", method: "GET", url: "{{base}}/Users", headers: { a: "b" } };
  const rest = { assertions: [], variables: [], scripts: [], before_scripts: [] };
  return JSON.stringify({
    name: "s",
    steps: [
      { step_type: "pause", duration: 5 },
      { ...request, ...rest, ...step },
    ],
  });
}

async function failuresOf(step: object, variables = new Map<string, string>()): Promise<readonly string[]> {
  await using server = await fixedResponse(200, response);
  const [first] = readSuite(suiteOf(step)).steps;
  if (first === undefined) throw new Error("The suite has no step.");
  return await playStep(first, variables.set("base", server.baseUrl));
}

const json = (comparison: string, property: string, value: unknown = null) => ({
  comparison,
  source: "response_json",
  property,
  value,
});

// Okta's suites must be able to fail here: each comparison once satisfied and once not.
test.each<[object, boolean]>([
  [{ comparison: "equal_number", source: "response_status", value: "200" }, true],
  [{ comparison: "equal_number", source: "response_status", value: 201 }, false],
  [{ comparison: "is_less_than", source: "response_time", value: "5000" }, true],
  [{ comparison: "is_less_than", source: "response_time", value: "0" }, false],
  [json("equal", "id", "u1"), true],
  [json("equal", "id", "U1"), false],
  [json("equal", "active", "false"), true],
  [json("equal", "active", "true"), false],
  [json("equal", "nothing.here", "undefined"), false],
  [json("equal_number", "totalResults", 2), true],
  [json("equal_number", "text", 0), false],
  [json("not_empty", "active"), true],
  [json("not_empty", "Resources"), false],
  [json("not_empty", "Resources[0].id"), false],
  [json("not_empty", "text"), false],
  [json("has_value", "schemas", "urn:a"), true],
  [json("has_value", "schemas", "urn"), false],
  [json("contains", "schemas", "urn:a"), true],
  [json("contains", "id", "x"), false],
  [json("is_a_number", "totalResults"), true],
  [json("is_a_number", "startIndex"), false],
])("%j holds: %s", async (assertion, isHeld) => {
  expect((await failuresOf({ assertions: [assertion] })).length === 0).toBe(isHeld);
});

test.each([
  ["assert.ok(JSON.parse(response.body).id === 'u1', 'm');", 0],
  ["assert.ok(false, 'no groups');", 2],
  ["assert(false, 'no groups');", 2],
  ["log(1); nonsense(", 2],
  ["for (;;) {}", 2],
])("the script %s", async (script, failures) => {
  expect(await failuresOf({ scripts: [script] })).toHaveLength(failures);
});

test("variables are saved, and one that is missing is named", async () => {
  const variables = new Map<string, string>();
  await failuresOf({ variables: [{ source: "response_json", name: "userId", property: "id" }] }, variables);
  expect(variables.get("userId")).toBe("u1");
  await expect(failuresOf({ url: "{{base}}/{{other}}" })).rejects.toThrow("No variable other");
});

// No step may be skipped silently: the interpreter refuses unknown input.
test.each([
  [{ assertions: [json("is_greater_than", "totalResults", 1)] }],
  [{ assertions: [{ comparison: "equal", source: "response_headers", value: "x" }] }],
  [{ step_type: "condition" }],
  [{ skipped: true }],
  [{ before_scripts: ["x"] }],
])("a suite with %j is refused", (step) => {
  expect(() => readSuite(suiteOf(step))).toThrow(/"code": "(invalid|unrecognized|too_big)/);
});
