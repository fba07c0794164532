import { describe, expect, test } from "vitest";
import { textLengthMax } from "./attribute-value.ts";
import { groupResourceType } from "./group-schema.ts";
import { parseResource } from "./parse-resource.ts";
import { GROUP_SCHEMA, USER_SCHEMA } from "./schema-uris.ts";
import { userResourceType } from "./user-schema.ts";

const schemas = [USER_SCHEMA];

/** JSON text instead of a literal: only JSON.parse can make an own member `__proto__`. */
function parseUser(json: string): unknown {
  const parsed = parseResource(JSON.parse(json), userResourceType);
  return parsed.ok ? parsed.value : `${parsed.error.status} ${parsed.error.scimType}: ${parsed.error.detail}`;
}

describe("what providers send is read, and only what a client may write is kept", () => {
  test.each([
    [
      "Okta's create, with password, locale, emails and groups",
      `{"schemas":["${USER_SCHEMA}"],"userName":"Test.User@okta.local","name":{"givenName":"Test","familyName":"User"},
        "emails":[{"primary":true,"value":"test.user@okta.local","type":"work"}],"displayName":"Test User",
        "locale":"en-US","externalId":"00ujl29u0le5T6Aj10h7","groups":[],"password":"1mz050nq","active":true}`,
      {
        userName: "Test.User@okta.local",
        name: { givenName: "Test", familyName: "User" },
        displayName: "Test User",
        externalId: "00ujl29u0le5T6Aj10h7",
        active: true,
      },
    ],
    [
      "Okta's PUT of all that it read, odd dates included",
      `{"schemas":["${USER_SCHEMA}"],"id":"23a35c27","userName":"a@b","meta":{"created":"04-12-2018 00:00:00"},"groups":[]}`,
      { userName: "a@b" },
    ],
    [
      "Entra's create, with extensions, nulls and name.formatted",
      `{"schemas":["${USER_SCHEMA}","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],"userName":"a@b",
        "name":{"formatted":"A B","givenName":"A","familyName":null},"addresses":null,"title":null,"roles":[],
        "meta":{"resourceType":"User"},"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"x"}}`,
      { userName: "a@b", name: { formatted: "A B", givenName: "A" } },
    ],
    [
      "OneLogin's nulls and texts for booleans",
      `{"userName":"a@b","id":null,"active":"True","externalId":[],"name":{"givenName":[]}}`,
      { userName: "a@b", active: true },
    ],
    [
      "any letter case",
      `{"SCHEMAS":["${USER_SCHEMA.toUpperCase()}"],"USERNAME":"A@b","Name":{"GIVENNAME":"A"}}`,
      { userName: "A@b", name: { givenName: "A" } },
    ],
    ["a body without schemas", `{"userName":"a@b"}`, { userName: "a@b" }],
    ["a name without supported parts", `{"userName":"a@b","name":{"middleName":"x"}}`, { userName: "a@b" }],
    [
      "names and texts of any script, unchanged",
      `{"userName":"a@b","displayName":" O’Malley-山田 é "}`,
      { userName: "a@b", displayName: " O’Malley-山田 é " },
    ],
    [
      "deep nonsense in what is unknown",
      `{"userName":"a@b","x":${"[".repeat(2000)}${"]".repeat(2000)}}`,
      { userName: "a@b" },
    ],
  ])("%s", (_what, json, expected) => expect(parseUser(json)).toEqual({ schemas, ...expected }));

  test("members may be objects, one object or texts; repeated ones count once; an empty list differs from none", () => {
    const group = (members: unknown): unknown => parseResource({ displayName: "G", members }, groupResourceType);
    const withMembers = (members: unknown): unknown => ({
      ok: true,
      value: { schemas: [GROUP_SCHEMA], displayName: "G", members },
    });
    expect(group([{ value: "u1", display: "A", $ref: null, type: "User" }])).toEqual(withMembers([{ value: "u1" }]));
    expect(group({ value: "u1" })).toEqual(withMembers([{ value: "u1" }]));
    expect(group(["u1", "u2", "u1", null])).toEqual(withMembers([{ value: "u1" }, { value: "u2" }]));
    expect(group([{ value: "u1" }, { VALUE: "u1" }, { value: "U1" }])).toEqual(
      withMembers([{ value: "u1" }, { value: "U1" }]),
    );
    expect(group([])).toEqual(withMembers([]));
    expect(group(null)).toEqual({ ok: true, value: { schemas: [GROUP_SCHEMA], displayName: "G" } });
  });
});

