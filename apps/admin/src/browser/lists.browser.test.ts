import "@rollcall/local-postgres/vitest-global-setup";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { atScreen, faultsOf, visitAs } from "./acts.ts";
import { fillLists } from "./long-lists.ts";
import { openStage, type Stage } from "./stage.ts";

// Guards that every table is searched, sorted and paged by mouse and keyboard, and that its address holds all of that.
let stage: Stage;
let page: Page;

const table = (name: string) => page.getByRole("table", { name, exact: true });
const header = (name: string, of: string) => table(of).getByRole("columnheader", { name, exact: true });
const sortButton = (name: string, of: string) => header(name, of).getByRole("button", { name });
/** The first column, which names the rows; as soon as it begins with `first`. */
async function names(of: string, first: string | RegExp): Promise<readonly string[]> {
  await table(of).getByRole("rowheader").first().filter({ hasText: first }).waitFor();
  return (await table(of).getByRole("rowheader").allInnerTexts()).map((text) => text.split("\n")[0]?.trim() ?? "");
}
const searchOf = () => new URL(page.url()).searchParams;
const isSorted = async (by: string, of: string, direction: string): Promise<void> => {
  await table(of).locator(`th[aria-sort=${direction}]`).filter({ hasText: by }).waitFor();
  expect(await table(of).locator("th[aria-sort=ascending], th[aria-sort=descending]").count()).toBe(1);
};

beforeAll(async () => {
  stage = await openStage(inject("postgresUrl"));
  await fillLists(stage);
  page = await visitAs(stage, stage.owner, "/members");
});

afterAll(async () => stage?.close());

describe("the members", () => {
  test("are by name at first, and say so", async () => {
    await isSorted("Name", "Members", "ascending");
    expect((await names("Members", "Ada"))[0]).toBe("Ada Managed");
    expect(searchOf().size).toBe(0);
    // What cannot be sorted by is no button.
    expect(await header("Roles", "Members").getByRole("button").count()).toBe(0);
    expect(await faultsOf(page, "lists-members")).toEqual([]);
  });

  test("are sorted by a click on a header, without a jump, and the other way by a second one", async () => {
    const width = await header("Changed", "Members").evaluate((cell) => cell.getBoundingClientRect().width);
    await sortButton("Name", "Members").click();
    await isSorted("Name", "Members", "descending");
    expect((await names("Members", "Zoë"))[0]).toBe("Zoë Managed");
    expect([searchOf().get("sort"), searchOf().get("desc")]).toEqual([null, "true"]);
    await sortButton("Changed", "Members").click();
    await isSorted("Changed", "Members", "descending");
    // Times begin with the newest.
    expect([searchOf().get("sort"), searchOf().get("desc")]).toEqual(["changed", "true"]);
    await sortButton("Changed", "Members").click();
    await isSorted("Changed", "Members", "ascending");
    expect((await names("Members", "Person"))[0]).toMatch(/^Person/);
    await sortButton("Name", "Members").click();
    await names("Members", "Ada");
    expect(searchOf().size).toBe(0);
    expect(await header("Changed", "Members").evaluate((cell) => cell.getBoundingClientRect().width)).toBe(width);
  });

  test("are sorted by the keyboard alone, and the header keeps the focus", async () => {
    await sortButton("Status", "Members").focus();
    await page.keyboard.press("Enter");
    await isSorted("Status", "Members", "ascending");
    await page.keyboard.press("Space");
    await isSorted("Status", "Members", "descending");
    await names("Members", /^Person 110/);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Status");
  });

  test("keep order, filter and page over a reload and the back button, and the export has them", async () => {
    await page.goto("/members");
    await page.getByLabel("Search", { exact: true }).fill("person");
    await page.waitForURL(/search=person/);
    await sortButton("Name", "Members").click();
    await names("Members", "Person 140");
    await page.getByRole("navigation", { name: "Pages of members" }).getByRole("button", { name: "Next" }).click();
    await names("Members", "Person 115");
    await page.reload();
    expect((await names("Members", "Person 115")).length).toBe(15);
    await isSorted("Name", "Members", "descending");
    await page.getByRole("button", { name: "Export" }).click();
    const csv = page.getByRole("menuitem", { name: "CSV" });
    expect(await csv.getAttribute("href")).toBe("/export/members.csv?search=person&desc=true");
    await page.keyboard.press("Escape");
    await page.goBack();
    await names("Members", "Person 140");
    await page.goBack();
    await names("Members", "Person 101");
    await isSorted("Name", "Members", "ascending");
    // Another order begins at its first page.
    await page.goto("/members?search=person&page=2");
    await names("Members", "Person 126");
    await sortButton("Name", "Members").click();
    await names("Members", "Person 140");
    expect(searchOf().get("page")).toBeNull();
  });

  test("stay as they are usually where the address is mangled", async () => {
    await page.goto("/members?sort=password&desc=perhaps&page=-3&status=odd&invitations=5&search=person");
    await isSorted("Name", "Members", "ascending");
    await names("Members", "Person 101");
    expect([...searchOf().keys()]).toEqual(["search"]);
  });

  // Guards against a box that says what the list no longer shows.
  test("follow the back button with what the search box says", async () => {
    const box = page.getByLabel("Search", { exact: true });
    await page.goto("/members");
    await sortButton("Name", "Members").click();
    await names("Members", "Zoë");
    await box.fill("person");
    await names("Members", "Person 140");
    await page.goBack();
    await names("Members", "Ada");
    expect(await box.inputValue()).toBe("");
    await page.goForward();
    await names("Members", "Person 140");
    expect(await box.inputValue()).toBe("person");
  });

  test("are sorted by a labelled choice where rows are cards", async () => {
    await page.setViewportSize({ width: 360, height: 800 });
    await page.goto("/members");
    const choice = page.getByLabel("Sort by: Members");
    await choice.waitFor();
    expect(await sortButton("Name", "Members").count()).toBe(0);
    await choice.selectOption({ label: "Name, Z to A" });
    await names("Members", "Zoë");
    await choice.selectOption({ label: "Changed, oldest first" });
    await names("Members", "Person");
    expect([searchOf().get("sort"), searchOf().get("desc")]).toEqual(["changed", null]);
    await page.setViewportSize({ width: 1280, height: 900 });
    expect(await choice.isVisible()).toBe(false);
    expect(await faultsOf(page, "lists-members-sorted")).toEqual([]);
  });
});

