import "@rollcall/local-postgres/vitest-global-setup";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { atScreen, signIn, visit, visitAs } from "./acts.ts";
import type { Directory } from "./directory.ts";
import { openStage, type Person, type Stage } from "./stage.ts";

// Guards what owners do in the console, by role and label, against the real services. The tests tell one story in order.
let stage: Stage;
let page: Page;
let okta: Directory;
let member: Person;

const patch = (operation: object): object => ({
  schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
  Operations: [operation],
});

beforeAll(async () => {
  stage = await openStage(inject("postgresUrl"));
  member = (await stage.organization("Nina Works", "nina.member@nina.example")).owner;
  page = await visit(stage, "/settings/provisioning");
});

afterAll(async () => stage?.close());

const rowOf = (name: string | RegExp) => page.getByRole("row").filter({ hasText: name });
const seen = (text: string | RegExp) => page.getByText(text).first().waitFor();

test("a wrong password is refused in neutral words, the right one leads back to where one was", async () => {
  await page.getByLabel("E-mail").fill(stage.owner.email);
  await page.getByLabel("Password", { exact: true }).fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  expect(await page.getByRole("alert").textContent()).toContain("E-mail or password is wrong.");
  await signIn(page, stage.owner);
  await atScreen(page, "Provisioning");
});

test("without a default role nothing is saved and the field says why; an owners’ role wants to be confirmed", async () => {
  const field = page.getByRole("combobox", { name: "Default role" });
  await field.selectOption({ label: "Choose a role" });
  await page.getByRole("button", { name: "Save" }).click();
  await page.locator(".mantine-InputWrapper-error").waitFor();
  expect(await field.getAttribute("aria-invalid")).toBe("true");
  await field.selectOption({ label: "Account Owners" });
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("dialog", { name: "Make everybody an owner?" }).waitFor();
  await page.keyboard.press("Escape");
  await field.selectOption({ label: "Deploy Owners" });
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "Use this role" }).click();
  await seen("New people get the role Deploy Owners.");
  await field.selectOption({ label: "Members" });
  await page.getByRole("button", { name: "Save" }).click();
  await seen("New people get the role Members.");
  await page.reload();
  await atScreen(page, "Provisioning");
  expect(await field.locator("option:checked").textContent()).toBe("Members");
});

test("provisioning is turned on only with the word that single sign-on will follow", async () => {
  await page.getByRole("button", { name: "Turn on…" }).click();
  const dialog = page.getByRole("dialog", { name: "Turn provisioning on" });
  await dialog.getByRole("button", { name: "Turn on" }).click();
  await dialog.locator(".mantine-InlineInput-error, .mantine-Checkbox-error").waitFor();
  await dialog.getByRole("checkbox").check();
  await dialog.getByRole("button", { name: "Turn on" }).click();
  await page.getByRole("button", { name: "Turn off…" }).waitFor();
  expect(await page.getByRole("region", { name: "State" }).textContent()).toContain("On since");
});

