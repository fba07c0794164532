import type { Page } from "playwright-core";
import { expect } from "vitest";
import { atScreen, dialogOf, requestsLogged, seen, visitAs } from "./actions.ts";
import { stopOf, tabTo, unseen } from "./keyboard.ts";
import { type Directory, groupOf } from "./directory.ts";
import { type Acme, test } from "./fixture.ts";
import { networkOf } from "./network.ts";

// Every screen works by keyboard alone, with a visible focus that returns when a
// dialog closes.

const isClosed = (page: Page) => dialogOf(page).waitFor({ state: "detached" });
const nameAtFocus = async (page: Page): Promise<string> => (await stopOf(page)).name;

/** The heading of the card that has the focus itself. */
const cardAtFocus = (page: Page) => page.evaluate(() => document.querySelector("section:focus h2")?.textContent);

async function isAtFocus(page: Page, name: string): Promise<void> {
  await expect.poll(() => nameAtFocus(page)).toBe(name);
}

/** Waits for the dialog to have the focus, which keys would move elsewhere before. */
async function isInDialog(page: Page): Promise<void> {
  await expect.poll(async () => (await stopOf(page)).isInDialog).toBe(true);
}

/** Provisioning is on, and its directory, which this returns, has added Ada. */
async function withAda(acme: Acme): Promise<Directory> {
  await acme.enableProvisioning();
  const okta = await acme.directory("Okta");
  await okta.addPerson("Ada", "Managed", "acme.example");
  return okta;
}

/** Goes to a control by Tab, on which every stop must be seen, and presses it. */
async function use(page: Page, name: string | RegExp, key = "Enter"): Promise<void> {
  expect(unseen(await tabTo(page, name))).toEqual([]);
  await page.keyboard.press(key);
}

/** The focus moves into the dialog that `name` opens, stays there, and returns to `name` on Escape. */
async function opensAndComesBack(page: Page, name: string): Promise<void> {
  await use(page, name);
  await isInDialog(page);
  for (let count = 0; count < 12; count += 1) {
    await page.keyboard.press("Tab");
    const stop = await stopOf(page);
    expect(stop.isInDialog, stop.name).toBe(true);
    expect(stop.isSeen, stop.name).toBe(true);
  }
  await page.keyboard.press("Escape");
  await isClosed(page);
  await isAtFocus(page, name);
}

test("the first stop is a link that skips the menus", async ({ acme }) => {
  const page = await visitAs(acme, acme.owner, "/members");
  await atScreen(page, "Members");
  await page.keyboard.press("Tab");
  expect(await stopOf(page)).toMatchObject({ name: "Skip to the content", isSeen: true });
  const link = await page.getByRole("link", { name: "Skip to the content" }).boundingBox();
  expect(link?.x).toBeGreaterThanOrEqual(0);
  await page.keyboard.press("Enter");
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("main");
});

test("another screen has its own title, and the focus is on its heading", async ({ acme }) => {
  const page = await visitAs(acme, acme.owner, "/members");
  await atScreen(page, "Members");
  await use(page, "Domains");
  await atScreen(page, "Domains");
  await isAtFocus(page, "Domains");
  expect(await page.title()).toBe("Domains · Rollcall");
});

test("the setup wizard moves the focus to each step and turns provisioning on in a dialog", async ({ acme }) => {
  const page = await visitAs(acme, acme.owner, "/setup");
  await seen(page, "Choose your identity provider");
  await use(page, /^Okta/);
  await seen(page, "Before you start");
  await isAtFocus(page, "Before you start");
  await use(page, "Skip for now");
  await isAtFocus(page, "Choose a role, and turn provisioning on");
  await opensAndComesBack(page, "Turn on…");
  await page.keyboard.press("Enter");
  await isInDialog(page);
  await use(page, /^I know/, "Space");
  await use(page, "Turn on");
  await seen(page, /Turned on/);
  await isClosed(page);
  await use(page, "Continue");
  await isAtFocus(page, "Connect your identity provider");
});

