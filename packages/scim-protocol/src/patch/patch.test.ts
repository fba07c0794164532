import { describe, expect, test } from "vitest";
import { printFilter } from "../testing/filter-arbitraries.ts";
import { groupResourceType } from "../schema/group-schema.ts";
import { parsePatchRequest, patchOperationsMax } from "./patch.ts";
import { GROUP_SCHEMA, PATCH_OP, USER_SCHEMA } from "../schema/schema-uris.ts";
import { userResourceType } from "../schema/user-schema.ts";

const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/** The operations as short lines, or the refusal. The input is JSON text, as on the wire. */
function read(operations: string, resourceType = userResourceType, resourceId = "id-1"): unknown {
  return readBody(`{"schemas":["${PATCH_OP}"],"Operations":${operations}}`, resourceType, resourceId);
}

function readBody(json: string, resourceType = userResourceType, resourceId = "id-1"): unknown {
  const parsed = parsePatchRequest(JSON.parse(json), resourceType, resourceId);
  if (!parsed.ok) return `${parsed.error.status} ${parsed.error.scimType}: ${parsed.error.detail}`;
  return parsed.value.map(({ op, path, value }) => {
    const filter = path.filter ? `[${printFilter(path.filter)}]` : "";
    const subAttribute = path.subAttribute ? `.${path.subAttribute.name}` : "";
    return `${op} ${path.attribute.name}${filter}${subAttribute} ${JSON.stringify(value)}`;
  });
}

