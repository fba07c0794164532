import { randomUUID } from "node:crypto";
import { setDefaultRole, setRoleLinked } from "@rollcall/db";
import { describe, expect, test } from "vitest";
import {
  add,
  remove,
  replace,
  detailOf,
  idOf,
  membersOf,
  patchOf,
  resourcesOf,
  rolesOf,
  refusalOf,
} from "../testing/test-client.ts";
import { useScim } from "../testing/scim-fixture.ts";

const { scim, acme, people, group, find, idByName, runSql, patch } = await useScim();
const person = async (): Promise<string> => (await people(1))[0] ?? "";

async function roleOf(displayName: string): Promise<{ id: string; path: string }> {
  const id = await idByName("/Groups", displayName);
  return { id, path: `/Groups/${id}` };
}

async function manualRole(name: string): Promise<{ id: string; path: string }> {
  const text = `insert into role (organization_id, id, name, name_key, kind, is_scim_created, is_linked, permissions, created_at, updated_at)
    values ($1, gen_random_uuid(), $2, lower($2), 'custom', false, false, '{}', now(), now())`;
  await runSql(text, [scim.organizationId, name]);
  return roleOf(name);
}

async function grantByHand(memberId: string, roleId: string): Promise<void> {
  const text =
    "insert into role_grant (organization_id, member_id, role_id, source, created_at) values ($1, $2, $3, 'manual', now())";
  await runSql(text, [scim.organizationId, memberId, roleId]);
}

async function dropDefault(memberId: string): Promise<void> {
  const text = "delete from role_grant where member_id = $1 and source = 'default'";
  await runSql(text, [memberId]);
}

