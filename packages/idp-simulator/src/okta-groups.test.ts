import { expect, test } from "vitest";
import type { OktaGroup, OktaPerson } from "./okta-directory.ts";
import { createOktaSimulator, type OktaSimulator } from "./okta-simulator.ts";
import type { OktaMode } from "./okta-wire.ts";
import { groupSchema, patchSchema } from "./scim-wire.ts";
import { listOf, type Received, type Scripted, scriptedService, userOf } from "./testing/scripted-service.ts";

const group = {
  schemas: [groupSchema],
  id: "g1",
  displayName: "Sales",
  meta: { resourceType: "Group", location: "https://scim.example/scim_v2/Groups/g1" },
};

/** Responds as a service that returns no members; the nth created person gets the id `un`. */
function script(linked: boolean): (request: Received) => Scripted {
  let people = 0;
  let displayName = "Sales";
  return ({ method, path, body }) => {
    if (path.includes("/Users")) {
      if (method === "GET") return { status: 200, body: listOf([]) };
      if (method === "PATCH") return { status: 204 };
      people += 1;
      const location = `https://scim.example/scim_v2/Users/u${people}`;
      const meta = { resourceType: "User", location };
      const user = { ...(typeof body === "object" ? body : {}), password: undefined, id: `u${people}`, meta };
      return { status: 201, body: userOf(user), headers: { Location: location } };
    }
    displayName = /"displayName":"([^"]*)"/.exec(JSON.stringify(body) ?? "")?.[1] ?? displayName;
    if (path.includes("?")) return { status: 200, body: listOf(linked ? [{ ...group, members: old }] : []) };
    if (method === "DELETE") return { status: 204 };
    if (method === "POST") return { status: 201, body: group, headers: { Location: group.meta.location } };
    return { status: 200, body: { ...group, displayName } };
  };
}
const old = [{ value: "u0", display: "old@dm.example" }];

/** Two people are assigned and in the group "Sales"; returns the group requests of `act` as `METHOD path` and body. */
async function played(
  mode: OktaMode,
  linked: boolean,
  act: (okta: OktaSimulator, group: OktaGroup, people: readonly [OktaPerson, OktaPerson]) => Promise<void>,
): Promise<(readonly [string, unknown])[]> {
  await using service = await scriptedService(script(linked));
  const okta = createOktaSimulator({ baseUrl: service.baseUrl, token: "t", mode });
  const pam = okta.people.add({ login: "pam@dm.example", givenName: "Pam", familyName: "Beesly" });
  const jim = okta.people.add({ login: "jim@dm.example", givenName: "Jim", familyName: "Halpert" });
  await okta.people.assign(pam);
  await okta.people.assign(jim);
  await act(okta, okta.groups.add("Sales", [pam]), [pam, jim]);
  const requests = service.received.filter(({ path }) => path.includes("/Groups"));
  return requests.map(({ method, path, body }) => [`${method} ${path.replace("/scim_v2", "")}`, body] as const);
}

const match = ["GET /Groups?filter=displayName%20eq%20%22Sales%22&startIndex=1&count=100", undefined];
const pamRef = { value: "u1", display: "pam@dm.example" };
const jimRef = { value: "u2", display: "jim@dm.example" };
const patch = (...operations: object[]) => ["PATCH /Groups/g1", { schemas: [patchSchema], Operations: operations }];
const rename = (displayName = "Sales") => patch({ op: "replace", value: { id: "g1", displayName } });
const post = (members: object[]) => ["POST /Groups", { schemas: [groupSchema], displayName: "Sales", members }];
const get = ["GET /Groups/g1", undefined];
const put = (members: object[], displayName = "Sales") => [
  "PUT /Groups/g1",
  { id: "g1", schemas: [groupSchema], displayName, members },
];

// By PATCH (template app), or whole in the POST (wizard).
test.each([
  ["header-auth", [match, post([]), rename(), patch({ op: "replace", path: "members", value: [pamRef] })]],
  ["wizard", [match, post([pamRef])]],
] as const)("push a group, in mode %s", async (mode, expected) => {
  expect(await played(mode, false, (okta, sales) => okta.groups.push(sales))).toEqual(expected);
});

// Existing members of a linked group stay (O-PLAN C9322).
test.each([
  ["header-auth", [match, rename(), patch({ op: "add", path: "members", value: [pamRef] })]],
  ["wizard", [match, get, put([...old, pamRef])]],
] as const)("links an existing group, in mode %s", async (mode, expected) => {
  expect(await played(mode, true, (okta, sales) => okta.groups.push(sales))).toEqual(expected);
});

test.each([
  ["header-auth", [rename("Field sales")]],
  ["wizard", [get, put([pamRef], "Field sales")]],
] as const)("rename a group, in mode %s", async (mode, expected) => {
  const requests = await played(mode, false, async (okta, sales) => {
    await okta.groups.push(sales);
    await okta.groups.rename(sales, "Field sales");
  });
  expect(requests.slice(mode === "wizard" ? 2 : 4)).toEqual(expected);
});

// One removal each, then one add without a type (CAP-419), after the rename to the same name.
test.each([
  [
    "header-auth",
    [
      rename(),
      patch({ op: "remove", path: 'members[value eq "u1"]' }, { op: "add", path: "members", value: [jimRef] }),
    ],
  ],
  ["wizard", [get, put([jimRef])]],
] as const)("change the members, in mode %s", async (mode, expected) => {
  const requests = await played(mode, false, async (okta, sales, [, jim]) => {
    await okta.groups.push(sales);
    await okta.groups.setMembers(sales, [jim]);
  });
  expect(requests.slice(mode === "wizard" ? 2 : 4)).toEqual(expected);
});

// The wizard's app writes the old list first (CAP-KR-2).
test.each([["header-auth", [rename(), patch({ op: "replace", path: "members", value: [] })]]] as const)(
  "push now after an unassignment, in mode %s",
  async (mode, expected) => {
    const requests = await played(mode, false, async (okta, sales, [pam]) => {
      await okta.groups.push(sales);
      await okta.people.unassign(pam);
      await okta.groups.pushNow(sales);
    });
    expect(requests.slice(4)).toEqual(expected);
  },
);

test("push now twice over, in mode wizard", async () => {
  const requests = await played("wizard", false, async (okta, sales) => {
    await okta.groups.push(sales);
    await okta.groups.pushNow(sales);
  });
  expect(requests.slice(2)).toEqual([get, put([pamRef]), get, put([pamRef])]);
});

test("delete a group", async () => {
  const requests = await played("wizard", false, async (okta, sales) => {
    await okta.groups.push(sales);
    await okta.groups.delete(sales);
    expect(sales.remoteId).toBeNull();
  });
  expect(requests.at(-1)).toEqual(["DELETE /Groups/g1", undefined]);
});