describe("the invitations", () => {
  test("have pages, an order and a filter of their own beside those of the members", async () => {
    await page.goto("/members?desc=true");
    expect((await names("Invitations", "guest101")).length).toBe(10);
    await sortButton("Invited", "Invitations").click();
    await sortButton("Invited", "Invitations").click();
    await names("Invitations", "guest112");
    await page.getByRole("navigation", { name: "Pages of invitations" }).getByRole("button", { name: "Next" }).click();
    expect(await names("Invitations", "guest102")).toHaveLength(2);
    await isSorted("Name", "Members", "descending");
    await page.reload();
    expect(await names("Invitations", "guest102")).toHaveLength(2);
    expect(await faultsOf(page, "lists-invitations")).toEqual([]);
    await page.getByLabel("State").selectOption({ label: "Expired" });
    expect(await names("Invitations", "guest112")).toHaveLength(3);
    await page.getByLabel("Search invitations").fill("nobody");
    await page.getByText("No invitation matches").waitFor();
    // The members' own list has kept what was asked of it.
    await names("Members", "Zoë");
  });
});

describe("the roles", () => {
  test("are searched, told apart by source, sorted and paged, with all of it in the address", async () => {
    await page.goto("/roles");
    expect(await names("Roles", "Account Owners")).toHaveLength(25);
    await sortButton("Members", "Roles").click();
    expect((await names("Roles", "Members"))[0]).toBe("Members");
    await page.getByLabel("Source").selectOption({ label: "Directory" });
    expect(await names("Roles", "Engineering")).toEqual(["Engineering"]);
    await page.getByLabel("Source").selectOption({ label: "Built in" });
    expect((await names("Roles", "Account Owners")).toSorted()).toEqual(["Account Owners", "Deploy Owners"]);
    await page.reload();
    await isSorted("Members", "Roles", "descending");
    expect([searchOf().get("source"), searchOf().get("sort")]).toEqual(["builtIn", "members"]);
    await page.goto("/roles?page=2");
    await page.getByRole("navigation", { name: "Pages of roles" }).getByText("26–34 of 34").waitFor();
    expect(await faultsOf(page, "lists-roles")).toEqual([]);
    await page.getByLabel("Search", { exact: true }).fill("role 13");
    expect(await names("Roles", "Role 130")).toEqual(["Role 130"]);
    await page.getByLabel("Search", { exact: true }).fill("nothing");
    await page.getByText("No role matches").waitFor();
    const matrix = page.getByRole("navigation", { name: "Pages of the permission matrix" });
    await matrix.getByRole("button", { name: "Next" }).click();
    await matrix.getByText("26–34 of 34").waitFor();
    expect([searchOf().get("matrixPage"), searchOf().get("search")]).toEqual(["2", "nothing"]);
  });

  test("show those who hold one, searched, sorted and paged", async () => {
    await page.goto("/roles");
    await page.getByRole("link", { name: "Members", exact: true }).nth(1).click();
    await atScreen(page, "Members");
    const of = "Members of Members";
    expect(await names(of, "Ada")).toHaveLength(25);
    await sortButton("Name", of).click();
    await names(of, "Zoë");
    await page.getByLabel("Search", { exact: true }).fill("person");
    await names(of, "Person 140");
    await page.reload();
    await names(of, "Person 140");
    expect(await faultsOf(page, "lists-role")).toEqual([]);
    await page.getByLabel("Search", { exact: true }).fill("nobody");
    await page.getByText("Nobody in this role matches").waitFor();
  });
});

