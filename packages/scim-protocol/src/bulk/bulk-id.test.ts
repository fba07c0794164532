import { describe, expect, test } from "vitest";
import { bulkIdsIn, referredBulkId, replaceBulkIds } from "./bulk-id.ts";
import { filterLengthMax } from "../filter/filter-grammar.ts";
import { groupResourceType } from "../schema/group-schema.ts";
import { userResourceType } from "../schema/user-schema.ts";

test.each([
  ["bulkId:qwerty", "qwerty"],
  ["BULKID:Qwerty", "Qwerty"],
  ["bulkId:__proto__", "__proto__"],
  ["bulkId:a:b", "a:b"],
  ["bulkId:", ""],
  ["bulkId", undefined],
  ["my bulkId:qwerty", undefined],
  ["", undefined],
])("%j refers to %j", (text, bulkId) => expect(referredBulkId(text)).toBe(bulkId));

const ids = new Map([
  ["q", "id-1"],
  ["w", "id-2"],
  ["__proto__", "id-3"],
  ['quo"te', "id-4"],
]);
const replaced = (data: unknown): unknown => replaceBulkIds(data, (bulkId) => ids.get(bulkId));

describe("replacement (RFC 7644 section 3.7.2)", () => {
  test.each<[string, unknown, unknown]>([
    ["a member", { members: [{ value: "bulkId:q" }] }, { members: [{ value: "id-1" }] }],
    ["a bare member", { members: ["bulkId:q", "x"] }, { members: ["id-1", "x"] }],
    ["an unknown one stays", { value: "bulkId:nobody" }, { value: "bulkId:nobody" }],
    ["part of a text stays", { displayName: "see bulkId:q" }, { displayName: "see bulkId:q" }],
    ["no text stays", [1, null, true, { a: 1.5 }], [1, null, true, { a: 1.5 }]],
    [
      "a filter of a PATCH path",
      { Operations: [{ op: "remove", path: 'members[value eq "bulkId:q" or value eq "bulkId:w"]' }] },
      { Operations: [{ op: "remove", path: 'members[value eq "id-1" or value eq "id-2"]' }] },
    ],
    ["a filter with an escaped quote", { path: '[value eq "bulkId:quo\\"te"]' }, { path: '[value eq "id-4"]' }],
    [
      "a filter with an open quote stays",
      { path: 'members[value eq "bulkId:q' },
      { path: 'members[value eq "bulkId:q' },
    ],
  ])("%s", (_name, data, expected) => expect(replaced(data)).toEqual(expected));

  test("a member named __proto__ stays one of the object's own and pollutes nothing", () => {
    const copy = replaced(JSON.parse('{"__proto__": {"value": "bulkId:__proto__"}, "value": "bulkId:q"}'));
    expect(JSON.stringify(copy)).toBe('{"__proto__":{"value":"id-3"},"value":"id-1"}');
    expect(Reflect.get({}, "value")).toBeUndefined();
  });

  test("what is sent is left as it is", () => {
    const sent = { members: [{ value: "bulkId:q" }] };
    replaced(sent);
    expect(sent).toEqual({ members: [{ value: "bulkId:q" }] });
  });

  test("100,000 levels and a path of a megabyte full of quotes are no trouble", () => {
    const deep: unknown = JSON.parse(`${"[".repeat(100_000)}"bulkId:q"${"]".repeat(100_000)}`);
    const long = '\\"bulkId:'.repeat(Math.ceil(filterLengthMax / 9) * 100);
    const many = Array.from({ length: 120 }, () => ({ path: `"bulkId:${'\\"bulkId:'.repeat(900)}` }));
    const started = Date.now();
    replaced(deep);
    expect(replaced({ path: long })).toEqual({ path: long });
    expect(replaced(many)).toEqual(many);
    expect(Date.now() - started).toBeLessThan(4000);
  });
});

// What a single call ignores must not make an operation wait for, or fail with, another one.
test.each<[string, string, unknown, readonly string[]]>([
  ["members", "POST", { displayName: "T", MEMBERS: [{ value: "bulkId:q" }, { value: "bulkId:w" }] }, ["q", "w"]],
  ["what is readOnly", "POST", { id: "bulkId:q", meta: { location: "bulkId:w" } }, []],
  ["what is unknown", "PUT", { owner: { value: "bulkId:q" } }, []],
  ["a PATCH", "PATCH", { Operations: [{ path: 'members[value eq "bulkId:q"]', value: "bulkId:w" }] }, ["q", "w"]],
  ["no object", "POST", "bulkId:q", ["q"]],
])("references: %s", (_name, method, data, bulkIds) =>
  expect([...bulkIdsIn(data, method, groupResourceType)]).toEqual(bulkIds),
);

test("references: a manager, whom we do not keep", () => {
  const urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
  const data = {
    userName: "bob@acme.example",
    [urn]: { manager: { value: "bulkId:q" } },
    groups: [{ value: "bulkId:w" }],
  };
  expect([...bulkIdsIn(data, "POST", userResourceType)]).toEqual([]);
});
