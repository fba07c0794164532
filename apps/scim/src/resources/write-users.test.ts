import { ENTERPRISE_USER_SCHEMA, PATCH_OP, USER_SCHEMA } from "@rollcall/scim-protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { idOf, patchOf, type ScimResponse } from "../testing/test-client.ts";
import { custom, ofEachMethod, startWriteTest, type WriteTest } from "../testing/test-write.ts";

let service: WriteTest;
beforeAll(async () => {
  service = await startWriteTest();
});
afterAll(() => service.scim.stop());

const effectOf: WriteTest["effectOf"] = (path, write) => service.effectOf(path, write);
const refusalOf: WriteTest["refusalOf"] = (path, write) => service.refusalOf(path, write);
const changedBy: WriteTest["changedBy"] = (path, write) => service.changedBy(path, write);
const patch = (path: string, ...operations: readonly object[]): Promise<ScimResponse> =>
  service.client.patch(path, patchOf(...operations));
const bodyOf = async (path: string): Promise<ScimResponse["body"]> => (await service.client.get(path)).body;

describe("RFC 7643 section 2.2, mutability", () => {
  test("readOnly: ignored in POST and PUT, whatever it says", async () => {
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
    const made = await service.client.post("/Users", { userName: "Read.Only@acme.example", ...readOnly });
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
        service.client.put(`/Users/${idOf(made)}`, { userName: "Read.Only@acme.example", ...readOnly }),
      ),
    ).toBe("none");
  });

  test.each(["meta", "meta.created", "meta.version", `${USER_SCHEMA}:META.Location`])(
    "readOnly: PATCH of %s is 400 mutability, with every op",
    async (path) => {
      const { path: user } = await service.person();
      for (const op of ["add", "replace", "remove"]) {
        const beside = { op: "replace", path: "displayName", value: "Not done" };
        expect(await refusalOf(user, () => patch(user, beside, { op, path, value: "x" }))).toEqual([400, "mutability"]);
      }
    },
  );

  // docs/decisions and docs/idp-wire.md section 6 (c): Okta sends the id, Entra its mapped value.
  test("readOnly: PATCH of the equal id is no error and of another one is; what we derive is ignored", async () => {
    const { path, id } = await service.person();
    for (const operation of [
      { op: "replace", value: { id } },
      { op: "replace", path: "id", value: id },
      { op: "replace", value: { meta: { created: "x" }, emails: [{ value: "x@y.z" }], "name.formatted": "X" } },
      { op: "Replace", path: 'emails[type eq "work"].value', value: "x@y.example" },
      { op: "Add", path: "emails", value: [{ value: "x@y.example", type: "home", primary: true }] },
      { op: "remove", path: "emails" },
      { op: "add", path: "name.formatted", value: "X" },
    ])
      expect(await effectOf(path, () => patch(path, operation))).toBe("none");
    for (const operation of [
      { op: "replace", value: { id: "other" } },
      { op: "replace", path: "id", value: id.toUpperCase() },
      { op: "remove", path: "id" },
    ])
      expect(await refusalOf(path, () => patch(path, operation))).toEqual([400, "mutability"]);
  });

  test("writeOnly: a password is taken and never shown, logged or a change", async () => {
    const { path } = await service.person({ password: "hunter2-hunter2" });
    for (const operation of [
      { op: "replace", path: "password", value: "hunter3-hunter3" },
      { op: "replace", value: { password: "hunter3-hunter3" } },
    ])
      expect(await effectOf(path, () => patch(path, operation))).toBe("none");
    expect(JSON.stringify(await bodyOf(path))).not.toContain("hunter");
  });
});

describe("RFC 7643 section 2.2 and 7, required", () => {
  test.each([{}, { userName: null }, { userName: "" }, { userName: "  " }, { userName: [] }, { userName: {} }])(
    "POST and PUT with %j are 400 invalidValue",
    async (body) => {
      const { path } = await service.person();
      expect(await refusalOf(path, () => service.client.put(path, { displayName: "X", ...body }))).toEqual([
        400,
        "invalidValue",
      ]);
      const made = await service.client.post("/Users", { displayName: "X", ...body });
      expect([made.status, made.body["scimType"]]).toEqual([400, "invalidValue"]);
    },
  );

  test.each([
    { op: "remove", path: "userName" },
    { op: "remove", path: `${USER_SCHEMA}:USERNAME` },
    { op: "replace", path: "userName", value: null },
    { op: "replace", value: { userName: null } },
  ])("PATCH that takes it away, %j, is 400 mutability", async (operation) => {
    const { path } = await service.person();
    expect(await refusalOf(path, () => patch(path, operation))).toEqual([400, "mutability"]);
  });
});

