import { randomUUID } from "node:crypto";
import { addRole, changeRole, recordRequests, type NewScimRequest } from "@rollcall/db";
import { beforeAll, describe, expect, test } from "vitest";
import { memberScene, type MemberScene } from "../testing/member-scene.ts";
import { useTestConsole } from "../testing/test-hooks.ts";
import { credentialIn } from "../testing/test-console.ts";

// Owners must get from a change to its request and back, and never into another organization.
const home = await useTestConsole();
let scene: MemberScene;
let other: MemberScene;
let tokenId: string;
let roleId: string;
const requestIds = { made: randomUUID(), gave: randomUUID(), lost: randomUUID() };

beforeAll(async () => {
  scene = await memberScene(home, "Links");
  other = await memberScene(home, "Elsewhere");
  const issued = await scene.owner.api.tokens.issue.mutate({ name: "Okta groups" });
  tokenId = issued.id;
  const credential = credentialIn(issued.token);
  const input = { name: "Ops", externalId: null, memberIds: [] };
  const made = await addRole(home.database, { now: new Date(), credential, requestId: requestIds.made }, input);
  roleId = made.kind === "saved" ? made.roleId : "";
  const give = { members: [{ kind: "add", memberIds: [scene.pam] }] } as const;
  const take = { members: [{ kind: "remove", memberIds: [scene.pam] }] } as const;
  await changeRole(home.database, { now: new Date(), credential, requestId: requestIds.gave }, roleId, give);
  await record([
    { path: "/scim_v2/Groups", method: "POST", status: 201, requestId: requestIds.made, durationMs: 40 },
    { path: "/scim_v2/Schemas", method: "GET", status: 200, durationMs: 9 },
    { path: `/scim_v2/Users/${scene.pam}`, method: "GET", status: 200, memberId: scene.pam, durationMs: 90 },
    { path: `/scim_v2/Groups/${roleId}`, method: "PATCH", status: 204, requestId: requestIds.gave, durationMs: 40 },
    { path: "/scim_v2/Bulk", method: "POST", status: 200, requestBody: `{"path":"/Groups/${roleId}"}`, durationMs: 7 },
  ]);
  // This request is never recorded.
  await changeRole(home.database, { now: new Date(), credential, requestId: requestIds.lost }, roleId, take);
});

type Part = Pick<NewScimRequest, "method" | "path" | "status"> & Partial<NewScimRequest>;
const rest = { scimType: null, detail: null, durationMs: 2, client: null, ip: null, quirks: [] };

function record(parts: readonly Part[]): Promise<void> {
  const { id: organizationId } = scene.organization;
  const calls = parts.map((part) => ({ ...rest, organizationId, tokenId, at: new Date(), ...part }));
  return recordRequests(home.database.sql, calls);
}

/** The paths that were found, with the role’s and Pam’s ids as words. */
async function pathsOf(query: object): Promise<readonly string[]> {
  const { requests } = await scene.owner.api.requests.list.query({ limit: 50, ...query });
  return requests.map(({ path }) => path.replace("/scim_v2", "").replace(roleId, "ops").replace(scene.pam, "pam"));
}

async function entryOf(requestId: string): Promise<string> {
  const { entries } = await scene.owner.api.activity.list.query({ limit: 50, tokenId });
  return entries.find((entry) => entry.requestId === requestId)?.id ?? "";
}

