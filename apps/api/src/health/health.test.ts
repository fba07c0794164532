import { recordRequests } from "@rollcall/db";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { memberScene } from "../testing/member-scene.ts";
import { openBrowser } from "../testing/test-browser.ts";
import { startTestConsole, type TestConsole } from "../testing/test-console.ts";

let home: TestConsole;
beforeAll(async () => {
  home = await startTestConsole(inject("postgresUrl"));
});
afterAll(() => home.close());

const page = { page: 1, pageSize: 10 };

// Guards the owner's first screen, over HTTP: before the set-up, and with a provider that calls.
test("an organization that was never set up is told so, with an empty day", async () => {
  const owner = await openBrowser(home.url).signIn(await home.organization("New"));
  const health = await owner.api.health.get.query();
  expect(health).toMatchObject({ state: "off", since: null, next: { place: "guide" }, lastCallAt: null });
  expect(health.hours).toHaveLength(24);
  expect(health.day).toEqual({ answered: 0, refused: 0, failed: 0, medianMs: null, p95Ms: null });
});

test("calls are counted and judged, and drift is told page by page", async () => {
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

  await scene.push("Ops", [pam]);
  await scene.set(pam, false);
  expect(await owner.api.health.drift.query()).toEqual({
    unlinked: 1,
    unconfirmed: 0,
    holders: 1,
    unconfirmedAfterDays: 30,
  });
  const { people } = await owner.api.health.driftPeople.query({ kind: "unlinked", ...page });
  expect(people.map(({ userName }) => userName)).toEqual(["owner@busy.example"]);
  const { holders } = await owner.api.health.driftHolders.query(page);
  expect(holders).toMatchObject([{ member: { id: pam }, role: { name: "Ops" }, isActive: false }]);
  expect(await owner.api.health.driftHolders.query({ page: 2, pageSize: 10 })).toEqual({ total: 1, holders: [] });
});
