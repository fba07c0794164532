import "@rollcall/local-postgres/vitest-global-setup";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { atScreen, faultsOf, visitAs } from "./acts.ts";
import type { Directory } from "./directory.ts";
import { openStage, type Stage } from "./stage.ts";

// Guards what an owner learns at a glance: from nothing set up to a provider that calls, is in trouble and grows apart.
// One story in order, with the real servers, calls and files.
let stage: Stage;
let page: Page;
let okta: Directory;

beforeAll(async () => {
  stage = await openStage(inject("postgresUrl"));
  page = await visitAs(stage, stage.owner);
});
afterAll(async () => stage?.close());

const operate = (...words: readonly string[]) => stage.operate(...words, "--org", stage.organizationId);
const stateCard = () => page.locator("section.health");
const card = (name: string) => page.getByRole("region", { name });
/** The screen as it is now, from the server. */
async function isState(title: string): Promise<void> {
  await page.goto("/health");
  await page.getByRole("heading", { level: 2, name: title }).waitFor();
}

test("owners begin here, and before the set-up they are led to it", async () => {
  await atScreen(page, "Health");
  expect(new URL(page.url()).pathname).toBe("/health");
  await stateCard().getByText("Provisioning is off").waitFor();
  await card("The last 24 hours").getByText("No calls in the last 24 hours").waitFor();
  await card("Drift").getByText("Nothing to compare with").waitFor();
  expect(await faultsOf(page, "health-off")).toEqual([]);
  await stateCard().getByRole("link", { name: "Set up provisioning" }).click();
  await atScreen(page, "Set up provisioning");
});

test("on without a token, then waiting, and healthy with the first call, without a reload", async () => {
  await operate("provisioning", "enable", "--acknowledge-no-sso");
  await isState("No token works");
  okta = await stage.directory("Okta production");
  await isState("Waiting for the first call");
  expect(await faultsOf(page, "health-waiting")).toEqual([]);
  await okta.addPerson("Ada", "Lovelace", "acme.example");
  await page.getByRole("heading", { level: 2, name: "Healthy" }).waitFor({ timeout: 30_000 });
  await stateCard().getByText("There is nothing to do.").waitFor();
});

test("a day of calls is a chart with its numbers in a table, and failures lead to the failed calls", async () => {
  const ids: string[] = [];
  for (const name of ["Grace", "Alan", "Barbara", "Edsger", "Frances"]) {
    ids.push(await okta.addPerson(name, "Hopper", "acme.example"));
  }
  for (const id of ids) await okta.call("GET", `/Users/${id}`);
  await okta.call("GET", "/Users?filter=userName%20sounds%20%22like%22");
  await okta.call("POST", "/Groups", {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"],
    displayName: "Engineering",
    members: ids.map((value) => ({ value })),
  });
  await okta.call("PATCH", `/Users/${ids[0]}`, {
    schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
    Operations: [{ op: "replace", value: { active: false } }],
  });
  await isState("Healthy");
  await page.getByRole("figure", { name: /^Chart of the calls/ }).waitFor();
  await card("The last 24 hours").getByText("Show the numbers as a table").click();
  expect(await page.getByRole("table", { name: "Calls by the hour" }).getByRole("row").count()).toBe(2);
  expect(await faultsOf(page, "health-table")).toEqual([]);
  await card("The last 24 hours").getByText("Show the numbers as a table").click();
  await stateCard().getByRole("link", { name: "See what failed" }).click();
  await atScreen(page, "Requests");
  expect(new URL(page.url()).search).toBe("?failed=true");
});

test("a whole day of calls: every hour has its bar, in its own organization only", async () => {
  const { id, owner } = await stage.organization("Busy", "bea.busy@busy.example");
  await stage.operate("provisioning", "enable", "--org", id, "--acknowledge-no-sso");
  await stage.operate("token", "issue", "--org", id, "--name", "Okta");
  await spreadCalls(id);
  await stage.sql("update scim_token set last_used_at = now() where organization_id = $1", [id]);
  const busy = await visitAs(stage, owner);
  await busy.getByRole("figure", { name: /^Chart of the calls/ }).waitFor();
  expect(await busy.locator("svg rect[data-mark=answered]").count()).toBeGreaterThan(22);
  expect(await busy.locator("svg rect[data-mark=failed]").count()).toBe(5);
  expect(await faultsOf(busy, "health-busy")).toEqual([]);
  await busy.context().close();
});

