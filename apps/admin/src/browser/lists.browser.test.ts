import type { Page } from "playwright-core";
import { describe, expect } from "vitest";
import { atScreen, requestsLogged, visitAs } from "./actions.ts";
import { type Acme, test } from "./fixture.ts";
import { fillLists } from "./long-lists.ts";
import { faultsOf } from "./page-checks.ts";

// Every table is searched, sorted and paged by mouse and keyboard, with the state in the address.

const tableOf = (page: Page, name: string) => page.getByRole("table", { name, exact: true });
const header = (page: Page, name: string, of: string) =>
  tableOf(page, of).getByRole("columnheader", { name, exact: true });
const sortButton = (page: Page, name: string, of: string) => header(page, name, of).getByRole("button", { name });
const searchBox = (page: Page) => page.getByLabel("Search", { exact: true });
const nextPage = (page: Page, pages: string) =>
  page.getByRole("navigation", { name: pages }).getByRole("button", { name: "Next" });
const searchOf = (page: Page) => new URL(page.url()).searchParams;
const widthOf = (page: Page, name: string, of: string) =>
  header(page, name, of).evaluate((cell) => cell.getBoundingClientRect().width);

/** The owner's page at `path` of an organization in which every list is long. */
async function withLists(acme: Acme, path: string): Promise<Page> {
  await fillLists(acme);
  return visitAs(acme, acme.owner, path);
}

/** The texts of the first column, once its first row is `first`. */
async function names(page: Page, of: string, first: string | RegExp): Promise<readonly string[]> {
  const cells = tableOf(page, of).getByRole("rowheader");
  await cells.first().filter({ hasText: first }).waitFor();
  return (await cells.allInnerTexts()).map((text) => text.split("\n")[0]?.trim() ?? "");
}

async function isSorted(page: Page, by: string, of: string, direction: "ascending" | "descending"): Promise<void> {
  const table = tableOf(page, of);
  await table.locator(`th[aria-sort=${direction}]`).filter({ hasText: by }).waitFor();
  expect(await table.locator("th[aria-sort=ascending], th[aria-sort=descending]").count()).toBe(1);
}

