import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { memberScene } from "../testing/member-scene.ts";
import type { TestBrowser } from "../testing/test-browser.ts";
import { useTestConsole } from "../testing/test-hooks.ts";

// Several scripts, and two identical names; the list is ordered by code points, ignoring case.
const names = ["zoë", "Ada", "Łukasz", "ада", "Sam", "Sam", "Sam", "田中", "Émile", "🦊", "bob"];

const inOrder = ["Ada", "bob", "Sam", "Sam", "Sam", "zoë", "Émile", "Łukasz", "ада", "田中", "🦊"];

const home = await useTestConsole();
let owner: TestBrowser;
let membersRole: string;

beforeAll(async () => {
  const scene = await memberScene(home, "Order");
  ({ owner } = scene);
  membersRole = scene.roles["Members"] ?? "";
  for (const [at, name] of names.entries()) {
    // Pairs of people share a time, and there are few states.
    const values = [
      scene.organization.id,
      `p${at}@order.example`,
      name,
      name.toLowerCase(),
      at % 3 !== 0,
      Math.floor(at / 2),
    ];
    await home.database.sql.query(addPerson, [...values, membersRole]);
  }
});

const addPerson = {
  name: "",
  text: `with a as (insert into account (id, email, email_key, name, created_at, updated_at)
      values (gen_random_uuid(), $2, $2, $3, now(), now()) returning id),
    m as (insert into member (organization_id, id, account_id, user_name, user_name_key, name, name_key, active, is_managed,
        awaits_acceptance, version, created_at, updated_at)
      select $1, gen_random_uuid(), a.id, $2, $2, $3, $4, $5, true, false, 1, now(),
        '2026-11-01T00:00:00Z'::timestamptz + $6::integer * interval '1 microsecond' from a returning id)
    insert into role_grant (organization_id, member_id, role_id, source, created_at) select $1, m.id, $7, 'default', now() from m`,
};

const pageSize = 10;
type Input = { readonly sort?: "name" | "status" | "changed"; readonly desc?: boolean };

async function everybody(
  input: Input,
): Promise<readonly { id: string; name: string; status: string; updatedAt: string }[]> {
  const pages = [1, 2].map((page) => owner.api.members.list.query({ ...input, page, pageSize }));
  return (await Promise.all(pages)).flatMap(({ members }) => members);
}

const inputs: readonly Input[] = [
  {},
  { desc: true },
  { sort: "status" },
  { sort: "status", desc: true },
  { sort: "changed" },
  { sort: "changed", desc: true },
];

describe("the order of the members", () => {
  // With equal names, states and times nobody may be on two pages or on none.
  test.each(inputs)("%j has everybody once over all pages, and is the same each time", async (input) => {
    const first = await everybody(input);
    expect(first).toHaveLength(names.length + 2);
    expect(new Set(first.map(({ id }) => id)).size).toBe(first.length);
    expect(await everybody(input)).toEqual(first);
  });

  test("by name is that of letters in all scripts, both ways", async () => {
    const shown = (await everybody({})).map(({ name }) => name);
    const known = ["Owner Order", "pam"];
    expect(shown.filter((name) => !known.includes(name))).toEqual(inOrder);
    const backwards = (await everybody({ desc: true })).map(({ id }) => id);
    expect(backwards.toReversed()).toEqual((await everybody({})).map(({ id }) => id));
  });

  test("by state goes by its name, then by the person's; by change by the moment", async () => {
    const states = (await everybody({ sort: "status" })).map(({ status }) => status);
    expect(states).toEqual(states.toSorted());
    const moments = (await everybody({ sort: "changed", desc: true })).map(({ updatedAt }) => updatedAt);
    expect(moments).toEqual(moments.toSorted().toReversed());
  });

  test("holds together with a filter", async () => {
    const { total, members } = await owner.api.members.list.query({ search: "SAM", desc: true, page: 1, pageSize });
    expect([total, members.map(({ name }) => name)]).toEqual([3, ["Sam", "Sam", "Sam"]]);
  });

  // The order is part of the SQL text, so an unknown one must be a refusal, never a 500.
  test.each([
    "id",
    "name_key",
    "name; drop table member",
    "constructor",
    "__proto__",
    "",
    "NAME",
    1,
    null,
    ["name"],
    {},
  ])("refuses the unknown order %j", async (sort) => {
    for (const [procedure, input] of [
      ["members.list", { page: 1, pageSize, sort }],
      ["roles.get", { id: membersRole, page: 1, pageSize, sort }],
    ] as const) {
      const response = await owner.call("query", procedure, input);
      expect([procedure, response.status]).toEqual([procedure, 400]);
    }
  });

  test("refuses a direction that is none", async () => {
    const response = await owner.call("query", "members.list", { page: 1, pageSize, desc: "desc nulls first" });
    expect(response.status).toBe(400);
  });
});

