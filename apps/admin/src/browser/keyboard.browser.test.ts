import "@rollcall/local-postgres/vitest-global-setup";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { atScreen, visitAs } from "./acts.ts";
import { stopOf, tabTo, unseen } from "./by-keyboard.ts";
import { openStage, type Stage } from "./stage.ts";

// Guards that an owner gets everywhere and does everything without a mouse, sees where they are, and is led back from a
// dialog to where they came from. One story in order, by keys alone.
let stage: Stage;
let page: Page;

beforeAll(async () => {
  stage = await openStage(inject("postgresUrl"));
  page = await visitAs(stage, stage.owner, "/setup");
});
afterAll(async () => stage?.close());

const press = (key: string) => page.keyboard.press(key);
const dialog = () => page.getByRole("dialog");
const seen = (text: string | RegExp) => page.getByText(text).first().waitFor();
const nameAtFocus = async (): Promise<string> => (await stopOf(page)).name;

/** Goes to a control by Tab, on which every stop must be seen, and presses it. */
async function use(name: string | RegExp, key = "Enter"): Promise<void> {
  expect(unseen(await tabTo(page, name))).toEqual([]);
  await press(key);
}

/** The focus goes into the dialog that `name` opens, stays there, and comes back by Escape. */
async function opensAndComesBack(name: string): Promise<void> {
  await use(name);
  await dialog().waitFor();
  await expect.poll(async () => (await stopOf(page)).isInDialog).toBe(true);
  for (let count = 0; count < 12; count += 1) {
    await press("Tab");
    const stop = await stopOf(page);
    expect(stop.isInDialog, stop.name).toBe(true);
    expect(stop.isSeen, stop.name).toBe(true);
  }
  await press("Escape");
  await dialog().waitFor({ state: "detached" });
  await expect.poll(nameAtFocus).toBe(name);
}

test("the first stop leads past the menus to the content", async () => {
  await page.goto("/members");
  await atScreen(page, "Members");
  await press("Tab");
  expect(await stopOf(page)).toMatchObject({ name: "Skip to the content", isSeen: true });
  const link = await page.getByRole("link", { name: "Skip to the content" }).boundingBox();
  expect(link?.x).toBeGreaterThanOrEqual(0);
  await press("Enter");
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("main");
});

test("a change of screens is told by the title and puts the focus on the heading", async () => {
  await page.goto("/members");
  await atScreen(page, "Members");
  await use("Domains");
  await atScreen(page, "Domains");
  await expect.poll(nameAtFocus).toBe("Domains");
  expect(await page.title()).toBe("Domains · Rollcall");
});

test("the wizard is gone through, its dialog included", async () => {
  await page.goto("/setup");
  await seen("Choose your identity provider");
  await use(/^Okta/);
  await seen("Have these three ready");
  await expect.poll(nameAtFocus).toBe("Have these three ready");
  await use("Continue all the same");
  await expect.poll(nameAtFocus).toBe("Choose a role, and turn provisioning on");
  await opensAndComesBack("Turn on…");
  await press("Enter");
  await dialog().waitFor();
  await use(/^I know/, "Space");
  await use("Turn on");
  await seen(/On since/);
  await dialog().waitFor({ state: "detached" });
  await use("Continue");
  await expect.poll(nameAtFocus).toBe("Connect your identity provider");
});

test("a token is rotated", async () => {
  await (await stage.directory("Okta")).addPerson("Ada", "Managed", "acme.example");
  await page.goto("/settings/provisioning");
  await seen("Rotate");
  await opensAndComesBack("Rotate Okta");
  await press("Enter");
  await dialog().waitFor();
  await use("Rotate");
  await dialog().locator("code").waitFor();
  await use("I have stored it");
  await dialog().waitFor({ state: "detached" });
  await expect.poll(nameAtFocus).toBe("Rotate Okta");
});

test("mappings are put into another order, and the focus goes with the row", async () => {
  const okta = await stage.directory("Second");
  for (const displayName of ["Engineering", "Support"]) {
    await okta.call("POST", "/Groups", { schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"], displayName });
  }
  await page.goto("/roles");
  await atScreen(page, "Roles");
  for (const group of ["Engineering", "Support"]) {
    await tabTo(page, "Group of the directory");
    await page.keyboard.type(group);
    await use("Role that it gives", "M");
    await use("Add mapping");
    await page.getByRole("button", { name: `Remove the mapping of ${group}` }).waitFor();
  }
  await use("Move Engineering down");
  expect(
    await page
      .getByRole("button", { name: /^Remove the mapping of/ })
      .evaluateAll((all) => all.map((one) => one.ariaLabel)),
  ).toEqual(["Remove the mapping of Support", "Remove the mapping of Engineering"]);
  await expect.poll(nameAtFocus).toBe("Move Engineering up");
});

test("what turning off would do is looked at by arrows, and left by Escape", async () => {
  await page.goto("/settings/provisioning");
  await seen("Danger zone");
  await opensAndComesBack("Turn off…");
  await press("Enter");
  await tabTo(page, /^Release/);
  await press("ArrowDown");
  expect(await dialog().getByRole("radio", { name: /^Keep/ }).isChecked()).toBe(true);
  await use("Type Acme to confirm", "A");
  await press("Escape");
  await dialog().waitFor({ state: "detached" });
  await expect.poll(nameAtFocus).toBe("Turn off…");
});

test("calls are filtered, and the filters taken away again", async () => {
  await page.goto("/requests");
  await page.getByRole("table").getByRole("link", { name: "Add a person" }).first().waitFor();
  await tabTo(page, "What");
  await page.keyboard.type("Change a p");
  await page.waitForURL(/method=PATCH/);
  expect(await nameAtFocus()).toBe("What");
  await use("Clear filters");
  await page.waitForURL((url) => url.search === "");
  expect(await nameAtFocus()).toBe("Search");
});
