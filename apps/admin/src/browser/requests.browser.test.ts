import type { Page } from "playwright-core";
import { expect } from "vitest";
import { atScreen, mutate, requestsLogged, visitAs } from "./actions.ts";
import { controlClock, passTime } from "./chromium.ts";
import { type Directory, directory, patchOf, requiredText } from "./directory.ts";
import { type Acme, test } from "./fixture.ts";
import { faultsOf, keepPart } from "./page-checks.ts";

// An owner finds a request of the identity provider, why it was refused, and the next step.

const mainOf = (page: Page) => page.locator("main");
const tableOf = (page: Page) => page.getByRole("table", { name: "SCIM requests, newest first" });
const newsOf = (page: Page) => page.getByRole("region", { name: "New requests" });
const rowCountOf = (page: Page) => tableOf(page).locator("tbody tr").count();
const whatOf = (page: Page) => page.getByLabel("What", { exact: true });

const addPam = (okta: Directory) => okta.addPerson("Pam", "Beesly", "acme.example");
const addJim = (okta: Directory) => okta.addPerson("Jim", "Halpert", "acme.example");
const addJimAgain = (okta: Directory) =>
  okta.request("POST", "/Users", { userName: "JIM.HALPERT@acme.example", active: true });
const renamePam = (okta: Directory, pam: string) =>
  okta.request("PATCH", `/Users/${pam}`, patchOf({ op: "Replace", path: "displayName", value: "Pam B." }));
const removeNobody = (okta: Directory) => okta.request("DELETE", "/Users/00000000-0000-7000-8000-000000000000");

/** The identity provider of Acme and its token; provisioning is on. */
async function withOkta(acme: Acme): Promise<{ readonly okta: Directory; readonly token: string }> {
  await acme.enableProvisioning();
  const token = await acme.issueToken("Okta");
  return { okta: directory(acme.scimUrl, token), token };
}

/** Searches people with an incomplete token. */
async function sendPartOf(token: string, acme: Acme): Promise<void> {
  const headers = { authorization: `Bearer ${token.slice(0, 30)}` };
  expect((await fetch(`${acme.scimUrl}/Users`, { headers })).status).toBe(401);
}

test("an empty list shows the first request, counts further ones, and shows them on demand or at once", async ({
  acme,
}) => {
  const { okta } = await withOkta(acme);
  const page = await visitAs(acme, acme.owner, "/requests");
  const table = tableOf(page);
  const news = newsOf(page);
  await atScreen(page, "Requests");
  await page.getByText("No requests yet").first().waitFor();
  await news.getByText("Live", { exact: true }).waitFor();
  expect(await faultsOf(page, "requests-empty")).toEqual([]);
  const pam = await addPam(okta);
  await table.getByRole("link", { name: "Add a person" }).waitFor();

  const before = await rowCountOf(page);
  await renamePam(okta, pam);
  await addJim(okta);
  await news.getByRole("button", { name: "Show 2 new requests" }).waitFor();
  expect(await rowCountOf(page)).toBe(before);
  expect(await faultsOf(page, "requests-new")).toEqual([]);
  await news.getByRole("button", { name: "Show 2 new requests" }).click();
  await table.getByRole("link", { name: "Change a person" }).waitFor();
  expect(await rowCountOf(page)).toBe(before + 2);

  await news.getByRole("switch", { name: "Show new requests immediately" }).check();
  await page.waitForURL(/follow=true/);
  await removeNobody(okta);
  await table.getByRole("link", { name: "Remove a person" }).waitFor();
  expect(await news.getByRole("button").count()).toBe(0);
  await news.getByRole("switch", { name: "Show new requests immediately" }).uncheck();
});

test("a request shows its changes, its bodies, and a curl command to repeat it", async ({ acme }) => {
  const { okta, token } = await withOkta(acme);
  const pam = await addPam(okta);
  const body = { title: "Dr.", password: "hunter2-hunter2", name: { givenName: "Pamela" } };
  await okta.request("PATCH", `/Users/${pam}`, patchOf({ op: "Add", value: body }));
  await requestsLogged(acme, 2);
  const page = await visitAs(acme, acme.owner, "/requests");
  await tableOf(page).getByRole("link", { name: "Change a person" }).focus();
  await page.keyboard.press("Enter");
  await atScreen(page, "Change a person");
  await mainOf(page).getByText("It worked.").waitFor();
  const changes = page.getByRole("region", { name: "What it changed" });
  await changes.getByRole("row", { name: /^givenName Pam Pamela/ }).waitFor();
  const sent = page.getByRole("region", { name: "Request body" });
  await sent.getByText('"Pamela"').waitFor();
  expect(await sent.textContent()).toContain("(text, 15 characters)");
  expect(await mainOf(page).textContent()).not.toContain("hunter2");
  await page.getByText("The name of an operation is taken in any letter case.").waitFor();
  expect(await faultsOf(page, "request")).toEqual([]);
  await page.getByRole("button", { name: "Copy curl command" }).click();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain(`curl --globoff --request PATCH '${acme.scimUrl}/Users/${pam}'`);
  expect(copied).toContain("Bearer $SCIM_TOKEN");
  expect(copied).not.toContain(token);
});

