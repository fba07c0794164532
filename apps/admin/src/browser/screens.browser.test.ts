import "@rollcall/local-postgres/vitest-global-setup";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { atScreen, faultsOf, visit, visitAs } from "./acts.ts";
import { openStage, type Person, type Stage } from "./stage.ts";

// Guards that everybody can use every screen and dialog: no fault that axe knows, in light and dark, and nothing cut off
// at 360 pixels.
let stage: Stage;
let page: Page;
let member: Person;

const given = ["Ada", "Grace", "Alan", "Barbara", "Edsger", "Frances", "Ken", "Chimamanda", "Søren", "Anne-Marie"];
const family = ["Lovelace", "Hopper", "Turing"];

beforeAll(async () => {
  stage = await openStage(inject("postgresUrl"));
  const org = ["--org", stage.organizationId];
  await stage.operate("domain", "verify", ...org, "--domain", "acme.example");
  await stage.operate("provisioning", "enable", ...org, "--acknowledge-no-sso");
  const okta = await stage.directory("Okta production");
  const ids: string[] = [];
  for (const last of family) for (const first of given) ids.push(await okta.addPerson(first, last, "acme.example"));
  await okta.call("POST", "/Groups", {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"],
    displayName: "Engineering",
    members: ids.slice(0, 28).map((value) => ({ value })),
  });
  await okta.call("PATCH", `/Users/${ids[3]}`, {
    schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
    Operations: [{ op: "replace", value: { active: false } }],
  });
  await okta.call("PATCH", `/Users/${ids[4]}`, {
    schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
    Operations: [{ op: "replace", path: "userName", value: "edsger@rival.example" }],
  });
  await okta.call("GET", "/Users?filter=userName%20sounds%20%22like%22");
  // As Entra does it, whose habits show up in the list of calls.
  await okta.call("PATCH", `/Users/${ids[5]}`, {
    schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
    Operations: [{ op: "Replace", path: "displayName", value: "Frances L." }],
  });
  await okta.call("PATCH", `/Users/${ids[6]}`, {
    schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
    Operations: [
      { op: "Replace", path: "active", value: "False" },
      { op: "Replace", path: 'emails[type eq "work"].value', value: "ken@acme.example" },
      { op: "Add", path: 'phoneNumbers[type eq "mobile"].value', value: "555-0100" },
    ],
  });
  // Nina has a password from her own organization, and is a plain member of Acme.
  member = (await stage.organization("Nina Works", "nina.member@acme.example")).owner;
  await okta.addPerson("Nina", "Member", "acme.example");
  page = await visitAs(stage, stage.owner);
});

afterAll(async () => stage?.close());

test("sign-in and an unknown address", async () => {
  const visitor = await visit(stage);
  await atScreen(visitor, "Sign in");
  expect(await faultsOf(visitor, "sign-in")).toEqual([]);
  await visitor.goto("/nowhere");
  await atScreen(visitor, "There is no such page");
  expect(await faultsOf(visitor, "not-found")).toEqual([]);
  await visitor.context().close();
});

test.each([
  ["/settings/provisioning", "Provisioning", "provisioning", "Okta production"],
  ["/settings/provisioning/guide", "Set up provisioning", "setup", "Choose your identity provider"],
  ["/members", "Members", "members", "Ada Hopper"],
  ["/members?search=nobody-is-called-this", "Members", "members-empty", "Nobody matches"],
  ["/roles", "Roles", "roles", "Engineering"],
  ["/activity", "Activity", "activity", "Refused"],
  ["/requests", "Requests", "requests", "invalidFilter"],
])("AR-01 an owner opens %s", async (path, title, name, text) => {
  await page.goto(path);
  await atScreen(page, title);
  await page.locator("main").getByText(text).first().waitFor();
  expect(await page.title()).toBe(`${title} · Rollcall`);
  expect(await faultsOf(page, name)).toEqual([]);
});

test("a call says which habits of the provider were tolerated, and opens by keyboard", async () => {
  await page.goto("/requests");
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

test("a role, its menus, and linking it", async () => {
  await page.goto("/roles");
  await page.getByRole("link", { name: "Engineering" }).click();
  await page.getByRole("table", { name: "Members of Engineering" }).waitFor();
  expect(await faultsOf(page, "role")).toEqual([]);
  await page.getByRole("button", { name: /^Account of/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).waitFor();
  expect(await faultsOf(page, "account-menu")).toEqual([]);
  await page.goto("/roles");
  await page.getByRole("table").getByRole("link", { name: "Members", exact: true }).click();
  await page.getByRole("button", { name: "Link to the directory…" }).click();
  await page.getByRole("dialog").waitFor();
  expect(await faultsOf(page, "dialog-link")).toEqual([]);
});

test("AR-02 a member's home, and what is for owners only", async () => {
  const nina = await visitAs(stage, member, "/members");
  await nina.getByRole("button", { name: /^Organization/ }).click();
  expect(await faultsOf(nina, "organization-menu")).toEqual([]);
  await nina.getByRole("menuitemradio", { name: "Acme" }).click();
  await atScreen(nina, "Acme");
  expect(await faultsOf(nina, "home")).toEqual([]);
  await nina.goto("/requests");
  await atScreen(nina, "Only owners can open the settings");
  expect(await faultsOf(nina, "owners-only")).toEqual([]);
  await nina.context().close();
});
