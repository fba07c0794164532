import type { Page } from "playwright-core";
import { describe, expect } from "vitest";
import { atScreen, region, requestsLogged, visitAs } from "./actions.ts";
import { controlClock, passTime } from "./chromium.ts";
import { groupOf, patchOf } from "./directory.ts";
import { type Acme, test } from "./fixture.ts";
import { addManagedPeople } from "./managed-people.ts";
import { faultsOf } from "./page-checks.ts";

// The state of provisioning, its requests, drift, and the next step.
const stateCard = (page: Page) => page.locator("section.health");
const stateTitle = (page: Page, name: string) => page.getByRole("heading", { level: 2, name });
/** `--rc-warn` in the light scheme. */
const amber = "rgb(115, 72, 10)";
/** The polling interval of the state. */
const refreshMs = 15_000;

/** The page of Acme's owner at `path`, after 14 requests of a directory: one was refused, and Grace was deactivated. */
async function withDirectory(acme: Acme, path: string): Promise<Page> {
  await acme.enableProvisioning();
  const okta = await acme.directory("Okta production");
  await okta.addPerson("Ada", "Lovelace", "acme.example");
  const ids: string[] = [];
  for (const name of ["Grace", "Alan", "Barbara", "Edsger", "Frances"]) {
    ids.push(await okta.addPerson(name, "Hopper", "acme.example"));
  }
  for (const id of ids) await okta.request("GET", `/Users/${id}`);
  await okta.request("GET", "/Users?filter=userName%20sounds%20%22like%22");
  await okta.request("POST", "/Groups", groupOf("Engineering", ...ids));
  await okta.request("PATCH", `/Users/${ids[0]}`, patchOf({ op: "replace", value: { active: false } }));
  await requestsLogged(acme, 14);
  return visitAs(acme, acme.owner, path);
}

describe("the state of provisioning", () => {
  test("is the first screen of owners and follows the setup without a reload", async ({ acme }) => {
    const page = await visitAs(acme, acme.owner);
    await atScreen(page, "Health");
    expect(new URL(page.url()).pathname).toBe("/health");
    await stateCard(page).getByText("Provisioning is off").waitFor();
    const lastDay = region(page, "The last 24 hours");
    await lastDay.getByText("No requests in the last 24 hours").waitFor();
    await lastDay.getByText("They are counted here once provisioning is on.").waitFor();
    await region(page, "Drift").getByText("Nothing to compare with").waitFor();
    expect(await faultsOf(page, "health-off")).toEqual([]);
    await stateCard(page).getByRole("link", { name: "Set up provisioning" }).click();
    await atScreen(page, "Set up provisioning");
    await controlClock(page);
    await page.goBack();
    await stateTitle(page, "Provisioning is off").waitFor();
    await acme.enableProvisioning();
    await passTime(page, refreshMs, stateTitle(page, "No token works"));
    await lastDay.getByText("A day without requests is normal.").waitFor();
    const okta = await acme.directory("Okta production");
    await passTime(page, refreshMs, stateTitle(page, "Waiting for the first request"));
    expect(await faultsOf(page, "health-waiting")).toEqual([]);
    await okta.addPerson("Ada", "Lovelace", "acme.example");
    await requestsLogged(acme, 1);
    await passTime(page, refreshMs, stateTitle(page, "Healthy"));
    await stateCard(page).getByText("No action needed.").waitFor();
  });

  test("names the revoked token that the provider still uses, before everything else", async ({ acme }) => {
    await acme.enableProvisioning();
    const okta = await acme.directory("Okta production");
    await okta.addPerson("Ada", "Lovelace", "acme.example");
    await requestsLogged(acme, 1);
    await acme.sql("update scim_token set revoked_at = now() where organization_id = $1", [acme.organizationId]);
    await acme.issueToken("Okta next");
    expect((await okta.request("GET", "/Users")).status).toBe(401);
    await requestsLogged(acme, 2);
    const page = await visitAs(acme, acme.owner, "/health");
    await stateCard(page).getByText("it signs in with the token Okta production, which was revoked").waitFor();
    expect(await faultsOf(page, "health-refused")).toEqual([]);
    await stateCard(page).getByRole("link", { name: "Get a token that works" }).click();
    await atScreen(page, "Provisioning");
  });
});