test("a token is shown once, works, and is gone after a reload", async () => {
  const generate = page.getByRole("button", { name: "Generate token" });
  await generate.click();
  await page.getByRole("textbox", { name: "Name" }).fill("By hand");
  await page.getByRole("button", { name: "Generate", exact: true }).click();
  const shown = page.getByRole("dialog", { name: "Your new token" });
  const token = await shown.locator("code").textContent();
  expect(token).toMatch(/^rcl_\w+$/);
  await page.keyboard.press("Escape");
  expect(await shown.isVisible()).toBe(true);
  await shown.getByRole("button", { name: "Copy token" }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(token);
  await shown.getByRole("button", { name: "I have stored it" }).click();
  await shown.waitFor({ state: "hidden" });
  await generate.and(page.locator(":focus")).waitFor();
  expect(await page.content()).not.toContain(token);
  await page.reload();
  await rowOf("By hand").getByText("ACTIVE").waitFor();
  expect(await page.content()).not.toContain(token);
});

test.each(["tokens.issue", "provisioning.setDefaultRole", "tokens.revoke"])(
  "AR-10 the reason shows where %s fails, and nothing is lost",
  async (procedure) => {
    const isCall = (url: URL): boolean => url.pathname.includes(procedure);
    await page.route(isCall, (route) => route.abort());
    if (procedure === "tokens.issue") {
      await page.getByRole("button", { name: "Generate token" }).click();
      await page.getByRole("textbox", { name: "Name" }).fill("Aborted");
      await page.getByRole("button", { name: "Generate", exact: true }).click();
    } else if (procedure === "tokens.revoke") {
      await page.getByRole("button", { name: "Revoke By hand" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Revoke", exact: true }).click();
    } else {
      await page.getByRole("button", { name: "Save" }).click();
    }
    const note = page.getByRole("alert").filter({ hasText: "Rollcall could not be reached." });
    await note.waitFor();
    expect(await note.count()).toBe(1);
    await page.unroute(isCall);
    await page.reload();
    await rowOf("By hand").getByText("ACTIVE").waitFor();
    expect(await rowOf("Aborted").count()).toBe(0);
  },
);

test("rotating keeps the old token for the chosen time; revoking ends it at once", async () => {
  await page.getByRole("button", { name: "Rotate By hand" }).click();
  await page.getByRole("radio", { name: "After 7 days" }).check();
  await page.getByRole("button", { name: "Rotate", exact: true }).click();
  await page.getByRole("button", { name: "I have stored it" }).click();
  await rowOf(/ends in \d days/).waitFor();
  expect(await page.getByRole("row").filter({ hasText: "ACTIVE" }).count()).toBe(2);
  await rowOf(/ends in \d days/)
    .getByRole("button", { name: /^Revoke/ })
    .click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke", exact: true }).click();
  await rowOf("REVOKED").waitFor();
  expect(await page.getByRole("row").filter({ hasText: "ACTIVE" }).count()).toBe(1);
});

test("members are searched and paged, and the address keeps both", async () => {
  okta = await stage.directory("Okta");
  const ids: string[] = [];
  for (let number = 10; number < 50; number += 1) ids.push(await okta.addPerson(`Pat${number}`, "Bee", "bee.example"));
  await okta.addPerson("Nina", "Member", "nina.example");
  await okta.call("POST", "/Groups", {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"],
    displayName: "Bees",
    members: ids.slice(0, 3).map((value) => ({ value })),
  });
  await okta.call("PATCH", `/Users/${ids[0]}`, patch({ op: "replace", path: "userName", value: "pat@rival.example" }));
  await page.getByRole("link", { name: "Members" }).click();
  await atScreen(page, "Members");
  await page.getByRole("heading", { name: "Members" }).and(page.locator(":focus")).waitFor();
  await seen("1–25 of 42");
  await page.getByRole("button", { name: "Next" }).click();
  await seen("26–42 of 42");
  await page.getByRole("searchbox", { name: "Search" }).fill("pat2");
  await seen("1–10 of 10");
  expect(new URL(page.url()).search).toBe("?search=pat2");
  await page.reload();
  await seen("1–10 of 10");
  expect(await page.getByRole("searchbox", { name: "Search" }).inputValue()).toBe("pat2");
});

test("a role tells its members and why they are in it", async () => {
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Roles" }).click();
  await rowOf("Bees").getByText("SCIM").waitFor();
  await page.getByRole("link", { name: "Bees" }).click();
  await atScreen(page, "Bees");
  expect(await page.getByRole("row").filter({ hasText: "from a group of the directory" }).count()).toBe(3);
  await seen("This role allows nothing yet.");
});

test("a hand-made role is linked to the directory and taken back", async () => {
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Roles" }).click();
  await page.getByRole("table").getByRole("link", { name: "Members", exact: true }).click();
  await page.getByRole("button", { name: "Link to the directory…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Link", exact: true }).click();
  await page.getByRole("button", { name: "Take back…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Take back", exact: true }).click();
  await page.getByRole("button", { name: "Link to the directory…" }).waitFor();
  expect(await page.getByRole("button", { name: "Take back…" }).count()).toBe(0);
});

test("the activity log tells in words what was refused, and older entries follow", async () => {
  await page.getByRole("link", { name: "Activity" }).click();
  await atScreen(page, "Activity");
  const entries = page.getByRole("list", { name: "Activity, newest first" }).getByRole("listitem");
  await seen("50 entries shown");
  await page.getByRole("button", { name: "Load more" }).click();
  await seen(/^All \d+ entries shown/);
  expect(await entries.count()).toBeGreaterThan(50);
  await page.getByRole("switch", { name: "Refused only" }).check({ force: true });
  await seen(/refused: the organization has not verified/);
  await expect.poll(() => entries.filter({ hasNotText: "was refused" }).count()).toBe(0);
});

test("failed requests are told from the others", async () => {
  await page.getByRole("link", { name: "Requests" }).click();
  await rowOf("POST /scim_v2/Groups").getByText("201").waitFor();
  await page.getByLabel("Answer", { exact: true }).selectOption("Did not work");
  await rowOf("403").waitFor();
  await expect.poll(() => rowOf("201").count()).toBe(0);
});

test("the guard lets everything pass for an hour", async () => {
  await page.getByRole("link", { name: "Provisioning" }).click();
  await page.getByRole("button", { name: "Let everything pass for 1 hour" }).click();
  await seen("Everything passes at the moment.");
  expect(await page.getByRole("button", { name: "Let everything pass for 1 hour" }).count()).toBe(0);
});

test("a member accepts a membership, switches to it, and is told that settings are for owners", async () => {
  const nina = await visitAs(stage, member);
  await nina.getByRole("button", { name: "Accept the membership of Acme" }).click();
  await nina.getByRole("button", { name: /^Organization Nina Works/ }).click();
  await nina.getByRole("menuitemradio", { name: "Acme" }).click();
  await atScreen(nina, "Acme");
  const asked: string[] = [];
  nina.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await nina.goto("/members");
  await atScreen(nina, "Only owners can open the settings");
  expect(asked.filter((path) => path.startsWith("/trpc/") && path !== "/trpc/session.current")).toEqual([]);
  await nina.getByRole("button", { name: /^Account of/ }).click();
  await nina.getByRole("menuitem", { name: "Sign out" }).click();
  await atScreen(nina, "Sign in");
  await nina.goto("/");
  await atScreen(nina, "Sign in");
});

test("provisioning is turned off by typing the organization’s name, and every token stops", async () => {
  await page.getByRole("button", { name: "Turn off…" }).click();
  const dialog = page.getByRole("dialog", { name: "Turn provisioning off" });
  await dialog.getByRole("textbox").fill("Acne");
  await dialog.getByRole("button", { name: "Turn off" }).click();
  await dialog.getByText("exactly as it is shown").waitFor();
  await dialog.getByRole("textbox").fill("Acme");
  await dialog.getByRole("button", { name: "Turn off" }).click();
  await page.getByRole("button", { name: "Turn on…" }).waitFor();
  await rowOf("REVOKED").first().waitFor();
  expect(await rowOf("ACTIVE").count()).toBe(0);
  // While it is off the provider is told so (403); the tokens stay revoked when it is on again (401).
  expect((await okta.call("GET", "/Users")).status).toBe(403);
  await page.getByRole("button", { name: "Turn on…" }).click();
  await page.getByRole("checkbox").check();
  await page.getByRole("dialog").getByRole("button", { name: "Turn on" }).click();
  await page.getByRole("button", { name: "Turn off…" }).waitFor();
  expect((await okta.call("GET", "/Users")).status).toBe(401);
});
