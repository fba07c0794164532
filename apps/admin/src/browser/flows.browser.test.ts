import type { Page } from "playwright-core";
import { describe, expect } from "vitest";
import { atScreen, seen, signIn, visit, visitAs } from "./actions.ts";
import { type Directory, groupOf, patchOf } from "./directory.ts";
import { test } from "./fixture.ts";
import { faultsOf } from "./page-checks.ts";

// Journeys of owners against the real services.
const rowOf = (page: Page, name: string | RegExp) => page.getByRole("row").filter({ hasText: name });
const inNavigation = (page: Page, name: string) =>
  page.getByRole("navigation", { name: "Main" }).getByRole("link", { name });

/** Aborts the procedure's request that `act` makes; the reason is shown once. */
async function failing(page: Page, procedure: string, act: () => Promise<void>): Promise<void> {
  const isOfProcedure = (url: URL): boolean => url.pathname.includes(procedure);
  await page.route(isOfProcedure, (route) => route.abort());
  await act();
  const note = page.getByRole("alert").filter({ hasText: "Rollcall could not be reached." });
  await note.waitFor();
  expect(await note.count()).toBe(1);
  await page.unroute(isOfProcedure);
}

/** Adds 41 people, puts three of them into the group Bees, renames ten, and moves one to a domain, which is refused. */
async function pushPeople(okta: Directory): Promise<void> {
  const ids: string[] = [];
  for (let number = 10; number < 50; number += 1) ids.push(await okta.addPerson(`Pat${number}`, "Bee", "bee.example"));
  await okta.addPerson("Nina", "Member", "nina.example");
  await okta.request("POST", "/Groups", groupOf("Bees", ...ids.slice(0, 3)));
  // The activity log shows 50 entries first; with these there are more.
  const rename = patchOf({ op: "replace", path: "name.familyName", value: "Wasp" });
  for (const id of ids.slice(-10)) await okta.request("PATCH", `/Users/${id}`, rename);
  const move = patchOf({ op: "replace", path: "userName", value: "pat@rival.example" });
  await okta.request("PATCH", `/Users/${ids[0]}`, move);
}

test("a wrong password is refused in neutral words; the right one returns to the requested page", async ({ acme }) => {
  const page = await visit(acme, "/settings/provisioning");
  await page.getByLabel("Email").fill(acme.owner.email);
  await page.getByLabel("Password", { exact: true }).fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  expect(await page.getByRole("alert").textContent()).toContain("Email or password is wrong.");
  await signIn(page, acme.owner);
  await atScreen(page, "Provisioning");
});

describe("provisioning", () => {
  test("keeps a chosen default role, shows an error without one, and confirms an owners’ role", async ({ acme }) => {
    const page = await visitAs(acme, acme.owner, "/settings/provisioning");
    const field = page.getByRole("combobox", { name: "Default role" });
    const save = page.getByRole("button", { name: "Save" });
    await field.selectOption({ label: "Choose a role" });
    await save.click();
    await page.locator(".mantine-InputWrapper-error").waitFor();
    expect(await field.getAttribute("aria-invalid")).toBe("true");
    await field.selectOption({ label: "Account Owners" });
    await save.click();
    await page.getByRole("dialog", { name: "Make everyone an owner?" }).waitFor();
    expect(await faultsOf(page, "dialog-owner-role")).toEqual([]);
    await page.keyboard.press("Escape");
    await field.selectOption({ label: "Deploy Owners" });
    await save.click();
    await page.getByRole("button", { name: "Use this role" }).click();
    await seen(page, "New people get the role Deploy Owners.");
    await field.selectOption({ label: "Members" });
    await save.click();
    await seen(page, "New people get the role Members.");
    await page.reload();
    await atScreen(page, "Provisioning");
    expect(await field.locator("option:checked").textContent()).toBe("Members");
  });

  test("is turned on and off, each when confirmed, and ends its tokens", async ({ acme }) => {
    const okta = await acme.directory("Okta");
    const page = await visitAs(acme, acme.owner, "/settings/provisioning");
    const turnOn = page.getByRole("dialog", { name: "Turn provisioning on" });
    await page.getByRole("button", { name: "Turn on…" }).click();
    await turnOn.waitFor();
    expect(await faultsOf(page, "dialog-turn-on")).toEqual([]);
    await turnOn.getByRole("button", { name: "Turn on" }).click();
    await turnOn.locator(".mantine-InlineInput-error, .mantine-Checkbox-error").waitFor();
    await turnOn.getByRole("checkbox").check();
    await turnOn.getByRole("button", { name: "Turn on" }).click();
    await page.getByRole("button", { name: "Turn off…" }).waitFor();
    expect(await page.getByRole("region", { name: "State" }).textContent()).toContain("On since");

    await rowOf(page, "Active").waitFor();
    const turnOff = page.getByRole("dialog", { name: "Turn provisioning off" });
    await page.getByRole("button", { name: "Turn off…" }).click();
    await turnOff.getByRole("textbox").fill("Acne");
    await turnOff.getByRole("button", { name: "Turn off" }).click();
    await turnOff.getByText("name as it is shown").waitFor();
    await turnOff.getByRole("textbox").fill("Acme");
    await turnOff.getByRole("button", { name: "Turn off" }).click();
    await page.getByRole("button", { name: "Turn on…" }).waitFor();
    await rowOf(page, "Revoked").first().waitFor();
    expect(await rowOf(page, "Active").count()).toBe(0);
    expect(await faultsOf(page, "provisioning-off")).toEqual([]);
    // While it is off the provider receives 403; when it is on again the tokens stay revoked (401).
    expect((await okta.request("GET", "/Users")).status).toBe(403);
    await page.getByRole("button", { name: "Turn on…" }).click();
    await turnOn.getByRole("checkbox").check();
    await turnOn.getByRole("button", { name: "Turn on" }).click();
    await page.getByRole("button", { name: "Turn off…" }).waitFor();
    expect((await okta.request("GET", "/Users")).status).toBe(401);
  });
});