describe("RFC 7644 section 3.3, creating", () => {
  test("201 with the resource, and Location, meta.location and the address agree", async () => {
    const made = await service.client.post("/Users", { userName: "located@acme.example" });
    const location = `https://scim.rollcall.example/scim_v2/Users/${idOf(made)}`;
    expect([made.status, made.headers.get("location")]).toEqual([201, location]);
    expect(made.body).toMatchObject({ meta: { location, version: made.headers.get("etag") } });
    expect(await bodyOf(`/Users/${idOf(made)}`)).toEqual(made.body);
  });

  test("the names of attributes are matched without regard to case, also behind the schema's URN", async () => {
    const made = await service.client.post("/Users", {
      SCHEMAS: [USER_SCHEMA.toUpperCase()],
      USERNAME: "case@acme.example",
      Name: { GIVENNAME: "Ca", familyname: "Se" },
      ACTIVE: false,
    });
    expect(made.body).toMatchObject({
      userName: "case@acme.example",
      name: { givenName: "Ca", familyName: "Se" },
      active: false,
    });
  });
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
    const { path, userName, id } = await service.person();
    const made = await service.client.post("/Users", { userName: `x${id}@acme.example`, ...extension });
    expect([made.status, made.body["schemas"]]).toEqual([201, [USER_SCHEMA]]);
    expect(JSON.stringify(made.body)).not.toMatch(/enterprise|custom/);
    const echo = await bodyOf(path);
    expect(await effectOf(path, () => service.client.put(path, { ...echo, ...extension }))).toBe("none");
    expect((await bodyOf(path))["userName"]).toBe(userName);
  });

  test.each(extensions)("%s in PATCH without a path", async (_what, extension) => {
    const { path } = await service.person();
    for (const op of ["add", "replace"])
      expect(await effectOf(path, () => patch(path, { op, value: extension }))).toBe("none");
    const schemas = [PATCH_OP, ENTERPRISE_USER_SCHEMA, custom];
    expect(
      await effectOf(path, () =>
        service.client.patch(path, { schemas, Operations: [{ op: "add", value: extension }] }),
      ),
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
    const { path: user } = await service.person();
    for (const op of ["add", "replace", "remove"])
      for (const value of ["7", { value: "x" }, [{ value: "x" }], null, undefined])
        expect(await effectOf(user, () => patch(user, { op, path, value }))).toBe("none");
  });

  test("beside them the rest is done", async () => {
    const { path } = await service.person();
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
    const { path } = await service.person();
    const echo = await bodyOf(path);
    expect(await effectOf(path, () => service.client.put(path, echo))).toBe("none");
    expect(await effectOf(path, () => service.client.put(path, { ...echo, active: "TRUE", password: "x" }))).toBe(
      "none",
    );
  });

  test("what is left out, null or empty is cleared, and 200 has the whole resource", async () => {
    for (const cleared of [
      {},
      { displayName: null, name: null },
      { displayName: "", name: {} },
      { name: { givenName: null } },
    ]) {
      const { path, userName } = await service.person();
      const response = await changedBy(path, () => service.client.put(path, { userName, ...cleared }));
      expect([response.status, response.body]).toEqual([200, await bodyOf(path)]);
      expect(response.body).not.toHaveProperty("displayName");
      expect(response.body).toMatchObject({ name: { formatted: userName.replace("@acme.example", "") }, active: true });
      expect(Object.keys(Object(response.body["name"]))).toEqual(["formatted"]);
    }
  });

  test("never creates", async () => {
    const path = "/Users/00000000-0000-7000-8000-00000000000a";
    expect((await service.client.put(path, { userName: "made.by.put@acme.example" })).status).toBe(404);
    expect(
      (await service.client.get('/Users?filter=userName+eq+"made.by.put@acme.example"')).body["totalResults"],
    ).toBe(0);
  });
});