test("a refused request shows the reason and the next step", async ({ acme }) => {
  const { okta } = await withOkta(acme);
  await addJim(okta);
  await addJimAgain(okta);
  await requestsLogged(acme, 2);
  const page = await visitAs(acme, acme.owner, "/requests?failed=true&follow=true");
  await tableOf(page).getByRole("link", { name: "Add a person" }).click();
  await mainOf(page).getByText("Refused: JIM.HALPERT@acme.example is in use already.", { exact: true }).waitFor();
  await mainOf(page).getByText("What to do next: Look for the person under Members.").waitFor();
  await keepPart(page.getByRole("region", { name: "What happened" }), "refused-request");
});

test("a request that was refused a role made by hand lets its owner allow it, and undo that", async ({ acme }) => {
  const { okta } = await withOkta(acme);
  const pam = await addPam(okta);
  const page = await visitAs(acme, acme.owner);
  await mutate(page, "setup.choose", { provider: "okta" });
  const ops = requiredText(await mutate(page, "roles.create", { name: "Ops", permissions: [] }), "id");
  const push = () =>
    okta.request("PATCH", `/Groups/${ops}`, patchOf({ op: "add", path: "members", value: [{ value: pam }] }));
  expect((await push()).status).toBe(409);
  await requestsLogged(acme, 2);
  const asked = page.getByText("Okta asks to manage Ops.");
  await page.goto(`/roles/${ops}`);
  await asked.waitFor();
  expect(await faultsOf(page, "role-asked")).toEqual([]);
  await page.getByRole("link", { name: "Requests" }).click();
  await tableOf(page).getByRole("link", { name: "Change a group" }).click();
  await page.getByRole("button", { name: "Allow: Ops" }).click();
  await page.getByText("Okta manages Ops from its next push on.").waitFor();
  await asked.waitFor({ state: "detached" });
  expect(await faultsOf(page, "request-allowed")).toEqual([]);
  expect((await push()).status).toBe(204);
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("Ops is managed here again.").waitFor();
  expect((await push()).status).toBe(409);
});

test("a request with an incomplete token shows the owner the next step", async ({ acme }) => {
  const { token } = await withOkta(acme);
  await sendPartOf(token, acme);
  await requestsLogged(acme, 1);
  const page = await visitAs(acme, acme.owner, "/requests?outcome=unauthenticated&follow=true");
  await page.getByText("Not a complete token").first().waitFor();
  await tableOf(page).getByRole("link", { name: "Look people up" }).click();
  await mainOf(page).getByText("What to do next: Copy the whole token again").waitFor();
  expect(await faultsOf(page, "request-not-let-in")).toEqual([]);
});

test("the filters narrow the list and are part of the address and the export", async ({ acme }) => {
  const { okta, token } = await withOkta(acme);
  const pam = await addPam(okta);
  await renamePam(okta, pam);
  await addJim(okta);
  await removeNobody(okta);
  await renamePam(okta, pam);
  await addJimAgain(okta);
  await sendPartOf(token, acme);
  await requestsLogged(acme, 7);
  const page = await visitAs(acme, acme.owner, "/requests");
  const person = page.getByLabel("Person");
  await whatOf(page).selectOption("Change a person");
  await page.waitForURL(/method=PATCH/);
  await expect.poll(() => rowCountOf(page)).toBe(2);
  await page.getByRole("searchbox", { name: "Person" }).or(person).fill("jim.halpert");
  await page.locator("datalist option").first().waitFor({ state: "attached" });
  await person.fill("jim.halpert@acme.example");
  await page.getByText("Nothing matches", { exact: true }).waitFor();
  await whatOf(page).selectOption("Anything");
  await page.waitForURL(/memberId=/);
  await expect.poll(() => rowCountOf(page)).toBe(1);
  expect(await faultsOf(page, "requests-filtered")).toEqual([]);
  await page.reload();
  await expect.poll(() => person.inputValue()).toBe("jim.halpert@acme.example");
  await page.getByRole("button", { name: "Export" }).click();
  const href = await page.getByRole("menuitem", { name: "JSON, for programs" }).getAttribute("href");
  expect(href).toMatch(/^\/export\/requests\.json\?memberId=[-0-9a-f]{36}$/);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Clear filters" }).click();
  await expect.poll(() => rowCountOf(page)).toBe(7);
});

test("the screen asks for new requests every five seconds when the stream is not available", async ({ acme }) => {
  const { okta } = await withOkta(acme);
  await addPam(okta);
  await requestsLogged(acme, 1);
  const page = await visitAs(acme, acme.owner);
  await page.route("**/live/requests", (route) => route.abort());
  await controlClock(page);
  await page.goto("/requests");
  const region = newsOf(page);
  await region.getByText("Checks every 5 seconds").waitFor();
  await tableOf(page).getByRole("link", { name: "Add a person" }).waitFor();
  await okta.request("GET", "/Users?count=1");
  await requestsLogged(acme, 2);
  const show = region.getByRole("button", { name: "Show 1 new request" });
  await passTime(page, 5000, show);
  await show.click();
  await region.getByRole("button").waitFor({ state: "detached" });
});
