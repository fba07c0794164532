import { expect, test } from "vitest";
import { fixedResponse } from "../testing/proxy-handlers.ts";
import { playQuirk, readQuirk } from "./quirk.ts";

const response = { id: "u1", active: true, list: [{ value: "a", x: 1 }, { value: "b" }], "urn:a:2.0:B": { c: "d" } };

async function failuresOf(expectation: object, save: object = {}): Promise<string[]> {
  await using server = await fixedResponse(200, response);
  const step = { request: { method: "GET", path: "/Users" }, expect: { status: 200, ...expectation }, save };
  const quirk = readQuirk(JSON.stringify({ name: "n", source: "s", steps: [step] }));
  return await playQuirk(quirk, server.baseUrl, new Map([["token", "t"]]));
}

// A quirk must be able to fail: each kind of expectation once satisfied and once not.
test.each<[object, boolean]>([
  [{ status: [200, 204] }, true],
  [{ status: 204 }, false],
  [{ body: { id: "u1" } }, true],
  [{ body: { id: "u2" } }, false],
  [{ body: { active: "true" } }, false],
  [{ body: { other: 1 } }, false],
  [{ body: { "urn:a:2.0:B": { c: "d" } } }, true],
  [{ body: { list: [{ value: "b" }, { value: "a" }] } }, true],
  [{ body: { list: [{ value: "a" }, { value: "a" }] } }, false],
  [{ body: { list: [{ value: "a" }] } }, false],
  [{ absent: ["password"] }, true],
  [{ absent: ["list[1].value"] }, false],
  [{ lengths: { list: 2 } }, true],
  [{ lengths: { list: 3 } }, false],
  [{ contains: { id: "U" } }, true],
  [{ contains: { id: "x" } }, false],
  [{ headers: { "content-type": "scim+json" } }, true],
  [{ headers: { location: "/" } }, false],
])("%j holds: %s", async (expectation, isHeld) => {
  expect((await failuresOf(expectation)).length === 0).toBe(isHeld);
});

test("something to save that is not there fails", async () => {
  expect(await failuresOf({}, { id: "id" })).toEqual([]);
  expect(await failuresOf({}, { id: "list" })).not.toEqual([]);
});

test("an unknown key is refused", () => {
  const step = { request: { method: "GET", path: "/Users" }, expect: { status: 200, bdoy: {} } };
  expect(() => readQuirk(JSON.stringify({ name: "n", source: "s", steps: [step] }))).toThrow("bdoy");
});
