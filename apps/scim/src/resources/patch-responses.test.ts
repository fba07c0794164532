import { GROUP_SCHEMA, PATCH_OP, USER_SCHEMA } from "@rollcall/scim-protocol";
import { beforeEach, describe, expect, test } from "vitest";
import { noticedQuirks } from "../testing/noticed-quirks.ts";
import {
  add,
  remove,
  replace,
  call,
  changesOf,
  idOf,
  membersOf,
  patchOf,
  resourcesOf,
  type ScimResponse,
} from "../testing/test-client.ts";
import { useScim } from "../testing/scim-fixture.ts";

const { scim, acme, patch } = await useScim();
const pam = idOf(await acme.post("/Users", { userName: "pam@acme.example", displayName: "Pam", externalId: "00u1" }));
const jim = idOf(await acme.post("/Users", { userName: "jim@acme.example" }));
const user = `/Users/${pam}`;
let group = "";
beforeEach(async () => {
  const members = [{ value: pam }, { value: jim }];
  group = `/Groups/${idOf(await acme.post("/Groups", { displayName: `Sales ${++count}`, members }))}`;
});

let count = 0;
const publicUrl = "https://scim.rollcall.example/scim_v2";
const core = "urn:ietf:params:scim:schemas:core:2.0";
const extension = "urn:ietf:params:scim:schemas:extension:Custom:2.0:User";

async function stateOf(path: string): Promise<readonly unknown[]> {
  return [(await acme.get(path)).text, (await changesOf(scim.database, scim.organizationId)).length];
}

/** Sends the PATCH and returns whether the resource and the change log are unchanged. */
async function sent(path: string, body: object): Promise<ScimResponse & { readonly isUnchanged: boolean }> {
  const before = await stateOf(path);
  const response = await acme.patch(path, body);
  return { ...response, isUnchanged: JSON.stringify(before) === JSON.stringify(await stateOf(path)) };
}

// No 2xx without the effect: the preceding operation is not applied either, and nothing is logged.
describe("what has no effect on this type of resource is 400 for the whole PATCH", () => {
  test.each<[string, object, string]>([
    ["groups of a User", add("groups", [{ value: "g" }]), "mutability"],
    ["groups without a path", { op: "replace", value: { groups: [{ value: "g" }] } }, "mutability"],
    ["members of a User", add("members", [{ value: "u" }]), "invalidPath"],
    ["a core URN without its type", replace(`${core}:active`, false), "invalidPath"],
    ["a misspelt core URN", replace(`${core}:Usr:active`, false), "invalidPath"],
    ["the same as a key", { op: "replace", value: { [`${core}:Usr:active`]: false } }, "invalidPath"],
    ["the same around an object", { op: "replace", value: { [`${core}:Usr`]: { active: false } } }, "invalidPath"],
    ["the URN of a Group", { op: "replace", value: { [`${GROUP_SCHEMA}:displayName`]: "G" } }, "invalidPath"],
    ["a removal of active", remove("active"), "mutability"],
    ["active null", replace("active", null), "invalidValue"],
    ["active null without a path", { op: "replace", value: { active: null } }, "invalidValue"],
    ["two values for active", replace("active", [true, false]), "invalidValue"],
  ])("User: %s", async (_, operation, scimType) => {
    const response = await sent(user, patchOf(replace("displayName", "Changed"), operation));
    expect([response.status, response.body["scimType"], response.isUnchanged]).toEqual([400, scimType, true]);
  });

  test.each<[string, object, string]>([
    ["active", replace("active", false), "invalidPath"],
    ["name", replace("name", "Sales"), "invalidPath"],
    ["userName", { op: "replace", value: { userName: "sales" } }, "invalidPath"],
    ["two names", replace("displayName", ["A", "B"]), "invalidValue"],
  ])("Group: %s", async (_, operation, scimType) => {
    const response = await sent(group, patchOf(remove(`members[value eq "${pam}"]`), operation));
    expect([response.status, response.body["scimType"], response.isUnchanged]).toEqual([400, scimType, true]);
  });

  test("an empty list of groups and the attributes of any extension change nothing", async () => {
    const value = { groups: [], [extension]: { active: false }, [`${extension}:active`]: false, displayName: "Pam" };
    const response = await sent(user, patchOf({ op: "replace", value }, add(`${extension}:x`, 1)));
    expect([response.status, response.isUnchanged]).toEqual([200, true]);
  });
});