describe("create", () => {
  test("AR-54: a pushed group is a role of the directory's without permissions, and its members have it", async () => {
    const [id = ""] = await people(1);
    const made = await acme.post("/Groups", {
      displayName: "Sales",
      externalId: "00g1",
      members: [{ value: id, display: "x", $ref: null }],
    });
    const location = `https://scim.rollcall.example/scim_v2/Groups/${idOf(made)}`;
    expect([made.status, made.headers.get("location")]).toEqual([201, location]);
    expect(made.body).toEqual({
      schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"],
      id: idOf(made),
      externalId: "00g1",
      displayName: "Sales",
      members: [
        {
          value: id,
          display: expect.stringContaining("@"),
          type: "User",
          $ref: `https://scim.rollcall.example/scim_v2/Users/${id}`,
        },
      ],
      meta: {
        resourceType: "Group",
        created: expect.any(String),
        lastModified: expect.any(String),
        location,
        version: made.headers.get("etag"),
      },
    });
    expect(await rolesOf(scim.database, id)).toEqual(["Members/default", "Sales/group"]);
    const text = "select is_scim_created as created, permissions from role where id = $1";
    expect(await runSql(text, [idOf(made)])).toEqual([{ created: true, permissions: [] }]);
  });

  test("AR-55: a name that any role has, in any case of letters, is 409 uniqueness and changes nothing", async () => {
    const role = await manualRole("By hand");
    for (const displayName of ["By hand", "BY HAND", "Members", "account owners", "Deploy Owners"]) {
      const response = await acme.post("/Groups", { displayName, members: [{ value: await person() }] });
      expect(refusalOf(response)).toEqual([409, "uniqueness"]);
    }
    expect(membersOf(await acme.get(role.path))).toEqual([]);
  });

  test("a person removed in Rollcall, whom the directory still names, keeps nobody else in the group", async () => {
    const [gone = "", stays = "", leaves = "", leavesNext = ""] = await people(4);
    const { path, displayName } = await group([gone, stays, leaves, leavesNext]);
    await acme.delete(`/Users/${gone}`);
    const members = [gone, stays, leavesNext].map((value) => ({ value }));
    expect(membersOf(await acme.put(path, { displayName, members })).toSorted()).toEqual(
      [stays, leavesNext].toSorted(),
    );
    const sync = [remove(`members[value eq "${leavesNext}"]`), add("members", [{ value: gone }])];
    expect((await patch(path, ...sync)).status).toBeLessThan(300);
    expect(membersOf(await acme.get(path))).toEqual([stays]);
    // Where nobody loses the role, and for ids that were never known.
    expect((await patch(path, add("members", [{ value: gone }]))).status).toBe(400);
    expect((await acme.put(path, { displayName, members: [{ value: randomUUID() }] })).status).toBe(400);
    expect(membersOf(await acme.get(path))).toEqual([stays]);
  });

  test("an unknown member is 400, named, and no group is left behind", async () => {
    const known = await person();
    for (const value of ["00000000-0000-7000-8000-000000000000", "nobody"]) {
      const response = await acme.post("/Groups", {
        displayName: "With a ghost",
        members: [{ value: known }, { value }],
      });
      expect([response.status, response.body["scimType"], detailOf(response)]).toEqual([
        400,
        "invalidValue",
        expect.stringContaining(value),
      ]);
    }
    expect((await find("/Groups", 'displayName eq "With a ghost"')).body["totalResults"]).toBe(0);
    expect(await rolesOf(scim.database, known)).toEqual(["Members/default"]);
  });

  test("a group as a member is 400 in POST, PUT and PATCH, and the detail gives the reason", async () => {
    const inner = await group();
    const { path, displayName } = await group();
    const members = [{ value: await person() }, { value: inner.id, type: "Group" }];
    for (const response of [
      await acme.post("/Groups", { displayName: "Nested", members }),
      await acme.put(path, { displayName, members }),
      await patch(path, { op: "add", path: "members", value: members }),
    ]) {
      expect(refusalOf(response)).toEqual([400, "invalidValue"]);
      expect(detailOf(response)).toContain(`Groups cannot be members of a group: ${inner.id}.`);
    }
    expect(membersOf(await acme.get(path))).toEqual([]);
  });

  test("an externalId that another group has is 409 uniqueness in every method, until that group is deleted", async () => {
    const first = await group();
    const { path, displayName } = await group();
    await acme.put(first.path, { displayName: first.displayName, externalId: "00gOne" });
    for (const response of [
      await acme.post("/Groups", { displayName: "Two of one", externalId: "00gOne" }),
      await acme.put(path, { displayName, externalId: "00gOne" }),
      await patch(path, replace("externalId", "00gOne")),
    ]) {
      expect(refusalOf(response)).toEqual([409, "uniqueness"]);
      expect(detailOf(response)).toContain("externalId 00gOne already belongs to another group");
    }
    const rival = (await scim.addOrganization("RivalOfIds")).client;
    expect((await rival.post("/Groups", { displayName: "Theirs", externalId: "00gOne" })).status).toBe(201);
    expect((await acme.get(path)).body).not.toHaveProperty("externalId");
    await acme.delete(first.path);
    expect((await acme.put(path, { displayName, externalId: "00gOne" })).body["externalId"]).toBe("00gOne");
  });

  test("a deleted person is unknown; another organization's too", async () => {
    const gone = await person();
    await acme.delete(`/Users/${gone}`);
    const rival = (await scim.addOrganization("Rival")).client;
    const foreign = idOf(await rival.post("/Users", { userName: "foreign@rival.example" }));
    const { path } = await group();
    for (const value of [gone, foreign]) {
      expect((await patch(path, { op: "add", path: "members", value: [{ value }] })).status).toBe(400);
    }
    expect(membersOf(await acme.get(path))).toEqual([]);
  });
});

describe("read and list", () => {
  test("AR-27: displayName eq finds one in any case; built-in and manual roles are listed with their members", async () => {
    const { id, displayName } = await group([await person()]);
    expect((await find("/Groups", `displayName eq "${displayName.toUpperCase()}"`)).body).toMatchObject({
      totalResults: 1,
      startIndex: 1,
      itemsPerPage: 1,
    });
    expect(resourcesOf(await find("/Groups", `displayName eq "${displayName}"`))).toMatchObject([
      { id, members: [expect.anything()] },
    ]);
    const names = resourcesOf(await acme.get("/Groups")).map((role) => role["displayName"]);
    expect(names).toEqual(expect.arrayContaining(["Account Owners", "Deploy Owners", "Members", displayName]));
    const owners = await roleOf("Account Owners");
    expect(membersOf(await acme.get(owners.path))).toHaveLength(1);
    expect((await find("/Groups", 'displayName eq "nothing"')).body).toMatchObject({ totalResults: 0, Resources: [] });
  });

  // Okta leaves people in groups when it deactivates them, and pushes the old list once more.
  test("inactive members stay in the list and can be pushed again; deleted ones are gone", async () => {
    const [stays = "", leaves = ""] = await people(2);
    const { path, displayName } = await group([stays, leaves]);
    await patch(`/Users/${stays}`, { op: "replace", value: { active: false } });
    await acme.delete(`/Users/${leaves}`);
    expect(membersOf(await acme.get(path))).toEqual([stays]);
    const again = await acme.put(path, { displayName, members: [{ value: stays }] });
    expect([again.status, membersOf(again)]).toEqual([200, [stays]]);
  });
});

