import { ENTERPRISE_USER_SCHEMA, GROUP_SCHEMA, PATCH_OP } from "@rollcall/scim-protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { idOf, membersOf, patchOf, type ScimResponse } from "../testing/test-client.ts";
import { custom, ofEachMethod, startWriteTest, type WriteTest } from "../testing/test-write.ts";

let service: WriteTest;
/** Two people who are in every group of these tests, and one who is in none. */
let [a, b, c] = ["", "", ""];
beforeAll(async () => {
  service = await startWriteTest();
  [a, b, c] = [(await service.person()).id, (await service.person()).id, (await service.person()).id];
});
afterAll(() => service.scim.stop());

const effectOf: WriteTest["effectOf"] = (path, write) => service.effectOf(path, write);
const refusalOf: WriteTest["refusalOf"] = (path, write) => service.refusalOf(path, write);
const changedBy: WriteTest["changedBy"] = (path, write) => service.changedBy(path, write);
const patch = (path: string, ...operations: readonly object[]): Promise<ScimResponse> =>
  service.client.patch(path, patchOf(...operations));
const bodyOf = async (path: string): Promise<ScimResponse["body"]> => (await service.client.get(path)).body;
const idsIn = async (path: string): Promise<readonly string[]> => membersOf(await service.client.get(path)).toSorted();
const sales = (): ReturnType<WriteTest["group"]> => service.group([a, b]);
const memberPath = (id: string, part = ""): string => `members[value eq "${id}"]${part}`;

describe("RFC 7643 section 2.2, mutability", () => {
  test("readOnly: ignored in POST and PUT, whatever it says, in the members too", async () => {
    const { path, displayName } = await sales();
    const odd = { display: "Somebody else", $ref: "https://other.example", type: "Group", extra: 1 };
    const body = {
      id: "other",
      displayName,
      meta: { version: "x", created: 7 },
      members: [{ value: b, ...odd }, { VALUE: a }],
    };
    expect(await effectOf(path, () => service.client.put(path, body))).toBe("none");
    const made = await service.client.post("/Groups", { ...body, displayName: `${displayName} too` });
    expect([made.status, membersOf(made).toSorted()]).toEqual([201, [a, b].toSorted()]);
    expect(idOf(made)).not.toBe("other");
  });

  test("readOnly: PATCH of it is 400 mutability, with every op; an equal id is none", async () => {
    const { path, id } = await sales();
    for (const target of [
      "meta",
      "META.version",
      memberPath(a, ".display"),
      memberPath(a, ".$ref"),
      memberPath(a, ".type"),
    ])
      for (const op of ["add", "replace", "remove"])
        expect(await refusalOf(path, () => patch(path, { op, path: target, value: "x" }))).toEqual([400, "mutability"]);
    expect(await refusalOf(path, () => patch(path, { op: "replace", path: "id", value: c }))).toEqual([
      400,
      "mutability",
    ]);
    expect(await refusalOf(path, () => patch(path, { op: "replace", value: { id: c } }))).toEqual([400, "mutability"]);
    expect(await effectOf(path, () => patch(path, { op: "replace", value: { id, meta: { version: "x" } } }))).toBe(
      "none",
    );
  });

  test("immutable: a member's value cannot be changed in place, only be said again", async () => {
    const { path } = await sales();
    for (const operation of [
      { op: "replace", path: memberPath(a), value: { value: c } },
      { op: "replace", path: memberPath(a, ".value"), value: c },
      { op: "add", path: memberPath(a, ".value"), value: c },
      { op: "replace", path: 'members[type eq "User"].value', value: c },
    ])
      expect(await refusalOf(path, () => patch(path, operation))).toEqual([400, "mutability"]);
    for (const operation of [
      { op: "replace", path: memberPath(a), value: { value: a, display: "x" } },
      { op: "add", path: memberPath(a, ".value"), value: a },
    ])
      expect(await effectOf(path, () => patch(path, operation))).toBe("none");
    expect(await refusalOf(path, () => patch(path, { op: "remove", path: memberPath(a, ".value") }))).toEqual([
      400,
      "mutability",
    ]);
  });
});

