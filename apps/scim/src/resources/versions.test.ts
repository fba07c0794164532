import { grantRole, setRoleLinked, setRolePermissions } from "@rollcall/db";
import { z } from "zod";
import { describe, expect, test } from "vitest";
import {
  add,
  remove,
  replace,
  call,
  changesOf,
  detailOf,
  idOf,
  membersOf,
  patchOf,
  resourcesOf,
  type ScimResponse,
  refusalOf,
} from "../testing/test-client.ts";
import { useScim } from "../testing/scim-fixture.ts";

const { scim, acme, person, group, idByName, patch } = await useScim();

type Conditions = { "if-match"?: string; "if-none-match"?: string };

/** One request with preconditions. */
function conditional(method: string, path: string, conditions: Conditions, body?: unknown): Promise<ScimResponse> {
  const headers = { authorization: `Bearer ${scim.token}`, ...conditions };
  return call(`${scim.baseUrl}${path}`, method, headers, body === undefined ? undefined : JSON.stringify(body));
}

const versioned = z.object({ meta: z.object({ version: z.string(), lastModified: z.string() }) });
const metaOf = (response: ScimResponse): z.infer<typeof versioned>["meta"] => versioned.parse(response.body).meta;

/** The version of a resource, equal in header and body. */
function versionOf(response: ScimResponse): string {
  const { version } = metaOf(response);
  expect(response.headers.get("etag")).toBe(version);
  expect(version).toMatch(/^W\/"[!#-~]+"$/);
  return version;
}

const current = async (path: string): Promise<string> => versionOf(await acme.get(path));

let count = 0;

const member = (id: string): object => add("members", [{ value: id }]);
const noMember = (id: string): object => remove(`members[value eq "${id}"]`);

