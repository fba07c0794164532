import { recordRequests } from "@rollcall/db";
import { describe, expect, test } from "vitest";
import { useTestConsole } from "../testing/test-hooks.ts";

const home = await useTestConsole();
const { organization: acme, browser, api } = await home.ownerOf("Acme");
const pamId = await home.provision(acme, "Pam@acme.example");
await home.provision(acme, "100%_sure@acme.example");
await home.provision(acme, (await home.organization("Stranger")).ownerEmail);

const page = { page: 1, pageSize: 10 };

describe("the people", () => {
  test("are listed by name, with their state and where each role comes from", async () => {
    const { total, members } = await api.members.list.query(page);
    expect(total).toBe(4);
    expect(
      members.map(({ userName, status, isManaged, roles }) => [userName, status, isManaged, roles[0]?.sources]),
    ).toEqual([
      ["100%_sure@acme.example", "active", true, ["default"]],
      ["owner@stranger.example", "awaiting", true, ["default"]],
      ["owner@acme.example", "active", false, ["manual"]],
      ["Pam@acme.example", "active", true, ["default"]],
    ]);
  });

  // "%" and "_" must not be wildcards, and letter case must not matter.
  test.each([
    [{ search: "PAM@" }, ["Pam@acme.example"]],
    [{ search: "%" }, ["100%_sure@acme.example"]],
    [{ search: "_" }, ["100%_sure@acme.example"]],
    [{ search: "  ", managed: false }, ["owner@acme.example"]],
    [{ search: "nobody" }, []],
    [{ status: "awaiting" as const }, ["owner@stranger.example"]],
    [{ status: "inactive" as const }, []],
    [{ managed: false }, ["owner@acme.example"]],
    [{ managed: true, status: "active" as const }, ["100%_sure@acme.example", "Pam@acme.example"]],
  ])("are found by %j", async (input, expected) => {
    const { total, members } = await api.members.list.query({ ...input, ...page });
    expect(members.map(({ userName }) => userName)).toEqual(expected);
    expect(total).toBe(members.length);
  });

  test("are found by role, and a page behind the last one is empty", async () => {
    const members = (await api.roles.list.query()).find(({ name }) => name === "Members");
    const found = await api.members.list.query({ roleId: members?.id, ...page });
    expect(found.total).toBe(3);
    expect(await api.members.list.query({ page: 2, pageSize: 10 })).toEqual({ total: 4, members: [] });
  });

  // Until a person accepts, the values of their account must stay hidden from the organization.
  test("awaiting acceptance are shown with the provider's values only", async () => {
    const text = "update account set email = 'private@elsewhere.example' where email_key = 'owner@stranger.example'";
    await home.rows(text);
    const { members } = await api.members.list.query({ status: "awaiting", ...page });
    expect(members[0]?.email).toBe("owner@stranger.example");
  });
});

describe("the roles", () => {
  test("are listed with their kind, count and permissions, the built-in ones first", async () => {
    const roles = await api.roles.list.query();
    expect(roles.map(({ name, kind, isDefault, memberCount }) => [name, kind, isDefault, memberCount])).toEqual([
      ["Account Owners", "owner", false, 1],
      ["Deploy Owners", "deploy_owner", false, 0],
      ["Members", "custom", true, 3],
    ]);
    expect(roles[2]?.permissions).toEqual(["environment.view"]);
  });

  test("show their holders, and can be linked to the directory and unlinked", async () => {
    const role = (await api.roles.list.query()).find(({ name }) => name === "Members");
    const id = role?.id ?? "";
    const shown = await api.roles.get.query({ id, ...page });
    expect(shown.total).toBe(3);
    expect(shown.members.find((holder) => holder.id === pamId)).toMatchObject({
      status: "active",
      sources: ["default"],
    });
    await api.roles.setLinked.mutate({ id, isLinked: true });
    await api.roles.setLinked.mutate({ id, isLinked: true });
    expect((await api.roles.get.query({ id, ...page })).role.isLinked).toBe(true);
    await api.roles.setLinked.mutate({ id, isLinked: false });
    const { entries } = await api.activity.list.query({ limit: 2 });
    expect(entries.map(({ kind, subject }) => [kind, subject.name])).toEqual([
      ["role.unlinked", "Members"],
      ["role.linked", "Members"],
    ]);
  });

  test("that the directory made cannot be handed to it", async () => {
    const text =
      "update role set is_scim_created = true where organization_id = $1 and name = 'Deploy Owners' returning id";
    await home.rows(text, [acme.id]);
    const id = (await api.roles.list.query()).find(({ isScimCreated }) => isScimCreated)?.id ?? "";
    await expect(api.roles.setLinked.mutate({ id, isLinked: false })).rejects.toMatchObject({
      data: { code: "PRECONDITION_FAILED", rule: { kind: "roleManagedByScim" } },
    });
  });
});

