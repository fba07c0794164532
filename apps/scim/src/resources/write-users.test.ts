import { ENTERPRISE_USER_SCHEMA, PATCH_OP, USER_SCHEMA } from "@rollcall/scim-protocol";
import { describe, expect, test } from "vitest";
import { add, remove, replace, idOf, patchOf, type ScimResponse } from "../testing/test-client.ts";
import { custom, useWrites } from "../testing/test-write.ts";

const { acme, person, effectOf, refusalOf, changedBy, patch, patchEffect, patchRefusal } = await useWrites();
const bodyOf = async (path: string): Promise<ScimResponse["body"]> => (await acme.get(path)).body;

describe("RFC 7643 section 2.2, mutability", () => {
  test("readOnly: ignored in POST and PUT", async () => {
    const readOnly = {
      id: "00000000-0000-7000-8000-000000000001",
      meta: {
        resourceType: "Group",
        created: "2001-01-01T00:00:00Z",
        lastModified: 7,
        location: "x",
        version: 'W/"x"',
      },
      emails: [{ value: "other@acme.example", type: "home", primary: true }],
      groups: [{ value: "x" }],
      name: { formatted: "Somebody Else", givenName: "Pam", familyName: "Beesly" },
    };
    const made = await acme.post("/Users", { userName: "Read.Only@acme.example", ...readOnly });
    expect(made).toMatchObject({
      status: 201,
      body: {
        name: { formatted: "Pam Beesly" },
        emails: [{ value: "Read.Only@acme.example", type: "work", primary: true }],
        meta: { resourceType: "User", location: expect.stringContaining(idOf(made)) },
      },
    });
    expect(idOf(made)).not.toBe(readOnly.id);
    expect(made.body).not.toHaveProperty("groups");
    expect(
      await effectOf(`/Users/${idOf(made)}`, () =>
        acme.put(`/Users/${idOf(made)}`, { userName: "Read.Only@acme.example", ...readOnly }),
      ),
    ).toBe("none");
  });

  test.each(["meta", "meta.created", "meta.version", `${USER_SCHEMA}:META.Location`])(
    "readOnly: PATCH of %s is 400 mutability, with every op",
    async (path) => {
      const { path: user } = await person();
      for (const op of ["add", "replace", "remove"]) {
        const beside = replace("displayName", "Not done");
        expect(await patchRefusal(user, beside, { op, path, value: "x" })).toEqual([400, "mutability"]);
      }
    },
  );

  // docs/decisions and docs/idp-wire.md section 6 (c): Okta sends the id, Entra its mapped value.
  test("readOnly: PATCH of the equal id is no error and of another one is; what we derive is ignored", async () => {
    const { path, id } = await person();
    for (const operation of [
      { op: "replace", value: { id } },
      replace("id", id),
      { op: "replace", value: { meta: { created: "x" }, emails: [{ value: "x@y.z" }], "name.formatted": "X" } },
      { op: "Replace", path: 'emails[type eq "work"].value', value: "x@y.example" },
      { op: "Add", path: "emails", value: [{ value: "x@y.example", type: "home", primary: true }] },
      remove("emails"),
      add("name.formatted", "X"),
    ])
      expect(await patchEffect(path, operation)).toBe("none");
    for (const operation of [{ op: "replace", value: { id: "other" } }, replace("id", id.toUpperCase()), remove("id")])
      expect(await patchRefusal(path, operation)).toEqual([400, "mutability"]);
  });

  test("writeOnly: a password is taken and never shown, logged or a change", async () => {
    const { path } = await person({ password: "hunter2-hunter2" });
    for (const operation of [
      replace("password", "hunter3-hunter3"),
      { op: "replace", value: { password: "hunter3-hunter3" } },
    ])
      expect(await patchEffect(path, operation)).toBe("none");
    expect(JSON.stringify(await bodyOf(path))).not.toContain("hunter");
  });
});

describe("RFC 7643 section 2.2 and 7, required", () => {
  test.each([
    {},
    { userName: null },
    { userName: "" },
    { userName: "  " },
    { userName: [] },
    { userName: {} },
    { userName: "no email" },
  ])("POST and PUT with %j are 400 invalidValue", async (body) => {
    const { path } = await person();
    expect(await refusalOf(path, () => acme.put(path, { displayName: "X", ...body }))).toEqual([400, "invalidValue"]);
    const made = await acme.post("/Users", { displayName: "X", ...body });
    expect([made.status, made.body["scimType"]]).toEqual([400, "invalidValue"]);
  });

  test.each([
    remove("userName"),
    remove(`${USER_SCHEMA}:USERNAME`),
    replace("userName", null),
    { op: "replace", value: { userName: null } },
  ])("PATCH that takes it away, %j, is 400 mutability", async (operation) => {
    const { path } = await person();
    expect(await patchRefusal(path, operation)).toEqual([400, "mutability"]);
  });
});