// RFC 7643 section 3.1 (meta.version) and RFC 7644 section 3.14: a weak entity tag, the same in header and body.
describe("RFC 7644 section 3.14: the ETag", () => {
  test("is in every response with a User, and changes with every visible change", async () => {
    const made = await acme.post("/Users", { userName: "pam@acme.example" });
    const path = `/Users/${idOf(made)}`;
    const versions = [versionOf(made)];
    expect(await current(path)).toBe(versions[0]);
    for (const write of [
      () => acme.put(path, { userName: "pam@acme.example", displayName: "Pam" }),
      () => acme.put(path, { userName: "PAM@acme.example", displayName: "Pam" }),
      () => patch(path, add("externalId", "00u1")),
      () => patch(path, { op: "replace", value: { active: false } }),
      () => patch(path, { op: "replace", value: { active: true } }),
      () => patch(path, remove("displayName")),
    ]) {
      const response = await write();
      expect(response.status).toBe(200);
      versions.push(versionOf(response));
      expect(await current(path)).toBe(versions.at(-1));
    }
    expect((await acme.delete(path)).headers.get("etag")).toBeNull();
    versions.push(versionOf(await acme.post("/Users", { userName: "pam@acme.example" })));
    expect(new Set(versions).size).toBe(versions.length);
  });

  test("is in every response with a Group, and changes with every visible change", async () => {
    const [a, b] = [await person(), await person()];
    const made = await acme.post("/Groups", { displayName: "Versioned", members: [{ value: a.id }] });
    const path = `/Groups/${idOf(made)}`;
    const versions = [versionOf(made)];
    for (const write of [
      () => acme.put(path, { displayName: "Versioned", members: [{ value: b.id }] }),
      () => acme.put(path, { displayName: "Versioned", members: [{ value: a.id }] }),
      () => patch(`${path}?attributes=meta`, member(b.id)),
      () => patch(`${path}?attributes=meta`, noMember(b.id)),
      () => patch(`${path}?attributes=meta`, replace("displayName", "VERSIONED")),
      () => patch(`${path}?attributes=meta`, add("externalId", "g-1")),
      () => acme.put(path, { displayName: "VERSIONED", members: [] }),
    ]) {
      const response = await write();
      expect(response.status).toBe(200);
      versions.push(versionOf(response));
      expect(await current(path)).toBe(versions.at(-1));
    }
    expect(new Set(versions).size).toBe(versions.length);
  });

  test("moves with a change that comes in the same millisecond", async () => {
    const { path, userName } = await person();
    const responses = await Promise.all(
      Array.from({ length: 10 }, (_, index) => acme.put(path, { userName, displayName: `Name ${index}` })),
    );
    expect(new Set(responses.map(versionOf)).size).toBe(10);
  });

  test("of a Group changes when a member is deleted, renamed or added without a write to the group", async () => {
    const [a, b] = [await person(), await person()];
    const { path } = await group([a.id, b.id]);
    const versions = [await current(path)];
    await acme.put(a.path, { userName: a.userName.toUpperCase() });
    versions.push(await current(path));
    await acme.delete(b.path);
    versions.push(await current(path));
    expect(new Set(versions).size).toBe(3);

    const everybody = `/Groups/${await idByName("/Groups", "Members")}`;
    const before = await current(everybody);
    const newcomer = await person();
    const after = await current(everybody);
    expect(after).not.toBe(before);
    // One leaves and another joins: the count is the same, the list is not.
    await acme.delete(newcomer.path);
    await person();
    expect(new Set([before, after, await current(everybody)]).size).toBe(3);
  });

  test("of a Group changes with its visible members: manual, and linked", async () => {
    const { id } = await person();
    const deploy = await idByName("/Groups", "Deploy Owners");
    const path = `/Groups/${deploy}`;
    const versions = [await current(path)];
    await grantRole(scim.database, await scim.context(), { memberId: id, roleId: deploy });
    versions.push(await current(path));
    await setRoleLinked(scim.database, await scim.context(), { roleId: deploy, isLinked: true });
    versions.push(await current(path));
    await setRoleLinked(scim.database, await scim.context(), { roleId: deploy, isLinked: false });
    versions.push(await current(path));
    expect(new Set(versions).size).toBe(4);
  });

  test("does not move with what does not show: groups of a User, permissions of a Group", async () => {
    const { id, path } = await person();
    const pushed = await group();
    const before = [await current(path), await current(pushed.path)];
    await patch(pushed.path, member(id));
    await patch(pushed.path, noMember(id));
    // A person's first manual role, and an owner-kind role, depend on the state of that person at that moment.
    await grantRole(scim.database, await scim.context(), {
      memberId: id,
      roleId: await idByName("/Groups", "Deploy Owners"),
    });
    expect(await current(path)).toBe(before[0]);
    // A second grant of the same role does not list anybody twice.
    const members = await idByName("/Groups", "Members");
    const everybody = await current(`/Groups/${members}`);
    await grantRole(scim.database, await scim.context(), { memberId: id, roleId: members });
    expect(await current(`/Groups/${members}`)).toBe(everybody);
    const input = { roleId: pushed.path.replace("/Groups/", ""), permissions: ["environment.view"] };
    const between = await current(pushed.path);
    expect(await setRolePermissions(scim.database, await scim.context(), input)).toMatchObject({ ok: true });
    expect(await current(pushed.path)).toBe(between);
  });

  test("moves exactly when lastModified of a User does, and a same-value write moves neither", async () => {
    const { path, userName } = await person();
    await acme.put(path, { userName, displayName: "Same", name: { givenName: "S" }, externalId: "same" });
    const before = metaOf(await acme.get(path));
    scim.advance(1000);
    for (const response of [
      await acme.put(path, (await acme.get(path)).body),
      await patch(path, { op: "replace", value: { displayName: "Same", active: "True" } }),
    ])
      expect(metaOf(response)).toEqual(before);
    const after = metaOf(await patch(path, replace("displayName", "Other")));
    expect([after.version === before.version, after.lastModified > before.lastModified]).toEqual([false, true]);
  });

  test("is the same under every projection, in lists too", async () => {
    const [a, b] = [await person(), await person()];
    const { path } = await group([a.id, b.id]);
    for (const [resource, query] of [
      [path, "excludedAttributes=members"],
      [path, "attributes=meta.version"],
      [path, "attributes=displayName"],
      [path, "excludedAttributes=meta"],
      [a.path, "attributes=userName"],
      [a.path, "excludedAttributes=meta,emails"],
    ] as const) {
      const version = await current(resource);
      expect((await acme.get(`${resource}?${query}`)).headers.get("etag")).toBe(version);
      const id = resource.split("/")[2];
      for (const list of ["", "&excludedAttributes=members", "&attributes=meta.version"]) {
        const found = await acme.get(`${resource.slice(0, resource.lastIndexOf("/"))}?filter=id+eq+"${id}"${list}`);
        expect(resourcesOf(found)).toEqual([expect.objectContaining({ meta: expect.objectContaining({ version }) })]);
        expect(found.headers.get("etag")).toBeNull();
      }
    }
    expect((await acme.get(`${path}?excludedAttributes=meta`)).body).not.toHaveProperty("meta");
    expect((await acme.get(`${path}?attributes=meta.version`)).body["meta"]).toEqual({ version: await current(path) });
  });

  test("is there over HEAD as over GET", async () => {
    const { path } = await person();
    const head = await conditional("HEAD", path, {});
    expect([head.status, head.headers.get("etag"), head.text]).toEqual([200, await current(path), ""]);
  });
});

