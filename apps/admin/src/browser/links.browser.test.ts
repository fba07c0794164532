import type { Page } from "playwright-core";
import { expect } from "vitest";
import { atScreen, requestsLogged, timelineOf, visitAs } from "./actions.ts";
import { type Directory, groupOf, patchOf } from "./directory.ts";
import { type Acme, test } from "./fixture.ts";
import { faultsOf } from "./page-checks.ts";

// Each person, group, token, request and log entry links to the related ones.
const changesOf = (page: Page) => page.getByRole("region", { name: "What it changed" });
const requestsOf = (page: Page, order = "newest") => page.getByRole("table", { name: `SCIM requests, ${order} first` });
const entriesOf = (page: Page, order = "newest") =>
  page.getByRole("list", { name: `Activity, ${order} first` }).getByRole("listitem");

type Scene = { readonly okta: Directory; readonly pam: string; readonly sales: string };

/** Pam and Jim, whom a directory has added to the group Sales, after six requests of which the last was refused. */
async function withSales(acme: Acme): Promise<Scene> {
  await acme.enableProvisioning();
  const okta = await acme.directory("Okta");
  const pam = await okta.addPerson("Pam", "Beesly", "acme.example");
  const jim = await okta.addPerson("Jim", "Halpert", "acme.example");
  const { id: sales } = await okta.request("POST", "/Groups", groupOf("Sales", jim));
  await okta.request("PATCH", `/Groups/${sales}`, patchOf({ op: "add", path: "members", value: [{ value: pam }] }));
  const rename = patchOf({ op: "replace", value: { displayName: "Pam B." } });
  await okta.request("POST", "/Bulk", {
    schemas: ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
    Operations: [{ method: "PATCH", path: `/Users/${pam}`, data: rename }],
  });
  await okta.request("POST", "/Users", { userName: "PAM.BEESLY@acme.example", active: true });
  await requestsLogged(acme, 6);
  return { okta, pam, sales };
}

test("a person leads to the request of each log entry and to all requests, which lead back", async ({ acme }) => {
  const { pam } = await withSales(acme);
  const page = await visitAs(acme, acme.owner, `/members/${pam}`);
  await timelineOf(page)
    .getByRole("link", { name: /^The request that did it: .*gave .*Sales/ })
    .click();
  await atScreen(page, "Change a group");
  expect(new URL(page.url()).pathname).toMatch(/^\/requests\/[-0-9a-f]{36}$/);
  await page.locator("main").getByRole("link", { name: "Sales", exact: true }).waitFor();
  await changesOf(page)
    .getByRole("link", { name: "Open the person Pam B." })
    .or(changesOf(page).getByRole("link", { name: "Open the person Pam Beesly" }))
    .click();
  await atScreen(page, "Pam B.");
  // The address by entry only redirects and leaves no step in the history.
  await page.goBack();
  await atScreen(page, "Change a group");
  await page.goBack();
  await atScreen(page, "Pam B.");
  await timelineOf(page).getByRole("link", { name: "Requests about this person" }).click();
  await atScreen(page, "Requests");
  await page.waitForURL(`**/requests?memberId=${pam}`);
  // Requests that name a group or many people are among them.
  for (const name of ["Add a person", "Change a group", "Many operations at once"]) {
    await requestsOf(page).getByRole("link", { name }).waitFor();
  }
  expect(await requestsOf(page).locator("tbody tr").count()).toBe(3);
  await page.reload();
  await requestsOf(page).getByRole("link", { name: "Add a person" }).waitFor();
  await expect.poll(() => page.getByLabel("Person").inputValue()).toBe("pam.beesly@acme.example");
  await requestsOf(page).getByRole("link", { name: "Many operations at once" }).click();
  await atScreen(page, "Many operations at once");
  await changesOf(page)
    .getByRole("link", { name: /^Open the person Pam/ })
    .click();
  await atScreen(page, "Pam B.");
});