test("RFC 7643 section 2.1: names of attributes are read without regard to case", async () => {
  const made = await acme.post("/Users", {
    SCHEMAS: [USER_SCHEMA.toUpperCase()],
    USERNAME: "case@acme.example",
    Name: { GIVENNAME: "Ca", familyname: "Se" },
    ACTIVE: false,
  });
  const name = { givenName: "Ca", familyName: "Se" };
  expect(made.body).toMatchObject({ userName: "case@acme.example", name, active: false });
});

/** Extensions as providers send them, with `schemas` that list them and without. */
const extensions: readonly [string, object][] = [
  ["enterprise", { [ENTERPRISE_USER_SCHEMA]: { employeeNumber: "7", manager: { value: "x" }, department: null } }],
  [
    "enterprise, listed",
    { schemas: [USER_SCHEMA, ENTERPRISE_USER_SCHEMA], [ENTERPRISE_USER_SCHEMA]: { department: "D" } },
  ],
  ["enterprise, listed and absent", { schemas: [ENTERPRISE_USER_SCHEMA, USER_SCHEMA] }],
  ["unknown", { [custom]: { userName: "other@acme.example", deep: { er: [1, null, { active: false }] } } }],
  ["unknown, listed", { schemas: [USER_SCHEMA, custom], [custom]: [1, 2], "urn:x:y": "text" }],
];

describe("RFC 7643 section 3.3 and RFC 7644 section 3.5.2: extensions that we do not keep are never an error", () => {
  test.each(extensions)("%s in POST and PUT", async (_what, extension) => {
    const { path, userName, id } = await person();
    const made = await acme.post("/Users", { userName: `x${id}@acme.example`, ...extension });
    expect([made.status, made.body["schemas"]]).toEqual([201, [USER_SCHEMA]]);
    expect(JSON.stringify(made.body)).not.toMatch(/enterprise|custom/);
    const echo = await bodyOf(path);
    expect(await effectOf(path, () => acme.put(path, { ...echo, ...extension }))).toBe("none");
    expect((await bodyOf(path))["userName"]).toBe(userName);
  });

  test.each(extensions)("%s in PATCH without a path", async (_what, extension) => {
    const { path } = await person();
    for (const op of ["add", "replace"]) expect(await patchEffect(path, { op, value: extension })).toBe("none");
    const schemas = [PATCH_OP, ENTERPRISE_USER_SCHEMA, custom];
    expect(
      await effectOf(path, () => acme.patch(path, { schemas, Operations: [{ op: "add", value: extension }] })),
    ).toBe("none");
  });

  test.each([
    ENTERPRISE_USER_SCHEMA,
    `${ENTERPRISE_USER_SCHEMA}:employeeNumber`,
    `${ENTERPRISE_USER_SCHEMA}:manager`,
    `${ENTERPRISE_USER_SCHEMA}:manager.value`,
    `${ENTERPRISE_USER_SCHEMA.toLowerCase()}:MANAGER.DISPLAYNAME`,
    custom,
    `${custom}:active`,
    `${custom}:list[type eq "a"].value`,
  ])("PATCH with the path %s, with every op and form of value", async (path) => {
    const { path: user } = await person();
    for (const op of ["add", "replace", "remove"])
      for (const value of ["7", { value: "x" }, [{ value: "x" }], null, undefined])
        expect(await patchEffect(user, { op, path, value })).toBe("none");
  });

  test("beside them the rest is done", async () => {
    const { path } = await person();
    const value = {
      [ENTERPRISE_USER_SCHEMA]: { department: "D" },
      [`${ENTERPRISE_USER_SCHEMA}:division`]: "V",
      displayName: "Done",
    };
    await changedBy(path, () => patch(path, { op: "replace", value }));
    expect((await bodyOf(path))["displayName"]).toBe("Done");
  });
});

describe("RFC 7644 section 3.5.1, replacing with PUT", () => {
  test("what GET returned changes nothing", async () => {
    const { path } = await person();
    const echo = await bodyOf(path);
    expect(await effectOf(path, () => acme.put(path, echo))).toBe("none");
    expect(await effectOf(path, () => acme.put(path, { ...echo, active: "TRUE", password: "x" }))).toBe("none");
  });

  test("what is left out, null or empty is cleared, and 200 has the whole resource", async () => {
    for (const cleared of [
      {},
      { displayName: null, name: null },
      { displayName: "", name: {} },
      { name: { givenName: null } },
    ]) {
      const { path, userName } = await person();
      const response = await changedBy(path, () => acme.put(path, { userName, ...cleared }));
      expect([response.status, response.body]).toEqual([200, await bodyOf(path)]);
      expect(response.body).not.toHaveProperty("displayName");
      expect(response.body).toMatchObject({ name: { formatted: userName.replace("@acme.example", "") }, active: true });
      expect(Object.keys(Object(response.body["name"]))).toEqual(["formatted"]);
    }
  });
});

