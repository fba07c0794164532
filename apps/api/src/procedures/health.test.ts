import { recordRequests } from "@rollcall/db";
import { expect, test } from "vitest";
import { memberScene } from "../testing/member-scene.ts";
import { openBrowser } from "../testing/test-browser.ts";
import { useTestConsole } from "../testing/test-hooks.ts";

const home = await useTestConsole();

const page = { page: 1, pageSize: 10 };

// The owner's first screen, over HTTP: before the setup, and with an active provider.
test("an organization without setup has that state, with an empty day", async () => {
  const owner = await openBrowser(home.url).signIn(await home.organization("New"));
  const health = await owner.api.health.get.query();
  expect(health).toMatchObject({ state: "off", since: null, next: { place: "guide" }, lastRequestAt: null });
  expect(health.hours).toHaveLength(24);
  expect(health.day).toEqual({ answered: 0, refused: 0, failed: 0, medianMs: null, p95Ms: null });
});

test("requests are counted and judged, and drift is paged", async () => {
  const scene = await memberScene(home, "Busy");
  const { owner, organization, pam } = scene;
  const [token] = await owner.api.tokens.list.query();
  const call = { organizationId: organization.id, tokenId: token?.id ?? "", at: home.clock.now, method: "GET" };
  const rest = { scimType: null, detail: null, client: null, ip: null, quirks: [] };
  await recordRequests(home.database.sql, [
    { ...call, ...rest, path: "/scim_v2/Users", status: 200, durationMs: 4 },
    { ...call, ...rest, path: "/scim_v2/Users", status: 400, durationMs: 40 },
  ]);
  home.clock.now = new Date();
  const health = await owner.api.health.get.query();
  expect(health).toMatchObject({ state: "healthy", isEnabled: true, day: { answered: 1, refused: 1, p95Ms: 40 } });
  expect(health).toMatchObject({ failures: { failed: 1, of: 2 } });
  const { state, cause, since, next, failures } = health;
  expect(await owner.api.health.state.query()).toEqual({ state, cause, since, next, failures });

  await scene.push("Ops", [pam]);
  await scene.set(pam, false);
  expect(await owner.api.health.drift.query()).toEqual({
    unlinked: 1,
    unconfirmed: 0,
    holders: 1,
    max: 10_000,
    unconfirmedAfterDays: 30,
  });
  const { people } = await owner.api.health.driftPeople.query({ kind: "unlinked", ...page });
  expect(people.map(({ userName }) => userName)).toEqual(["owner@busy.example"]);
  const { holders } = await owner.api.health.driftHolders.query(page);
  expect(holders).toMatchObject([{ member: { id: pam }, role: { name: "Ops" }, isActive: false }]);
  expect(await owner.api.health.driftHolders.query({ page: 2, pageSize: 10 })).toEqual({ total: 1, holders: [] });
});

test("drift is searched and sorted, and a file has what is searched for, defused", async () => {
  const scene = await memberScene(home, "Sorted");
  const { owner, organization, pam } = scene;
  const text = `with a as (insert into account (id, email, email_key, name, created_at, updated_at)
      select gen_random_uuid(), e, e, 'P', now(), now() from (select 'u' || n || '@sorted.example' as e from generate_series(1, 600) n) x
      returning *)
    insert into member (organization_id, id, account_id, user_name, user_name_key, name, name_key, active, is_managed,
      awaits_acceptance, version, created_at, updated_at)
    select $1, gen_random_uuid(), id, email, email_key, '=' || email, '=' || email, true, false, false, 1, now(), now() from a`;
  await home.rows(text, [organization.id]);
  const people = async (query: object) =>
    (await owner.api.health.driftPeople.query({ kind: "unlinked", ...page, ...query })).people.map(
      ({ userName }) => userName,
    );
  expect((await people({ search: "U60" })).toSorted()).toEqual(["u600@sorted.example", "u60@sorted.example"]);
  expect(await people({ search: "%" })).toEqual([]);
  expect(await people({ sort: "created", desc: false })).toContain("owner@sorted.example");
  expect(await people({ sort: "name", desc: true })).toContain("owner@sorted.example");
  expect(await people({ sort: "name" })).not.toContain("owner@sorted.example");
  const cookie = owner.cookie()?.split(";")[0] ?? "";
  const file = (name: string) => fetch(`${home.url}/export/${name}`, { headers: { cookie } });
  const whole = (await (await file("drift-unlinked.csv")).text()).trimEnd().split("\r\n");
  expect(whole).toHaveLength(602);
  expect(new Set(whole).size).toBe(602);
  expect(await (await file("drift-unlinked.csv?search=u600")).text()).toContain(`,"'=u600@sorted.example",`);

  await scene.push("Ops", [pam]);
  await scene.set(pam, false);
  const holders = async (query: object) => (await owner.api.health.driftHolders.query({ ...page, ...query })).total;
  expect(await holders({ search: "PAM", sort: "name", desc: true })).toBe(1);
  expect(await holders({ search: "nobody" })).toBe(0);
  expect(await (await file("drift-holders.json?search=pam")).json()).toMatchObject([{ memberId: pam, role: "Ops" }]);
  expect(await (await file("drift-unconfirmed.json")).json()).toEqual([]);
});

test("drift of another organization is in no list and no file, and odd inputs are refused", async () => {
  const { owner } = await memberScene(home, "Apart");
  const cookie = owner.cookie()?.split(";")[0] ?? "";
  const file = (name: string) => fetch(`${home.url}/export/${name}`, { headers: { cookie } });
  expect(await (await file("drift-holders.json")).json()).toEqual([]);
  expect(await (await file("drift-unlinked.json")).json()).toMatchObject([{ userName: "owner@apart.example" }]);
  expect((await fetch(`${home.url}/export/drift-unlinked.csv`)).status).toBe(401);
  expect((await file("drift-everything.csv")).status).toBe(404);
  expect((await file("drift-holders.csv?search=%00")).status).toBe(400);
  const hostile = [
    { sort: "m.id; drop table member" },
    { search: "a\u0000" },
    { search: "x".repeat(201) },
    { desc: "1" },
  ];
  for (const input of hostile) {
    expect((await owner.call("query", "health.driftHolders", { ...page, ...input })).status).toBe(400);
    expect((await owner.call("query", "health.driftPeople", { kind: "unlinked", ...page, ...input })).status).toBe(400);
  }
});