// A removal that matches nobody must not return 204: the person would keep the role unnoticed.
describe("a removal from a group by an impossible id", () => {
  const values = ["", "{ID}", "pam@acme.example", "http://127.0.0.1/scim_v2/Users/1", '[{"value":"1"}]', "null"];
  const operations = values.flatMap((value) => [
    remove("members", [{ value }]),
    { op: "Remove", path: "members", value },
    { op: "remove", value: { members: [{ value }] } },
    remove(`members[value eq ${JSON.stringify(value)}]`),
    remove(`members[value eq ${JSON.stringify(value)} and type eq "User"]`),
    remove(`members[value ne ${JSON.stringify(value)}]`),
  ]);
  test.each(operations.map((operation) => [JSON.stringify(operation), operation] as const))(
    "%s",
    async (_, operation) => {
      const named = remove("members", [{ value: jim }]);
      for (const body of [patchOf(operation), patchOf(named, operation), patchOf(operation, named)]) {
        const response = await sent(group, body);
        expect([response.status, response.body["scimType"], response.isUnchanged]).toEqual([400, "invalidValue", true]);
      }
    },
  );

  test("an id beside an impossible one removes no member", async () => {
    const response = await sent(group, patchOf(remove("members", [{ value: pam }, { value: "x" }])));
    expect([response.status, response.isUnchanged]).toEqual([400, true]);
  });

  test("an id outside of the group is 204", async () => {
    for (const id of [crypto.randomUUID(), crypto.randomUUID().toUpperCase()]) {
      for (const operation of [{ path: "members", value: [{ value: id }] }, { path: `members[value eq "${id}"]` }]) {
        const response = await sent(group, patchOf({ op: "remove", ...operation }));
        expect([response.status, response.isUnchanged]).toEqual([204, true]);
      }
    }
  });

  test.each<[string, (id: string) => object]>([
    ["a value", (id) => ({ path: "members", value: [{ value: id }] })],
    ["a filter", (id) => ({ path: `members[value eq "${id}"]` })],
    ["a longer filter", (id) => ({ path: `members[value eq "${id}" and type eq "User"]` })],
    ["a filter by $ref", (id) => ({ path: `members[$ref eq "${publicUrl}/Users/${id}"]` })],
    ["a filter by the end of $ref", (id) => ({ path: `members[$ref ew "/${id.toLowerCase()}"]` })],
    ["an object under the path", (id) => ({ path: "members", value: { members: [{ value: id }] } })],
    ["an object without a path", (id) => ({ value: { members: [{ value: id }] } })],
  ])("an id in capitals is taken by %s", async (_, form) => {
    expect((await patch(group, { op: "remove", ...form(pam.toUpperCase()) })).status).toBe(204);
    expect(membersOf(await acme.get(group))).toEqual([jim]);
    expect((await patch(group, add("members", [{ value: pam.toUpperCase() }]))).status).toBe(204);
    expect(membersOf(await acme.get(group)).toSorted()).toEqual([pam, jim].toSorted());
  });

  test("an id in capitals is taken by POST and PUT", async () => {
    const whole = { displayName: `Sales ${++count}`, members: [{ value: pam.toUpperCase() }] };
    const made = await acme.post("/Groups", whole);
    expect([made.status, membersOf(made)]).toEqual([201, [pam]]);
    const put = await acme.put(group, { ...whole, displayName: `Sales ${++count}` });
    expect([put.status, membersOf(put)]).toEqual([200, [pam]]);
  });

  test("members are matched by their returned $ref", async () => {
    const none = await sent(group, patchOf(remove("members[not ($ref pr)]")));
    expect([none.status, none.isUnchanged]).toEqual([204, true]);
    for (const url of [`https://other.example/Users/${pam}`, `/Users/${pam}`, `${publicUrl}/Users/x`]) {
      const foreign = await sent(group, patchOf(remove(`members[$ref eq "${url}"]`)));
      expect([foreign.status, foreign.body["scimType"], foreign.isUnchanged]).toEqual([400, "invalidValue", true]);
    }
  });
});

// The counterpart of rule 7: a request without a change changes nothing, logs nothing and links nobody.
describe("a PATCH in which there is nothing to do shows the resource", () => {
  const bodies = [
    { schemas: [PATCH_OP], Operations: [] },
    { schemas: [], Operations: [] },
    { Operations: [] },
    patchOf({ op: "replace", value: { groups: [] } }),
    patchOf(replace(`${extension}:x`, 1)),
  ];
  test.each(bodies.map((body) => [JSON.stringify(body), body] as const))("%s", async (_, body) => {
    for (const path of [user, group]) {
      const response = await sent(path, body);
      expect([response.status, response.text, response.isUnchanged]).toEqual([200, (await acme.get(path)).text, true]);
    }
  });

  test("links no member, and still checks the version precondition and an unknown id", async () => {
    const org = await scim.addOrganization("Nothing");
    const client = org.client;
    const [owner] = resourcesOf(await client.get("/Users"));
    const before = await changesOf(scim.database, org.organizationId);
    expect((await client.patch(`/Users/${owner?.id}`, patchOf())).status).toBe(200);
    expect(await changesOf(scim.database, org.organizationId)).toEqual(before);
    expect((await patch(`/Users/${crypto.randomUUID()}`)).status).toBe(404);
    const headers = { authorization: scim.token, "if-match": 'W/"other"' };
    for (const path of [user, group]) {
      const response = await call(`${scim.baseUrl}${path}`, "PATCH", headers, JSON.stringify(patchOf()));
      expect(response.status).toBe(412);
    }
  });
});

test.each([
  [["urn:scim:schemas:core:2.0", "urn:scim:schemas:extension:enterprise:2.0"], 201],
  [["urn:scim:schemas:core:1.0"], 201],
  [["urn:scim:schemas:core:2.0:Group"], 400],
  [["urn:scim:schemas:core:2.0", GROUP_SCHEMA], 400],
  [[GROUP_SCHEMA], 400],
])("a body that names the schemas of a draft %j is %i", async (schemas, status) => {
  const response = await acme.post("/Users", { schemas, userName: `draft${++count}@acme.example` });
  expect(response.status).toBe(status);
  if (status === 201) expect(response.body["schemas"]).toEqual([USER_SCHEMA]);
});

describe("Bulk takes the operations of a PATCH alone as data", () => {
  test("as in the example of RFC 7644 section 3.7.3, with no limit of errors", async () => {
    await noticedQuirks(scim);
    const operation = (value: unknown): object => replace("displayName", value);
    const Operations = [[operation(7)], [operation("By Bulk")], [operation(8)], [operation("Pam")]].map((data) => ({
      method: "PATCH",
      path: user,
      data,
    }));
    const response = await acme.post("/Bulk", { failOnErrors: 0, Operations });
    expect(response.body["Operations"]).toMatchObject([
      { status: "400" },
      { status: "200" },
      { status: "400" },
      { status: "200" },
    ]);
    expect((await acme.get(user)).body["displayName"]).toBe("Pam");
    expect(await noticedQuirks(scim)).toEqual(["schemas-missing"]);
  });
});