// The version is only compared by preconditions: it means nothing beyond "equal".
test.each(["Users", "Groups"])("meta.version of %s can be neither filtered nor sorted by", async (endpoint) => {
  for (const filter of [
    'meta.version eq "W/1"',
    "meta.version pr",
    'meta[version eq "x"]',
    'not (META.VERSION ne "x")',
  ]) {
    const response = await acme.get(`/${endpoint}?filter=${encodeURIComponent(filter)}`);
    expect(refusalOf(response)).toEqual([400, "invalidFilter"]);
    expect(detailOf(response)).toContain("filter by");
  }
  const sorted = await acme.get(`/${endpoint}?sortBy=meta.version`);
  expect(refusalOf(sorted)).toEqual([400, "invalidValue"]);
  expect((await acme.get(`/${endpoint}?filter=meta+pr&count=0`)).status).toBe(200);
});

// RFC 9110 section 13.1.2 and RFC 7644 section 3.14.
describe("If-None-Match on a read", () => {
  test.each(["Users", "Groups"])(
    "of %s: 304 without a body but with the ETag, or the whole resource",
    async (endpoint) => {
      const { path } = endpoint === "Users" ? await person() : await group([(await person()).id]);
      const version = await current(path);
      for (const method of ["GET", "HEAD"]) {
        for (const tag of [version, version.slice(2), "*", `W/"other", ${version}`]) {
          const response = await conditional(method, `${path}?attributes=displayName`, { "if-none-match": tag });
          expect([response.status, response.text, response.headers.get("etag")]).toEqual([304, "", version]);
          expect(response.headers.get("content-type")).toBeNull();
        }
      }
      for (const tag of ['W/"other"', "not-a-tag", ""])
        expect(await conditional("GET", path, { "if-none-match": tag })).toMatchObject({
          status: 200,
          body: { id: idOf(await acme.get(path)) },
        });
      expect((await conditional("GET", path, { "if-match": 'W/"other"' })).status).toBe(412);
      expect((await conditional("GET", path, { "if-match": version })).status).toBe(200);
    },
  );

  test("needs a valid token, and is 404 for an unknown id", async () => {
    const { path } = await person();
    const unauthenticated = await call(`${scim.baseUrl}${path}`, "GET", {
      authorization: "Bearer no",
      "if-none-match": "*",
    });
    expect([unauthenticated.status, unauthenticated.headers.get("etag")]).toEqual([401, null]);
    const nobody = "00000000-0000-7000-8000-000000000000";
    for (const none of [`/Users/${nobody}`, `/Groups/${nobody}`])
      expect((await conditional("GET", none, { "if-none-match": "*" })).status).toBe(404);
  });
});

const writes = ["Users", "Groups"].flatMap((endpoint) =>
  ["PUT", "PATCH", "DELETE"].map((method) => {
    const write = (path: string, conditions: Conditions): Promise<ScimResponse> => {
      const displayName = `V${count++}`;
      const whole = endpoint === "Users" ? { userName: "vic@acme.example", displayName } : { displayName, members: [] };
      const body = method === "PUT" ? whole : patchOf(replace("displayName", displayName));
      return conditional(method, path, conditions, method === "DELETE" ? undefined : body);
    };
    return [method, endpoint, write] as const;
  }),
);

