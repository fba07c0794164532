import { expect } from "vitest";
import { atScreen, requestsLogged, visit, visitAs } from "./actions.ts";
import { type Directory, groupOf, patchOf } from "./directory.ts";
import { type Acme, test } from "./fixture.ts";
import { faultsOf } from "./looks.ts";

// Guards what is not in states.browser.test.ts, which opens every screen with its data: menus, dialogs and empty or
// refused screens have no fault that axe knows, in light and dark, and nothing is cut off at 360 pixels.

/** Acme with provisioning, and its directory. */
async function withDirectory(acme: Acme): Promise<Directory> {
  await acme.enableProvisioning();
  return acme.directory("Okta production");
}

test("a visitor sees the sign-in screen, and a not-found page at an unknown address", async ({ acme }) => {
  const page = await visit(acme);
  await atScreen(page, "Sign in");
  await page.goto("/nowhere");
  await atScreen(page, "There is no such page");
  expect(await faultsOf(page, "not-found")).toEqual([]);
});

test("a request shows which known deviations were accepted, and opens them by keyboard", async ({ acme }) => {
  const okta = await withDirectory(acme);
  const frances = await okta.addPerson("Frances", "Hopper", "acme.example");
  const ken = await okta.addPerson("Ken", "Hopper", "acme.example");
  // As Entra sends them.
  const rename = patchOf({ op: "Replace", path: "displayName", value: "Frances L." });
  await okta.call("PATCH", `/Users/${frances}`, rename);
  const deactivate = patchOf(
    { op: "Replace", path: "active", value: "False" },
    { op: "Replace", path: 'emails[type eq "work"].value', value: "ken@acme.example" },
    { op: "Add", path: 'phoneNumbers[type eq "mobile"].value', value: "555-0100" },
  );
  await okta.call("PATCH", `/Users/${ken}`, deactivate);
  await requestsLogged(acme, 4);
  const page = await visitAs(acme, acme.owner, "/requests");
  const one = page.locator("summary", { hasText: "Entra habit: operations in capitals" });
  const several = page.locator("summary", { hasText: "4 provider habits" });
  await one.first().waitFor();
  const tolerance = page.getByText("The name of an operation is taken in any letter case.");
  expect(await tolerance.first().isVisible()).toBe(false);
  await one.first().focus();
  await page.keyboard.press("Enter");
  await several.first().focus();
  await page.keyboard.press("Space");
  await tolerance.nth(1).waitFor();
  expect(await page.getByText("They are ignored; only a PATCH path that no RFC knows is refused.").isVisible()).toBe(
    true,
  );
  expect(await page.locator("details.habits[open]").count()).toBe(2);
  expect(await faultsOf(page, "requests-habits")).toEqual([]);
});

test("an empty search, the account menu and the dialog that links a role have no faults", async ({ acme }) => {
  const okta = await withDirectory(acme);
  await okta.call("POST", "/Groups", groupOf("Engineering", await okta.addPerson("Ada", "Lovelace", "acme.example")));
  const page = await visitAs(acme, acme.owner, "/members?search=nobody-is-called-this");
  await atScreen(page, "Members");
  await page.locator("main").getByText("Nobody matches").first().waitFor();
  expect(await faultsOf(page, "members-empty")).toEqual([]);
  await page.getByRole("link", { name: "Roles", exact: true }).click();
  await page.getByRole("link", { name: "Engineering" }).click();
  await page.getByRole("table", { name: "Members of Engineering" }).waitFor();
  await page.getByRole("button", { name: /^Account of/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).waitFor();
  expect(await faultsOf(page, "account-menu")).toEqual([]);
  await page.goto("/roles");
  await page.getByRole("table").getByRole("link", { name: "Members", exact: true }).click();
  await page.getByRole("button", { name: "Link to the directory…" }).click();
  await page.getByRole("dialog").waitFor();
  expect(await faultsOf(page, "dialog-link")).toEqual([]);
});

test("AR-01 AR-02 an owner opens the provisioning settings, and a plain member is refused", async ({ acme }) => {
  // Nina has a password as the owner of another organization, and is a plain member of Acme.
  const nina = (await acme.organization("Nina Works", "nina.member@acme.example")).owner;
  await acme.verifyDomain("acme.example");
  const okta = await withDirectory(acme);
  await okta.addPerson("Nina", "Member", "acme.example");
  const page = await visitAs(acme, nina, "/settings/provisioning");
  await atScreen(page, "Provisioning");
  await page.getByText("No tokens yet").waitFor();
  await page.getByRole("button", { name: /^Organization/ }).click();
  expect(await faultsOf(page, "organization-menu")).toEqual([]);
  await page.getByRole("menuitemradio", { name: "Acme" }).click();
  await atScreen(page, "Acme");
  await page.goto("/requests");
  await atScreen(page, "Only owners can open the settings");
  expect(await faultsOf(page, "owners-only")).toEqual([]);
});