describe("the provider's requests", () => {
  test("are listed newest first with their token's name, and narrowed to the failed ones", async () => {
    const [token] = await api.tokens.list.query();
    const call = {
      organizationId: acme.id,
      tokenId: token?.id ?? "",
      at: home.clock.now,
      method: "GET",
      scimType: null,
      detail: null,
      durationMs: 3,
      client: "Okta SCIM Client 1.0.0",
      ip: "203.0.113.7",
      quirks: [],
    };
    await recordRequests(home.database.sql, [{ ...call, path: "/Users", status: 200 }]);
    await recordRequests(home.database.sql, [{ ...call, path: "/Users/1", status: 404, detail: "Not here." }]);
    await recordRequests(home.database.sql, [
      { ...call, path: "/Groups", status: 200, quirks: ["capitalised-op", "of-old"] },
    ]);
    const list = async (query: { failed?: boolean }) =>
      (await api.requests.list.query({ limit: 10, ...query })).requests;
    const everything = await list({});
    expect(everything.map(({ path }) => path).sort()).toEqual(["/Groups", "/Users", "/Users/1"]);
    const ids = everything.map(({ id }) => id);
    expect(ids).toEqual([...ids].sort().reverse());
    expect((await list({ failed: true })).map(({ path }) => path)).toEqual(["/Users/1"]);
    expect((await list({ failed: false })).map(({ path }) => path).sort()).toEqual(["/Groups", "/Users"]);
    const first = await api.requests.list.query({ limit: 1 });
    expect(first.requests[0]).toMatchObject({ tokenName: token?.name, client: "Okta SCIM Client 1.0.0" });
    expect(everything.map(({ knownDeviations }) => knownDeviations.map(({ title }) => title))).toEqual([
      ["Entra deviation: operations in capitals"],
      [],
      [],
    ]);
    const rest = await api.requests.list.query({ limit: 2, cursor: first.nextCursor ?? "" });
    expect([...first.requests, ...rest.requests]).toEqual(everything);
    expect(rest.nextCursor).toBeNull();
    expect((await api.tokens.list.query())[0]).toMatchObject({ lastUsedIp: "203.0.113.7" });
  });
});

// Any query of the console's addresses gets a response or a refusal, never a 500.
test.each([
  ["requests.list", { since: "0001-01-01T00:00:00Z", until: "1969-12-31T00:00:00Z", limit: 10 }, 200],
  ["activity.list", { since: "0001-01-01T00:00:00Z", limit: 10 }, 200],
  ["requests.list", { since: "9999-12-31T23:59:59Z", limit: 10 }, 200],
  ["requests.list", { text: "\ud83d", limit: 10 }, 400],
  ["person.whyNotHere", { address: "\ud83d@acme.example" }, 400],
  ["members.list", { search: "\ud83d", page: 1, pageSize: 10 }, 400],
])("%s returns for %j the status %i", async (procedure, input, status) => {
  expect((await browser.call("query", procedure, input)).status).toBe(status);
});
