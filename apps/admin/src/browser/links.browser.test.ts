import "@rollcall/local-postgres/vitest-global-setup";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { atScreen, faultsOf, visitAs } from "./acts.ts";
import type { Directory } from "./directory.ts";
import { openStage, type Stage } from "./stage.ts";

// Guards that an owner who debugs at night, and an auditor, get from any trace to any other. One story in order.
let stage: Stage;
let page: Page;
let okta: Directory;
let pam: string;
let sales: string;

const patch = (...operations: readonly object[]) => ({
  schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
  Operations: operations,
});

beforeAll(async () => {
  stage = await openStage(inject("postgresUrl"));
  await stage.operate("provisioning", "enable", "--org", stage.organizationId, "--acknowledge-no-sso");
  okta = await stage.directory("Okta");
  pam = await okta.addPerson("Pam", "Beesly", "acme.example");
  const jim = await okta.addPerson("Jim", "Halpert", "acme.example");
  const made = await okta.call("POST", "/Groups", {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"],
    displayName: "Sales",
    members: [{ value: jim }],
  });
  sales = made.id;
  await okta.call("PATCH", `/Groups/${sales}`, patch({ op: "add", path: "members", value: [{ value: pam }] }));
  await okta.call("POST", "/Bulk", {
    schemas: ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
    Operations: [
      { method: "PATCH", path: `/Users/${pam}`, data: patch({ op: "replace", value: { displayName: "Pam B." } }) },
    ],
  });
  await okta.call("POST", "/Users", { userName: "PAM.BEESLY@acme.example", active: true });
  await rememberOldEntry();
  page = await visitAs(stage, stage.owner, `/members/${pam}`);
});
afterAll(async () => stage?.close());

const timeline = () => page.getByRole("region", { name: "What happened" });
const changes = () => page.getByRole("region", { name: "What it changed" });
const calls = (order = "newest") => page.getByRole("table", { name: `SCIM calls, ${order} first` });
const entries = (order = "newest") =>
  page.getByRole("list", { name: `Activity, ${order} first` }).getByRole("listitem");
const main = () => page.locator("main");

test("from a person’s entry to the call that did it, and back to the person", async () => {
  await timeline()
    .getByRole("link", { name: /^The call that did it: .*gave .*Sales/ })
    .click();
  await atScreen(page, "Change a group");
  expect(new URL(page.url()).pathname).toMatch(/^\/requests\/[-0-9a-f]{36}$/);
  await main().getByRole("link", { name: "Sales", exact: true }).waitFor();
  expect(await faultsOf(page, "links-call")).toEqual([]);
  await changes()
    .getByRole("link", { name: "Open the person Pam B." })
    .or(changes().getByRole("link", { name: "Open the person Pam Beesly" }))
    .click();
  await atScreen(page, "Pam B.");
  // The way there is not a step of its own, so that Back leads to where one was.
  await page.goBack();
  await atScreen(page, "Change a group");
  await page.goBack();
  await atScreen(page, "Pam B.");
  expect(await faultsOf(page, "links-person")).toEqual([]);
});

test("all calls about a person: also those that name a group or many people", async () => {
  await timeline().getByRole("link", { name: "Calls about this person" }).click();
  await atScreen(page, "Requests");
  await page.waitForURL(`**/requests?memberId=${pam}`);
  for (const name of ["Add a person", "Change a group", "Many operations at once"]) {
    await calls().getByRole("link", { name }).waitFor();
  }
  expect(await calls().locator("tbody tr").count()).toBe(3);
  await page.reload();
  await expect.poll(() => page.getByLabel("Person").inputValue()).toBe("pam.beesly@acme.example");
  expect(await faultsOf(page, "links-calls")).toEqual([]);
  await calls().getByRole("link", { name: "Many operations at once" }).click();
  await atScreen(page, "Many operations at once");
  await changes()
    .getByRole("link", { name: /^Open the person Pam/ })
    .click();
  await atScreen(page, "Pam B.");
});