describe("the request of an entry", () => {
  test("is found, and links back to the entry", async () => {
    const entryId = await entryOf(requestIds.gave);
    const { kind, scimRequestId } = await scene.owner.api.requests.ofEntry.query({ entryId });
    expect(kind).toBe("kept");
    const call = await scene.owner.api.requests.get.query({ id: scimRequestId ?? "" });
    expect(call).toMatchObject({ method: "PATCH", requestId: requestIds.gave, role: { id: roleId, name: "Ops" } });
    expect(call.changes.map(({ id }) => id)).toContain(entryId);
  });

  test("is said to be missing, forgotten or none", async () => {
    const lost = await entryOf(requestIds.lost);
    expect(await scene.owner.api.requests.ofEntry.query({ entryId: lost })).toEqual({
      kind: "missing",
      scimRequestId: null,
    });
    const { entries } = await scene.owner.api.activity.list.query({ limit: 50, kind: "token.issued" });
    const byOwner = entries.find(({ actor }) => actor.kind === "person")?.id ?? "";
    expect(await scene.owner.api.requests.ofEntry.query({ entryId: byOwner })).toEqual({
      kind: "none",
      scimRequestId: null,
    });
    home.clock.now = new Date(Date.now() + 31 * 86_400_000);
    const late = await scene.owner.call("query", "requests.ofEntry", { entryId: lost });
    home.clock.now = new Date();
    expect(JSON.stringify(late.body)).toMatch(/forgotten|Sign in/);
  });

  test("of another organization’s entry is not found, nor of an unknown entry", async () => {
    const entryId = await entryOf(requestIds.gave);
    expect((await other.owner.call("query", "requests.ofEntry", { entryId })).status).toBe(404);
    expect((await scene.owner.call("query", "requests.ofEntry", { entryId: randomUUID() })).status).toBe(404);
    expect((await scene.owner.call("query", "requests.ofEntry", { entryId: "' or 1=1" })).status).toBe(400);
  });
});

describe("requests are found", () => {
  test.each([
    ["newest", ["/Groups/ops", "/Users/pam"]],
    ["oldest", ["/Users/pam", "/Groups/ops"]],
    ["slowest", ["/Users/pam", "/Groups/ops"]],
  ])("by a person whom they name or change, %s first", async (order, paths) => {
    expect(await pathsOf({ memberId: scene.pam, order })).toEqual(paths);
  });

  test("by the group that they made, changed or named in Bulk", async () => {
    expect(await pathsOf({ roleId })).toEqual(["/Bulk", "/Groups/ops", "/Groups"]);
    expect(await pathsOf({ roleId, order: "oldest" })).toEqual(["/Groups", "/Groups/ops", "/Bulk"]);
    expect(await pathsOf({ roleId, method: "PATCH" })).toEqual(["/Groups/ops"]);
    expect(await pathsOf({ roleId, memberId: scene.pam })).toEqual(["/Groups/ops"]);
    expect(await pathsOf({ memberId: scene.pam, text: "users" })).toEqual(["/Users/pam"]);
  });

  test.each(["newest", "oldest", "slowest"] as const)("page by page, %s first, each once", async (order) => {
    for (const filter of [{}, { memberId: scene.pam }, { roleId }, { tokenId }]) {
      const whole = await scene.owner.api.requests.list.query({ limit: 50, order, ...filter });
      const ids: string[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < 9; page++) {
        const part = await scene.owner.api.requests.list.query({ limit: 1, order, cursor, ...filter });
        ids.push(...part.requests.map(({ id }) => id));
        if (part.nextCursor === null) break;
        cursor = part.nextCursor;
      }
      expect(ids).toEqual(whole.requests.map(({ id }) => id));
      expect(ids.length).toBeGreaterThan(1);
    }
  });

  test("in the order of a file", async () => {
    const headers = { cookie: scene.owner.cookie()?.split(";")[0] ?? "" };
    const file = await fetch(`${home.url}/export/requests.json?order=slowest`, { headers });
    const calls: unknown = await file.json();
    expect(calls).toMatchObject([{ durationMs: 90 }, { durationMs: 40 }, { durationMs: 40 }, {}, { durationMs: 7 }]);
  });

  test("never those of another organization, by whatever id", async () => {
    for (const query of [{ memberId: scene.pam }, { roleId }, { tokenId }]) {
      expect((await other.owner.api.requests.list.query({ limit: 50, ...query })).requests).toEqual([]);
    }
  });

  test.each([
    [{ order: "slowest", cursor: "1_x" }],
    [{ order: "slowest", cursor: randomUUID() }],
    [{ cursor: `1_${randomUUID()}` }],
    [{ order: "fastest" }],
    [{ roleId: "1' or '1'='1" }],
  ])("not by what cannot be read: %o", async (query) => {
    expect((await scene.owner.call("query", "requests.list", { limit: 10, ...query })).status).toBe(400);
  });
});