describe("the members", () => {
  test("are sorted by name at first, and by another column on a click or a key, without a jump", async ({ acme }) => {
    const page = await withLists(acme, "/members");
    await isSorted(page, "Name", "Members", "ascending");
    expect((await names(page, "Members", "Ada"))[0]).toBe("Ada Managed");
    expect(searchOf(page).size).toBe(0);
    // Only sortable columns have a button.
    expect(await header(page, "Roles", "Members").getByRole("button").count()).toBe(0);

    const width = await widthOf(page, "Changed", "Members");
    await sortButton(page, "Name", "Members").click();
    await isSorted(page, "Name", "Members", "descending");
    expect((await names(page, "Members", "Zoë"))[0]).toBe("Zoë Managed");
    expect([searchOf(page).get("sort"), searchOf(page).get("desc")]).toEqual([null, "true"]);
    await sortButton(page, "Changed", "Members").click();
    await isSorted(page, "Changed", "Members", "descending");
    // Times start with the newest.
    expect([searchOf(page).get("sort"), searchOf(page).get("desc")]).toEqual(["changed", "true"]);
    await sortButton(page, "Changed", "Members").click();
    await isSorted(page, "Changed", "Members", "ascending");
    expect((await names(page, "Members", "Person"))[0]).toMatch(/^Person/);
    await sortButton(page, "Name", "Members").click();
    await names(page, "Members", "Ada");
    expect(searchOf(page).size).toBe(0);
    expect(await widthOf(page, "Changed", "Members")).toBe(width);

    await sortButton(page, "Status", "Members").focus();
    await page.keyboard.press("Enter");
    await isSorted(page, "Status", "Members", "ascending");
    await page.keyboard.press("Space");
    await isSorted(page, "Status", "Members", "descending");
    await names(page, "Members", /^Person 110/);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Status");
  });

  test("keep order, filter and page over a reload, back and forward, and the export has them", async ({ acme }) => {
    const page = await withLists(acme, "/members");
    const next = nextPage(page, "Pages of members");
    await sortButton(page, "Name", "Members").click();
    await names(page, "Members", "Zoë");
    await searchBox(page).fill("person");
    await page.waitForURL(/search=person/);
    await names(page, "Members", "Person 140");
    await next.click();
    await names(page, "Members", "Person 115");
    await page.reload();
    expect((await names(page, "Members", "Person 115")).length).toBe(15);
    await isSorted(page, "Name", "Members", "descending");
    expect(await searchBox(page).inputValue()).toBe("person");
    await page.getByRole("button", { name: "Export" }).click();
    const csv = page.getByRole("menuitem", { name: "CSV" });
    expect(await csv.getAttribute("href")).toBe("/export/members.csv?search=person&desc=true");
    await page.keyboard.press("Escape");
    await page.goBack();
    await names(page, "Members", "Person 140");
    // The text of the search box is always the filter of the list.
    await page.goBack();
    await names(page, "Members", "Ada");
    await isSorted(page, "Name", "Members", "ascending");
    expect(await searchBox(page).inputValue()).toBe("");
    await page.goForward();
    await names(page, "Members", "Person 140");
    expect(await searchBox(page).inputValue()).toBe("person");
    // Another order starts at page 1.
    await next.click();
    await names(page, "Members", "Person 115");
    expect(searchOf(page).get("page")).toBe("2");
    await sortButton(page, "Name", "Members").click();
    await names(page, "Members", "Person 101");
    expect(searchOf(page).get("page")).toBeNull();
  });

  test("ignore the parts of an address that have no meaning", async ({ acme }) => {
    const mangled = "/members?sort=password&desc=perhaps&page=-3&status=odd&invitations=5&search=person";
    const page = await withLists(acme, mangled);
    await isSorted(page, "Name", "Members", "ascending");
    await names(page, "Members", "Person 101");
    expect([...searchOf(page).keys()]).toEqual(["search"]);
  });

  test("show the first page in place of one past the end", async ({ acme }) => {
    const page = await withLists(acme, "/members?search=person&page=9");
    await names(page, "Members", "Person 101");
    expect(searchOf(page).get("page")).toBeNull();
    await page.goto("/roles?search=Members");
    await page.getByRole("table", { name: "Roles" }).getByRole("link", { name: "Members" }).click();
    await page.waitForURL(/\/roles\/./);
    await page.goto(`${new URL(page.url()).pathname}?page=9`);
    await page.waitForURL((url) => url.search === "");
  });

  test("are sorted by a labeled choice where rows are cards", async ({ acme }) => {
    const page = await withLists(acme, "/members");
    await page.setViewportSize({ width: 360, height: 800 });
    const choice = page.getByLabel("Sort by: Members");
    await choice.waitFor();
    expect(await sortButton(page, "Name", "Members").count()).toBe(0);
    await choice.selectOption({ label: "Name, Z to A" });
    await names(page, "Members", "Zoë");
    await choice.selectOption({ label: "Changed, oldest first" });
    await names(page, "Members", "Person");
    expect([searchOf(page).get("sort"), searchOf(page).get("desc")]).toEqual(["changed", null]);
    await page.setViewportSize({ width: 1280, height: 900 });
    expect(await choice.isVisible()).toBe(false);
  });
});

test("the invitations have pages, an order and a filter of their own beside those of the members", async ({ acme }) => {
  const page = await withLists(acme, "/members?desc=true");
  expect((await names(page, "Invitations", "guest101")).length).toBe(10);
  await sortButton(page, "Invited", "Invitations").click();
  await sortButton(page, "Invited", "Invitations").click();
  await names(page, "Invitations", "guest112");
  await nextPage(page, "Pages of invitations").click();
  expect(await names(page, "Invitations", "guest102")).toHaveLength(2);
  await isSorted(page, "Name", "Members", "descending");
  await page.reload();
  expect(await names(page, "Invitations", "guest102")).toHaveLength(2);
  expect(await faultsOf(page, "lists-invitations")).toEqual([]);
  await page.getByLabel("State").selectOption({ label: "Expired" });
  expect(await names(page, "Invitations", "guest112")).toHaveLength(3);
  await page.getByLabel("Search invitations").fill("nobody");
  await page.getByText("No invitation matches").waitFor();
  // The members' list has kept its own order.
  await names(page, "Members", "Zoë");
  await page.goto(`/members?invitations=${encodeURIComponent('{"page":9}')}`);
  expect(await names(page, "Invitations", "guest101")).toHaveLength(10);
  expect(searchOf(page).size).toBe(0);
});

