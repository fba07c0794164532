import { expect, test } from "vitest";
import type { AttributeDefinition } from "../schema/attribute-characteristics.ts";
import { groupSchema } from "../schema/group-schema.ts";
import type { QuirkId } from "./provider-quirks.ts";
import {
  normalizeAddress,
  normalizeAuthorization,
  normalizeBody,
  normalizeOperation,
  normalizePatchValue,
  normalizeQuery,
  normalizeValue,
  quirkOfDropped,
} from "./request-normalization.ts";
import { USER_SCHEMA } from "../schema/schema-uris.ts";
import { userSchema } from "../schema/user-schema.ts";

const find = (attributes: readonly AttributeDefinition[], wanted: string): AttributeDefinition => {
  const found = attributes.find(({ name }) => name === wanted);
  if (found === undefined) throw new Error(`There is no ${wanted}.`);
  return found;
};
const active = find(userSchema.attributes, "active");
const displayName = find(userSchema.attributes, "displayName");
const members = find(groupSchema.attributes, "members");

/** What becomes of it, and what was noticed on the way. */
function noticing<T>(normalize: (quirks: Set<QuirkId>) => T): readonly [T, readonly QuirkId[]] {
  const quirks = new Set<QuirkId>();
  const value = normalize(quirks);
  return [value, [...quirks]];
}

// Requests in the RFC's form are neither copied nor reported.
test("what is in the RFC's form comes back as the very same value", () => {
  const list = Array.from({ length: 40_000 }, (_, index) => ({ value: `u${index}`, $ref: null }));
  expect(noticing((quirks) => normalizeValue(list, members, quirks))).toEqual([list, []]);
  expect(normalizeValue(list, members, new Set())).toBe(list);
  expect(normalizePatchValue(list, members, new Set())).toBe(list);
  const body = { schemas: [USER_SCHEMA.toLowerCase()], id: "x" };
  expect(normalizeBody(body, USER_SCHEMA, new Set())).toBe(body);
  const operation = { op: "add", value: list };
  expect(normalizeOperation(operation, new Set())).toBe(operation);
});

test.each([
  ["Basic T", "Basic T", []],
  ["Bearer T", "Bearer T", []],
  ["bearer", "bearer", []],
  ["", "", []],
  ["rcl_T", "Bearer rcl_T", ["bare-token"]],
])("the header %j", (header, text, quirks) => {
  expect(noticing((noted) => normalizeAuthorization(header, noted))).toEqual([text, quirks]);
});

test.each([
  ["/scim_v2//Users?filter=a//b", "/scim_v2/Users?filter=a//b", ["doubled-slash"]],
  ["///scim_v2/Users//x//", "/scim_v2/Users/x/", ["doubled-slash"]],
  ["/scim_v2/Users/%2F%2Fx?x=//", "/scim_v2/Users/%2F%2Fx?x=//", []],
  ["http://scim.example//Users", "http://scim.example//Users", []],
])("the address %s", (sent, meant, quirks) => {
  expect(noticing((noted) => normalizeAddress(sent, noted))).toEqual([meant, quirks]);
});

test("a plus in a query is a space, and an encoded one is a plus", () => {
  expect(noticing((quirks) => normalizeQuery("a=1+2&b=1%2B2", quirks))).toEqual(["a=1%202&b=1%2B2", ["plus-as-space"]]);
});

// A person who is not found would be created a second time.
test.each([
  ['userName+eq+"a+b@x.example"', 'userName eq "a+b@x.example"'],
  ["userName%20eq%20%22a+b%40x.example%22", 'userName eq "a+b@x.example"'],
  ['active+eq+true+and+(USERNAME+sw+"a+")', 'active eq true and (USERNAME sw "a+")'],
  [
    'urn:ietf:params:scim:schemas:core:2.0:User:userName+eq+"+"',
    'urn:ietf:params:scim:schemas:core:2.0:User:userName eq "+"',
  ],
  ['emails%5Bvalue+eq+"a+b@x"+and+type+eq+"work"%5D', 'emails[value eq "a+b@x" and type eq "work"]'],
  ['emails[type+eq+"w+x"].value+eq+"a+b@x"', 'emails[type eq "w x"].value eq "a+b@x"'],
  ['emails+co+"a+b"', 'emails co "a+b"'],
  ['meta.lastModified+gt+"2026-01-31T08:00:00+02:00"', 'meta.lastModified gt "2026-01-31T08:00:00+02:00"'],
  ['displayName+eq+"Sales+team@x.example"', 'displayName eq "Sales team@x.example"'],
  ['externalId+eq+"a+b"', 'externalId eq "a b"'],
  ['displayName+eq+"userName+eq"+and+externalId+eq+"a+b"', 'displayName eq "userName eq" and externalId eq "a b"'],
  ['displayName+eq+"%5C%22"+and+userName+eq+"a+b"', 'displayName eq "\\"" and userName eq "a b"'],
])("the filter %s is %s", (sent, meant) => {
  const query = normalizeQuery(`filter=${sent}&startIndex=1`, new Set());
  expect(decodeURIComponent(query)).toBe(`filter=${meant}&startIndex=1`);
});

test.each([
  [active, "yes"],
  [active, 1],
  [active, [{ value: "true" }]],
  [displayName, ["x"]],
  [displayName, "true"],
  [members, 7],
  [members, []],
  [members, [null]],
  [members, [7]],
])("%o: %j stays as it is, to be refused or taken by the reader", (definition, value) => {
  expect(noticing((quirks) => normalizeValue(value, definition, quirks))).toEqual([value, []]);
});

test("a text is taken out of a list in a PATCH alone, and then read as any other", () => {
  expect(noticing((quirks) => normalizePatchValue([{ value: "TRUE" }], active, quirks))).toEqual([
    true,
    ["text-in-list", "boolean-as-text"],
  ]);
  expect(normalizePatchValue([{ value: "a" }, { value: "b" }], displayName, new Set())).toHaveLength(2);
});

test("nothing that was given is changed, and a key that every object inherits stays inert", () => {
  const json = `{"__proto__":{"polluted":1},"constructor":1,"id":null,"Schemas":null}`;
  const body: unknown = JSON.parse(json);
  if (typeof body !== "object" || body === null) throw new Error("It is an object.");
  const normalized = normalizeBody(Object.freeze({ ...body }), USER_SCHEMA, new Set());
  expect(Object.keys(normalized)).toEqual(["__proto__", "constructor", "schemas"]);
  expect(Object.getPrototypeOf(normalized)).toBe(Object.prototype);
  expect(JSON.stringify(body)).toBe(json);
  const values = Object.freeze(["u1", null, Object.freeze({ value: "u2" })]);
  expect(normalizeValue(values, members, new Set())).toEqual([{ value: "u1" }, { value: "u2" }]);
  expect(Reflect.get({}, "polluted")).toBeUndefined();
});

test.each([
  ["password", "password-pushed"],
  ["PassWord", "password-pushed"],
  ["URN:x:y", "extension-not-kept"],
  ["title", "attribute-not-kept"],
  ["__proto__", "attribute-not-kept"],
])("%s that is dropped belongs to the row %s", (name, id) => expect(quirkOfDropped(name)).toBe(id));