test("a group leads to all requests about it, and a token to its requests and changes", async ({ acme }) => {
  const { sales } = await withSales(acme);
  const page = await visitAs(acme, acme.owner, `/roles/${sales}`);
  await page.getByRole("link", { name: "Requests about this group" }).click();
  await page.waitForURL(`**/requests?roleId=${sales}`);
  await requestsOf(page).getByRole("link", { name: "Add a group" }).waitFor();
  await requestsOf(page).getByRole("link", { name: "Change a group" }).waitFor();
  expect(await requestsOf(page).locator("tbody tr").count()).toBe(2);
  expect(await page.getByLabel("Group").inputValue()).toBe(sales);
  await page.goto("/settings/provisioning");
  await page.getByRole("link", { name: "Changes by Okta" }).click();
  await atScreen(page, "Activity");
  await entriesOf(page).first().waitFor();
  await page.goBack();
  await page.getByRole("link", { name: "Requests of Okta" }).click();
  await atScreen(page, "Requests");
  expect(new URL(page.url()).search).toMatch(/^\?tokenId=[-0-9a-f]{36}$/);
  await requestsOf(page).getByRole("link", { name: "Add a group" }).waitFor();
});

test("an entry shows whether its request is no longer kept, is missing, or never existed", async ({ acme }) => {
  await withSales(acme);
  await addOldEntry(acme);
  const page = await visitAs(acme, acme.owner, "/activity?order=oldest&who=token");
  await entriesOf(page, "oldest")
    .getByRole("link", { name: /^The request that did it: .*Old Timer/ })
    .click();
  await page.getByText("The request is no longer kept").waitFor();
  expect(await faultsOf(page, "links-forgotten")).toEqual([]);
  await page.goBack();
  await atScreen(page, "Activity");
  const text = "delete from scim_request where organization_id = $1 and method = 'POST' and path like '%Groups%'";
  await acme.sql(text, [acme.organizationId]);
  await entriesOf(page, "oldest")
    .getByRole("link", { name: /^The request that did it: .*Sales/ })
    .first()
    .click();
  await page.getByText("The request is not in the list").waitFor();
  await page.getByRole("button", { name: "Look again" }).click();
  expect(await faultsOf(page, "links-missing")).toEqual([]);
  await page.goto("/requests/by-entry/00000000-0000-7000-8000-000000000000");
  await atScreen(page, "Activity entry not found");
});

test("the activity is filtered and reordered, which reload and Back keep", async ({ acme }) => {
  const { pam } = await withSales(acme);
  const page = await visitAs(acme, acme.owner, "/activity");
  const entries = entriesOf(page, "oldest");
  await page.getByLabel("What", { exact: true }).selectOption("People: role given");
  await page.waitForURL(/kind=member.role_granted/);
  await page.getByLabel("Order").selectOption("Oldest first");
  await page.waitForURL(/order=oldest/);
  await expect.poll(() => entries.filter({ hasText: "Sales" }).count()).toBe(2);
  await expect.poll(() => entries.filter({ hasText: "turned on" }).count()).toBe(0);
  await page.reload();
  await entries.filter({ hasText: "Sales" }).first().waitFor();
  expect(await page.getByLabel("What", { exact: true }).inputValue()).toBe("kind=member.role_granted");
  await page.getByLabel("Person", { exact: true }).fill("pam.b");
  await page.locator("datalist option").first().waitFor({ state: "attached" });
  await page.getByLabel("Person", { exact: true }).fill("pam.beesly@acme.example");
  await page.waitForURL(/memberId=/);
  await expect.poll(() => entries.filter({ hasText: "Sales" }).count()).toBe(1);
  expect(await faultsOf(page, "links-activity")).toEqual([]);
  await page.getByRole("button", { name: "Export" }).click();
  const href = await page.getByRole("menuitem", { name: "CSV, for spreadsheets" }).getAttribute("href");
  expect(href).toContain("order=oldest");
  expect(href).toContain(`memberId=${pam}`);
  await page.keyboard.press("Escape");
  await page.goBack();
  await expect.poll(() => entries.filter({ hasText: "Sales" }).count()).toBe(2);
  await page.getByRole("button", { name: "Clear filters" }).click();
  await page.waitForURL(/\?order=oldest$/);
  await page.getByLabel("Done by", { exact: true }).selectOption("The operator of Rollcall");
  await expect.poll(() => entries.filter({ hasText: "Sales" }).count()).toBe(0);
  await page.goto("/activity?kind=member.unheard&area=odd&who=nobody&memberId=x&since=never");
  await entriesOf(page).filter({ hasText: "Sales" }).first().waitFor();
});

