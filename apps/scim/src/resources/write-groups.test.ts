import { ENTERPRISE_USER_SCHEMA, GROUP_SCHEMA, PATCH_OP } from "@rollcall/scim-protocol";
import { describe, expect, test } from "vitest";
import { add, remove, replace, idOf, membersOf, patchOf, rolesOf, type ScimResponse } from "../testing/test-client.ts";
import { custom, useWrites, type WriteTest } from "../testing/test-write.ts";

const { scim, acme, person, group, effectOf, refusalOf, changedBy, patch, patchEffect, patchRefusal } =
  await useWrites();
/** Two people who are in every group of these tests, and one who is in none. */
const [a, b, c] = [(await person()).id, (await person()).id, (await person()).id];

const bodyOf = async (path: string): Promise<ScimResponse["body"]> => (await acme.get(path)).body;
/** The ids of the group's members, who alone have its role. */
async function idsIn(path: string): Promise<readonly string[]> {
  const group = await acme.get(path);
  const ids = membersOf(group).toSorted();
  for (const id of [a, b, c]) {
    const roles = await rolesOf(scim.database, id);
    const role = `${String(group.body["displayName"])}/group`;
    expect([roles.includes("Members/default"), roles.includes(role)]).toEqual([true, ids.includes(id)]);
  }
  return ids;
}
const sales = (): ReturnType<WriteTest["group"]> => group([a, b]);
const memberPath = (id: string, part = ""): string => `members[value eq "${id}"]${part}`;

describe("RFC 7643 section 2.2, mutability", () => {
  test("readOnly: ignored in POST and PUT, in the members too", async () => {
    const { path, displayName } = await sales();
    const odd = { display: "Somebody else", $ref: "https://other.example", type: "Group", extra: 1 };
    const body = {
      id: "other",
      displayName,
      meta: { version: "x", created: 7 },
      members: [{ value: b, ...odd }, { VALUE: a }],
    };
    expect(await effectOf(path, () => acme.put(path, body))).toBe("none");
    const made = await acme.post("/Groups", { ...body, displayName: `${displayName} too` });
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
        expect(await patchRefusal(path, { op, path: target, value: "x" })).toEqual([400, "mutability"]);
    expect(await patchRefusal(path, replace("id", c))).toEqual([400, "mutability"]);
    expect(await patchRefusal(path, { op: "replace", value: { id: c } })).toEqual([400, "mutability"]);
    expect(await patchEffect(path, { op: "replace", value: { id, meta: { version: "x" } } })).toBe("none");
  });

  test("immutable: a member's value cannot be changed in place, only repeated", async () => {
    const { path } = await sales();
    for (const operation of [
      replace(memberPath(a), { value: c }),
      replace(memberPath(a, ".value"), c),
      add(memberPath(a, ".value"), c),
      replace('members[type eq "User"].value', c),
    ])
      expect(await patchRefusal(path, operation)).toEqual([400, "mutability"]);
    for (const operation of [replace(memberPath(a), { value: a, display: "x" }), add(memberPath(a, ".value"), a)])
      expect(await patchEffect(path, operation)).toBe("none");
    expect(await patchRefusal(path, remove(memberPath(a, ".value")))).toEqual([400, "mutability"]);
  });
});

