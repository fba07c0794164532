import "@rollcall/local-postgres/vitest-global-setup";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { atScreen, faultsOf, visitAs } from "./acts.ts";
import { type Directory, directory } from "./directory.ts";
import { requiredText } from "./printed.ts";
import { openStage, type Stage } from "./stage.ts";

// Guards how an owner finds out at night what the provider did: the call, why it was refused, what to do. One story in order.
let stage: Stage;
let page: Page;
let okta: Directory;
let token: string;
let pam: string;

const patch = (...operations: readonly object[]) => ({
  schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
  Operations: operations,
});

beforeAll(async () => {
  stage = await openStage(inject("postgresUrl"));
  await stage.operate("provisioning", "enable", "--org", stage.organizationId, "--acknowledge-no-sso");
  const issued = await stage.operate("token", "issue", "--org", stage.organizationId, "--name", "Okta");
  token = requiredText(issued, "token");
  okta = directory(stage.scimUrl, token);
  page = await visitAs(stage, stage.owner, "/requests");
});
afterAll(async () => stage?.close());

const main = () => page.locator("main");
const table = () => page.getByRole("table", { name: "SCIM calls, newest first" });
const news = () => page.getByRole("region", { name: "New calls" });
const rowCount = () => table().locator("tbody tr").count();

test("an empty list fills by itself with the first calls", async () => {
  await atScreen(page, "Requests");
  await page.getByText("No calls yet").waitFor();
  await news().getByText("Live", { exact: true }).waitFor();
  expect(await faultsOf(page, "requests-empty")).toEqual([]);
  pam = await okta.addPerson("Pam", "Beesly", "acme.example");
  await table().getByRole("link", { name: "Add a person" }).waitFor();
});

test("further calls are counted without moving anything, and shown on demand", async () => {
  const before = await rowCount();
  await okta.call("PATCH", `/Users/${pam}`, patch({ op: "Replace", path: "displayName", value: "Pam B." }));
  await okta.addPerson("Jim", "Halpert", "acme.example");
  await news().getByRole("button", { name: "Show 2 new calls" }).waitFor();
  expect(await rowCount()).toBe(before);
  expect(await faultsOf(page, "requests-new")).toEqual([]);
  await news().getByRole("button", { name: "Show 2 new calls" }).click();
  await table().getByRole("link", { name: "Change a person" }).waitFor();
  expect(await rowCount()).toBe(before + 2);
});

test("with the switch they are shown as they come, and the address says so", async () => {
  await news().getByRole("switch", { name: "Show new calls at once" }).check();
  await page.waitForURL(/follow=true/);
  await okta.call("DELETE", "/Users/00000000-0000-7000-8000-000000000000");
  await table().getByRole("link", { name: "Remove a person" }).waitFor();
  expect(await news().getByRole("button").count()).toBe(0);
  await news().getByRole("switch", { name: "Show new calls at once" }).uncheck();
});

test("a call says what it changed, what was sent, and how to make it again", async () => {
  const body = { title: "Dr.", password: "hunter2-hunter2", name: { givenName: "Pamela" } };
  await page.goto("/requests");
  const changed = table().getByRole("link", { name: "Change a person" });
  await changed.first().waitFor();
  const known = await changed.count();
  await okta.call("PATCH", `/Users/${pam}`, patch({ op: "Add", value: body }));
  await news().getByRole("button").click();
  await changed.nth(known).waitFor();
  await changed.first().focus();
  await page.keyboard.press("Enter");
  await atScreen(page, "Change a person");
  await main().getByText("It worked.").waitFor();
  const changes = page.getByRole("region", { name: "What it changed" });
  await changes.getByRole("row", { name: /^givenName Pam Pamela/ }).waitFor();
  const sent = page.getByRole("region", { name: "What was sent" });
  await sent.getByText('"Pamela"').waitFor();
  expect(await sent.textContent()).toContain("(text, 15 characters)");
  expect(await main().textContent()).not.toContain("hunter2");
  await page.getByText("The name of an operation is taken in any letter case.").waitFor();
  expect(await faultsOf(page, "request")).toEqual([]);
  await page.getByRole("button", { name: "Copy curl command" }).click();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain(`curl --globoff --request PATCH '${stage.scimUrl}/Users/${pam}'`);
  expect(copied).toContain("Bearer $SCIM_TOKEN");
  expect(copied).not.toContain(token);
});