test("the slowest requests come first, within a limit that the screen names", async ({ acme }) => {
  await withSales(acme);
  const page = await visitAs(acme, acme.owner, "/requests?method=POST");
  await page.getByLabel("Order").selectOption("Slowest first");
  await page.getByText("These are the slowest among the newest 20,000 requests").waitFor();
  const requests = requestsOf(page, "slowest");
  await requests.getByRole("link", { name: "Many operations at once" }).waitFor();
  const areSlowestFirst = async (): Promise<boolean> => {
    const times = await requests.locator("tbody tr td:nth-of-type(2)").allTextContents();
    const values = times.map((text) => Number.parseInt(text, 10));
    return values.join() === values.toSorted((one, next) => next - one).join();
  };
  await expect.poll(areSlowestFirst).toBe(true);
  await page.reload();
  expect(await page.getByLabel("Order").inputValue()).toBe("slowest");
  expect(await faultsOf(page, "links-slowest")).toEqual([]);
  await page.getByRole("button", { name: "Export" }).click();
  const href = await page.getByRole("menuitem", { name: "JSON, for programs" }).getAttribute("href");
  expect(href).toBe("/export/requests.json?order=slowest&method=POST");
  await page.keyboard.press("Escape");
  await page.goBack();
  await requestsOf(page).getByRole("link", { name: "Many operations at once" }).waitFor();
});

test("drift is searched, sorted and exported, which reload keeps", async ({ acme }) => {
  const { okta, pam } = await withSales(acme);
  await okta.request("PATCH", `/Users/${pam}`, patchOf({ op: "replace", value: { active: false } }));
  const page = await visitAs(acme, acme.owner, "/health?drift=holders");
  const drift = page.getByRole("region", { name: "Drift" });
  await drift.getByRole("row").filter({ hasText: "Pam B." }).first().waitFor();
  await drift.getByRole("button", { name: /^Name/ }).click();
  await page.waitForURL(/sort=name/);
  await drift.getByRole("searchbox", { name: "Search" }).fill("nobody");
  await drift.getByText("No one matches").waitFor();
  await page.reload();
  await drift.getByText("No one matches").waitFor();
  await drift.getByRole("searchbox", { name: "Search" }).fill("pam");
  await drift.getByRole("row").filter({ hasText: "Pam B." }).first().waitFor();
  expect(await faultsOf(page, "links-drift")).toEqual([]);
  await drift.getByRole("button", { name: "Export" }).click();
  const href = await page.getByRole("menuitem", { name: "CSV, for spreadsheets" }).getAttribute("href");
  expect(href).toBe("/export/drift-holders.csv?search=pam");
});

test("request rows stay short on a narrow screen, whatever is in them", async ({ acme }) => {
  const { okta } = await withSales(acme);
  for (const name of ["Ada", "Grace", "Alan", "Barbara", "Edsger", "Frances"]) {
    const id = await okta.addPerson(name, "Stopped", "acme.example");
    await okta.request("PATCH", `/Users/${id}`, patchOf({ op: "Replace", value: { active: "False" } }));
  }
  const long = encodeURIComponent(`userName sw "${"somebody.with.a.long.name".repeat(6)}" and active zz true`);
  await okta.request("GET", `/Users?filter=${long}`);
  await requestsLogged(acme, 19);
  const page = await visitAs(acme, acme.owner, "/requests?follow=true");
  await requestsOf(page).getByText("429").first().waitFor();
  await page.setViewportSize({ width: 360, height: 800 });
  const heights = await requestsOf(page)
    .locator("tbody tr")
    .evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().height));
  // Several rows fit on the screen of a phone.
  expect(Math.min(...heights)).toBeLessThan(150);
  expect(Math.max(...heights)).toBeLessThan(280);
});

/** Adds a log entry of 60 days ago, whose request is no longer kept; the log itself is append-only. */
async function addOldEntry(acme: Acme): Promise<void> {
  const text = `insert into change (organization_id, id, at, request_id, actor_kind, actor_id, actor_name, subject_kind,
      subject_name, kind, after)
    select organization_id, (lpad(to_hex((extract(epoch from now() - interval '60 days') * 1000)::bigint), 12, '0')
        || '70008000000000000001')::uuid, now() - interval '60 days', gen_random_uuid()::text, 'token', id, name, 'member',
      'Old Timer', 'member.created', '{}' from scim_token where organization_id = $1`;
  await acme.sql(text, [acme.organizationId]);
}