describe("RFC 7643 section 2.2 and 7, required", () => {
  test.each([
    {},
    { displayName: null },
    { displayName: "" },
    { displayName: "   " },
    { displayName: 7 },
    { displayName: [] },
  ])("POST and PUT with %j are 400 invalidValue", async (body) => {
    const { path } = await sales();
    expect(await refusalOf(path, () => acme.put(path, { members: [], ...body }))).toEqual([400, "invalidValue"]);
    expect(await acme.post("/Groups", body)).toMatchObject({ status: 400, body: { scimType: "invalidValue" } });
  });

  test.each([remove("displayName"), replace("DISPLAYNAME", null), { op: "replace", value: { displayName: null } }])(
    "PATCH that takes it away, %j, is 400 mutability",
    async (operation) => {
      const { path } = await sales();
      expect(await patchRefusal(path, operation)).toEqual([400, "mutability"]);
    },
  );

  test("a member without a value is 400 invalidValue, in every method", async () => {
    const { path, displayName } = await sales();
    for (const members of [
      [null],
      [null, null],
      [{}],
      [{ display: "x" }],
      [{ value: null }],
      [{ value: "" }],
      [7],
      "",
      [[]],
    ])
      for (const write of [
        () => acme.put(path, { displayName, members }),
        () => patch(path, add("members", members)),
        () => patch(path, { op: "replace", value: { members } }),
        () => patch(path, remove("members", members)),
      ])
        expect(await refusalOf(path, write)).toEqual([400, "invalidValue"]);
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
    const made = await acme.post("/Groups", { displayName: `With ${what}`, ...extension });
    expect([made.status, made.body["schemas"]]).toEqual([201, [GROUP_SCHEMA]]);
    const echo = await bodyOf(path);
    expect(await effectOf(path, () => acme.put(path, { ...echo, ...extension }))).toBe("none");
    for (const op of ["add", "Replace"]) expect(await patchEffect(path, { op, value: extension })).toBe("none");
    const schemas = [PATCH_OP, custom];
    expect(
      await effectOf(path, () => acme.patch(path, { schemas, Operations: [{ op: "add", value: extension }] })),
    ).toBe("none");
  });

  test.each([ENTERPRISE_USER_SCHEMA, custom, `${custom}:displayName`, `${custom}:members[value eq "x"].value`])(
    "PATCH with the path %s, with every op and form of value",
    async (target) => {
      const { path } = await sales();
      for (const op of ["add", "replace", "remove"])
        for (const value of ["7", { value: "x" }, [{ value: "x" }], null, undefined])
          expect(await patchEffect(path, { op, path: target, value })).toBe("none");
    },
  );
});

describe("AR-56 RFC 7644 section 3.5.1, replacing with PUT", () => {
  test("what GET returned changes nothing, its members in another order or twice neither", async () => {
    const { path } = await sales();
    const echo = await bodyOf(path);
    expect(await effectOf(path, () => acme.put(path, echo))).toBe("none");
    const members = [{ value: b }, { value: a, type: "USER" }, { value: b, display: "again" }];
    expect(await effectOf(path, () => acme.put(path, { ...echo, members }))).toBe("none");
  });

  test("200 with the whole resource; an empty list empties, no list leaves the members", async () => {
    const { path, displayName } = await sales();
    const renamed = await changedBy(path, () => acme.put(path, { displayName: `${displayName} 2` }));
    expect([renamed.status, renamed.body]).toEqual([200, await bodyOf(path)]);
    expect(await idsIn(path)).toEqual([a, b].toSorted());
    await changedBy(path, () => acme.put(path, { displayName: `${displayName} 2`, members: [] }));
    expect(await idsIn(path)).toEqual([]);
  });
});

