import { expect } from "vitest";
import { atScreen, mutate, requestsLogged, signedIn, signIn, visit, visitAs } from "./actions.ts";
import { controlClock, passTime } from "./chromium.ts";
import { type Directory, groupOf, patchOf } from "./directory.ts";
import { type Acme, test } from "./fixture.ts";
import { faultsOf } from "./page-checks.ts";

// In addition to states.browser.test.ts, which opens every screen with its data: menus, dialogs and empty or
// refused screens have no accessibility violation in either scheme, and nothing is cut off at 360 pixels.

/** Acme with provisioning, and its directory. */
async function withDirectory(acme: Acme): Promise<Directory> {
  await acme.enableProvisioning();
  return acme.directory("Okta production");
}

const nobody = "00000000-0000-7000-8000-000000000000";

test("an unknown address says what was not found, and keeps the navigation of a signed-in person", async ({ acme }) => {
  const page = await visit(acme);
  await atScreen(page, "Sign in");
  await page.goto("/nowhere");
  await atScreen(page, "Page not found");
  expect(await page.getByRole("navigation").count()).toBe(0);
  await mutate(page, "session.signIn", acme.owner);
  for (const [address, title, list] of [
    ["/nowhere", "Page not found", "Go to the start page"],
    ["/members/xyz/more", "Page not found", "Go to the start page"],
    ["/members/xyz", "Member not found", "All members"],
    [`/roles/${nobody}`, "Role not found", "All roles"],
    ["/requests/xyz", "Request not found", "All requests"],
    ["/requests/by-entry/xyz", "Activity entry not found", "All activity"],
  ] as const) {
    await page.goto(address);
    await atScreen(page, title);
    await page.locator("main").getByRole("link", { name: list }).waitFor();
    expect(await page.getByRole("navigation", { name: "Main" }).count(), address).toBe(1);
    expect(await page.getByRole("button", { name: "Try again" }).count(), address).toBe(0);
  }
  expect(await faultsOf(page, "not-found")).toEqual([]);
  // A filter by an unknown id is shown.
  await page.goto(`/requests?tokenId=${nobody}`);
  await page.getByRole("combobox", { name: "Token" }).getByText("A deleted token").waitFor({ state: "attached" });
  await page.goto(`/members?roleId=${nobody}`);
  await page.getByRole("combobox", { name: "Role" }).getByText("A deleted role").waitFor({ state: "attached" });
});

test("on a phone the navigation fades where it goes on, and shows a focused link in front of the fade", async ({
  acme,
}) => {
  const page = await visitAs(acme, acme.owner, "/health");
  await page.setViewportSize({ width: 390, height: 844 });
  const list = page.getByRole("navigation", { name: "Main" }).getByRole("list");
  const more = () => list.getAttribute("data-more");
  for (const [address, title, expected] of [
    ["/health", "Health", "after"],
    ["/settings/domains", "Domains", "before after"],
    ["/requests", "Requests", "before"],
  ] as const) {
    await page.goto(address);
    await atScreen(page, title);
    await expect.poll(more, { message: title }).toBe(expected);
  }
  await page.goto("/health");
  await atScreen(page, "Health");
  const link = list.getByRole("link", { name: "Single sign-on" });
  await link.focus();
  const { x, width } = (await link.boundingBox()) ?? { x: 0, width: 390 };
  expect(x + width).toBeLessThanOrEqual(390 - 64);
  await page.setViewportSize({ width: 1280, height: 900 });
  await expect.poll(more).toBeNull();
});