describe("the holders of a role", () => {
  const holders = (input: { search?: string; sort?: "name" | "status"; desc?: boolean; page?: number }) =>
    owner.api.roles.get.query({ id: membersRole, page: 1, pageSize, ...input });

  test("are ordered and paged, each once", async () => {
    for (const input of [{}, { desc: true }, { sort: "status" }, { sort: "status", desc: true }] as const) {
      const pages = [await holders(input), await holders({ ...input, page: 2 })];
      const ids = pages.flatMap(({ members }) => members.map(({ id }) => id));
      expect([ids.length, new Set(ids).size]).toEqual([names.length + 1, names.length + 1]);
    }
    expect((await holders({ desc: true })).members[0]?.name).toBe("🦊");
  });

  test("are searched as plain text, with the count of those found", async () => {
    const found = await holders({ search: "ЁМ" });
    expect([found.total, found.members]).toEqual([0, []]);
    expect((await holders({ search: "АДА" })).members.map(({ name }) => name)).toEqual(["ада"]);
    expect((await holders({ search: "%" })).total).toBe(0);
    const { role, total } = await holders({ search: "sam" });
    expect([total, role.memberCount + role.inactiveCount]).toEqual([3, names.length + 1]);
  });
});

const exported = z.array(z.object({ id: z.string(), roles: z.array(z.string()), roleSources: z.array(z.string()) }));

describe("the export of members", () => {
  const download = (query: string, by = owner, format = "json") =>
    fetch(`${home.url}/export/members.${format}${query}`, { headers: { cookie: by.cookie()?.split(";")[0] ?? "" } });

  // An exported file must equal the screen.
  test.each([
    ["", {}],
    ["?desc=true", { desc: true }],
    ["?sort=status", { sort: "status" }],
    ["?sort=changed&desc=true", { sort: "changed", desc: true }],
  ] as const)("%s is in the order of the screen", async (query, input) => {
    const rows = exported.parse(await (await download(query)).json());
    expect(rows.map(({ id }) => id)).toEqual((await everybody(input)).map(({ id }) => id));
    expect(rows.every(({ roles, roleSources }) => roles.length === roleSources.length)).toBe(true);
  });

  // Auditors need the origin of each role and, for a mapping, its group.
  test("contains the source of each role, and the group whose mapping gives it", async () => {
    const scene = await memberScene(home, "Sources");
    const { api } = scene.owner;
    const { id: reps } = await api.roles.create.mutate({ name: "Reps", permissions: [] });
    const sales = await scene.push("Sales", [scene.pam]);
    await api.roles.setMappings.mutate({ mappings: [{ groupId: sales, targetId: reps }], basis: [] });
    await api.members.grantRole.mutate({ memberId: scene.pam, roleId: scene.roles["Deploy Owners"] ?? "" });
    const rows = exported.parse(await (await download("", scene.owner)).json());
    const pam = rows.find(({ id }) => id === scene.pam);
    expect(pam?.roles.map((role, at) => [role, pam.roleSources[at]])).toEqual([
      ["Deploy Owners", "manual"],
      ["Members", "default"],
      ["Reps", "mapping of Sales"],
      ["Sales", "group"],
    ]);
    const csv = await (await download("", scene.owner, "csv")).text();
    expect(csv).toContain(`,"Deploy Owners; Members; Reps; Sales","manual; default; mapping of Sales; group",`);
  });

  test("keeps to the search as well, may be empty, and refuses an unknown order", async () => {
    expect(exported.parse(await (await download("?search=sam&desc=true")).json())).toHaveLength(3);
    expect(await (await download("?search=nobody")).json()).toEqual([]);
    expect((await download("?sort=id")).status).toBe(400);
    expect((await download("?desc=up")).status).toBe(400);
  });
});