test("a token is rotated in a dialog, which cannot be closed before it has shown the token", async ({ acme }) => {
  await withAda(acme);
  const page = await visitAs(acme, acme.owner, "/settings/provisioning");
  await seen(page, "Rotate");
  await opensAndComesBack(page, "Rotate Okta");
  await page.keyboard.press("Enter");
  await isInDialog(page);
  const network = await networkOf(page);
  network.hold();
  await use(page, "Rotate");
  await dialogOf(page).locator("button[data-loading]").waitFor();
  await page.keyboard.press("Escape");
  await network.pass();
  await dialogOf(page).locator("code").waitFor();
  await isAtFocus(page, "Copy token");
  await use(page, "I have stored it");
  await isClosed(page);
  await isAtFocus(page, "Rotate Okta");
});

test("mappings are added and reordered, and the focus moves with the row", async ({ acme }) => {
  const groups = ["Engineering", "Support"];
  const okta = await withAda(acme);
  for (const group of groups) await okta.request("POST", "/Groups", groupOf(group));
  const page = await visitAs(acme, acme.owner, "/roles");
  await atScreen(page, "Roles");
  for (const group of groups) {
    await tabTo(page, "Group of the directory");
    await page.keyboard.type(group);
    await use(page, "Role that it gives", "M");
    await use(page, "Add mapping");
    await page.getByRole("button", { name: `Remove the mapping of ${group}` }).waitFor();
    if (group !== groups.at(-1)) await isAtFocus(page, "Group of the directory");
  }
  await use(page, "Move Engineering down");
  expect(
    await page
      .getByRole("button", { name: /^Remove the mapping of/ })
      .evaluateAll((all) => all.map((one) => one.ariaLabel)),
  ).toEqual(["Remove the mapping of Support", "Remove the mapping of Engineering"]);
  await isAtFocus(page, "Move Engineering up");
});

test("the choices for turning provisioning off are compared with the arrow keys and left with Escape", async ({
  acme,
}) => {
  await withAda(acme);
  const page = await visitAs(acme, acme.owner, "/settings/provisioning");
  await seen(page, "Danger zone");
  await opensAndComesBack(page, "Turn off…");
  await page.keyboard.press("Enter");
  await tabTo(page, /^Keep .* and unlock/);
  await page.keyboard.press("ArrowDown");
  await expect
    .poll(() =>
      dialogOf(page)
        .getByRole("radio", { name: /^Keep .* locked/ })
        .isChecked(),
    )
    .toBe(true);
  await use(page, "Type Acme to confirm", "A");
  await page.keyboard.press("Escape");
  await isClosed(page);
  await isAtFocus(page, "Turn off…");
});

test("a button keeps the focus during its request", async ({ acme }) => {
  const page = await visitAs(acme, acme.owner, "/settings/domains");
  await atScreen(page, "Domains");
  await use(page, "Add a domain");
  await isInDialog(page);
  await page.keyboard.type("acme.example");
  await page.keyboard.press("Enter");
  await isClosed(page);
  await use(page, "Check now: acme.example");
  await seen(page, /There is no such TXT record/);
  await isAtFocus(page, "Check now: acme.example");
});

test("the focus is on the card once a dialog has removed the button that opened it", async ({ acme }) => {
  await acme.enableProvisioning();
  const page = await visitAs(acme, acme.owner, "/settings/provisioning");
  await seen(page, "Danger zone");
  await use(page, "Turn off…");
  await isInDialog(page);
  await use(page, "Type Acme to confirm", "A");
  await page.keyboard.type("cme");
  await page.keyboard.press("Enter");
  await isClosed(page);
  await expect.poll(() => cardAtFocus(page)).toBe("Danger zone");
  await tabTo(page, "Turn on…", "Shift+Tab");
  await page.keyboard.press("Enter");
  await isInDialog(page);
  await use(page, /^I know/, "Space");
  await use(page, "Turn on");
  await isClosed(page);
  await expect.poll(() => cardAtFocus(page)).toBe("State");
});

test("requests are filtered, and the filters cleared again", async ({ acme }) => {
  await withAda(acme);
  await requestsLogged(acme, 1);
  const page = await visitAs(acme, acme.owner, "/requests");
  await page.getByRole("table").getByRole("link", { name: "Add a person" }).first().waitFor();
  await tabTo(page, "What");
  await page.keyboard.type("Change a p");
  await page.waitForURL(/method=PATCH/);
  expect(await nameAtFocus(page)).toBe("What");
  await use(page, "Clear filters");
  await page.waitForURL((url) => url.search === "");
  expect(await nameAtFocus(page)).toBe("Search");
});
