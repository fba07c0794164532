import { describe, expect, test } from "vitest";
import { memberScene } from "../testing/member-scene.ts";
import { useTestConsole } from "../testing/test-hooks.ts";

// An auditor must find actor, action and subject, in either order, on the screen and in a file.
const home = await useTestConsole();
const scene = await memberScene(home, "Audit");
const other = await memberScene(home, "Unseen");
await scene.push("Ops", [scene.pam]);
await scene.owner.api.members.grantRole.mutate({ memberId: scene.pam, roleId: scene.roles["Deploy Owners"] ?? "" });
await scene.owner.call("mutation", "members.revokeRole", {
  memberId: scene.ownerId,
  roleId: scene.roles["Account Owners"],
});

const list = async (query: object) => (await scene.owner.api.activity.list.query({ limit: 100, ...query })).entries;

test.each([
  ["all of the directory", { who: "token" }, { actor: { kind: "token" } }],
  ["all of people", { who: "person" }, { actor: { kind: "person" } }],
  ["all of the operator", { who: "operator" }, { actor: { kind: "operator" } }],
  ["an area", { area: "role" }, { kind: expect.stringMatching(/^role\./) }],
  ["a kind", { kind: "member.role_granted" }, { kind: "member.role_granted" }],
  [
    "what was refused",
    { outcome: "refused" },
    { refusal: expect.any(String), requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
  ],
  ["what was done", { outcome: "done" }, { refusal: null }],
])("%s is picked out, and nothing else", async (_what, query, shape) => {
  const found = await list(query);
  expect(found.length).toBeGreaterThan(0);
  for (const entry of found) expect(entry).toMatchObject(shape);
});

test("filters by subject and by actor separately", async () => {
  const [about, by] = [await list({ memberId: scene.pam }), await list({ byMemberId: scene.ownerId })];
  expect(about.every(({ subject }) => subject.id === scene.pam)).toBe(true);
  expect(by.every(({ actor }) => actor.kind === "person")).toBe(true);
  expect(by.length).toBeGreaterThan(1);
  expect(await list({ byMemberId: scene.pam })).toEqual([]);
  expect((await list({ memberId: scene.pam, who: "person" })).map(({ kind }) => kind)).toEqual(["member.role_granted"]);
});

test("a time is kept to", async () => {
  const all = await list({});
  expect(await list({ since: "2000-01-01T00:00:00Z", until: "2999-01-01T00:00:00Z" })).toEqual(all);
  expect(await list({ until: "2000-01-01T00:00:00Z" })).toEqual([]);
  expect(await list({ since: "2999-01-01T00:00:00Z" })).toEqual([]);
});

test.each([
  ["everything", "newest", {}],
  ["everything", "oldest", {}],
  ["a person’s", "oldest", { memberId: "pam" }],
  ["people’s", "oldest", { who: "person" }],
] as const)("%s comes page by page, each entry once, %s first", async (_what, order, filter) => {
  const query = "memberId" in filter ? { memberId: scene.pam } : filter;
  const newest = (await list(query)).map(({ id }) => id);
  const paged: string[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < 50; page++) {
    const part = await scene.owner.api.activity.list.query({ limit: 1, order, ...query, cursor });
    paged.push(...part.entries.map(({ id }) => id));
    if (part.nextCursor === null) break;
    cursor = part.nextCursor;
  }
  expect(order === "newest" ? paged : paged.toReversed()).toEqual(newest);
  expect(newest).toEqual(newest.toSorted().toReversed());
  expect(newest.length).toBeGreaterThan(1);
});

test("the file keeps to the filters and the order", async () => {
  const headers = { cookie: scene.owner.cookie()?.split(";")[0] ?? "" };
  const file = await fetch(`${home.url}/export/activity.json?area=role&order=oldest&who=person`, { headers });
  const shown = await list({ area: "role", order: "oldest", who: "person" });
  expect(await file.json()).toMatchObject(shown.map(({ id }) => ({ id })));
  expect((await fetch(`${home.url}/export/activity.csv?who=robot`, { headers })).status).toBe(400);
});

describe("another organization’s", () => {
  test.each(["memberId", "byMemberId"] as const)("%s finds nothing", async (name) => {
    expect(await list({ [name]: other.pam })).toEqual([]);
    expect(await list({ [name]: other.ownerId })).toEqual([]);
  });

  test("tokens find nothing", async () => {
    const [token] = await other.owner.api.tokens.list.query();
    expect(await list({ tokenId: token?.id ?? "" })).toEqual([]);
  });
});

test.each([
  [{ kind: "member.*" }],
  [{ area: "member' or true" }],
  [{ who: "root" }],
  [{ byMemberId: "1" }],
  [{ until: "yesterday" }],
  [{ order: "id; drop table change" }],
  [{ cursor: "x" }],
])("what cannot be read is refused: %o", async (query) => {
  expect((await scene.owner.call("query", "activity.list", { limit: 10, ...query })).status).toBe(400);
});

// A search without an index runs in bounded steps; the cursor continues after the last step.
test("a rare entry is found behind 50,000 others, step by step", async () => {
  const busy = await memberScene(home, "Crowd");
  const text = `insert into change (organization_id, id, at, actor_kind, actor_name, subject_kind, subject_name, kind)
    select $1, ('ffffffff-ffff-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, now(), 'token', 'Okta', 'member', 'P',
      'member.updated' from generate_series(1, 50000) n`;
  await home.rows(text, [busy.organization.id]);
  const query = { limit: 10, kind: "organization.created" } as const;
  const first = await busy.owner.api.activity.list.query(query);
  expect(first.entries).toEqual([]);
  const next = await busy.owner.api.activity.list.query({ ...query, cursor: first.nextCursor ?? undefined });
  expect(next).toMatchObject({ entries: [{ kind: "organization.created" }], nextCursor: null });
});
