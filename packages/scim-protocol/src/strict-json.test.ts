import * as fc from "fast-check";
import { expect, test } from "vitest";
import { jsonCommasMax, jsonDepthMax, jsonMembersMax, jsonNamesMax, problemOfJson } from "./strict-json.ts";

const nested = (depth: number): string => `${"[".repeat(depth)}${"]".repeat(depth)}`;
/** So many objects of a thousand names each, none of them twice. */
const named = (objects: number): string =>
  `[${Array.from({ length: objects }, (_, at) => `{${Array.from({ length: 1000 }, (_, name) => `"${at}_${name}":1`).join(",")}}`).join(",")}]`;
const wide = (members: number): string =>
  `{${Array.from({ length: members }, (_, index) => `"a${index}":[{"b":1}]`).join(",")}}`;

test.each([
  ['{"a":1,"b":{"a":1},"c":[{"a":1},{"a":1}]}'],
  ['{"a":"a","b":"a","c":["a","a"]}'],
  ['{"a":"\\"b\\":1,\\"b\\":1","b":"\\\\","c":2}'],
  ['{"a":"{[\\"","b":"]}"}'],
  ['{"":1}'],
  ['{"constructor":1,"prototype":2,"x":{"prototype":3},"toString":4}'],
  ['{"x":"__proto__","y":"\\u0000\\ud800"}'],
  ['{"Ä":1,"A":2}'],
  [nested(jsonDepthMax)],
  [wide(jsonMembersMax)],
  [`[[${"1,".repeat(jsonCommasMax)}1],[${"1,".repeat(jsonCommasMax)}1]]`],
  [`[[${"1,".repeat(jsonCommasMax)}1],[${"[],".repeat(jsonCommasMax)}1]]`],
  [named(jsonNamesMax / 1000)],
  ["null"],
  [" 1 "],
])("a text that is read without a word: %.60s", (text) => expect(problemOfJson(text)).toBeUndefined());

test.each([
  ['{"a":1,"a":1}', 'names "a" twice'],
  ['{"userName":1,"x":{},"USERNAME":2}', 'names "USERNAME" twice'],
  ['{"x":[{"y":{"a":1, "b":[], "a" :2}}]}', 'names "a" twice'],
  ['{"user\\u004eame":1,"userName":2}', 'names "userName" twice'],
  ['{"a\\"b":1,"a\\"b":2}', "twice"],
  ['{"a":"\\\\","a":2}', 'names "a" twice'],
  ['{"":1,"":2}', 'names "" twice'],
  ['{"a":{},"b":[],"a":0}', 'names "a" twice'],
  [`{${Array.from({ length: 20 }, (_, index) => `"a${index}":1`).join(",")},"A3":1}`, 'names "A3" twice'],
  ['{"__proto__":null}', "has a member __proto__"],
  ['[[{"\\u005f_proto__":{}}]]', "has a member __proto__"],
  ['{"constructor":{"x":1,"prototype":{}}}', "has a member prototype"],
  ['{"constructor":[{"y":1},[{"prototype":{}}]]}', "has a member prototype"],
  ['{"a\\u0000":1}', "no text"],
  ['{"\\ud800":1}', "no text"],
  [nested(jsonDepthMax + 1), "inside each other"],
  [nested(1_000_000), "inside each other"],
  ["[".repeat(4_000_000), "inside each other"],
  ['{"a":'.repeat(jsonDepthMax + 1), "inside each other"],
  [wide(jsonMembersMax + 1), "more than 2000 members"],
  [`[${"1,".repeat(jsonCommasMax + 1)}1]`, "more than 50000 values"],
  [`[${`[${"1,".repeat(jsonCommasMax)}1],`.repeat(5)}]`, "more than 210000 values"],
  [`[${`[${"{},".repeat(50_000)}{}],`.repeat(3)}]`, "more than 210000 values"],
  [named(jsonNamesMax / 1000 + 1), "more than 20000 different names"],
])("a text that is refused: %.60s: %s", (text, problem) => expect(problemOfJson(text)).toContain(problem));

// What is no JSON is JSON.parse's to refuse; all that counts here is that reading it ends.
test.each(["", "{", '{"', '{"a', '{"a\\', '{"\\u00":1,"\\u00":1}', "}}]]", ',,,"', '{"a":1}}{"a":1}', "\\\\\\"])(
  "the broken text %j is left to JSON.parse",
  (text) => expect(problemOfJson(text)).toBeUndefined(),
);

const key = fc.oneof(fc.constantFrom("a", "A", "b", "id", "Id", "ß", "constructor"), fc.string({ unit: "binary" }));
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.jsonValue({ maxDepth: 0 }),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.uniqueArray(fc.tuple(key, tie("value")), { maxLength: 12, selector: ([name]) => name }).map(Object.fromEntries),
  ),
}));

// JSON.stringify writes no name twice, so only what the objects themselves hold can be wrong.
test("agrees with a plain look at the parsed value", () => {
  fc.assert(
    fc.property(value, fc.constantFrom(0, 1, 2), (tree, indent) => {
      const text = JSON.stringify(tree, undefined, indent);
      expect(problemOfJson(text) === undefined).toBe(isPlain(JSON.parse(text), ""));
    }),
    { seed: 4, numRuns: 2000 },
  );
});

test("sees every name that is written twice", () => {
  fc.assert(
    fc.property(value, key, fc.boolean(), (tree, name, isUpper) => {
      const [first, second] = [JSON.stringify(name), JSON.stringify(isUpper ? name.toUpperCase() : name)];
      const isSame = isUpper ? name.toUpperCase().toLowerCase() === name.toLowerCase() : true;
      const text = `{${first}:${JSON.stringify(tree)},"between":[],${second}:1}`;
      fc.pre(isSame && name.toLowerCase() !== "between");
      expect(problemOfJson(text)).toBeDefined();
    }),
    { seed: 4, numRuns: 2000 },
  );
});

function isPlain(tree: unknown, heldBy: string): boolean {
  if (Array.isArray(tree)) return tree.every((item) => isPlain(item, heldBy));
  if (typeof tree !== "object" || tree === null) return true;
  const names = Object.keys(tree);
  return (
    new Set(names.map((name) => name.toLowerCase())).size === names.length &&
    names.every((name) => name !== "__proto__" && !(name === "prototype" && heldBy === "constructor")) &&
    names.every((name) => !/\p{Surrogate}/u.test(name) && !name.includes("\0")) &&
    Object.entries(tree).every(([name, member]) => isPlain(member, name))
  );
}