describe("a token", () => {
  test("is shown once, is kept for the chosen time when it is rotated, and ends when it is revoked", async ({
    acme,
  }) => {
    await acme.enableProvisioning();
    const page = await visitAs(acme, acme.owner, "/settings/provisioning");
    const generate = page.getByRole("button", { name: "Generate token" });
    await generate.click();
    await page.getByRole("dialog").waitFor();
    expect(await faultsOf(page, "dialog-generate")).toEqual([]);
    await page.getByRole("textbox", { name: "Name" }).fill("By hand");
    await page.getByRole("button", { name: "Generate", exact: true }).click();
    const shown = page.getByRole("dialog", { name: "Your new token" });
    const token = await shown.locator("code").textContent();
    expect(token).toMatch(/^rcl_\w+$/);
    expect(await faultsOf(page, "dialog-token")).toEqual([]);
    await page.keyboard.press("Escape");
    expect(await shown.isVisible()).toBe(true);
    await shown.getByRole("button", { name: "Copy token" }).click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(token);
    await shown.getByRole("button", { name: "I have stored it" }).click();
    await shown.waitFor({ state: "hidden" });
    await generate.and(page.locator(":focus")).waitFor();
    expect(await page.content()).not.toContain(token);
    await page.reload();
    await rowOf(page, "By hand").getByText("Active").waitFor();
    expect(await page.content()).not.toContain(token);

    await page.getByRole("button", { name: "Rotate By hand" }).click();
    await page.getByRole("dialog").waitFor();
    expect(await faultsOf(page, "dialog-rotate")).toEqual([]);
    await page.getByRole("radio", { name: "After 7 days" }).check();
    await page.getByRole("button", { name: "Rotate", exact: true }).click();
    await page.getByRole("button", { name: "I have stored it" }).click();
    const ending = rowOf(page, "ends by a rotation");
    await ending.waitFor();
    expect(await rowOf(page, "Active").count()).toBe(2);
    await ending.getByRole("button", { name: /^Revoke/ }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Revoke", exact: true }).click();
    await rowOf(page, "Revoked").waitFor();
    expect(await rowOf(page, "Active").count()).toBe(1);
  });
});

test("AR-10 a request that fails shows the reason where it was made, and nothing is lost", async ({ acme }) => {
  await acme.enableProvisioning();
  await acme.issueToken("By hand");
  const page = await visitAs(acme, acme.owner, "/settings/provisioning");
  const dialog = page.getByRole("dialog");
  await failing(page, "tokens.issue", async () => {
    await page.getByRole("button", { name: "Generate token" }).click();
    await page.getByRole("textbox", { name: "Name" }).fill("Aborted");
    await page.getByRole("button", { name: "Generate", exact: true }).click();
  });
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  await failing(page, "tokens.revoke", async () => {
    await page.getByRole("button", { name: "Revoke By hand" }).click();
    await dialog.getByRole("checkbox", { name: "Revoke it anyway" }).check();
    await dialog.getByRole("button", { name: "Revoke", exact: true }).click();
  });
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  await failing(page, "provisioning.setDefaultRole", () => page.getByRole("button", { name: "Save" }).click());
  await page.reload();
  await rowOf(page, "By hand").getByText("Active").waitFor();
  expect(await rowOf(page, "Aborted").count()).toBe(0);
});

test("people and groups from the directory appear in members, roles, activity and requests; a role is linked and taken back", async ({
  acme,
}) => {
  await acme.enableProvisioning();
  await pushPeople(await acme.directory("Okta"));
  const page = await visitAs(acme, acme.owner, "/settings/provisioning");
  await inNavigation(page, "Members").click();
  await atScreen(page, "Members");
  await page.getByRole("heading", { name: "Members" }).and(page.locator(":focus")).waitFor();
  await seen(page, "1–25 of 42");

  await inNavigation(page, "Roles").click();
  await rowOf(page, "Bees").getByText("From the directory").waitFor();
  await page.getByRole("link", { name: "Bees" }).click();
  await atScreen(page, "Bees");
  expect(await rowOf(page, "from a group of the directory").count()).toBe(3);
  await seen(page, "This role allows nothing yet.");

  await inNavigation(page, "Roles").click();
  await page.getByRole("table").getByRole("link", { name: "Members", exact: true }).click();
  const link = page.getByRole("button", { name: "Link to the directory…" });
  const takeBack = page.getByRole("button", { name: "Take back…" });
  await link.click();
  await page.getByRole("dialog").getByRole("button", { name: "Link", exact: true }).click();
  await takeBack.click();
  await page.getByRole("dialog").getByRole("button", { name: "Take back", exact: true }).click();
  await link.waitFor();
  expect(await takeBack.count()).toBe(0);

  await inNavigation(page, "Activity").click();
  await atScreen(page, "Activity");
  const entries = page.getByRole("list", { name: "Activity, newest first" }).getByRole("listitem");
  await seen(page, "50 entries shown");
  await page.getByRole("button", { name: "Load more" }).click();
  await seen(page, /^All \d+ entries shown/);
  expect(await entries.count()).toBeGreaterThan(50);
  await page.getByRole("switch", { name: "Refused only" }).check();
  await seen(page, /refused: the organization has not verified/);
  await expect.poll(() => entries.filter({ hasNotText: "was refused" }).count()).toBe(0);

  await inNavigation(page, "Requests").click();
  await rowOf(page, "POST /scim_v2/Groups").getByText("201").waitFor();
  await page.getByLabel("Response", { exact: true }).selectOption("Did not work");
  await page.getByRole("row").getByText("403", { exact: true }).first().waitFor();
  await expect.poll(() => rowOf(page, "201").count()).toBe(0);
});

test("AR-01 AR-02 an owner opens the settings; where they are a plain member, they accept, switch, and are refused", async ({
  acme,
}) => {
  const { owner: member } = await acme.organization("Nina Works", "nina.member@nina.example");
  await acme.enableProvisioning();
  await (await acme.directory("Okta")).addPerson("Nina", "Member", "nina.example");
  const nina = await visitAs(acme, member, "/settings/provisioning");
  await atScreen(nina, "Provisioning");
  await seen(nina, "No tokens yet");
  await nina.getByRole("button", { name: "Accept the membership of Acme" }).click();
  await nina.getByRole("button", { name: /^Organization Nina Works/ }).click();
  expect(await faultsOf(nina, "organization-menu")).toEqual([]);
  await nina.getByRole("menuitemradio", { name: "Acme" }).click();
  await atScreen(nina, "Acme");
  const requested: string[] = [];
  nina.on("request", (request) => requested.push(new URL(request.url()).pathname));
  await nina.goto("/members");
  await atScreen(nina, "Only owners can open the settings");
  expect(requested.filter((path) => path.startsWith("/trpc/") && path !== "/trpc/session.current")).toEqual([]);
  expect(await faultsOf(nina, "owners-only")).toEqual([]);
  await nina.getByRole("button", { name: /^Account of/ }).click();
  await nina.getByRole("menuitem", { name: "Sign out" }).click();
  await atScreen(nina, "Sign in");
  await nina.goto("/");
  await atScreen(nina, "Sign in");
});
