import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { ScimResource } from "../schema/attribute-characteristics.ts";
import { groupResourceType } from "../schema/group-schema.ts";
import { parsePatchRequest } from "./patch.ts";
import { parseResource } from "../schema/parse-resource.ts";
import { applyPatch } from "./patch-application.ts";
import { userResourceType } from "../schema/user-schema.ts";

const member = fc.record(
  { value: fc.constantFrom("u1", "u2", "u3"), display: fc.constantFrom("A", "B") },
  { requiredKeys: ["value"] },
);
const resource: fc.Arbitrary<ScimResource> = fc.record(
  {
    userName: fc.constantFrom("a@b", "c@d"),
    displayName: fc.constantFrom("A", "B"),
    name: fc.record({ givenName: fc.constant("G"), familyName: fc.constant("F") }, { requiredKeys: [] }),
    active: fc.boolean(),
    members: fc.uniqueArray(member, { maxLength: 3, selector: ({ value }) => value }),
  },
  { requiredKeys: ["userName", "displayName"] },
);

const hostileKeys = [
  "__proto__",
  "constructor",
  "prototype",
  "__proto__.polluted",
  "constructor.prototype.polluted",
  "toString",
];
const keys = [
  [
    "userName",
    "displayName",
    "name",
    "name.givenName",
    "active",
    "members",
    "emails",
    "title",
    "id",
    "bogus",
    "schemas",
  ],
  [
    'members[value eq "u1"]',
    'members[value ne "u2"].value',
    "members[not (display pr)]",
    'members[value eq "u1"].display',
  ],
  hostileKeys,
].flat();
const value: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom("A", "a@b", "True", "False", true, false, null, "u1", 7),
  fc.constant({ givenName: "X", familyName: null }),
  fc.array(member, { maxLength: 3 }),
  member,
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(...hostileKeys).map((key) => JSON.parse(`{"${key}":{"polluted":true},"value":"u1"}`)),
);
const object = fc.array(fc.tuple(fc.constantFrom(...keys), value), { maxLength: 4 }).map(toJsonObject);
const operation = (ops: readonly string[]): fc.Arbitrary<unknown> =>
  fc.oneof(
    fc.record({ op: fc.constantFrom(...ops), path: fc.constantFrom(...keys), value }, { requiredKeys: ["op", "path"] }),
    fc.record({ op: fc.constantFrom(...ops), value: fc.oneof(object, value) }, { requiredKeys: ["op"] }),
  );
const anyOps = ["add", "replace", "remove", "Add", "REPLACE", "Remove"];

test("a PATCH never throws, never changes what it is given, never reaches a prototype, and ends in a resource or a 400", () => {
  const inherited = Reflect.ownKeys(Object.prototype);
  let applied = 0;
  fc.assert(
    fc.property(resource, fc.array(operation(anyOps), { minLength: 1, maxLength: 5 }), (before, operations) => {
      for (const resourceType of [userResourceType, groupResourceType]) {
        const copy = structured(before);
        const body = { Operations: operations };
        const bodyCopy = structured(body);
        const parsed = parsePatchRequest(body, resourceType, "id-1");
        const after = parsed.ok ? applyPatch(deepFreeze(before), deepFreeze(parsed.value), resourceType) : parsed;
        expect(JSON.stringify(before)).toBe(JSON.stringify(copy));
        expect(JSON.stringify(body)).toBe(JSON.stringify(bodyCopy));
        expect(after.ok || after.error.status).toBeOneOf([true, 400]);
        expect(after.ok || after.error.scimType).toBeDefined();
        if (after.ok) applied += 1;
      }
      expect(Reflect.ownKeys(Object.prototype)).toEqual(inherited);
      expect(Reflect.get({}, "polluted")).toBeUndefined();
    }),
    { numRuns: 2000 },
  );
  expect(applied).toBeGreaterThan(200);
});

test("a result holds known attributes only, and the required ones", () => {
  fc.assert(
    fc.property(resource, fc.array(operation(anyOps), { minLength: 1, maxLength: 5 }), (before, operations) => {
      const parsed = parsePatchRequest({ Operations: operations }, groupResourceType);
      const after = parsed.ok ? applyPatch(before, parsed.value, groupResourceType) : parsed;
      if (!after.ok) return;
      expect(
        Object.keys(after.value).filter(
          (key) => !Object.hasOwn(before, key) && key !== "externalId" && key !== "members",
        ),
      ).toEqual([]);
      expect(after.value["displayName"]).toBeTypeOf("string");
      expect(parseResource(after.value, groupResourceType)).toMatchObject({ ok: true });
    }),
    { numRuns: 1000 },
  );
});

test("to replace twice is to replace once", () => {
  let applied = 0;
  fc.assert(
    fc.property(resource, operation(["replace"]), (before, replacement) => {
      for (const resourceType of [userResourceType, groupResourceType]) {
        const parsed = parsePatchRequest({ Operations: [replacement] }, resourceType);
        const once = parsed.ok ? applyPatch(before, parsed.value, resourceType) : parsed;
        if (!parsed.ok || !once.ok) continue;
        // Beside another change of the same attribute a filter may select nothing the second time.
        if (parsed.value.length > 1 && parsed.value.some(({ path }) => path.filter !== undefined)) continue;
        applied += 1;
        const twice = applyPatch(once.value, parsed.value, resourceType);
        expect(twice.ok && twice.value).toBe(once.value);
      }
    }),
    { numRuns: 2000 },
  );
  expect(applied).toBeGreaterThan(200);
});

/** Built as JSON text, as only that makes an own member `__proto__`. */
function toJsonObject(members: readonly (readonly [string, unknown])[]): unknown {
  return JSON.parse(
    `{${members.map(([key, member]) => `${JSON.stringify(key)}:${JSON.stringify(member)}`).join(",")}}`,
  );
}

function structured(json: unknown): unknown {
  return JSON.parse(JSON.stringify(json));
}

/** Throws in strict mode wherever the code would write into it. Definitions are shared, so they are frozen too. */
function deepFreeze<T>(json: T): T {
  if (typeof json !== "object" || json === null || Object.isFrozen(json)) return json;
  Object.freeze(json);
  for (const member of Object.values(json)) deepFreeze(member);
  return json;
}