test("a refused call says why in words and what to do next, also when its address is shared", async () => {
  await okta.call("POST", "/Users", { userName: "JIM.HALPERT@acme.example", active: true });
  // A call is noted a moment after its answer; here it is shown as it comes.
  await page.goto("/requests?failed=true&follow=true");
  await table().getByRole("link", { name: "Add a person" }).click();
  await main().getByText("Refused: JIM.HALPERT@acme.example is in use already.", { exact: true }).waitFor();
  await main().getByText("What to do next: Look for the person under Members.").waitFor();
  expect(await faultsOf(page, "request-refused")).toEqual([]);
  const again = await visitAs(stage, stage.owner, new URL(page.url()).pathname);
  await atScreen(again, "Add a person");
  await again.context().close();
});

test("a token that was cut off is shown to its owner", async () => {
  const answer = await fetch(`${stage.scimUrl}/Users`, { headers: { authorization: `Bearer ${token.slice(0, 30)}` } });
  expect(answer.status).toBe(401);
  await page.goto("/requests?outcome=notLetIn&follow=true");
  await page.getByText("Not a whole token").first().waitFor();
  await table().getByRole("link", { name: "Look people up" }).click();
  await main().getByText("What to do next: Copy the whole token again").waitFor();
  expect(await faultsOf(page, "request-not-let-in")).toEqual([]);
});

test("the filters narrow the list, are in the address, and go into the file", async () => {
  await page.goto("/requests");
  await page.getByLabel("What", { exact: true }).selectOption("Change a person");
  await page.waitForURL(/method=PATCH/);
  await expect.poll(rowCount).toBe(2);
  await page.getByRole("searchbox", { name: "Person" }).or(page.getByLabel("Person")).fill("jim.halpert");
  await page.locator("datalist option").first().waitFor({ state: "attached" });
  await page.getByLabel("Person").fill("jim.halpert@acme.example");
  await page.getByText("Nothing matches", { exact: true }).waitFor();
  await page.getByLabel("What", { exact: true }).selectOption("Anything");
  await page.waitForURL(/memberId=/);
  await expect.poll(rowCount).toBe(1);
  expect(await faultsOf(page, "requests-filtered")).toEqual([]);
  await page.reload();
  await expect.poll(() => page.getByLabel("Person").inputValue()).toBe("jim.halpert@acme.example");
  await page.getByRole("button", { name: "Export" }).click();
  const href = await page.getByRole("menuitem", { name: "JSON, for programs" }).getAttribute("href");
  expect(href).toMatch(/^\/export\/requests\.json\?memberId=[-0-9a-f]{36}$/);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Clear filters" }).click();
  await expect.poll(rowCount).toBeGreaterThan(4);
  expect(await faultsOf(page, "requests-list")).toEqual([]);
  await page.setViewportSize({ width: 360, height: 800 });
  const heights = await table()
    .locator("tbody tr")
    .evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().height));
  await page.setViewportSize({ width: 1280, height: 900 });
  // Short enough to see several at once on a telephone.
  expect(Math.min(...heights)).toBeLessThan(150);
  expect(Math.max(...heights)).toBeLessThan(280);
});

test("without the stream it asks every five seconds", async () => {
  const page2 = await visitAs(stage, stage.owner);
  await page2.route("**/live/requests", (route) => route.abort());
  await page2.goto("/requests");
  const region = page2.getByRole("region", { name: "New calls" });
  await region.getByText("Checks every 5 seconds").waitFor();
  await okta.call("GET", "/Users?count=1");
  await region.getByRole("button", { name: "Show 1 new call" }).click();
  await expect.poll(() => region.getByRole("button").count()).toBe(0);
  await page2.context().close();
});
