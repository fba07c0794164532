import "@rollcall/local-postgres/vitest-global-setup";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { atScreen, faultsOf, visitAs } from "./acts.ts";
import type { Directory } from "./directory.ts";
import { openStage, type Stage } from "./stage.ts";

// Guards how owners map groups to roles and say what roles allow, by role and label. The tests tell one story in order.
let stage: Stage;
let page: Page;
let okta: Directory;
const idsByName = new Map<string, string>();

const region = (name: string): Locator => page.getByRole("region", { name });
const mappings = (): Locator => region("Groups mapped to roles");
const button = (name: string): Locator => page.getByRole("button", { name, exact: true });
const seen = (text: string | RegExp) => page.getByText(text).first().waitFor();
const order = (): Promise<string[]> => mappings().getByRole("listitem").locator("strong").allTextContents();

async function pushGroup(name: string, people: readonly string[]): Promise<void> {
  const { id } = await okta.call("POST", "/Groups", {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"],
    displayName: name,
    members: people.map((person) => ({ value: idsByName.get(person) })),
  });
  idsByName.set(name, id);
}

async function createRole(name: string): Promise<void> {
  await button("Create role…").click();
  await page.getByRole("dialog").getByLabel("Name").fill(name);
  await page.getByRole("dialog").getByRole("button", { name: "Create role" }).click();
  await atScreen(page, name);
  await page.goto("/roles");
}

async function addMapping(group: string, role: string): Promise<void> {
  await mappings().getByLabel("Group of the directory").selectOption({ label: group });
  await mappings().getByLabel("Role that it gives").selectOption({ label: role });
  await button("Add mapping").click();
}

beforeAll(async () => {
  stage = await openStage(inject("postgresUrl"));
  await stage.operate("provisioning", "enable", "--org", stage.organizationId, "--acknowledge-no-sso");
  okta = await stage.directory("Okta");
  for (const given of ["Ada", "Grace", "Alan", "Barbara", "Edsger", "Frances"]) {
    idsByName.set(given, await okta.addPerson(given, "Managed", "acme.example"));
  }
  page = await visitAs(stage, stage.owner, "/roles");
});

afterAll(async () => stage?.close());

describe("group mappings", () => {
  test("say what is missing before there can be one", async () => {
    await atScreen(page, "Roles");
    await seen("The directory has pushed no group yet. Groups can be mapped once it has.");
    await pushGroup("Engineering", ["Ada", "Grace", "Alan", "Barbara"]);
    await pushGroup("Leads", ["Ada", "Edsger"]);
    await pushGroup("Contractors", ["Frances"]);
    await createRole("Deployers");
    await createRole("Reviewers");
    await mappings().getByLabel("Group of the directory").waitFor();
    expect(await button("Add mapping").isDisabled()).toBe(true);
  });

  test("are added, previewed and saved without a question where nobody loses anything", async () => {
    await atScreen(page, "Roles");
    await addMapping("Engineering", "Deployers");
    await addMapping("Leads", "Reviewers");
    const preview = region("What saving would do");
    await preview.getByText("4 people get Deployers").waitFor();
    await preview.getByText("1 person gets Reviewers").waitFor();
    await preview.getByText("Edsger Managed").waitFor();
    expect(await faultsOf(page, "roles-mapping-draft")).toEqual([]);
    await button("Save mappings").click();
    await seen("The mappings are saved and in effect.");
    await mappings().getByText("2 people in the group; it decides about 1 of them").waitFor();
  });

  test("change places by the keyboard, with the focus kept and the place told", async () => {
    await button("Move Leads up").focus();
    await page.keyboard.press("Enter");
    expect(await order()).toEqual(["Leads", "Engineering"]);
    await seen("Leads is number 1 of 2.");
    expect(await button("Move Leads down").evaluate((node) => node === document.activeElement)).toBe(true);
    await region("What saving would do").getByText("1 person loses Deployers").waitFor();
    await page.keyboard.press("Enter");
    expect(await order()).toEqual(["Engineering", "Leads"]);
    expect(await region("What saving would do").count()).toBe(0);
  });

  test("are saved in another order after a word where somebody loses a role", async () => {
    await button("Move Leads up").click();
    await expect.poll(order).toEqual(["Leads", "Engineering"]);
    await region("What saving would do").getByText("1 person loses Deployers").waitFor();
    await button("Save mappings…").click();
    await page.getByRole("dialog").getByText("1 person loses Deployers").waitFor();
    expect(await faultsOf(page, "dialog-mapping-losses")).toEqual([]);
    await page.getByRole("dialog").getByRole("button", { name: "Save mappings" }).click();
    await seen("The mappings are saved and in effect.");
    await page.reload();
    await mappings().getByRole("listitem").first().waitFor();
    expect(await order()).toEqual(["Leads", "Engineering"]);
  });

  test("are refused where somebody else was faster", async () => {
    await button("Remove the mapping of Engineering").click();
    await region("What saving would do").getByText("3 people lose Deployers").waitFor();
    const text = "delete from group_mapping where organization_id = $1 and group_id = $2";
    await stage.sql(text, [stage.organizationId, idsByName.get("Leads")]);
    await button("Save mappings…").click();
    await page.getByRole("dialog").getByRole("button", { name: "Save mappings" }).click();
    await page.getByRole("dialog").getByText("Somebody else has changed the mappings in the meantime.").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
    await button("Discard changes").click();
    expect(await order()).toEqual(["Engineering"]);
  });

  test("are the source that the role and the person name", async () => {
    await page.goto("/roles");
    await page.getByRole("table", { name: "Roles" }).getByRole("link", { name: "Deployers" }).click();
    await atScreen(page, "Deployers");
    await seen("by the mapping of the group Engineering");
    expect(await faultsOf(page, "role-mapped")).toEqual([]);
    await page.getByRole("link", { name: "Grace Managed" }).click();
    await atScreen(page, "Grace Managed");
    await seen("The mapping of the group “Engineering” gives it");
  });
});

describe("the matrix", () => {
  test("shows all roles and what they allow, the built-in ones fixed", async () => {
    await page.goto("/roles");
    const matrix = region("Permission matrix");
    await matrix.getByRole("rowheader", { name: /^Account Owners/ }).waitFor();
    const fixed = matrix.getByRole("checkbox", { name: "Deploy: Account Owners" });
    expect([await fixed.isChecked(), await fixed.isDisabled()]).toEqual([true, true]);
    expect(await matrix.getByRole("checkbox", { name: "Deploy: Leads" }).isEnabled()).toBe(true);
    expect(await faultsOf(page, "roles-matrix")).toEqual([]);
  });

  test("saves a tick at once, and undoes it from the toast", async () => {
    const cell = region("Permission matrix").getByRole("checkbox", { name: "Deploy: Reviewers" });
    await cell.check();
    await seen("Reviewers allows “Deploy” now.");
    await page.reload();
    expect(await cell.isChecked()).toBe(true);
    await cell.uncheck();
    await button("Undo").click();
    await seen("Reviewers allows “Deploy” now.");
    await page.reload();
    await cell.waitFor();
    expect(await cell.isChecked()).toBe(true);
  });
});

test("another default role says before it is saved what it does", async () => {
  await page.goto("/settings/provisioning");
  await page.getByRole("combobox", { name: "Default role" }).selectOption({ label: "Reviewers" });
  const preview = region("What saving would do");
  await preview.getByText("Nobody gains or loses a role by it.").waitFor();
  await preview.getByText(/^6 people keep/).waitFor();
  expect(await faultsOf(page, "default-role-preview")).toEqual([]);
});