test("all calls about a group, from its own page and from a call", async () => {
  await page.goto(`/roles/${sales}`);
  await page.getByRole("link", { name: "Calls about this group" }).click();
  await page.waitForURL(`**/requests?roleId=${sales}`);
  await calls().getByRole("link", { name: "Add a group" }).waitFor();
  await calls().getByRole("link", { name: "Change a group" }).waitFor();
  expect(await calls().locator("tbody tr").count()).toBe(2);
  expect(await page.getByLabel("Group").inputValue()).toBe(sales);
  expect(await faultsOf(page, "links-group")).toEqual([]);
});

test("a token leads to its calls and to what it changed", async () => {
  await page.goto("/settings/provisioning");
  await page.getByRole("link", { name: "Changes by Okta" }).click();
  await atScreen(page, "Activity");
  await entries().first().waitFor();
  await page.goBack();
  await page.getByRole("link", { name: "Calls of Okta" }).click();
  await atScreen(page, "Requests");
  expect(new URL(page.url()).search).toMatch(/^\?tokenId=[-0-9a-f]{36}$/);
  await calls().getByRole("link", { name: "Add a group" }).waitFor();
});

test("of a call that was forgotten, its entry says so", async () => {
  await page.goto("/activity?order=oldest&who=token");
  await entries("oldest")
    .getByRole("link", { name: /^The call that did it: .*Old Timer/ })
    .click();
  await page.getByText("The call is no longer kept").waitFor();
  expect(await faultsOf(page, "links-forgotten")).toEqual([]);
  await page.goBack();
  await atScreen(page, "Activity");
  await stage.sql("delete from scim_request where organization_id = $1 and method = 'POST' and path like '%Groups%'", [
    stage.organizationId,
  ]);
  await entries("oldest")
    .getByRole("link", { name: /^The call that did it: .*Sales/ })
    .first()
    .click();
  await page.getByText("The call is not in the list").waitFor();
  await page.getByRole("button", { name: "Look again" }).click();
  expect(await faultsOf(page, "links-missing")).toEqual([]);
  await page.goto("/requests/by-entry/00000000-0000-7000-8000-000000000000");
  await page.getByText("There is no such entry in the activity here.").waitFor();
});

test("the activity is narrowed and turned round; reload and back keep to it", async () => {
  await page.goto("/activity");
  await page.getByLabel("What", { exact: true }).selectOption("People: role granted");
  await page.waitForURL(/kind=member.role_granted/);
  await page.getByLabel("Order").selectOption("Oldest first");
  await page.waitForURL(/order=oldest/);
  await expect.poll(() => entries("oldest").filter({ hasText: "Sales" }).count()).toBe(2);
  await expect.poll(() => entries("oldest").filter({ hasText: "turned on" }).count()).toBe(0);
  await page.reload();
  await entries("oldest").filter({ hasText: "Sales" }).first().waitFor();
  expect(await page.getByLabel("What", { exact: true }).inputValue()).toBe("kind=member.role_granted");
  await page.getByLabel("Person", { exact: true }).fill("pam.b");
  await page.locator("datalist option").first().waitFor({ state: "attached" });
  await page.getByLabel("Person", { exact: true }).fill("pam.beesly@acme.example");
  await page.waitForURL(/memberId=/);
  await expect.poll(() => entries("oldest").filter({ hasText: "Sales" }).count()).toBe(1);
  expect(await faultsOf(page, "links-activity")).toEqual([]);
  await page.getByRole("button", { name: "Export" }).click();
  const href = await page.getByRole("menuitem", { name: "CSV, for spreadsheets" }).getAttribute("href");
  expect(href).toContain("order=oldest");
  expect(href).toContain(`memberId=${pam}`);
  await page.keyboard.press("Escape");
  await page.goBack();
  await expect.poll(() => entries("oldest").filter({ hasText: "Sales" }).count()).toBe(2);
  await page.getByRole("button", { name: "Clear filters" }).click();
  await page.waitForURL(/\?order=oldest$/);
  await page.getByLabel("Done by", { exact: true }).selectOption("The operator of Rollcall");
  await expect.poll(() => entries("oldest").filter({ hasText: "Sales" }).count()).toBe(0);
  await page.goto("/activity?kind=member.unheard&area=odd&who=nobody&memberId=x&since=never");
  await entries().filter({ hasText: "Sales" }).first().waitFor();
});