describe("members", () => {
  test("AR-57: a person who loses the only role keeps the default role; with another role, no role is added", async () => {
    const [only = "", more = ""] = await people(2);
    const { path } = await group([only, more]);
    const other = await group([more]);
    for (const id of [only, more]) await dropDefault(id);
    expect(await rolesOf(scim.database, only)).toHaveLength(1);
    await patch(path, replace("members", []));
    expect(await rolesOf(scim.database, only)).toEqual(["Members/default"]);
    expect(await rolesOf(scim.database, more)).toEqual([`${other.displayName}/group`]);
  });

  test("a removal takes back only what the directory gave", async () => {
    const id = await person();
    const { path, displayName, id: roleId } = await group([id]);
    await grantByHand(id, roleId);
    await patch(path, { op: "remove", path: `members[value eq "${id}"]` });
    expect(await rolesOf(scim.database, id)).toEqual([`${displayName}/manual`, "Members/default"].toSorted());
  });
});

describe("rename, link and delete", () => {
  test.each(["PUT", "PATCH"])("AR-56: %s renames and keeps the id and the people", async (method) => {
    const member = await person();
    const { path, id } = await group([member]);
    const displayName = `Renamed by ${method}`;
    const response =
      method === "PUT"
        ? await acme.put(path, { displayName })
        : await patch(path, { op: "replace", value: { id, displayName } });
    expect(response.status).toBe(method === "PUT" ? 200 : 204);
    expect((await acme.get(path)).body).toMatchObject({ id, displayName, members: [{ value: member }] });
    const taken = await patch((await group()).path, replace("displayName", displayName.toUpperCase()));
    expect(refusalOf(taken)).toEqual([409, "uniqueness"]);
  });

  test.each(["", null, []])("PUT with an externalId of %j clears it, without one keeps it", async (externalId) => {
    const { path, displayName } = await group();
    await acme.put(path, { displayName, externalId: "g-put" });
    expect((await acme.put(path, { displayName })).body["externalId"]).toBe("g-put");
    expect((await acme.put(path, { displayName, externalId })).body).not.toHaveProperty("externalId");
  });

  test.each(["", null])("PATCH with an externalId of %j clears it", async (externalId) => {
    const { path } = await group();
    const set = patchOf(replace("externalId", "g-1"));
    for (const body of [replace("externalId", externalId), { op: "replace", value: { externalId } }]) {
      await acme.patch(path, set);
      expect((await patch(path, body)).status).toBe(204);
      expect(await acme.get(path)).toMatchObject({
        body: expect.not.objectContaining({ externalId: expect.anything() }),
      });
    }
  });

  test("AR-58: DELETE ends the role; the people stay, at least with the default role", async () => {
    const [id = ""] = await people(1);
    const { path, displayName } = await group([id]);
    await dropDefault(id);
    expect((await acme.delete(path)).status).toBe(204);
    expect(await rolesOf(scim.database, id)).toEqual(["Members/default"]);
    expect((await acme.get(`/Users/${id}`)).body["active"]).toBe(true);
    expect((await acme.post("/Groups", { displayName })).status).toBe(201);
  });

  test("the default role cannot be deleted by the directory that made it", async () => {
    const { id, path } = await group();
    const members = await roleOf("Members");
    await setDefaultRole(scim.database, await scim.context(), { roleId: id });
    expect((await acme.delete(path)).status).toBe(409);
    await setDefaultRole(scim.database, await scim.context(), { roleId: members.id });
    expect((await acme.delete(path)).status).toBe(204);
  });

  test.each(["Account Owners", "Deploy Owners"])(
    "AR-59: %s cannot be renamed, deleted or filled before an owner has linked it",
    async (name) => {
      const { path } = await roleOf(name);
      const value = [{ value: await person() }];
      const responses = [
        await acme.delete(path),
        await acme.put(path, { displayName: "Mine now" }),
        await patch(path, replace("displayName", "Mine now")),
        await patch(path, { op: "add", path: "members", value }),
        await patch(path, { op: "remove", path: "members" }),
        await acme.put(path, { displayName: name, members: [] }),
      ];
      for (const response of responses)
        expect([response.status, detailOf(response)]).toEqual([409, expect.stringContaining(name)]);
      expect((await acme.get(path)).body["displayName"]).toBe(name);
    },
  );

  test("AR-55: a manual role does not change until an owner links it, then follows the directory and keeps its manual members", async () => {
    const role = await manualRole("Linkable");
    const [byHand = "", pushed = ""] = await people(2);
    await grantByHand(byHand, role.id);
    const add = patchOf({ op: "add", path: "members", value: [{ value: pushed }] });
    expect((await acme.patch(role.path, add)).status).toBe(409);
    expect((await acme.put(role.path, { displayName: "Renamed" })).status).toBe(409);
    expect((await acme.delete(role.path)).status).toBe(409);
    await setRoleLinked(scim.database, await scim.context(), { roleId: role.id, isLinked: true });
    expect((await acme.patch(role.path, add)).status).toBe(204);
    expect(membersOf(await acme.get(role.path))).toEqual([pushed]);
    expect((await acme.put(role.path, { displayName: "Linkable", members: [] })).status).toBe(200);
    expect(await rolesOf(scim.database, byHand)).toEqual(["Linkable/manual", "Members/default"]);
    expect((await acme.post("/Groups", { displayName: "Linkable" })).status).toBe(409);
  });

  // A directory, or a leaked token, must not make anybody an owner unnoticed.
  test("a person made an owner by the directory is reported to the owners by email, once", async () => {
    const owners = await roleOf("Account Owners");
    await setRoleLinked(scim.database, await scim.context(), { roleId: owners.id, isLinked: true });
    const [first = "", second = "", third = ""] = await people(3);
    const push = (...ids: string[]) =>
      patch(owners.path, { op: "add", path: "members", value: ids.map((value) => ({ value })) });
    for (const ids of [[first], [first], [first, second, third]]) expect((await push(...ids)).status).toBe(204);
    const text = `select subject from mail where recipient = $1 and kind = 'newOwner' order by created_at`;
    expect(await runSql(text, [scim.ownerEmail])).toEqual([
      { subject: "Your organization has a new owner" },
      { subject: "Your organization has 2 new owners" },
    ]);
    expect((await patch(owners.path, { op: "remove", path: "members" })).status).toBe(204);
  });

  test("AR-53, AR-59: linked owners are pushed, but the role is never renamed, deleted or emptied of the last owner", async () => {
    const owners = await roleOf("Account Owners");
    await setRoleLinked(scim.database, await scim.context(), { roleId: owners.id, isLinked: true });
    const id = await person();
    await scim.accept(id);
    expect((await acme.put(owners.path, { displayName: "Account Owners", members: [{ value: id }] })).status).toBe(200);
    expect(await rolesOf(scim.database, id)).toEqual(["Account Owners/group", "Members/default"]);
    expect((await acme.delete(owners.path)).status).toBe(409);
    expect((await acme.put(owners.path, { displayName: "Mine" })).status).toBe(409);
    const [first] = resourcesOf(
      await acme.get(`/Users?filter=${encodeURIComponent(`userName eq "${scim.ownerEmail}"`)}`),
    );
    expect((await acme.delete(`/Users/${first?.id}`)).status).toBe(204);
    for (const response of [
      await acme.put(owners.path, { displayName: "Account Owners", members: [] }),
      await patch(owners.path, { op: "remove", path: `members[value eq "${id}"]` }),
      await acme.delete(`/Users/${id}`),
    ]) {
      expect([response.status, detailOf(response)]).toEqual([409, expect.stringContaining("last Account Owner")]);
    }
    expect(membersOf(await acme.get(owners.path))).toEqual([id]);
  });
});