describe("RFC 7644 section 3.5.2.1, PATCH add", () => {
  test.each<[string, object, object]>([
    [
      "by dotted keys",
      { op: "add", value: { "name.familyName": "F", "NAME.GIVENNAME": "G" } },
      { name: { givenName: "G", familyName: "F" } },
    ],
    [
      "by URN keys",
      { op: "add", value: { [`${USER_SCHEMA}:displayName`]: "U", [USER_SCHEMA]: { name: { givenName: "G" } } } },
      { displayName: "U", name: { givenName: "G" } },
    ],
    ["with the URN as path", add(USER_SCHEMA, { displayName: "U" }), { displayName: "U" }],
    ["in capitals", { OP: "ADD", PATH: "DISPLAYNAME", VALUE: "Caps" }, { displayName: "Caps" }],
    ["a boolean as a word", { op: "Add", path: "active", value: "False" }, { active: false }],
  ])("%s", async (_what, operation, expected) => {
    const { path } = await person();
    const response = await changedBy(path, () => patch(path, operation));
    expect(response).toMatchObject({ status: 200, body: expected });
    // Repeating the same value changes nothing.
    expect(await patchEffect(path, operation)).toBe("none");
  });

  test("an attribute that is absent is made", async () => {
    const { path } = await person({ displayName: undefined, name: undefined, externalId: undefined });
    const value = { name: { givenName: "G" }, externalId: "made-by-add" };
    expect(await changedBy(path, () => patch(path, { op: "add", value }))).toMatchObject({ body: value });
  });

  test("null adds nothing; no value is 400 invalidValue", async () => {
    const { path } = await person();
    expect(await patchEffect(path, add("displayName", null))).toBe("none");
    expect(await patchRefusal(path, { op: "add", path: "displayName" })).toEqual([400, "invalidValue"]);
    expect(await patchRefusal(path, { op: "add" })).toEqual([400, "invalidValue"]);
  });
});

describe("RFC 7644 section 3.5.2.2, PATCH remove", () => {
  test("without a path is 400 noTarget, with a value or without", async () => {
    const { path } = await person();
    for (const more of [{}, { path: null }, { value: { displayName: "x" } }])
      expect(await patchRefusal(path, { op: "remove", ...more })).toEqual([400, "noTarget"]);
  });

  test.each<[string, string]>([
    ["displayName", "displayName"],
    ["name", "name.familyName"],
    ["NAME.familyname", "name.familyName"],
    ["externalId", "externalId"],
    [`${USER_SCHEMA}:displayName`, "displayName"],
  ])("of %s takes the value away, and once more is no change", async (path, gone) => {
    const { path: user } = await person();
    const response = await changedBy(user, () => patch(user, remove(path)));
    expect(response.body).not.toHaveProperty(gone);
    expect(await patchEffect(user, remove(path))).toBe("none");
  });

  test("of a part that is not in the value filter's attribute, or of nothing we keep, is no error", async () => {
    const { path } = await person();
    for (const target of ['emails[type eq "home"]', "title", "name.middleName", 'phoneNumbers[type eq "fax"].value'])
      expect(await patchEffect(path, remove(target))).toBe("none");
  });
});