describe("RFC 7643 section 2.2 and 7, required", () => {
  test.each([{}, { displayName: null }, { displayName: "" }, { displayName: [] }])(
    "POST and PUT with %j are 400 invalidValue",
    async (body) => {
      const { path } = await sales();
      expect(await refusalOf(path, () => service.client.put(path, { members: [], ...body }))).toEqual([
        400,
        "invalidValue",
      ]);
      expect(await service.client.post("/Groups", body)).toMatchObject({
        status: 400,
        body: { scimType: "invalidValue" },
      });
    },
  );

  test.each([
    { op: "remove", path: "displayName" },
    { op: "replace", path: "DISPLAYNAME", value: null },
    { op: "replace", value: { displayName: null } },
  ])("PATCH that takes it away, %j, is 400 mutability", async (operation) => {
    const { path } = await sales();
    expect(await refusalOf(path, () => patch(path, operation))).toEqual([400, "mutability"]);
  });

  test("a member without a value is 400 invalidValue, in every method", async () => {
    const { path, displayName } = await sales();
    for (const members of [[{}], [{ display: "x" }], [{ value: null }], [{ value: "" }], [7], "", [[]]])
      for (const write of [
        () => service.client.put(path, { displayName, members }),
        () => patch(path, { op: "add", path: "members", value: members }),
        () => patch(path, { op: "replace", value: { members } }),
        () => patch(path, { op: "remove", path: "members", value: members }),
      ])
        expect(await refusalOf(path, write)).toEqual([400, "invalidValue"]);
  });
});

describe("RFC 7644 section 3.3, creating", () => {
  test("201 with the resource, and Location, meta.location and the address agree", async () => {
    const made = await service.client.post("/Groups", { displayName: "Located", members: [{ value: a }] });
    const location = `https://scim.rollcall.example/scim_v2/Groups/${idOf(made)}`;
    expect([made.status, made.headers.get("location")]).toEqual([201, location]);
    expect(made.body).toMatchObject({ meta: { location, version: made.headers.get("etag") } });
    expect(await bodyOf(`/Groups/${idOf(made)}`)).toEqual(made.body);
  });
});

const extensions: readonly [string, object][] = [
  ["enterprise", { [ENTERPRISE_USER_SCHEMA]: { department: "D" } }],
  [
    "Entra's of groups",
    { schemas: [GROUP_SCHEMA, "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"] },
  ],
  ["unknown, listed", { schemas: [custom, GROUP_SCHEMA], [custom]: { members: [], displayName: "Other" } }],
];

describe("RFC 7643 section 3.3 and RFC 7644 section 3.5.2: extensions that we do not keep are never an error", () => {
  test.each(extensions)("%s in POST, PUT and PATCH without a path", async (what, extension) => {
    const { path } = await sales();
    const made = await service.client.post("/Groups", { displayName: `With ${what}`, ...extension });
    expect([made.status, made.body["schemas"]]).toEqual([201, [GROUP_SCHEMA]]);
    const echo = await bodyOf(path);
    expect(await effectOf(path, () => service.client.put(path, { ...echo, ...extension }))).toBe("none");
    for (const op of ["add", "Replace"])
      expect(await effectOf(path, () => patch(path, { op, value: extension }))).toBe("none");
    const schemas = [PATCH_OP, custom];
    expect(
      await effectOf(path, () =>
        service.client.patch(path, { schemas, Operations: [{ op: "add", value: extension }] }),
      ),
    ).toBe("none");
  });

  test.each([ENTERPRISE_USER_SCHEMA, custom, `${custom}:displayName`, `${custom}:members[value eq "x"].value`])(
    "PATCH with the path %s, with every op and form of value",
    async (target) => {
      const { path } = await sales();
      for (const op of ["add", "replace", "remove"])
        for (const value of ["7", { value: "x" }, [{ value: "x" }], null, undefined])
          expect(await effectOf(path, () => patch(path, { op, path: target, value }))).toBe("none");
    },
  );
});

describe("RFC 7644 section 3.5.1, replacing with PUT", () => {
  test("what GET returned changes nothing, its members in another order or twice neither", async () => {
    const { path } = await sales();
    const echo = await bodyOf(path);
    expect(await effectOf(path, () => service.client.put(path, echo))).toBe("none");
    const members = [{ value: b }, { value: a, type: "USER" }, { value: b, display: "again" }];
    expect(await effectOf(path, () => service.client.put(path, { ...echo, members }))).toBe("none");
  });

  test("200 with the whole resource; an empty list empties, no list leaves the members", async () => {
    const { path, displayName } = await sales();
    const renamed = await changedBy(path, () => service.client.put(path, { displayName: `${displayName} 2` }));
    expect([renamed.status, renamed.body]).toEqual([200, await bodyOf(path)]);
    expect(await idsIn(path)).toEqual([a, b].toSorted());
    await changedBy(path, () => service.client.put(path, { displayName: `${displayName} 2`, members: [] }));
    expect(await idsIn(path)).toEqual([]);
  });

  test("never creates", async () => {
    const path = "/Groups/00000000-0000-7000-8000-00000000000a";
    expect((await service.client.put(path, { displayName: "Made by PUT" })).status).toBe(404);
    expect((await service.client.get('/Groups?filter=displayName+eq+"Made+by+PUT"')).body["totalResults"]).toBe(0);
  });
});