// RFC 9110 section 13.1.1, with the weak tags that RFC 7644 section 3.14 sends.
describe("If-Match on a write", () => {
  test.each(writes)("%s of %s: 412 and nothing changed unless a tag matches", async (method, endpoint, write) => {
    await acme.post("/Users", { userName: "vic@acme.example" });
    const path =
      endpoint === "Users"
        ? `/Users/${resourcesOf(await acme.get('/Users?filter=userName+eq+"vic@acme.example"'))[0]?.id}`
        : (await group([(await person()).id])).path;
    const before = await acme.get(path);
    const logged = (await changesOf(scim.database, scim.organizationId)).length;
    for (const tag of ['W/"other"', '"other", W/"another"', ""]) {
      const refused = await write(path, { "if-match": tag });
      expect([refused.status, refused.body["status"], refused.body["scimType"]]).toEqual([412, "412", undefined]);
      expect(detailOf(refused)).toContain(versionOf(before));
    }
    const excluded = await write(path, { "if-none-match": "*" });
    expect(excluded.status).toBe(412);
    for (const malformed of [{ "if-match": "1" }, { "if-match": "W/abc" }, { "if-none-match": "abc" }])
      expect(await write(path, malformed)).toMatchObject({ status: 400, body: { scimType: "invalidSyntax" } });
    expect((await acme.get(path)).text).toBe(before.text);
    expect(await changesOf(scim.database, scim.organizationId)).toHaveLength(logged);

    const success = method === "DELETE" || (method === "PATCH" && endpoint === "Groups") ? 204 : 200;
    if (method !== "DELETE") {
      expect((await write(path, { "if-match": "*" })).status).toBe(success);
      expect((await write(path, { "if-match": versionOf(before) })).status).toBe(412);
      expect((await write(path, { "if-match": (await current(path)).slice(2) })).status).toBe(success);
      expect((await write(path, { "if-none-match": 'W/"other"' })).status).toBe(success);
    }
    expect((await write(path, { "if-match": `W/"old", ${await current(path)}` })).status).toBe(success);
  });

  test.each(writes)("%s of %s that are not there is 404, whatever the condition", async (_method, endpoint, write) => {
    const path = `/${endpoint}/00000000-0000-7000-8000-000000000000`;
    for (const conditions of [{ "if-match": "*" }, { "if-match": 'W/"x"' }, { "if-none-match": "*" }])
      expect((await write(path, conditions)).status).toBe(404);
  });

  test("a same-value write under a stale version is 412 too", async () => {
    const { path, userName } = await person();
    const stale = await current(path);
    await acme.put(path, { userName, displayName: "New" });
    expect((await conditional("PUT", path, { "if-match": stale }, { userName, displayName: "New" })).status).toBe(412);
  });

  test("an invalid body is reported before the precondition", async () => {
    const { path } = await person();
    expect((await conditional("PUT", path, { "if-match": '"x"' }, {})).status).toBe(400);
  });

  test("conditions on POST are ignored, as no resource exists yet", async () => {
    for (const conditions of [{ "if-none-match": "*" }, { "if-match": 'W/"x"' }, { "if-match": "x" }]) {
      const body = { userName: `posted${count++}@acme.example`, displayName: `Posted ${count}` };
      expect((await conditional("POST", "/Users", conditions, body)).status).toBe(201);
      expect((await conditional("POST", "/Groups", conditions, body)).status).toBe(201);
    }
  });
});

function tally(responses: readonly ScimResponse[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of responses) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

// Of all clients that have read the same version, only one may write.
describe("a race under If-Match", () => {
  test.each(["PUT", "PATCH"])("of 20 %ss of one User exactly one wins", async (method) => {
    const { path, userName } = await person();
    const version = await current(path);
    const responses = await Promise.all(
      Array.from({ length: 20 }, (_, index) => {
        const displayName = `Racer ${index}`;
        const body = method === "PUT" ? { userName, displayName } : patchOf({ op: "replace", value: { displayName } });
        return conditional(method, path, { "if-match": version }, body);
      }),
    );
    expect(tally(responses)).toEqual({ 200: 1, 412: 19 });
    const winner = responses.findIndex(({ status }) => status === 200);
    expect((await acme.get(path)).body["displayName"]).toBe(`Racer ${winner}`);
  });

  test.each(["PUT", "PATCH"])("of 20 %ss of one Group exactly one wins", async (method) => {
    const ids = await Promise.all(Array.from({ length: 20 }, async () => (await person()).id));
    const { path, displayName } = await group();
    const version = await current(path);
    const responses = await Promise.all(
      ids.map((value) => {
        const body = method === "PUT" ? { displayName, members: [{ value }] } : patchOf(member(value));
        return conditional(method, path, { "if-match": version }, body);
      }),
    );
    const won = method === "PUT" ? 200 : 204;
    expect(tally(responses)).toEqual({ [won]: 1, 412: 19 });
    const winner = responses.findIndex(({ status }) => status === won);
    expect(membersOf(await acme.get(path))).toEqual([ids[winner]]);
  });

  test("a write and a deletion that have read the same version: one of them happens", async () => {
    const { path, userName } = await person();
    const version = await current(path);
    const [deletions, changes] = await Promise.all([
      Promise.all(Array.from({ length: 5 }, () => conditional("DELETE", path, { "if-match": version }))),
      Promise.all(
        Array.from({ length: 5 }, (_, index) =>
          conditional("PUT", path, { "if-match": version }, { userName, displayName: `D${index}` }),
        ),
      ),
    ]);
    expect([...deletions, ...changes].filter(({ status }) => status < 300)).toHaveLength(1);
    const losers = new Set([...deletions, ...changes].map(({ status }) => status).filter((status) => status >= 300));
    for (const status of losers) expect([404, 412]).toContain(status);
  });
});