describe("the roles", () => {
  test("are searched, filtered by source, sorted and paged, with all of it in the address", async ({ acme }) => {
    const page = await withLists(acme, "/roles");
    expect(await names(page, "Roles", "Account Owners")).toHaveLength(25);
    await sortButton(page, "Members", "Roles").click();
    expect((await names(page, "Roles", "Members"))[0]).toBe("Members");
    await page.getByLabel("Source").selectOption({ label: "From the directory" });
    expect(await names(page, "Roles", "Engineering")).toEqual(["Engineering"]);
    await page.getByLabel("Source").selectOption({ label: "Built in" });
    expect((await names(page, "Roles", "Account Owners")).toSorted()).toEqual(["Account Owners", "Deploy Owners"]);
    await page.reload();
    await isSorted(page, "Members", "Roles", "descending");
    expect([searchOf(page).get("source"), searchOf(page).get("sort")]).toEqual(["builtIn", "members"]);
    await page.goto("/roles?page=2");
    await page.getByRole("navigation", { name: "Pages of roles" }).getByText("26–34 of 34").waitFor();
    expect(await faultsOf(page, "lists-roles")).toEqual([]);
    await searchBox(page).fill("role 13");
    expect(await names(page, "Roles", "Role 130")).toEqual(["Role 130"]);
    await searchBox(page).fill("nothing");
    await page.getByText("No role matches").waitFor();
    const matrix = page.getByRole("navigation", { name: "Pages of the permission matrix" });
    await matrix.getByRole("button", { name: "Next" }).click();
    await matrix.getByText("26–34 of 34").waitFor();
    expect([searchOf(page).get("matrixPage"), searchOf(page).get("search")]).toEqual(["2", "nothing"]);
  });

  test("show the members of each, searched, sorted and paged", async ({ acme }) => {
    const page = await withLists(acme, "/roles");
    await page.getByRole("link", { name: "Members", exact: true }).nth(1).click();
    await atScreen(page, "Members");
    const of = "Members of Members";
    expect(await names(page, of, "Ada")).toHaveLength(25);
    await sortButton(page, "Name", of).click();
    await names(page, of, "Zoë");
    await searchBox(page).fill("person");
    await names(page, of, "Person 140");
    await page.reload();
    await names(page, of, "Person 140");
    await searchBox(page).fill("nobody");
    await page.getByText("No one in this role matches").waitFor();
  });
});

describe("the small lists", () => {
  test("of tokens are sorted without scrolling the page; those of exemptions are searched, too", async ({ acme }) => {
    await fillLists(acme);
    await acme.issueToken("Alpha");
    await requestsLogged(acme, 3);
    const page = await visitAs(acme, acme.owner, "/settings/provisioning");
    const tokens = "SCIM tokens";
    expect(await names(page, tokens, "Alpha")).toEqual(["Alpha", "Okta"]);
    await sortButton(page, "Last used", tokens).scrollIntoViewIfNeeded();
    const before = await page.evaluate(() => window.scrollY);
    await sortButton(page, "Last used", tokens).click();
    // Tokens that were never used come last in both orders.
    expect(await names(page, tokens, "Okta")).toEqual(["Okta", "Alpha"]);
    await sortButton(page, "Last used", tokens).click();
    await isSorted(page, "Last used", tokens, "ascending");
    expect(await names(page, tokens, "Okta")).toEqual(["Okta", "Alpha"]);
    expect(await page.evaluate(() => window.scrollY)).toBe(before);
    await page.reload();
    await isSorted(page, "Last used", tokens, "ascending");

    const exempt = "Exempt from the locks";
    expect(await names(page, exempt, "Person 110")).toHaveLength(10);
    await sortButton(page, "Name", exempt).click();
    await names(page, exempt, "Person 129");
    await nextPage(page, `Pages of ${exempt}`).click();
    await names(page, exempt, "Person 119");
    expect(await faultsOf(page, "lists-provisioning")).toEqual([]);
    await page.getByRole("search", { name: exempt }).getByLabel("Search").fill("120");
    expect(await names(page, exempt, "Person 120")).toEqual(["Person 120"]);
  });

  test("of domains are sorted, paged and filtered", async ({ acme }) => {
    const page = await withLists(acme, "/settings/domains");
    await page.getByRole("heading", { name: "d101.example" }).waitFor();
    await page.getByLabel("Sort by: Domains").selectOption({ label: "Domain, Z to A" });
    await page.getByRole("heading", { name: "d112.example" }).waitFor();
    await nextPage(page, "Pages of domains").click();
    await page.getByRole("heading", { name: "d101.example" }).waitFor();
    expect(await page.getByRole("heading", { level: 2 }).count()).toBe(2);
    expect(await faultsOf(page, "lists-domains")).toEqual([]);
    await page.getByLabel("State").selectOption({ label: "Verified" });
    await page.getByText("No domain matches").waitFor();
  });
});