describe("RFC 7644 section 3.5.2.1, PATCH add", () => {
  test.each<[string, () => object]>([
    ["a member", () => ({ op: "add", path: "members", value: [{ value: c }] })],
    ["a member as one object", () => ({ op: "Add", path: "MEMBERS", value: { value: c, display: "C" } })],
    ["a member as Entra does", () => ({ op: "Add", path: "members", value: [{ $ref: null, value: c }] })],
    ["without a path", () => ({ op: "add", value: { members: [{ value: c }] } })],
    ["behind the URN", () => ({ op: "add", path: `${GROUP_SCHEMA}:members`, value: [{ value: c }] })],
    ["by a URN key", () => ({ op: "add", value: { [`${GROUP_SCHEMA}:members`]: [{ value: c }] } })],
    [
      "beside some who are there",
      () => ({ op: "add", path: "members", value: [{ value: a }, { value: c }, { value: c }] }),
    ],
  ])("%s adds to the others, and once more is no change", async (_what, operation) => {
    const { path } = await sales();
    expect((await changedBy(path, () => patch(path, operation()))).status).toBe(204);
    expect(await idsIn(path)).toEqual([a, b, c].toSorted());
    expect(await effectOf(path, () => patch(path, operation()))).toBe("none");
  });

  test("of existing members, under another name and type, changes nothing; nor does an empty list or null", async () => {
    const { path } = await sales();
    for (const value of [[{ value: a, display: "Other", type: "USER" }], [], null])
      expect(await effectOf(path, () => patch(path, { op: "add", path: "members", value }))).toBe("none");
  });

  test("a displayName that is there is replaced", async () => {
    const { path, displayName } = await sales();
    await changedBy(path, () => patch(path, { op: "add", path: "displayName", value: `${displayName}!` }));
    expect((await bodyOf(path))["displayName"]).toBe(`${displayName}!`);
    expect(await effectOf(path, () => patch(path, { op: "add", path: "displayName", value: `${displayName}!` }))).toBe(
      "none",
    );
  });
});

describe("RFC 7644 section 3.5.2.2, PATCH remove", () => {
  test.each<[string, () => object, () => readonly string[]]>([
    ["by a value filter", () => ({ op: "remove", path: memberPath(a) }), () => [b]],
    ["by another filter", () => ({ op: "remove", path: `members[value eq "${a}" or value eq "${b}"]` }), () => []],
    [
      "by Entra's list of values",
      () => ({ op: "Remove", path: "members", value: [{ $ref: null, value: a }] }),
      () => [b],
    ],
    ["by a list of texts", () => ({ op: "remove", path: "members", value: [a, b] }), () => []],
    ["of all", () => ({ op: "remove", path: "members" }), () => []],
    ["of all behind the URN", () => ({ op: "REMOVE", path: `${GROUP_SCHEMA}:Members` }), () => []],
    ["of externalId", () => ({ op: "remove", path: "externalId" }), () => [a, b]],
  ])("%s, and once more is no change", async (_what, operation, left) => {
    const { path } = await sales();
    await changedBy(path, () => patch(path, operation()));
    expect(await idsIn(path)).toEqual([...left()].toSorted());
    expect(await effectOf(path, () => patch(path, operation()))).toBe("none");
  });

  test("of a person outside of the group is no error; without a path it is 400 noTarget", async () => {
    const { path } = await sales();
    for (const target of [memberPath(c), memberPath(crypto.randomUUID()), 'members[display eq "nobody"]'])
      expect(await effectOf(path, () => patch(path, { op: "remove", path: target }))).toBe("none");
    expect(await effectOf(path, () => patch(path, { op: "remove", path: "members", value: [{ value: c }] }))).toBe(
      "none",
    );
    expect(await refusalOf(path, () => patch(path, { op: "remove", value: { members: [] } }))).toEqual([
      400,
      "noTarget",
    ]);
    expect(await refusalOf(path, () => patch(path, { op: "remove", path: memberPath("nobody") }))).toEqual([
      400,
      "invalidValue",
    ]);
  });
});