test("the slowest calls come first, within a bound that is told", async () => {
  await page.goto("/requests?method=POST");
  await page.getByLabel("Order").selectOption("Slowest first");
  await page.getByText("These are the slowest among the newest 20,000 calls").waitFor();
  await calls("slowest").getByRole("link", { name: "Many operations at once" }).waitFor();
  const times = await calls("slowest").locator("tbody tr td:nth-of-type(2)").allTextContents();
  const values = times.map((text) => Number.parseInt(text, 10));
  expect(values).toEqual(values.toSorted((one, next) => next - one));
  await page.reload();
  expect(await page.getByLabel("Order").inputValue()).toBe("slowest");
  expect(await faultsOf(page, "links-slowest")).toEqual([]);
  await page.getByRole("button", { name: "Export" }).click();
  const href = await page.getByRole("menuitem", { name: "JSON, for programs" }).getAttribute("href");
  expect(href).toBe("/export/requests.json?order=slowest&method=POST");
  await page.keyboard.press("Escape");
  await page.goBack();
  await calls().getByRole("link", { name: "Many operations at once" }).waitFor();
});

test("drift is searched, sorted and carried away, and stays so", async () => {
  await okta.call("PATCH", `/Users/${pam}`, patch({ op: "replace", value: { active: false } }));
  await page.goto("/health?drift=holders");
  const drift = page.getByRole("region", { name: "Drift" });
  await drift.getByRole("row").filter({ hasText: "Pam B." }).first().waitFor();
  await drift.getByRole("button", { name: /^Name/ }).click();
  await page.waitForURL(/sort=name/);
  await drift.getByRole("searchbox", { name: "Search" }).fill("nobody");
  await drift.getByText("Nobody matches").waitFor();
  await page.reload();
  await drift.getByText("Nobody matches").waitFor();
  await drift.getByRole("searchbox", { name: "Search" }).fill("pam");
  await drift.getByRole("row").filter({ hasText: "Pam B." }).first().waitFor();
  expect(await faultsOf(page, "links-drift")).toEqual([]);
  await drift.getByRole("button", { name: "Export" }).click();
  const href = await page.getByRole("menuitem", { name: "CSV, for spreadsheets" }).getAttribute("href");
  expect(href).toBe("/export/drift-holders.csv?search=pam");
});

test("rows stay short on a narrow screen, whatever is in them", async () => {
  for (const name of ["Ada", "Grace", "Alan", "Barbara", "Edsger", "Frances"]) {
    const id = await okta.addPerson(name, "Stopped", "acme.example");
    await okta.call("PATCH", `/Users/${id}`, patch({ op: "Replace", value: { active: "False" } }));
  }
  const long = encodeURIComponent(`userName sw "${"somebody.with.a.long.name".repeat(6)}" and active zz true`);
  await okta.call("GET", `/Users?filter=${long}`);
  // A call is noted a moment after its answer; here it is shown as it comes.
  await page.goto("/requests?follow=true");
  await calls().getByText("429").first().waitFor();
  await page.setViewportSize({ width: 360, height: 800 });
  const heights = await calls()
    .locator("tbody tr")
    .evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().height));
  await page.setViewportSize({ width: 1280, height: 900 });
  expect(Math.max(...heights)).toBeLessThan(280);
  expect(await faultsOf(page, "links-narrow")).toEqual([]);
});

/** Something of two months ago, whose call is no longer kept; the log itself is never rewritten. */
async function rememberOldEntry(): Promise<void> {
  const text = `insert into change (organization_id, id, at, request_id, actor_kind, actor_id, actor_name, subject_kind,
      subject_name, kind, after)
    select organization_id, (lpad(to_hex((extract(epoch from now() - interval '60 days') * 1000)::bigint), 12, '0')
        || '70008000000000000001')::uuid, now() - interval '60 days', gen_random_uuid()::text, 'token', id, name, 'member',
      'Old Timer', 'member.created', '{}' from scim_token where organization_id = $1`;
  await stage.sql(text, [stage.organizationId]);
}