describe("the requests of the last day", () => {
  test("are a chart with its numbers in a table, and failures lead to the failed requests", async ({ acme }) => {
    const page = await withDirectory(acme, "/health");
    await stateTitle(page, "Healthy").waitFor();
    await page.getByRole("figure", { name: /^Chart of the requests/ }).waitFor();
    const numbers = region(page, "The last 24 hours").getByText("Show the numbers as a table");
    await numbers.click();
    expect(await page.getByRole("table", { name: "Requests by the hour" }).getByRole("row").count()).toBe(2);
    expect(await faultsOf(page, "health-table")).toEqual([]);
    await numbers.click();
    await stateCard(page).getByText("1 of the last 14 requests failed.").waitFor();
    await stateCard(page).getByRole("link", { name: "See failed requests" }).click();
    await atScreen(page, "Requests");
    expect(new URL(page.url()).search).toBe("?failed=true");
    await page.getByText("1 of the last 14 requests failed", { exact: true }).waitFor();
    await acme.sql("update scim_request set status = 409 where organization_id = $1 and method <> 'GET'", [
      acme.organizationId,
    ]);
    await page.goto("/settings/provisioning");
    const notice = page.getByRole("region", { name: "Requests are failing" });
    await notice.getByText("9 of the last 14 requests failed.").waitFor();
    await region(page, "State").getByText("9 of the last 14 requests failed").waitFor();
    expect(await faultsOf(page, "provisioning-failing")).toEqual([]);
    await page.goto("/health");
    await stateTitle(page, "Requests are failing").waitFor();
    expect(await stateCard(page).evaluate((state) => getComputedStyle(state).borderLeftColor)).toBe(amber);
    expect(await faultsOf(page, "health-failing")).toEqual([]);
  });

  test("have a bar for every hour, of their own organization only", async ({ acme }) => {
    await acme.enableProvisioning();
    await acme.issueToken("Okta");
    await spreadRequests(acme);
    await copyAsFailures(acme, (await acme.organization("Other", "otto.other@other.example")).id);
    const page = await visitAs(acme, acme.owner, "/health");
    await page.getByRole("figure", { name: /^Chart of the requests/ }).waitFor();
    expect(await page.locator("svg rect[data-mark=answered]").count()).toBeGreaterThan(22);
    expect(await page.locator("svg rect[data-mark=failed]").count()).toBe(5);
    expect(await faultsOf(page, "health-busy")).toEqual([]);
  });
});

test("drift is listed kind by kind, which is kept in the address", async ({ acme }) => {
  const page = await withDirectory(acme, "/health");
  await stateTitle(page, "Healthy").waitFor();
  const drift = region(page, "Drift");
  await drift.getByRole("row").filter({ hasText: acme.owner.email }).waitFor();
  await drift.getByRole("link", { name: "Group members 1" }).click();
  const row = drift.getByRole("row").filter({ hasText: "Grace Hopper" });
  await row.getByText("Inactive").waitFor();
  expect(new URL(page.url()).search).toBe("?drift=holders");
  expect(await faultsOf(page, "health-holders")).toEqual([]);
  // The first page is shown in place of one past the end.
  await page.goto("/health?drift=holders&page=9");
  await row.waitFor();
  expect(new URL(page.url()).search).toBe("?drift=holders");
  await row.getByRole("link", { name: "Engineering" }).click();
  await atScreen(page, "Engineering");
  await page.goto("/health?drift=unconfirmed");
  await drift.getByText("Everyone was confirmed in the last 30 days").waitFor();
  await addOldTimer(acme);
  await page.goto("/health?drift=unconfirmed&page=9");
  await drift.getByRole("row").filter({ hasText: "Olga Oldtimer" }).getByText("last month").waitFor();
  expect(new URL(page.url()).search).toBe("?drift=unconfirmed");
  expect(await faultsOf(page, "health-unconfirmed")).toEqual([]);
});