describe("RFC 7644 section 3.5.2.3, PATCH replace", () => {
  test.each<[string, object, object]>([
    ["a single value", replace("displayName", "New"), { displayName: "New" }],
    [
      "a complex value: the parts that are named, the others stay",
      replace("name", { givenName: "N" }),
      { name: { givenName: "N", familyName: "Beesly" } },
    ],
    [
      "without a path, several at once",
      { op: "replace", value: { active: false, displayName: "N" } },
      { active: false, displayName: "N" },
    ],
    [
      "by dotted and URN keys",
      { op: "replace", value: { "name.givenName": "N", [`${USER_SCHEMA}:name.familyName`]: "F" } },
      { name: { givenName: "N", familyName: "F" } },
    ],
    ["in capitals, with a word for the boolean", { op: "REPLACE", path: "Active", value: "FALSE" }, { active: false }],
    [
      "a plain text as older Entra sends it",
      { op: "Replace", path: "displayName", value: [{ $ref: null, value: "N" }] },
      { displayName: "N" },
    ],
    [
      "userName in other letters, kept as sent",
      replace("USERNAME", "PERSON@acme.example"),
      { userName: "PERSON@acme.example" },
    ],
  ])("%s", async (what, operation, expected) => {
    const { path, userName } = await person();
    const sent = what.startsWith("userName") ? { ...operation, value: userName.toUpperCase() } : operation;
    const wanted = what.startsWith("userName") ? { userName: userName.toUpperCase() } : expected;
    expect(await changedBy(path, () => patch(path, sent))).toMatchObject({ status: 200, body: wanted });
    expect(await patchEffect(path, sent)).toBe("none");
  });

  test("of a value that is absent adds it", async () => {
    const { path } = await person({ displayName: undefined });
    const response = await changedBy(path, () => patch(path, replace("displayName", "N")));
    expect(response.body["displayName"]).toBe("N");
  });

  test.each<[string, object]>([
    ["null", replace("displayName", null)],
    ["null in an object", { op: "replace", value: { displayName: null } }],
    ["an empty text", replace("displayName", "")],
  ])("by %s clears it", async (_what, operation) => {
    const { path } = await person();
    expect((await changedBy(path, () => patch(path, operation))).body).not.toHaveProperty("displayName");
  });

  test("an empty object replaces nothing; null parts are cleared", async () => {
    const { path } = await person();
    for (const operation of [{ op: "replace", value: {} }, replace("name", {})])
      expect(await patchEffect(path, operation)).toBe("none");
    const response = await changedBy(path, () => patch(path, replace("name", { givenName: null })));
    expect(response.body["name"]).toEqual({ familyName: "Beesly", formatted: expect.any(String) });
  });

  test.each([
    [replace("active", "maybe"), "invalidValue"],
    [replace("active", 1), "invalidValue"],
    [replace("displayName", { a: 1 }), "invalidValue"],
    [replace("displayName", ["a", "b"]), "invalidValue"],
    [replace("name", "Pam Beesly"), "invalidValue"],
    [replace("nobodyKnows", "x"), "invalidPath"],
    [replace("name.nobodyKnows", "x"), "invalidPath"],
    [replace("displayName[value eq", "x"), "invalidPath"],
    [replace('displayName[value eq "x"]', "x"), "invalidPath"],
    [{ op: "rename", path: "displayName", value: "x" }, "invalidSyntax"],
  ])("what cannot be done, %j, is 400 %s", async (operation, scimType) => {
    const { path } = await person();
    expect(await patchRefusal(path, operation)).toEqual([400, scimType]);
  });
});

describe("RFC 7644 section 3.5.2: operations are done in order, all or none", () => {
  test("a later operation sees what an earlier one did", async () => {
    const { path } = await person();
    const response = await patch(
      path,
      remove("name"),
      add("name.familyName", "Only"),
      replace("displayName", "First"),
      replace("displayName", "Second"),
    );
    expect(response.body).toMatchObject({ name: { familyName: "Only" }, displayName: "Second" });
    expect(response.body).not.toHaveProperty("name.givenName");
  });

  test.each([
    [replace("active", "maybe"), 400, "invalidValue"],
    [remove("userName"), 400, "mutability"],
    [{ op: "remove" }, 400, "noTarget"],
    [replace("userName", "no email"), 400, "invalidValue"],
    [replace("userName", "x@unverified.example"), 403, undefined],
  ])("the third operation %j fails: nothing is changed", async (third, status, scimType) => {
    const { path } = await person();
    const operations = [
      replace("displayName", "Not"),
      // Not a deactivation, which a refused rename would not hold up (email-change.test.ts).
      { op: "replace", value: { name: { familyName: "Nor" } } },
      third,
    ];
    expect(await refusalOf(path, () => patch(path, ...operations))).toEqual([status, scimType]);
  });

  test("operations that undo one another change nothing", async () => {
    const { path } = await person();
    expect(await patchEffect(path, remove("displayName"), add("displayName", "Pam B."))).toBe("none");
  });
});

test("RFC 7644 section 3.5.2: the response is 200 with the resource; attributes choose what of it", async () => {
  const { path, id } = await person();
  const response = await acme.patch(`${path}?attributes=displayName`, patchOf(replace("displayName", "A")));
  expect([response.status, response.body]).toEqual([200, { schemas: [USER_SCHEMA], id, displayName: "A" }]);
  expect(response.headers.get("etag")).toBe((await acme.get(path)).headers.get("etag"));
  const put = await acme.put(`${path}?excludedAttributes=meta,emails`, await bodyOf(path));
  expect([put.status, Object.keys(put.body)]).toEqual([200, expect.not.arrayContaining(["meta", "emails"])]);
});