describe("the tokens", () => {
  // Owners must see, and so be able to revoke, a live token behind a hundred newer revoked ones.
  test("that are not revoked are listed, however many newer ones were", async () => {
    const scene = await memberScene(home, "Tokens");
    const text = `insert into scim_token select (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid(), 'key_id',
        'k' || n, 'secret_hash', sha256(('k' || n)::bytea), 'revoked_at', '2026-01-01T00:00:00Z'))).* from scim_token t, generate_series(1, 120) n
      where t.organization_id = $1 and t.name = 'Okta'`;
    await home.rows(text, [scene.organization.id]);
    const tokens = await scene.owner.api.tokens.list.query();
    expect(tokens).toHaveLength(100);
    expect(tokens.filter(({ status }) => status === "ACTIVE")).toHaveLength(2);
    expect(tokens.map(({ id }) => id)).toEqual(
      tokens
        .map(({ id }) => id)
        .toSorted()
        .toReversed(),
    );
  });
});

describe("the invitations", () => {
  const list = (input: Parameters<typeof owner.api.invitations.list.query>[0]) =>
    owner.api.invitations.list.query(input);

  // An organization may invite more people than one page shows.
  test("are paged, ordered, searched and filtered by state, with the count of all", async () => {
    const text = `insert into invitation (organization_id, id, email, email_key, role_ids, secret_hash, invited_by,
        invited_by_name, created_at, sent_at, expires_at)
      select (select organization_id from member where id = $1), gen_random_uuid(), e, e, '{}', sha256(e::bytea), $1, 'Olive',
        $2, $2::timestamptz - n / 100 * interval '1 day', $2::timestamptz - n / 100 * interval '1 day' + interval '3 days'
      from (select n, 'guest' || n || '@else.example' as e from generate_series(1, 620) n) x`;
    const session = await owner.api.session.current.query();
    await home.rows(text, [session?.memberId, home.clock.now]);
    for (const sort of [undefined, "email", "sent", "expires"] as const) {
      const ids: string[] = [];
      for (let page = 1; page <= 7; page++) {
        const found = await list({ sort, page, pageSize: 100 });
        expect([found.waiting, found.total]).toEqual([620, 620]);
        ids.push(...found.invitations.map(({ id }) => id));
      }
      expect([ids.length, new Set(ids).size]).toEqual([620, 620]);
    }
    const byEmail = await list({ sort: "email", desc: true, page: 1, pageSize: 10 });
    expect(byEmail.invitations[0]?.email).toBe("guest9@else.example");
    const found = await list({ search: "GUEST62", page: 1, pageSize: 10 });
    expect([found.waiting, found.total]).toEqual([620, 2]);
    const expired = await list({ state: "expired", page: 1, pageSize: 100 });
    expect(expired.invitations.every(({ state }) => state === "expired")).toBe(true);
    const open = await list({ state: "open", page: 1, pageSize: 100 });
    expect(open.invitations.every(({ state }) => state === "open")).toBe(true);
    expect(expired.total + open.total).toBe(620);
    expect((await owner.call("query", "invitations.list", { page: 1, pageSize: 10, sort: "id" })).status).toBe(400);
  });
});