describe("each shape that Okta and Entra send becomes operations with one target", () => {
  test.each([
    ["Okta deactivates", `[{"op":"replace","value":{"active":false}}]`, ["replace active false"]],
    ["Okta syncs a password", `[{"op":"replace","value":{"password":"x"}}]`, []],
    ["with a path", `[{"op":"replace","path":"active","value":false}]`, ["replace active false"]],
    ["Entra's words", `[{"op":"Replace","path":"active","value":"False"}]`, ["replace active false"]],
    [
      "Entra's parts",
      `[{"op":"Add","path":"name.givenName","value":"A"},{"op":"Replace","path":"NAME.FAMILYNAME","value":"B"}]`,
      ['add name.givenName "A"', 'replace name.familyName "B"'],
    ],
    [
      "Entra's dotted keys",
      `[{"op":"replace","value":{"displayName":"D","name.givenName":"K","${enterprise}:department":"x"}}]`,
      ['replace displayName "D"', 'replace name.givenName "K"'],
    ],
    [
      "URN keys",
      `[{"op":"replace","value":{"${USER_SCHEMA}:userName":"a@b","${USER_SCHEMA.toLowerCase()}:name.familyName":"F"}}]`,
      ['replace userName "a@b"', 'replace name.familyName "F"'],
    ],
    [
      "the own URN as a whole",
      `[{"op":"replace","value":{"${USER_SCHEMA}":{"active":false}}},{"op":"add","path":"${USER_SCHEMA}","value":{"displayName":"D"}}]`,
      ["replace active false", 'add displayName "D"'],
    ],
    [
      "older Entra's text in an array",
      `[{"op":"Replace","path":"displayName","value":[{"$ref":null,"value":"D"}]}]`,
      ['replace displayName "D"'],
    ],
    ["keys of any case", `[{"OP":"REPLACE","Path":"active","VALUE":true}]`, ["replace active true"]],
    ["null for no path", `[{"op":"replace","path":null,"value":{"active":true}}]`, ["replace active true"]],
    [
      "a complex value",
      `[{"op":"replace","path":"name","value":{"givenName":"A","formatted":"x","bogus":1}}]`,
      ['replace name {"givenName":"A","formatted":"x"}'],
    ],
    [
      "null clears",
      `[{"op":"replace","path":"displayName","value":null},{"op":"replace","value":{"externalId":null}}]`,
      ["remove displayName undefined", "remove externalId undefined"],
    ],
    [
      "null clears a part",
      `[{"op":"replace","value":{"name":{"givenName":null,"familyName":"F"}}}]`,
      ['replace name {"familyName":"F"}', "remove name.givenName undefined"],
    ],
    [
      "null adds nothing",
      `[{"op":"add","path":"displayName","value":null},{"op":"add","value":{"name":{"givenName":null}}}]`,
      [],
    ],
    [
      "remove",
      `[{"op":"Remove","path":"displayName","value":"ignored"},{"op":"remove","path":"name"},{"op":"remove","path":"name.givenName"}]`,
      ["remove displayName undefined", "remove name undefined", "remove name.givenName undefined"],
    ],
  ])("%s", (_what, operations, expected) => expect(read(operations)).toEqual(expected));

  test.each([
    ["Okta renames", `[{"op":"replace","value":{"id":"id-1","displayName":"Sales"}}]`, ['replace displayName "Sales"']],
    [
      "Okta removes and adds",
      `[{"op":"remove","path":"members[value eq \\"u1\\"]"},{"op":"add","path":"members","value":[{"value":"u3","display":"a@b"}]}]`,
      ['remove members[value eq "u1"] undefined', 'add members [{"value":"u3"}]'],
    ],
    [
      "Okta pushes all",
      `[{"op":"replace","path":"members","value":[{"value":"u1"},{"value":"u2"}]}]`,
      ['replace members [{"value":"u1"},{"value":"u2"}]'],
    ],
    [
      "Okta empties",
      `[{"op":"replace","path":"members","value":[]},{"op":"replace","value":{"members":[],"id":"id-1"}}]`,
      ["replace members []", "replace members []"],
    ],
    [
      "Entra adds",
      `[{"op":"Add","path":"members","value":[{"$ref":null,"value":"u1"}]}]`,
      ['add members [{"value":"u1"}]'],
    ],
    [
      "Entra removes those, not all",
      `[{"op":"Remove","path":"members","value":[{"$ref":null,"value":"u1"}]}]`,
      ['remove members [{"value":"u1"}]'],
    ],
    [
      "one object, bare texts",
      `[{"op":"add","path":"members","value":{"value":"u1"}},{"op":"add","path":"members","value":["u2","u3"]},{"op":"remove","path":"members","value":"u2"}]`,
      [
        'add members [{"value":"u1"}]',
        'add members [{"value":"u2"},{"value":"u3"}]',
        'remove members [{"value":"u2"}]',
      ],
    ],
    ["an empty removal list removes nobody", `[{"op":"remove","path":"members","value":[]}]`, ["remove members []"]],
    [
      "all go",
      `[{"op":"remove","path":"members"},{"op":"replace","path":"members","value":null}]`,
      ["remove members undefined", "remove members undefined"],
    ],
    [
      "readOnly attributes in an object are no input",
      `[{"op":"replace","value":{"meta":{"created":"x"},"META.version":"x","members.display":"x","displayName":"S"}}]`,
      ['replace displayName "S"'],
    ],
  ])("group: %s", (_what, operations, expected) => expect(read(operations, groupResourceType)).toEqual(expected));

  test.each([
    ["empty schemas", `{"schemas":[],"Operations":[{"op":"replace","value":{"active":true}}]}`],
    ["no schemas", `{"Operations":[{"op":"replace","value":{"active":true}}]}`],
    ["null schemas", `{"schemas":null,"operations":[{"op":"replace","value":{"active":true}}]}`],
    ["other case", `{"SCHEMAS":["${PATCH_OP.toLowerCase()}"],"OPERATIONS":[{"op":"replace","value":{"active":true}}]}`],
  ])("a body with %s", (_what, json) => expect(readBody(json)).toEqual(["replace active true"]));
});

// Microsoft's validator sends it.
test.each([`{"Operations":[]}`, `{"schemas":["${PATCH_OP}"],"operations":[]}`, `{"schemas":[],"Operations":[]}`])(
  "%s is nothing to do",
  (json) => expect(readBody(json)).toEqual([]),
);