describe("AR-56 RFC 7644 section 3.5.2.1, PATCH add", () => {
  test.each<[string, () => object]>([
    ["a member", () => add("members", [{ value: c }])],
    ["a member as one object", () => ({ op: "Add", path: "MEMBERS", value: { value: c, display: "C" } })],
    ["a member as Entra does", () => ({ op: "Add", path: "members", value: [{ $ref: null, value: c }] })],
    ["without a path", () => ({ op: "add", value: { members: [{ value: c }] } })],
    ["behind the URN", () => add(`${GROUP_SCHEMA}:members`, [{ value: c }])],
    ["by a URN key", () => ({ op: "add", value: { [`${GROUP_SCHEMA}:members`]: [{ value: c }] } })],
    ["beside some who are there", () => add("members", [{ value: a }, { value: c }, { value: c }])],
  ])("%s adds to the others, and once more is no change", async (_what, operation) => {
    const { path } = await sales();
    expect((await changedBy(path, () => patch(path, operation()))).status).toBe(204);
    expect(await idsIn(path)).toEqual([a, b, c].toSorted());
    expect(await patchEffect(path, operation())).toBe("none");
  });

  test("of existing members, under another name and type, changes nothing; nor does an empty list or null", async () => {
    const { path } = await sales();
    for (const value of [[{ value: a, display: "Other", type: "USER" }], [], null])
      expect(await patchEffect(path, add("members", value))).toBe("none");
  });

  test("a displayName that is there is replaced", async () => {
    const { path, displayName } = await sales();
    await changedBy(path, () => patch(path, add("displayName", `${displayName}!`)));
    expect((await bodyOf(path))["displayName"]).toBe(`${displayName}!`);
    expect(await patchEffect(path, add("displayName", `${displayName}!`))).toBe("none");
  });
});

describe("AR-56 RFC 7644 section 3.5.2.2, PATCH remove", () => {
  test.each<[string, () => object, () => readonly string[]]>([
    ["by a value filter", () => remove(memberPath(a)), () => [b]],
    ["by another filter", () => remove(`members[value eq "${a}" or value eq "${b}"]`), () => []],
    [
      "by Entra's list of values",
      () => ({ op: "Remove", path: "members", value: [{ $ref: null, value: a }] }),
      () => [b],
    ],
    ["by a list of texts", () => remove("members", [a, b]), () => []],
    ["of all", () => remove("members"), () => []],
    ["of all behind the URN", () => ({ op: "REMOVE", path: `${GROUP_SCHEMA}:Members` }), () => []],
    ["of externalId", () => remove("externalId"), () => [a, b]],
  ])("%s, and once more is no change", async (_what, operation, left) => {
    const { path } = await sales();
    await changedBy(path, () => patch(path, operation()));
    expect(await idsIn(path)).toEqual([...left()].toSorted());
    expect(await patchEffect(path, operation())).toBe("none");
  });

  test("of a person outside of the group is no error; without a path it is 400 noTarget", async () => {
    const { path } = await sales();
    for (const target of [memberPath(c), memberPath(crypto.randomUUID()), 'members[display eq "nobody"]'])
      expect(await patchEffect(path, remove(target))).toBe("none");
    expect(await patchEffect(path, remove("members", [{ value: c }]))).toBe("none");
    expect(await patchRefusal(path, { op: "remove", value: { members: [] } })).toEqual([400, "noTarget"]);
    expect(await patchRefusal(path, remove(memberPath("nobody")))).toEqual([400, "invalidValue"]);
  });
});