test("drift is listed kind by kind, which is kept in the address", async () => {
  await isState("Healthy");
  const drift = card("Drift");
  await drift.getByRole("row").filter({ hasText: stage.owner.email }).waitFor();
  expect(await faultsOf(page, "health")).toEqual([]);
  await drift.getByRole("link", { name: "Group members 1" }).click();
  const row = drift.getByRole("row").filter({ hasText: "Grace Hopper" });
  await row.getByText("Inactive").waitFor();
  expect(new URL(page.url()).search).toBe("?drift=holders");
  expect(await faultsOf(page, "health-holders")).toEqual([]);
  await page.reload();
  await row.getByRole("link", { name: "Engineering" }).click();
  await atScreen(page, "Engineering");
  await page.goto("/health?drift=unconfirmed");
  await drift.getByText("Everybody was dealt with lately").waitFor();
  await addOldTimer();
  await page.reload();
  await drift.getByRole("row").filter({ hasText: "Olga Oldtimer" }).getByText("None known").waitFor();
  expect(await faultsOf(page, "health-unconfirmed")).toEqual([]);
});

test("a file of the provider is compared, by keyboard or dropped, and what is none is said to be none", async () => {
  await page.goto("/health");
  const compare = card("Compare with a file");
  const chooser = page.waitForEvent("filechooser");
  await compare.getByRole("button", { name: "Choose a file…" }).focus();
  await page.keyboard.press("Enter");
  await (await chooser).setFiles({ name: "people.csv", mimeType: "text/csv", buffer: Buffer.from(people) });
  await compare.getByText("5 people in the file were compared with 8 here. 2 are the same").waitFor();
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

  await drop("notes.csv", "Kennung;Abteilung\nada.lovelace@acme.example;Ops\n");
  await compare.getByText("Which one says who somebody is?").waitFor();
  expect(await faultsOf(page, "health-column")).toEqual([]);
  await compare.getByRole("button", { name: "Compare by it" }).click();
  await compare.getByText("The file has no column with a status").waitFor();
  await drop("people.xlsx", "PK\u0003\u0004");
  await compare.getByRole("alert").getByText("This is a workbook").waitFor();
  expect(await faultsOf(page, "health-no-csv")).toEqual([]);
});

test("a provider that signs in with a revoked token comes before everything else", async () => {
  await stage.sql("update scim_token set revoked_at = now() where organization_id = $1", [stage.organizationId]);
  await stage.directory("Okta next");
  expect((await okta.call("GET", "/Users")).status).toBe(401);
  await page.goto("/health");
  await stateCard()
    .getByText("it signs in with the token Okta production, which was revoked")
    .waitFor({ timeout: 30_000 });
  expect(await faultsOf(page, "health-refused")).toEqual([]);
  await stateCard().getByRole("link", { name: "Get a token that works" }).click();
  await atScreen(page, "Provisioning");
});

const people = `\uFEFF"Username";"First name";"Last name";"Status"
"ada.lovelace@acme.example";"Ada";"Lovelace";"ACTIVE"
"BARBARA.HOPPER@acme.example";"Barbara";"Hopper";"ACTIVE"
"alan.hopper@acme.example";"Allan";"Hopper";"ACTIVE"
"new.starter@acme.example";"New";"Starter";"ACTIVE"
"edsger.hopper@acme.example";"Edsger";"Hopper";"DEPROVISIONED"
`;

/** Drops a file as a person would; the browser gives no other way to make one than in the page. */
async function drop(name: string, text: string): Promise<void> {
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

/** Calls of the day before, whose ids carry their time. */
async function spreadCalls(organizationId: string): Promise<void> {
  const text = `insert into scim_request (organization_id, id, at, token_id, method, path, status, duration_ms)
    select t.organization_id, (substr(hex, 1, 8) || '-' || substr(hex, 9, 4) || '-7' || lpad(to_hex(n % 4096), 3, '0')
        || '-8000-' || right(gen_random_uuid()::text, 12))::uuid, now() - ago, t.id, 'GET', '/scim_v2/Users',
      case when n % 41 = 7 and hours between 5 and 9 then 500 when n % 17 = 5 then 409 else 200 end,
      3 + (n * 7919) % (25 + (20 * cos(hours / 2.0))::int)
    from scim_token t, generate_series(0, 23) hours, lateral (select hours * interval '1 hour' as ago) a,
      lateral generate_series(1, (900 + 800 * sin(hours / 3.0))::int) n,
      lateral (select lpad(to_hex((extract(epoch from now() - ago) * 1000)::bigint), 12, '0') as hex) h
    where t.organization_id = $1`;
  await stage.sql(text, [organizationId]);
}

/** Somebody whom the provider added long ago and has not dealt with since; the log of that time is not told here. */
async function addOldTimer(): Promise<void> {
  const text = `with account as (insert into account (id, email, email_key, name, created_at, updated_at)
      values (gen_random_uuid(), $2, $2, 'Olga Oldtimer', now(), now()) returning id)
    insert into member (organization_id, id, account_id, user_name, user_name_key, name, name_key, active, is_managed,
      awaits_acceptance, version, created_at, updated_at)
    select $1, gen_random_uuid(), id, $2, $2, 'Olga Oldtimer', 'olga oldtimer', true, true, false, 1,
      now() - interval '60 days', now() from account`;
  await stage.sql(text, [stage.organizationId, "olga.oldtimer@acme.example"]);
}