describe("only what says one thing is unwrapped", () => {
  test.each([
    [`{"path":"active","value":[true,false]}`],
    [`{"path":"active","value":[]}`],
    [`{"path":"active","value":[null]}`],
    [`{"path":"active","value":[[false]]}`],
    [`{"path":"displayName","value":["x","y"]}`],
    [`{"path":"displayName","value":[{"value":["x"]}]}`],
    [`{"path":"name","value":[{"givenName":"A"},{"familyName":"B"}]}`],
    [`{"value":[{"active":false},{"active":true}]}`],
    [`{"value":[[{"active":false}]]}`],
    [`{"value":[]}`],
    [`{"value":["x"]}`],
    [`{"value":"{\\"active\\":false"}`],
    [`{"value":"{\\"active\\":false,\\"active\\":true}"}`],
    [`{"value":"{\\"active\\":false,\\"ACTIVE\\":true}"}`],
    [`{"value":"{\\"__proto__\\":{\\"active\\":false}}"}`],
    [`{"value":"[{\\"active\\":false}]"}`],
    [`{"value":"false"}`],
    [`{"value":[{"value":{"active":false}}]}`],
    [`{"value":[{"value":"{\\"active\\":false}"}]}`],
    [`{"path":"name","value":[{"value":{"givenName":"A"}}]}`],
    [`{"path":"name","value":"{\\"givenName\\":\\"A\\"}"}`],
  ])("%s is refused", (operation) =>
    expect(read(`[{"op":"replace",${operation.slice(1)}]`)).toContain("400 invalidValue"),
  );

  test("in a list of one a text holds an object too", () => {
    expect(read(`[{"op":"replace","value":["{\\"active\\":\\"False\\"}"]}]`)).toEqual(["replace active false"]);
  });

  test.each([
    [`{"value":{"members":null}}`, "noTarget"],
    [`{"value":{"members":[]}}`, "noTarget"],
    [`{"path":"members","value":{"members":[]}}`, "invalidValue"],
    [`{"value":{"members":[{"value":"u1"}],"displayName":"D"}}`, "noTarget"],
    [`{"value":{"displayName":["D"]}}`, "noTarget"],
    [`{"value":{"members":[{"display":"u1"}]}}`, "invalidValue"],
    [`{"path":"members","value":{"members":null}}`, "invalidValue"],
    [`{"path":"members","value":{"members":"u1"}}`, "invalidValue"],
    [`{"path":"members","value":{"members":[{"value":"u1"}],"x":1}}`, "invalidValue"],
    [`{"path":"members","value":{"members":[{"value":"u1"},{}]}}`, "invalidValue"],
  ])("a removal by %s is refused, and never one of all", (operation, scimType) =>
    expect(read(`[{"op":"remove",${operation.slice(1)}]`, groupResourceType)).toContain(`400 ${scimType}`),
  );

  test("all texts together may be as long as all paths", () => {
    const value = JSON.stringify({ displayName: "x".repeat(1000) });
    const many = (count: number): string => JSON.stringify(Array.from({ length: count }, () => ({ op: "add", value })));
    expect(read(many(200))).toHaveLength(200);
    expect(read(many(300))).toContain("400 tooMany");
  });

  // 4 MB of names under the schema's URN kept everybody waiting for a second.
  test.each<[string, (value: object) => object]>([
    ["no path", (value) => ({ value })],
    ["the schema's URN as path", (value) => ({ path: USER_SCHEMA, value })],
    ["the schema's URN as path, as JSON text", (value) => ({ path: USER_SCHEMA, value: JSON.stringify(value) })],
    ["the schema's URN as key", (value) => ({ value: { [USER_SCHEMA]: value } })],
    ["the schema's URN as key, in a list of one", (value) => ({ value: [{ [USER_SCHEMA]: value }] })],
  ])("and so may all names under %s", (_, form) => {
    const names = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_item, index) => [`x${index}`.padEnd(1000, "x"), 1]));
    const many = (count: number) => read(JSON.stringify([{ op: "add", ...form(names(count)) }]));
    expect(many(200)).toEqual([]);
    expect(many(300)).toContain("400 tooMany");
  });
});