describe("RFC 7644 section 3.5.2.3, PATCH replace", () => {
  test.each<[string, () => object, () => readonly string[]]>([
    ["of the members", () => ({ op: "replace", path: "members", value: [{ value: a }, { value: c }] }), () => [a, c]],
    ["of the members without a path", () => ({ op: "Replace", value: { Members: [{ value: c }] } }), () => [c]],
    ["by an empty list", () => ({ op: "replace", path: "members", value: [] }), () => []],
    ["by an empty list without a path", () => ({ op: "replace", value: { members: [] } }), () => []],
    ["by null", () => ({ op: "replace", path: "members", value: null }), () => []],
  ])("%s, and once more is no change", async (_what, operation, left) => {
    const { path } = await sales();
    await changedBy(path, () => patch(path, operation()));
    expect(await idsIn(path)).toEqual([...left()].toSorted());
    expect(await effectOf(path, () => patch(path, operation()))).toBe("none");
  });

  test("by what is there changes nothing; nor does an empty object", async () => {
    const { path, displayName, id } = await sales();
    for (const operation of [
      { op: "replace", path: "members", value: [{ value: b }, { value: a }] },
      { op: "replace", value: { id, displayName, members: [{ value: a }, { value: b }] } },
      { op: "Replace", path: "DisplayName", value: displayName },
      { op: "replace", value: {} },
    ])
      expect(await effectOf(path, () => patch(path, operation))).toBe("none");
  });

  test.each<[string, () => string]>([
    ["somebody who is not in it", () => memberPath(c)],
    ["the value of somebody who is not in it", () => memberPath(c, ".value")],
    ["what no member is", () => 'members[display co "nobody"].value'],
  ])("of %s is 400 noTarget", async (_what, target) => {
    const { path } = await sales();
    for (const op of ["replace", "add"]) {
      const value = target().endsWith(".value") ? c : { value: c };
      expect(await refusalOf(path, () => patch(path, { op, path: target(), value }))).toEqual([400, "noTarget"]);
    }
  });

  test.each([
    [{ op: "replace", path: "members.value", value: "x" }, "invalidPath"],
    [{ op: "replace", path: "members[bogus eq 1]", value: { value: "x" } }, "invalidFilter"],
    [{ op: "replace", path: "members[", value: [] }, "invalidPath"],
    [{ op: "replace", path: "members", value: {} }, "invalidValue"],
    [{ op: "replace", path: "members" }, "invalidValue"],
    [{ op: "replace", value: [] }, "invalidValue"],
    [{ op: "replace", path: "unknown", value: 1 }, "invalidPath"],
    [{ op: "set", path: "members", value: [] }, "invalidSyntax"],
  ])("what cannot be done, %j, is 400 %s", async (operation, scimType) => {
    const { path } = await sales();
    expect(await refusalOf(path, () => patch(path, operation))).toEqual([400, scimType]);
  });
});

describe("RFC 7644 section 3.5.2: operations are done in order, all or none", () => {
  test("a later operation sees what an earlier one did", async () => {
    const { path } = await sales();
    await patch(
      path,
      { op: "remove", path: "members" },
      { op: "add", path: "members", value: [{ value: c }, { value: a }] },
      { op: "remove", path: memberPath(a) },
    );
    expect(await idsIn(path)).toEqual([c]);
  });

  test("operations that undo one another change nothing", async () => {
    const { path, displayName } = await sales();
    expect(
      await effectOf(path, () =>
        patch(
          path,
          { op: "remove", path: memberPath(a) },
          { op: "replace", path: "displayName", value: "For a while" },
          { op: "add", path: "members", value: [{ value: a }] },
          { op: "replace", path: "displayName", value: displayName },
        ),
      ),
    ).toBe("none");
  });

  test.each<[string, object, number, string | undefined]>([
    ["an unknown member", { op: "add", path: "members", value: [{ value: "nobody" }] }, 400, "invalidValue"],
    ["a required attribute", { op: "remove", path: "displayName" }, 400, "mutability"],
    ["no target", { op: "replace", path: 'members[value eq "nobody"].value', value: "x" }, 400, "noTarget"],
    ["a taken name", { op: "replace", path: "displayName", value: "ACCOUNT owners" }, 409, "uniqueness"],
    ["an unknown path", { op: "replace", path: "unknown", value: 1 }, 400, "invalidPath"],
  ])("the third operation fails for %s: nothing is changed", async (_what, third, status, scimType) => {
    const { path } = await sales();
    const operations = [
      { op: "replace", path: "externalId", value: "not-done" },
      { op: "remove", path: memberPath(a) },
      third,
    ];
    expect(await refusalOf(path, () => patch(path, ...operations))).toEqual([status, scimType]);
  });
});

describe("RFC 7644 section 3.5.2: the response", () => {
  test("is 204 without a body, or 200 with what attributes choose", async () => {
    const { path, id } = await sales();
    const quiet = await patch(path, { op: "replace", path: "externalId", value: "g-quiet" });
    expect([quiet.status, quiet.text]).toEqual([204, ""]);
    const chosen = await service.client.patch(
      `${path}?attributes=externalId`,
      patchOf({ op: "replace", path: "externalId", value: "g-chosen" }),
    );
    expect([chosen.status, chosen.body]).toEqual([200, { schemas: [GROUP_SCHEMA], id, externalId: "g-chosen" }]);
    expect(chosen.headers.get("etag")).toBe((await service.client.get(path)).headers.get("etag"));
  });
});

test("RFC 7644 section 3.6: after DELETE every method is 404", async () => {
  const { path } = await sales();
  expect((await service.client.delete(path)).status).toBe(204);
  for (const [method, response] of await ofEachMethod(service.scim, path))
    expect([method, response.status]).toEqual([method, 404]);
});