describe("RFC 7644 section 3.5.2.1, PATCH add", () => {
  test.each<[string, object, object]>([
    [
      "a single value that is there is replaced",
      { op: "add", path: "displayName", value: "New" },
      { displayName: "New" },
    ],
    [
      "a part, the others stay",
      { op: "add", path: "name.givenName", value: "New" },
      { name: { givenName: "New", familyName: "Beesly" } },
    ],
    [
      "parts of a complex value",
      { op: "add", path: "name", value: { givenName: "New" } },
      { name: { givenName: "New", familyName: "Beesly" } },
    ],
    [
      "without a path",
      { op: "add", value: { displayName: "New", name: { familyName: "F" } } },
      { displayName: "New", name: { givenName: "Pam", familyName: "F" } },
    ],
    [
      "by dotted keys",
      { op: "add", value: { "name.familyName": "F", "NAME.GIVENNAME": "G" } },
      { name: { givenName: "G", familyName: "F" } },
    ],
    [
      "behind the URN",
      { op: "add", path: `${USER_SCHEMA}:name.familyName`, value: "F" },
      { name: { familyName: "F" } },
    ],
    [
      "by URN keys",
      { op: "add", value: { [`${USER_SCHEMA}:displayName`]: "U", [USER_SCHEMA]: { name: { givenName: "G" } } } },
      { displayName: "U", name: { givenName: "G" } },
    ],
    ["with the URN as path", { op: "add", path: USER_SCHEMA, value: { displayName: "U" } }, { displayName: "U" }],
    ["in capitals", { OP: "ADD", PATH: "DISPLAYNAME", VALUE: "Caps" }, { displayName: "Caps" }],
    ["a boolean as a word", { op: "Add", path: "active", value: "False" }, { active: false }],
  ])("%s", async (_what, operation, expected) => {
    const { path } = await service.person();
    const response = await changedBy(path, () => patch(path, operation));
    expect(response).toMatchObject({ status: 200, body: expected });
    // Repeating the same value changes nothing.
    expect(await effectOf(path, () => patch(path, operation))).toBe("none");
  });

  test("an attribute that is absent is made", async () => {
    const { path } = await service.person({ displayName: undefined, name: undefined, externalId: undefined });
    const value = { name: { givenName: "G" }, externalId: "made-by-add" };
    expect(await changedBy(path, () => patch(path, { op: "add", value }))).toMatchObject({ body: value });
  });

  test("null adds nothing; no value is 400 invalidValue", async () => {
    const { path } = await service.person();
    expect(await effectOf(path, () => patch(path, { op: "add", path: "displayName", value: null }))).toBe("none");
    expect(await refusalOf(path, () => patch(path, { op: "add", path: "displayName" }))).toEqual([400, "invalidValue"]);
    expect(await refusalOf(path, () => patch(path, { op: "add" }))).toEqual([400, "invalidValue"]);
  });
});

describe("RFC 7644 section 3.5.2.2, PATCH remove", () => {
  test("without a path is 400 noTarget, with a value or without", async () => {
    const { path } = await service.person();
    for (const more of [{}, { path: null }, { value: { displayName: "x" } }])
      expect(await refusalOf(path, () => patch(path, { op: "remove", ...more }))).toEqual([400, "noTarget"]);
  });

  test.each<[string, string]>([
    ["displayName", "displayName"],
    ["name", "name.familyName"],
    ["NAME.familyname", "name.familyName"],
    ["externalId", "externalId"],
    [`${USER_SCHEMA}:displayName`, "displayName"],
  ])("of %s takes the value away, and once more is no change", async (path, gone) => {
    const { path: user } = await service.person();
    const response = await changedBy(user, () => patch(user, { op: "remove", path }));
    expect(response.body).not.toHaveProperty(gone);
    expect(await effectOf(user, () => patch(user, { op: "remove", path }))).toBe("none");
  });

  test("of a part that is not in the value filter's attribute, or of nothing we keep, is no error", async () => {
    const { path } = await service.person();
    for (const target of ['emails[type eq "home"]', "title", "name.middleName", 'phoneNumbers[type eq "fax"].value'])
      expect(await effectOf(path, () => patch(path, { op: "remove", path: target }))).toBe("none");
  });
});

describe("RFC 7644 section 3.5.2.3, PATCH replace", () => {
  test.each<[string, object, object]>([
    ["a single value", { op: "replace", path: "displayName", value: "New" }, { displayName: "New" }],
    [
      "a complex value: the parts that are named, the others stay",
      { op: "replace", path: "name", value: { givenName: "N" } },
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
      { op: "replace", path: "USERNAME", value: "PERSON@acme.example" },
      { userName: "PERSON@acme.example" },
    ],
  ])("%s", async (what, operation, expected) => {
    const { path, userName } = await service.person();
    const sent = what.startsWith("userName") ? { ...operation, value: userName.toUpperCase() } : operation;
    const wanted = what.startsWith("userName") ? { userName: userName.toUpperCase() } : expected;
    expect(await changedBy(path, () => patch(path, sent))).toMatchObject({ status: 200, body: wanted });
    expect(await effectOf(path, () => patch(path, sent))).toBe("none");
  });

  test("of a value that is absent adds it", async () => {
    const { path } = await service.person({ displayName: undefined });
    const response = await changedBy(path, () => patch(path, { op: "replace", path: "displayName", value: "N" }));
    expect(response.body["displayName"]).toBe("N");
  });

  test.each<[string, object]>([
    ["null", { op: "replace", path: "displayName", value: null }],
    ["null in an object", { op: "replace", value: { displayName: null } }],
    ["an empty text", { op: "replace", path: "displayName", value: "" }],
  ])("by %s clears it", async (_what, operation) => {
    const { path } = await service.person();
    expect((await changedBy(path, () => patch(path, operation))).body).not.toHaveProperty("displayName");
  });

  test("an empty object replaces nothing; null parts are cleared", async () => {
    const { path } = await service.person();
    for (const operation of [
      { op: "replace", value: {} },
      { op: "replace", path: "name", value: {} },
    ])
      expect(await effectOf(path, () => patch(path, operation))).toBe("none");
    const response = await changedBy(path, () =>
      patch(path, { op: "replace", path: "name", value: { givenName: null } }),
    );
    expect(response.body["name"]).toEqual({ familyName: "Beesly", formatted: expect.any(String) });
  });

  test.each([
    [{ op: "replace", path: "active", value: "maybe" }, "invalidValue"],
    [{ op: "replace", path: "active", value: 1 }, "invalidValue"],
    [{ op: "replace", path: "displayName", value: { a: 1 } }, "invalidValue"],
    [{ op: "replace", path: "displayName", value: ["a", "b"] }, "invalidValue"],
    [{ op: "replace", path: "name", value: "Pam Beesly" }, "invalidValue"],
    [{ op: "replace", path: "nobodyKnows", value: "x" }, "invalidPath"],
    [{ op: "replace", path: "name.nobodyKnows", value: "x" }, "invalidPath"],
    [{ op: "replace", path: "displayName[value eq", value: "x" }, "invalidPath"],
    [{ op: "replace", path: 'displayName[value eq "x"]', value: "x" }, "invalidPath"],
    [{ op: "rename", path: "displayName", value: "x" }, "invalidSyntax"],
  ])("what cannot be done, %j, is 400 %s", async (operation, scimType) => {
    const { path } = await service.person();
    expect(await refusalOf(path, () => patch(path, operation))).toEqual([400, scimType]);
  });
});