test("compares a CSV file that is chosen by keyboard or dropped, and rejects other files", async ({ acme }) => {
  await addOldTimer(acme);
  const page = await withDirectory(acme, "/health");
  const compare = region(page, "Compare with a file");
  const chooser = page.waitForEvent("filechooser");
  await compare.getByRole("button", { name: "Choose a file…" }).focus();
  await page.keyboard.press("Enter");
  await (await chooser).setFiles({ name: "people.csv", mimeType: "text/csv", buffer: Buffer.from(people) });
  await compare.getByText("Compared 5 people in the file with 8 members. The same on both sides: 2.").waitFor();
  await compare.getByRole("row").filter({ hasText: "new.starter@acme.example" }).getByText("ACTIVE").waitFor();
  expect(await faultsOf(page, "health-compared")).toEqual([]);
  await compare.getByRole("button", { name: "Different values 1" }).click();
  await compare.getByText("First name: Alan, in the file Allan").waitFor();
  await compare.getByRole("button", { name: "Only here 3" }).click();
  await compare.getByRole("link", { name: "Frances Hopper" }).waitFor();
  await compare.getByRole("button", { name: /^Name/ }).click();
  await compare.getByRole("searchbox", { name: "Search the differences" }).fill("FRANCES");
  await expect.poll(() => compare.locator("tbody tr").count()).toBe(1);
  expect(await faultsOf(page, "health-compared-searched")).toEqual([]);

  await drop(page, "notes.csv", "Kennung;Abteilung\nada.lovelace@acme.example;Ops\n");
  await compare.getByText("Which column holds the user name?").waitFor();
  expect(await faultsOf(page, "health-column")).toEqual([]);
  await compare.getByRole("button", { name: "Compare by it" }).click();
  await compare.getByText("The file has no column with a status").waitFor();
  await drop(page, "people.xlsx", "PK\u0003\u0004");
  await compare.getByRole("alert").getByText("This is a workbook").waitFor();
  expect(await faultsOf(page, "health-no-csv")).toEqual([]);
});

const people = `\uFEFF"Username";"First name";"Last name";"Status"
"ada.lovelace@acme.example";"Ada";"Lovelace";"ACTIVE"
"BARBARA.HOPPER@acme.example";"Barbara";"Hopper";"ACTIVE"
"alan.hopper@acme.example";"Allan";"Hopper";"ACTIVE"
"new.starter@acme.example";"New";"Starter";"ACTIVE"
"edsger.hopper@acme.example";"Edsger";"Hopper";"DEPROVISIONED"
`;

/** Drops a file on the page; the event's data must be created in the page. */
async function drop(page: Page, name: string, text: string): Promise<void> {
  const transfer = await page.evaluateHandle(
    ([fileName, content]) => {
      const data = new DataTransfer();
      data.items.add(new File([content ?? ""], fileName ?? "", { type: "text/csv" }));
      return data;
    },
    [name, text],
  );
  await page.locator(".file-drop").dispatchEvent("drop", { dataTransfer: transfer });
}

/** Logs about 20,000 requests of Acme's token in the 24 hours before now, of which some failed 5 to 9 hours ago. */
async function spreadRequests(acme: Acme): Promise<void> {
  // The ids contain the time.
  const text = `insert into scim_request (organization_id, id, at, token_id, method, path, status, duration_ms)
    select t.organization_id, (substr(hex, 1, 8) || '-' || substr(hex, 9, 4) || '-7' || lpad(to_hex(n % 4096), 3, '0')
        || '-8000-' || right(gen_random_uuid()::text, 12))::uuid, now() - ago, t.id, 'GET', '/scim_v2/Users',
      case when n % 41 = 7 and hours between 5 and 9 then 500 when n % 17 = 5 then 409 else 200 end,
      3 + (n * 7919) % (25 + (20 * cos(hours / 2.0))::int)
    from scim_token t, generate_series(0, 23) hours, lateral (select hours * interval '1 hour' as ago) a,
      lateral generate_series(1, (900 + 800 * sin(hours / 3.0))::int) n,
      lateral (select lpad(to_hex((extract(epoch from now() - ago) * 1000)::bigint), 12, '0') as hex) h
    where t.organization_id = $1`;
  await acme.sql(text, [acme.organizationId]);
  await acme.sql("update scim_token set last_used_at = now() where organization_id = $1", [acme.organizationId]);
}

/** Copies the oldest requests of Acme to another organization, as failures. */
async function copyAsFailures(acme: Acme, otherId: string): Promise<void> {
  const text = `insert into scim_request (organization_id, id, at, token_id, method, path, status, duration_ms)
    select $2, id, at, token_id, method, path, 500, duration_ms from scim_request where organization_id = $1
    order by id limit 100`;
  await acme.sql(text, [acme.organizationId, otherId]);
}

/** A managed person without a request since the provider added them 60 days ago; the log of that day is left out. */
async function addOldTimer(acme: Acme): Promise<void> {
  await addManagedPeople(acme, [{ email: "olga.oldtimer@acme.example", name: "Olga Oldtimer" }], 60);
}