describe("what cannot be understood is refused with the attribute's name", () => {
  test.each([
    ["[]", "400 invalidSyntax: The body must be a JSON object."],
    ["null", "400 invalidSyntax: The body must be a JSON object."],
    [`"x"`, "400 invalidSyntax: The body must be a JSON object."],
    [`{"schemas":[],"userName":"a"}`, "400 invalidSyntax"],
    [`{"schemas":"${USER_SCHEMA}","userName":"a"}`, "400 invalidSyntax"],
    [`{"schemas":["${GROUP_SCHEMA}"],"userName":"a"}`, "400 invalidSyntax"],
    [`{}`, "400 invalidValue: A User must have a userName."],
    [`{"userName":null}`, "400 invalidValue: A User must have a userName."],
    [`{"userName":" "}`, "400 invalidValue: userName must not be empty."],
    [`{"userName":5}`, "400 invalidValue: userName must be a text, not a number."],
    [`{"userName":["a"]}`, "400 invalidValue: userName must be a text, not an array."],
    [`{"userName":"a","active":"yes"}`, "400 invalidValue: active must be true or false, not a text."],
    [`{"userName":"a","active":1}`, "400 invalidValue: active must be true or false"],
    [`{"userName":"a","name":"A B"}`, "400 invalidValue: name must be an object, not a text."],
    [`{"userName":"a","name":{"givenName":{}}}`, "400 invalidValue: name.givenName must be a text, not an object."],
    [`{"userName":"a\\u0000"}`, "400 invalidValue: userName holds a NUL character"],
    [`{"userName":"a","displayName":"\\ud83d"}`, "400 invalidValue: displayName holds half of a surrogate pair"],
    [
      `{"userName":"a","displayName":"${"x".repeat(textLengthMax + 1)}"}`,
      "400 invalidValue: displayName is longer than 1024",
    ],
    [`{"userName":"a","displayName":"${"😀".repeat(textLengthMax + 1)}"}`, "400 invalidValue: displayName is longer"],
  ])("%.80s", (json, expected) => expect(parseUser(json)).toContain(expected));

  test("a text of just the greatest length is fine, counted in characters and not in UTF-16 units", () => {
    const displayName = "😀".repeat(textLengthMax);
    expect(parseUser(JSON.stringify({ userName: "a", displayName }))).toEqual({ schemas, userName: "a", displayName });
  });

  test.each([
    [{ displayName: "G", members: [{}] }, "Each of members must have a value."],
    [{ displayName: "G", members: [{ value: null }] }, "Each of members must have a value."],
    [{ displayName: "G", members: [null, null] }, "Each of members must have a value."],
    [{ displayName: "G", members: [7] }, "members must be an object, not a number."],
    [{ displayName: "G", members: [{ value: 7 }] }, "members.value must be a text, not a number."],
    [{ displayName: "G", members: [""] }, "members.value must not be empty."],
    [{ members: [] }, "A Group must have a displayName."],
  ])("group %j", (body, detail) =>
    expect(parseResource(body, groupResourceType)).toEqual({
      ok: false,
      error: { status: 400, scimType: "invalidValue", detail },
    }),
  );
});

// A key that every object inherits must never reach a prototype.
test("keys such as __proto__ are inert", () => {
  const json = `{"userName":"a","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"prototype":1,
    "name":{"__proto__":{"polluted":1},"givenName":"A"}}`;
  const parsed = parseUser(json);
  expect(parsed).toEqual({ schemas, userName: "a", name: { givenName: "A" } });
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(Reflect.get({}, "polluted")).toBeUndefined();
  expect(Reflect.get(Object(parsed), "polluted")).toBeUndefined();
});