describe("RFC 7644 section 3.5.2: operations are done in order, all or none", () => {
  test("a later operation sees what an earlier one did", async () => {
    const { path } = await service.person();
    const response = await patch(
      path,
      { op: "remove", path: "name" },
      { op: "add", path: "name.familyName", value: "Only" },
      { op: "replace", path: "displayName", value: "First" },
      { op: "replace", path: "displayName", value: "Second" },
    );
    expect(response.body).toMatchObject({ name: { familyName: "Only" }, displayName: "Second" });
    expect(response.body).not.toHaveProperty("name.givenName");
  });

  test.each([
    [{ op: "replace", path: "active", value: "maybe" }, 400, "invalidValue"],
    [{ op: "remove", path: "userName" }, 400, "mutability"],
    [{ op: "remove" }, 400, "noTarget"],
    [{ op: "replace", path: "userName", value: "no email" }, 400, "invalidValue"],
    [{ op: "replace", path: "userName", value: "x@unverified.example" }, 403, undefined],
  ])("the third operation %j fails: nothing is changed", async (third, status, scimType) => {
    const { path } = await service.person();
    const operations = [
      { op: "replace", path: "displayName", value: "Not" },
      // Not a deactivation, which a refused rename would not hold up (email-change.test.ts).
      { op: "replace", value: { name: { familyName: "Nor" } } },
      third,
    ];
    expect(await refusalOf(path, () => patch(path, ...operations))).toEqual([status, scimType]);
  });

  test("operations that undo one another change nothing", async () => {
    const { path } = await service.person();
    expect(
      await effectOf(path, () =>
        patch(path, { op: "remove", path: "displayName" }, { op: "add", path: "displayName", value: "Pam B." }),
      ),
    ).toBe("none");
  });
});

describe("RFC 7644 section 3.5.2: the response", () => {
  test("is 200 with the resource; attributes choose what of it", async () => {
    const { path, id } = await service.person();
    const response = await service.client.patch(
      `${path}?attributes=displayName`,
      patchOf({ op: "replace", path: "displayName", value: "A" }),
    );
    expect([response.status, response.body]).toEqual([200, { schemas: [USER_SCHEMA], id, displayName: "A" }]);
    expect(response.headers.get("etag")).toBe((await service.client.get(path)).headers.get("etag"));
    const put = await service.client.put(`${path}?excludedAttributes=meta,emails`, await bodyOf(path));
    expect([put.status, Object.keys(put.body)]).toEqual([200, expect.not.arrayContaining(["meta", "emails"])]);
  });
});

// RFC 7644 section 3.6.
test("RFC 7644 section 3.6: after DELETE every method is 404", async () => {
  const { path } = await service.person();
  expect((await service.client.delete(path)).status).toBe(204);
  for (const [method, response] of await ofEachMethod(service.scim, path))
    expect([method, response.status]).toEqual([method, 404]);
});

// RFC 7644 section 3.11.
test("RFC 7644 section 3.11: /Me is 501 for every method", async () => {
  for (const [method, response] of await ofEachMethod(service.scim, "/Me"))
    expect([method, response.status]).toEqual([method, 501]);
  expect((await service.client.post("/Me", { userName: "me@acme.example" })).status).toBe(501);
});