test("a lost connection and an ended session are announced, and neither loses the place", async ({ acme }) => {
  const page = await visitAs(acme, acme.owner, "/settings/domains");
  await atScreen(page, "Domains");
  // With routes Chromium has no cache, as on a first visit.
  await page.route("**/assets/**", (route) => route.continue());
  await page.context().setOffline(true);
  try {
    await page.getByRole("link", { name: "Requests" }).click();
    await page.getByText("You are offline. This page reconnects by itself.").waitFor();
    await atScreen(page, "Waiting for the connection");
    expect(await faultsOf(page, "offline")).toEqual([]);
  } finally {
    // The page loads anew then, which takes seconds on a busy machine if each file goes by way of the test.
    await page.unroute("**/assets/**");
    // The tests of a worker share the browser, and with it the network.
    await page.context().setOffline(false);
  }
  await atScreen(page, "Requests");
  await page.getByText("You are offline.").waitFor({ state: "detached" });

  // As the API answers without its database.
  const data = { code: "SERVICE_UNAVAILABLE", httpStatus: 503 };
  const error = { message: "Rollcall is temporarily unavailable. Try again in a few seconds.", code: -32_603, data };
  await page.route("**/trpc/**", (route) => route.fulfill({ status: 503, json: { error } }));
  await page.getByRole("link", { name: "Members" }).click();
  await page.getByText("Rollcall is not available at the moment. This page reconnects by itself.").waitFor();
  await page.locator("main").getByText(error.message).waitFor();
  expect(await faultsOf(page, "unavailable")).toEqual([]);
  await page.unroute("**/trpc/**");
  await page.getByRole("row").filter({ hasText: acme.owner.email }).waitFor();
  await page.getByText("Rollcall is not available").waitFor({ state: "detached" });

  await page.goto("/settings/domains");
  await page.getByRole("button", { name: "Add a domain" }).click();
  await page.getByRole("dialog").getByLabel("Domain").fill("acme.example");
  await acme.sql("update session set ended_at = now() where organization_id = $1", [acme.organizationId]);
  await page.getByRole("dialog").getByRole("button", { name: "Add", exact: true }).click();
  await atScreen(page, "Sign in");
  await page.getByText("Your session ended. Sign in again to return to where you were.").waitFor();
  expect(await faultsOf(page, "session-ended")).toEqual([]);
  await signIn(page, acme.owner);
  await atScreen(page, "Domains");
});

test("a request shows which known deviations were accepted, and opens them by keyboard", async ({ acme }) => {
  const okta = await withDirectory(acme);
  const frances = await okta.addPerson("Frances", "Hopper", "acme.example");
  const ken = await okta.addPerson("Ken", "Hopper", "acme.example");
  // As Entra sends them.
  const rename = patchOf({ op: "Replace", path: "displayName", value: "Frances L." });
  await okta.request("PATCH", `/Users/${frances}`, rename);
  const deactivate = patchOf(
    { op: "Replace", path: "active", value: "False" },
    { op: "Replace", path: 'emails[type eq "work"].value', value: "ken@acme.example" },
    { op: "Add", path: 'phoneNumbers[type eq "mobile"].value', value: "555-0100" },
  );
  await okta.request("PATCH", `/Users/${ken}`, deactivate);
  await requestsLogged(acme, 4);
  const page = await visitAs(acme, acme.owner, "/requests");
  const one = page.locator("summary", { hasText: "Entra deviation: operations in capitals" });
  const several = page.locator("summary", { hasText: "4 known deviations" });
  await one.first().waitFor();
  const tolerance = page.getByText("The name of an operation is taken in any letter case.");
  expect(await tolerance.first().isVisible()).toBe(false);
  await one.first().focus();
  await page.keyboard.press("Enter");
  await several.first().focus();
  await page.keyboard.press("Space");
  await tolerance.nth(1).waitFor();
  expect(
    await page
      .getByText("They are ignored; only a PATCH path that the resource type does not have is refused.")
      .isVisible(),
  ).toBe(true);
  expect(await page.locator("details.known-deviations[open]").count()).toBe(2);
  expect(await faultsOf(page, "requests-deviations")).toEqual([]);
});

test("the account menu and the dialog that links a role have no faults", async ({ acme }) => {
  const okta = await withDirectory(acme);
  await okta.request(
    "POST",
    "/Groups",
    groupOf("Engineering", await okta.addPerson("Ada", "Lovelace", "acme.example")),
  );
  const page = await visitAs(acme, acme.owner, "/roles");
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

test("a page of an organization shows no data of it once another tab has opened another one", async ({ acme }) => {
  const labs = await acme.organization("Acme Labs", acme.owner.email);
  const page = await signedIn(acme, acme.owner);
  await mutate(page, "session.switchTo", { organizationId: acme.organizationId });
  await controlClock(page);
  await page.goto("/roles");
  await mutate(page, "roles.create", { name: "Only in Acme", permissions: [] });
  await page.reload();
  await page.getByRole("link", { name: "Only in Acme" }).waitFor();
  await mutate(page, "session.switchTo", { organizationId: labs.id });
  await page.route(/trpc\/(?!session\.current\?)/, (route) => route.abort());
  await passTime(page, 10_000, page.getByRole("button", { name: "Organization Acme Labs, change" }));
  expect(await page.getByRole("link", { name: "Only in Acme" }).count()).toBe(0);
  // The name is cut on a small screen.
  await page.getByTitle("Acme Labs", { exact: true }).waitFor();
});