describe("the small lists", () => {
  test("of tokens are sorted where they stand, and the page does not jump", async () => {
    await stage.directory("Alpha");
    await page.goto("/settings/provisioning");
    expect(await names("SCIM tokens", "Alpha")).toEqual(["Alpha", "Okta"]);
    await sortButton("Last used", "SCIM tokens").scrollIntoViewIfNeeded();
    const before = await page.evaluate(() => window.scrollY);
    await sortButton("Last used", "SCIM tokens").click();
    // A token that was never used is the last one either way.
    expect(await names("SCIM tokens", "Okta")).toEqual(["Okta", "Alpha"]);
    await sortButton("Last used", "SCIM tokens").click();
    await isSorted("Last used", "SCIM tokens", "ascending");
    expect(await names("SCIM tokens", "Okta")).toEqual(["Okta", "Alpha"]);
    expect(await page.evaluate(() => window.scrollY)).toBe(before);
    await page.reload();
    await isSorted("Last used", "SCIM tokens", "ascending");
  });

  test("of people whom the locks leave alone, and of domains, are searched where they are many", async () => {
    await page.goto("/settings/provisioning");
    const of = "Exempt from the locks";
    expect(await names(of, "Person 110")).toHaveLength(10);
    await sortButton("Name", of).click();
    await names(of, "Person 129");
    await page
      .getByRole("navigation", { name: `Pages of ${of}` })
      .getByRole("button", { name: "Next" })
      .click();
    await names(of, "Person 119");
    expect(await faultsOf(page, "lists-provisioning")).toEqual([]);
    await page.getByRole("search", { name: of }).getByLabel("Search").fill("120");
    expect(await names(of, "Person 120")).toEqual(["Person 120"]);
    await page.goto("/settings/domains");
    await page.getByRole("heading", { name: "d101.example" }).waitFor();
    await page.getByLabel("Sort by: Domains").selectOption({ label: "Domain, Z to A" });
    await page.getByRole("heading", { name: "d112.example" }).waitFor();
    await page.getByRole("navigation", { name: "Pages of domains" }).getByRole("button", { name: "Next" }).click();
    await page.getByRole("heading", { name: "d101.example" }).waitFor();
    expect(await page.getByRole("heading", { level: 2 }).count()).toBe(2);
    expect(await faultsOf(page, "lists-domains")).toEqual([]);
    await page.getByLabel("State").selectOption({ label: "Verified" });
    await page.getByText("No domain matches").waitFor();
  });
});