describe("AR-56 RFC 7644 section 3.5.2.3, PATCH replace", () => {
  test.each<[string, () => object, () => readonly string[]]>([
    ["of the members", () => replace("members", [{ value: a }, { value: c }]), () => [a, c]],
    ["of the members without a path", () => ({ op: "Replace", value: { Members: [{ value: c }] } }), () => [c]],
    ["by an empty list", () => replace("members", []), () => []],
    ["by an empty list without a path", () => ({ op: "replace", value: { members: [] } }), () => []],
    ["by null", () => replace("members", null), () => []],
  ])("%s, and once more is no change", async (_what, operation, left) => {
    const { path } = await sales();
    await changedBy(path, () => patch(path, operation()));
    expect(await idsIn(path)).toEqual([...left()].toSorted());
    expect(await patchEffect(path, operation())).toBe("none");
  });

  test("by what is there changes nothing; nor does an empty object", async () => {
    const { path, displayName, id } = await sales();
    for (const operation of [
      replace("members", [{ value: b }, { value: a }]),
      { op: "replace", value: { id, displayName, members: [{ value: a }, { value: b }] } },
      { op: "Replace", path: "DisplayName", value: displayName },
      { op: "replace", value: {} },
    ])
      expect(await patchEffect(path, operation)).toBe("none");
  });

  test.each<[string, () => string]>([
    ["a person outside of the group", () => memberPath(c)],
    ["the value of a person outside of the group", () => memberPath(c, ".value")],
    ["a filter without a match", () => 'members[display co "nobody"].value'],
  ])("of %s is 400 noTarget", async (_what, target) => {
    const { path } = await sales();
    for (const op of ["replace", "add"]) {
      const value = target().endsWith(".value") ? c : { value: c };
      expect(await patchRefusal(path, { op, path: target(), value })).toEqual([400, "noTarget"]);
    }
  });

  test.each([
    [replace("members.value", "x"), "invalidPath"],
    [replace("members[bogus eq 1]", { value: "x" }), "invalidFilter"],
    [replace("members[", []), "invalidPath"],
    [replace("members", {}), "invalidValue"],
    [{ op: "replace", path: "members" }, "invalidValue"],
    [{ op: "replace", value: [] }, "invalidValue"],
    [replace("unknown", 1), "invalidPath"],
    [{ op: "set", path: "members", value: [] }, "invalidSyntax"],
  ])("what cannot be done, %j, is 400 %s", async (operation, scimType) => {
    const { path } = await sales();
    expect(await patchRefusal(path, operation)).toEqual([400, scimType]);
  });
});

describe("RFC 7644 section 3.5.2: operations are done in order, all or none", () => {
  test("a later operation sees what an earlier one did", async () => {
    const { path } = await sales();
    await patch(path, remove("members"), add("members", [{ value: c }, { value: a }]), remove(memberPath(a)));
    expect(await idsIn(path)).toEqual([c]);
  });

  test("operations that undo one another change nothing", async () => {
    const { path, displayName } = await sales();
    expect(
      await patchEffect(
        path,
        remove(memberPath(a)),
        replace("displayName", "For a while"),
        add("members", [{ value: a }]),
        replace("displayName", displayName),
      ),
    ).toBe("none");
  });

  test.each<[string, object, number, string | undefined]>([
    ["an unknown member", add("members", [{ value: "nobody" }]), 400, "invalidValue"],
    ["a required attribute", remove("displayName"), 400, "mutability"],
    ["no target", replace('members[value eq "nobody"].value', "x"), 400, "noTarget"],
    ["a taken name", replace("displayName", "ACCOUNT owners"), 409, "uniqueness"],
    ["an unknown path", replace("unknown", 1), 400, "invalidPath"],
  ])("the third operation fails for %s: nothing is changed", async (_what, third, status, scimType) => {
    const { path } = await sales();
    const operations = [replace("externalId", "not-done"), remove(memberPath(a)), third];
    expect(await refusalOf(path, () => patch(path, ...operations))).toEqual([status, scimType]);
  });
});

test("RFC 7644 section 3.5.2: the response is 204 without a body, or 200 with what attributes choose", async () => {
  const { path, id } = await sales();
  const quiet = await patch(path, replace("externalId", "g-quiet"));
  expect([quiet.status, quiet.text]).toEqual([204, ""]);
  const chosen = await acme.patch(`${path}?attributes=externalId`, patchOf(replace("externalId", "g-chosen")));
  expect([chosen.status, chosen.body]).toEqual([200, { schemas: [GROUP_SCHEMA], id, externalId: "g-chosen" }]);
  expect(chosen.headers.get("etag")).toBe((await acme.get(path)).headers.get("etag"));
});

test("RFC 7644 section 3.6: after DELETE every method is 404", async () => {
  const { path, displayName } = await sales();
  expect((await acme.delete(path)).status).toBe(204);
  for (const response of [
    await acme.get(path),
    await acme.delete(path),
    await acme.put(path, { displayName }),
    await patch(path, replace("displayName", "X")),
  ])
    expect(response.status).toBe(404);
});