describe("what others may support is dropped, with a path and without", () => {
  const paths = [
    "title",
    "TITLE",
    "phoneNumbers",
    'phoneNumbers[type eq \\"work\\"].value',
    'emails[type eq \\"work\\"].value',
    'emails[type eq \\"work\\" and primary eq true]',
    "emails",
    "emails.display",
    'addresses[type eq \\"work\\"].streetAddress',
    'roles[primary eq \\"True\\"].display',
    "password",
    "schemas",
    "manager",
    "name.middleName",
    "name.honorificPrefix",
    enterprise,
    `${enterprise}:employeeNumber`,
    `${enterprise}:manager.value`,
    `${USER_SCHEMA}:nickName`,
    "urn:ietf:params:scim:schemas:extension:Custom:2.0:User:active",
    "urn:ietf:params:scim:schemas:extension:core:2.0:User:active",
    "urn:ietf:params:scim:schemas:oracle:idcs:extension:user:User:active",
    "urn:scim:schemas:extension:enterprise:1.0:department",
    "urn:example:custom:2.0:User:thing",
    'urn:example:custom:2.0:User:things[type eq \\"a\\"].value',
  ];
  test.each(paths)("%s", (path) => {
    for (const op of ["add", "replace", "remove"]) {
      expect(read(`[{"op":"${op}","path":"${path}","value":{"any":[1]}}]`)).toEqual([]);
    }
    expect(read(`[{"op":"add","value":{"${path}":{"any":[1]}}}]`)).toEqual([]);
  });

  test("keys that nobody knows are dropped too, but not the known ones beside them", () => {
    const value = `{"bogus":1,"a.b.c":2,"":3,"x[":4,"__proto__":{"active":false},"constructor":5,"prototype":6,"active":true}`;
    expect(read(`[{"op":"replace","value":${value}}]`)).toEqual(["replace active true"]);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test.each([
    '"groups":[]',
    '"members":null',
    `"${GROUP_SCHEMA}":[]`,
    '"urn:ietf:params:scim:schemas:core:2.0:Usr":null',
  ])("without a path %s says nothing", (member) =>
    expect(read(`[{"op":"replace","value":{${member},"active":true}}]`)).toEqual(["replace active true"]),
  );

  test("the resource's own id is harmless, another one is refused", () => {
    expect(read(`[{"op":"replace","path":"id","value":"id-1"},{"op":"add","value":{"id":null}}]`)).toEqual([]);
    expect(read(`[{"op":"replace","value":{"id":"id-2"}}]`)).toContain("400 mutability: PATCH operation 1: id");
    expect(read(`[{"op":"replace","path":"id","value":"ID-1"}]`)).toContain("400 mutability");
    expect(parsePatchRequest({ Operations: [{ op: "replace", value: { id: "id-2" } }] }, userResourceType)).toEqual({
      ok: true,
      value: [],
    });
  });
});

// A 200 for an operation without effect could leave a person with access.
describe("attributes are known for each resource type", () => {
  const core = "urn:ietf:params:scim:schemas:core:2.0";
  test.each([
    [userResourceType, "groups", "mutability"],
    [userResourceType, "GROUPS", "mutability"],
    [userResourceType, 'groups[value eq \\"g1\\"]', "mutability"],
    [userResourceType, "groups.value", "mutability"],
    [userResourceType, `${USER_SCHEMA}:groups`, "mutability"],
    [userResourceType, "members", "invalidPath"],
    [userResourceType, 'members[value eq \\"u1\\"]', "invalidPath"],
    [userResourceType, `${GROUP_SCHEMA}:displayName`, "invalidPath"],
    [userResourceType, `${core}:active`, "invalidPath"],
    [userResourceType, `${core}:Usr:active`, "invalidPath"],
    [userResourceType, "urn:ietf:params:scim:schemas:core2.0:User:active", "invalidPath"],
    [userResourceType, "urn:ietf:param:scim:schema:core:2.0:User:active", "invalidPath"],
    [userResourceType, "urn:scim:schemas:core:1.0:active", "invalidPath"],
    [userResourceType, `${core}:User.active`, "invalidPath"],
    [groupResourceType, "active", "invalidPath"],
    [groupResourceType, "name", "invalidPath"],
    [groupResourceType, "name.givenName", "invalidPath"],
    [groupResourceType, "userName", "invalidPath"],
    [groupResourceType, "emails", "invalidPath"],
    [groupResourceType, `${USER_SCHEMA}:active`, "invalidPath"],
    [groupResourceType, `${GROUP_SCHEMA}:active`, "invalidPath"],
  ])("$name: %s", (resourceType, path, scimType) => {
    for (const op of ["add", "replace", "remove"]) {
      expect(read(`[{"op":"${op}","path":"${path}","value":[{"value":"g1"}]}]`, resourceType)).toContain(
        `400 ${scimType}`,
      );
    }
    expect(read(`[{"op":"add","value":{"${path}":[{"value":"g1"}]}}]`, resourceType)).toContain(`400 ${scimType}`);
  });

  // With a path it has to mean something; without one it is a key that nobody knows.
  test.each(["title", "groups", "phoneNumbers", "manager", "password"])("a Group has no %s", (name) => {
    expect(read(`[{"op":"add","path":"${name}","value":"x"}]`, groupResourceType)).toContain("400 invalidPath");
    expect(read(`[{"op":"add","value":{"${name}":"x"}}]`, groupResourceType)).toEqual([]);
  });
});

describe("what cannot be done is refused, never half understood", () => {
  test.each([
    [`[{"op":"replace","path":"bogus","value":1}]`, '400 invalidPath: PATCH operation 1: The path "bogus"'],
    [`[{"op":"replace","path":"name.bogus","value":1}]`, "400 invalidPath"],
    [`[{"op":"replace","path":"userName.value","value":1}]`, "400 invalidPath"],
    [`[{"op":"replace","path":"","value":1}]`, "400 invalidPath"],
    [`[{"op":"replace","path":7,"value":1}]`, "400 invalidPath"],
    [`[{"op":"replace","path":"emails[type eq","value":1}]`, "400 invalidPath"],
    [`[{"op":"replace","path":"emails[]","value":1}]`, "400 invalidPath"],
    [`[{"op":"replace","path":"phoneNumbers[type eq \\"work\\"","value":1}]`, "400 invalidPath"],
    [`[{"op":"replace","path":"phoneNumbers[type eq \\"work\\"].value.x","value":1}]`, "400 invalidPath"],
    [`[{"op":"replace","path":"active true","value":1}]`, "400 invalidPath"],
    [`[{"op":"replace","path":"active[value eq true]","value":1}]`, "400 invalidPath"],
    [`[{"op":"replace","path":"name[givenName eq \\"a\\"]","value":1}]`, "400 invalidPath"],
    [`[{"op":"replace","path":"__proto__","value":1}]`, "400 invalidPath"],
    [`[{"op":"replace","path":"constructor.prototype","value":1}]`, "400 invalidPath"],
    [`[{"op":"replace","path":"a\\u0000\\ud800","value":1}]`, "400 invalidPath"],
    [`[{"op":"remove"}]`, "400 noTarget"],
    [`[{"op":"Remove","value":{"active":true}}]`, "400 noTarget"],
    [`[{"op":"remove","path":"userName"}]`, "400 mutability: PATCH operation 1: userName is required"],
    [`[{"op":"replace","path":"userName","value":null}]`, "400 mutability"],
    [`[{"op":"replace","value":{"userName":null}}]`, "400 mutability"],
    [`[{"op":"remove","path":"id"}]`, "400 mutability"],
    [`[{"op":"remove","path":"active"}]`, "400 mutability: PATCH operation 1: active cannot be removed"],
    [`[{"op":"Remove","path":"ACTIVE","value":"True"}]`, "400 mutability"],
    [`[{"op":"replace","path":"active","value":null}]`, "400 invalidValue: PATCH operation 1: active cannot be null"],
    [`[{"op":"replace","value":{"active":null,"displayName":"D"}}]`, "400 invalidValue"],
    [`[{"op":"add","path":"active","value":null}]`, "400 invalidValue"],
    [`[{"op":"replace","path":"active","value":"maybe"}]`, "400 invalidValue: PATCH operation 1: active must be"],
    [`[{"op":"replace","path":"userName","value":""}]`, "400 invalidValue"],
    [`[{"op":"replace","path":"userName","value":5}]`, "400 invalidValue"],
    [`[{"op":"replace","path":"userName"}]`, "400 invalidValue"],
    [`[{"op":"replace","path":"name","value":"A B"}]`, "400 invalidValue"],
    [`[{"op":"replace","path":"name.givenName","value":{}}]`, "400 invalidValue"],
    [`[{"op":"replace","path":"displayName","value":"\\u0000"}]`, "400 invalidValue"],
    [`[{"op":"replace","value":"x"}]`, "400 invalidValue"],
    [`[{"op":"replace"}]`, "400 invalidValue"],
    [
      `[{"op":"replace","value":{"active":true}},{"op":"replace","value":{"active":[]}}]`,
      "400 invalidValue: PATCH operation 2",
    ],
    [`[{"op":"move","path":"active","value":true}]`, "400 invalidSyntax"],
    [`[{"op":null,"path":"active","value":true}]`, "400 invalidSyntax"],
    [`[{"path":"active","value":true}]`, "400 invalidSyntax"],
    [`["x"]`, "400 invalidSyntax"],
    [`[null]`, "400 invalidSyntax"],
    [`{}`, "400 invalidSyntax"],
    [`null`, "400 invalidSyntax"],
  ])("%s", (operations, expected) => expect(read(operations)).toContain(expected));

  test.each([
    [`[{"op":"remove","path":"displayName"}]`, "400 mutability"],
    [`[{"op":"remove","path":"members[value eq \\"u\\"].value"}]`, "400 mutability"],
    [`[{"op":"remove","path":"members[value eq \\"u\\"].display"}]`, "400 mutability"],
    [`[{"op":"replace","path":"members[value eq \\"u\\"].display","value":"x"}]`, "400 mutability"],
    [`[{"op":"add","path":"members[value eq \\"u\\"].type","value":"User"}]`, "400 mutability"],
    [
      `[{"op":"replace","path":"meta","value":{"created":"x"}}]`,
      "400 mutability: PATCH operation 1: meta is read-only",
    ],
    [`[{"op":"add","path":"meta.lastModified","value":"x"}]`, "400 mutability"],
    [`[{"op":"replace","path":"meta.nothing","value":"x"}]`, "400 invalidPath"],
    [`[{"op":"replace","path":"members[value eq \\"u\\"]","value":{"value":null}}]`, "400 mutability"],
    [`[{"op":"remove","path":"members","value":[{"display":"x"}]}]`, "400 invalidValue"],
    [`[{"op":"add","path":"members","value":[{"display":"x"}]}]`, "400 invalidValue"],
    [`[{"op":"add","path":"members","value":7}]`, "400 invalidValue"],
    [`[{"op":"add","path":"members.value","value":"u"}]`, "400 invalidPath"],
    [`[{"op":"add","value":{"members.value":"u"}}]`, "400 invalidPath"],
    [`[{"op":"remove","path":"members[value eq \\"u\\"].bogus"}]`, "400 invalidPath"],
    [`[{"op":"remove","path":"members[bogus eq \\"u\\"]"}]`, "400 invalidFilter"],
    [`[{"op":"remove","path":"members[value eq 7]"}]`, "400 invalidFilter"],
  ])("group: %s", (operations, expected) => expect(read(operations, groupResourceType)).toContain(expected));

  test.each([
    `[]`,
    `null`,
    `"x"`,
    `{}`,
    `{"schemas":["urn:x:y"],"Operations":[{"op":"add","value":{}}]}`,
    `{"schemas":["urn:scim:schemas:core:2.0",7],"Operations":[]}`,
    `{"schemas":["urn:scim:schemas:core:2.0:User"],"Operations":[]}`,
    `{"schemas":["urn:scim:schemas:core:2.0","${USER_SCHEMA}"],"Operations":[]}`,
    `{"schemas":["urn:scim:schemas:extension:enterprise:2.0"],"Operations":[]}`,
  ])("body %s", (json) => expect(readBody(json)).toContain("400 invalidSyntax"));

  test("the number of operations is bounded", () => {
    const many = (count: number): string =>
      JSON.stringify(Array.from({ length: count }, () => ({ op: "add", value: { active: true } })));
    expect(read(many(patchOperationsMax))).toHaveLength(patchOperationsMax);
    expect(read(many(patchOperationsMax + 1))).toContain("400 invalidSyntax");
  });

  test("a URN that nests in itself costs nothing", () => {
    const deep = `{"${USER_SCHEMA}":`.repeat(3000) + "1" + "}".repeat(3000);
    expect(read(`[{"op":"replace","value":${deep}}]`)).toEqual([]);
  });
});
