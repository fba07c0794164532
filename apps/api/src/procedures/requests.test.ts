import { randomUUID } from "node:crypto";
import { recordRequests, type NewScimRequest } from "@rollcall/db";
import { describe, expect, test } from "vitest";
import { memberScene, type MemberScene } from "../testing/member-scene.ts";
import { useTestConsole } from "../testing/test-hooks.ts";

const home = await useTestConsole();
const scene = await memberScene(home, "Viewer");
const tokenIds = (await scene.owner.api.tokens.list.query()).map(({ id }) => id);

type Part = Pick<NewScimRequest, "tokenId" | "method" | "path" | "status"> & Partial<NewScimRequest>;
const rest = { scimType: null, detail: null, durationMs: 2, client: null, ip: null, quirks: [] };

function record(parts: readonly Part[], { organization } = scene): Promise<void> {
  const { id: organizationId } = organization;
  const calls = parts.map((part) => ({ ...rest, organizationId, at: home.clock.now, ...part }));
  return recordRequests(home.database.sql, calls);
}

const [first = "", second = ""] = tokenIds;
const mail = encodeURIComponent('userName eq "pam@viewer.example"');
await record([
  { tokenId: first, method: "GET", path: `/scim_v2/Users?filter=${mail}&count=1`, status: 200, memberId: scene.pam },
  { tokenId: first, method: "POST", path: "/scim_v2/Users", status: 409, refusal: "userNameTaken", detail: "in use" },
  { tokenId: second, method: "PATCH", path: `/scim/v2/Users/${scene.pam}`, status: 200, memberId: scene.pam },
  { tokenId: second, method: "PATCH", path: "/scim_v2/Groups/1", status: 500 },
  { tokenId: second, method: "GET", path: "/scim_v2/Schemas", status: 401, refusal: "tokenSecretWrong" },
  { tokenId: second, method: "POST", path: "/scim_v2/Bulk", status: 200, requestBody: '{"Operations":[]}' },
]);

const list = async (query: Parameters<MemberScene["owner"]["api"]["requests"]["list"]["query"]>[0] | object) =>
  (await scene.owner.api.requests.list.query({ limit: 50, ...query })).requests;

/** The indexes of the six requests that were found, the oldest is 0. */
async function placesOf(query: object): Promise<readonly number[]> {
  const all = (await list({})).map(({ id }) => id).toReversed();
  return (await list(query)).map(({ id }) => all.indexOf(id)).toReversed();
}

// An owner must find a single request among many.
describe("the list is narrowed", () => {
  test.each([
    ["to failures", { failed: true }, [1, 3, 4]],
    ["to successes", { failed: false }, [0, 2, 5]],
    ["to refusals", { outcome: "refused" }, [1, 4]],
    ["to unauthenticated ones", { outcome: "unauthenticated" }, [4]],
    ["to faults", { outcome: "fault" }, [3]],
    ["to a method", { method: "PATCH" }, [2, 3]],
    ["to people", { resource: "Users" }, [0, 1, 2]],
    ["to groups", { resource: "Groups" }, [3]],
    ["to discovery", { resource: "Discovery" }, [4]],
    ["to bulk", { resource: "Bulk" }, [5]],
    ["to something in the address, however it is encoded", { text: 'userName eq "pam@' }, [0]],
    ["to something in the answer", { text: "IN USE" }, [1]],
    ["by several at once", { method: "POST", failed: true }, [1]],
    ["to nothing", { text: "%zz" }, []],
    ["from a moment on", { since: "2999-01-01T00:00:00Z" }, []],
    ["up to a moment", { until: "2001-01-01T00:00:00Z" }, []],
  ])("%s", async (_what, query, places) => {
    expect(await placesOf(query)).toEqual(places);
  });

  test("to a person and to a token", async () => {
    expect(await placesOf({ memberId: scene.pam })).toEqual([0, 2]);
    expect(await placesOf({ tokenId: tokenIds[0] })).toEqual([0, 1]);
    expect(await placesOf({ memberId: scene.pam, tokenId: tokenIds[1], method: "PATCH" })).toEqual([2]);
  });

  test("to requests newer than a given one", async () => {
    const [, , third] = await list({});
    expect(await placesOf({ after: third?.id })).toEqual([4, 5]);
    expect(await placesOf({ after: third?.id, failed: true })).toEqual([4]);
  });

  test("and carried away as it is", async () => {
    const cookie = scene.owner.cookie()?.split(";")[0] ?? "";
    const file = await fetch(`${home.url}/export/requests.json?method=PATCH&resource=Users`, { headers: { cookie } });
    expect(await file.json()).toMatchObject([{ what: "Change a person", memberId: scene.pam, method: "PATCH" }]);
    const refused = await fetch(`${home.url}/export/requests.json?resource=Odd`, { headers: { cookie } });
    expect(refused.status).toBe(400);
  });
});

// A search without an index runs in bounded steps; the cursor continues after the last step.
test("a rare request is found behind 20,000 others, step by step", async () => {
  const busy = await memberScene(home, "Busy");
  const [token] = await busy.owner.api.tokens.list.query();
  await record([{ tokenId: token?.id ?? "", method: "DELETE", path: "/scim_v2/Users/1", status: 204 }], busy);
  const text = `insert into scim_request (organization_id, id, at, token_id, method, path, status, duration_ms)
    select $1, ('ffffffff-ffff-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, now(), $2, 'GET', '/scim_v2/Users', 200, 1
    from generate_series(1, 20000) n`;
  await home.rows(text, [busy.organization.id, token?.id]);
  const first = await busy.owner.api.requests.list.query({ limit: 10, method: "DELETE" });
  expect(first.requests).toEqual([]);
  expect(first.nextCursor).not.toBeNull();
  const next = await busy.owner.api.requests.list.query({
    limit: 10,
    method: "DELETE",
    cursor: first.nextCursor ?? undefined,
  });
  expect(next.requests).toMatchObject([{ method: "DELETE" }]);
  expect(next.nextCursor).toBeNull();
});

test("one request has its bodies, its person and what it changed", async () => {
  const requestId = randomUUID();
  const [, , patched] = (await list({})).toReversed();
  const body = '{"op":"replace"}';
  await record([
    {
      tokenId: tokenIds[0] ?? "",
      method: "PATCH",
      path: `/scim_v2/Users/${scene.pam}`,
      status: 200,
      memberId: scene.pam,
      requestId,
      requestBody: body,
      answerBody: "{}",
    },
  ]);
  const [call] = await list({ memberId: scene.pam });
  const found = await scene.owner.api.requests.get.query({ id: call?.id ?? "" });
  expect(found).toMatchObject({ requestId, memberId: scene.pam, requestBody: body, answerBody: "{}", changes: [] });
  expect(found.memberName).toContain("pam");
  expect((await scene.owner.api.requests.get.query({ id: patched?.id ?? "" })).requestBody).toBeNull();
});
