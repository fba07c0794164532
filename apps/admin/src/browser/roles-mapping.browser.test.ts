import type { Page } from "playwright-core";
import { describe, expect } from "vitest";
import { atScreen, dialogOf, mutate, region, seen, signedIn, visitAs } from "./actions.ts";
import { type Directory, groupOf, requiredText } from "./directory.ts";
import { type Acme, test } from "./fixture.ts";
import { faultsOf } from "./page-checks.ts";

// Owners map groups to roles and edit permissions.
const mappingsOf = (page: Page) => region(page, "Groups mapped to roles");
const previewOf = (page: Page) => region(page, "Preview");
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const rowsOf = (page: Page) => page.getByRole("list", { name: "Mappings in their order" }).getByRole("listitem");
const orderIn = (page: Page): Promise<string[]> => rowsOf(page).locator("strong").allTextContents();

/** Acme's directory with six people. */
async function withPeople(acme: Acme): Promise<{ readonly okta: Directory; readonly people: readonly string[] }> {
  await acme.enableProvisioning();
  const okta = await acme.directory("Okta");
  const people: string[] = [];
  for (const given of ["Ada", "Grace", "Alan", "Barbara", "Edsger", "Frances"]) {
    people.push(await okta.addPerson(given, "Managed", "acme.example"));
  }
  return { okta, people };
}

/** Pushes Engineering (Ada, Grace, Alan, Barbara), Leads (Ada, Edsger) and Contractors (Frances); returns two ids. */
async function pushGroups(okta: Directory, people: readonly string[]): Promise<{ engineering: string; leads: string }> {
  const push = async (name: string, members: readonly string[]): Promise<string> =>
    (await okta.request("POST", "/Groups", groupOf(name, ...members))).id;
  const engineering = await push("Engineering", people.slice(0, 4));
  const leads = await push("Leads", [...people.slice(0, 1), ...people.slice(4, 5)]);
  await push("Contractors", people.slice(5));
  return { engineering, leads };
}

/** Creates the roles Deployers and Reviewers; returns their ids. */
async function makeRoles(page: Page): Promise<{ deployers: string; reviewers: string }> {
  const make = async (name: string): Promise<string> =>
    requiredText(await mutate(page, "roles.create", { name, permissions: [] }), "id");
  return { deployers: await make("Deployers"), reviewers: await make("Reviewers") };
}

/** The roles screen where Engineering gives Deployers and Leads gives Reviewers, in the order asked for. */
async function withMappings(
  acme: Acme,
  order: readonly ("Engineering" | "Leads")[],
): Promise<{ readonly page: Page; readonly leads: string }> {
  const { okta, people } = await withPeople(acme);
  const { engineering, leads } = await pushGroups(okta, people);
  const page = await signedIn(acme, acme.owner);
  const { deployers, reviewers } = await makeRoles(page);
  const byName = {
    Engineering: { groupId: engineering, targetId: deployers },
    Leads: { groupId: leads, targetId: reviewers },
  };
  await mutate(page, "roles.setMappings", { mappings: order.map((name) => byName[name]), basis: [] });
  await page.goto("/roles");
  return { page, leads };
}

/** Expects leaving and reloading to ask first, and the unsaved list to be kept if the owner stays. */
async function keepsDraft(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Members", exact: true }).first().click();
  const leaving = page.getByRole("dialog", { name: "Leave without saving?" });
  await leaving.waitFor();
  expect(await faultsOf(page, "dialog-leaving")).toEqual([]);
  await leaving.getByRole("button", { name: "Cancel" }).click();
  await leaving.waitFor({ state: "hidden" });
  const asked = page.waitForEvent("dialog");
  const reload = page.evaluate(() => location.reload());
  const question = await asked;
  expect(question.type()).toBe("beforeunload");
  await question.dismiss();
  await reload;
  expect(await orderIn(page)).toEqual(["Engineering", "Leads"]);
}

/** The job of a large organization, due after the test. */
const job = `insert into people_job (organization_id, choice, step, after_id, people, done, mappings, actor_kind, actor_name,
    started_at, due_at, tries)
  select $1, 'applyMappings', 'people', $1, 100000, 12500, 0, 'system', '', now(), now() + interval '1 hour', 0`;

describe("group mappings", () => {
  test("are offered once there is a group, previewed, and saved without a dialog if no one loses a role", async ({
    acme,
  }) => {
    const { okta, people } = await withPeople(acme);
    const page = await visitAs(acme, acme.owner, "/roles");
    await atScreen(page, "Roles");
    await seen(page, "The directory has pushed no group yet. Groups can be mapped once it has.");
    await pushGroups(okta, people);
    await makeRoles(page);
    await page.reload();
    const group = mappingsOf(page).getByLabel("Group of the directory");
    await group.waitFor();
    await expect.poll(() => button(page, "Add mapping").isDisabled()).toBe(true);
    for (const [name, role] of [
      ["Engineering", "Deployers"],
      ["Leads", "Reviewers"],
    ] as const) {
      await group.selectOption({ label: name });
      await mappingsOf(page).getByLabel("Role that it gives").selectOption({ label: role });
      await button(page, "Add mapping").click();
    }
    await previewOf(page).getByText("4 people get Deployers").waitFor();
    await previewOf(page).getByText("1 person gets Reviewers").waitFor();
    await previewOf(page).getByText("Edsger Managed").waitFor();
    expect(await faultsOf(page, "roles-mapping-draft")).toEqual([]);
    await keepsDraft(page);
    await button(page, "Save mappings").click();
    await seen(page, "The mappings are saved.");
    await mappingsOf(page).getByText("2 people in the group; this mapping applies to 1 of them").waitFor();
    await acme.sql(job, [acme.organizationId]);
    await page.reload();
    await mappingsOf(page).getByText("12,500 of about 100,000 people processed").waitFor();
    expect(await faultsOf(page, "roles-mapping-job")).toEqual([]);
    await acme.sql("update people_job set done = people, ended_at = now() where organization_id = $1", [
      acme.organizationId,
    ]);
    await mappingsOf(page).getByText("The list was applied to 100,000 people.").waitFor();
    expect(await faultsOf(page, "roles-mapping-done")).toEqual([]);
  });

  test("move by keyboard and by dragging, and are saved after a dialog if a person loses a role", async ({ acme }) => {
    const { page } = await withMappings(acme, ["Engineering", "Leads"]);
    await button(page, "Move Leads up").focus();
    await page.keyboard.press("Enter");
    expect(await orderIn(page)).toEqual(["Leads", "Engineering"]);
    await seen(page, "Leads is number 1 of 2.");
    const down = button(page, "Move Leads down");
    expect(await down.evaluate((node) => node === document.activeElement)).toBe(true);
    await previewOf(page).getByText("1 person loses Deployers").waitFor();
    await page.keyboard.press("Enter");
    expect(await orderIn(page)).toEqual(["Engineering", "Leads"]);
    expect(await previewOf(page).count()).toBe(0);
    await rowsOf(page).filter({ hasText: "Leads" }).locator(".grip").hover();
    const first = await rowsOf(page).first().boundingBox();
    if (first === null) throw new Error("The rows are not on screen.");
    await page.mouse.down();
    await page.mouse.move(first.x + 10, first.y + 5, { steps: 8 });
    await expect.poll(() => orderIn(page)).toEqual(["Leads", "Engineering"]);
    await page.mouse.up();
    expect(await orderIn(page)).toEqual(["Leads", "Engineering"]);
    await previewOf(page).getByText("1 person loses Deployers").waitFor();
    await button(page, "Save mappings…").click();
    await dialogOf(page).getByText("1 person loses Deployers").waitFor();
    expect(await faultsOf(page, "dialog-mapping-losses")).toEqual([]);
    await dialogOf(page).getByRole("button", { name: "Save mappings" }).click();
    await previewOf(page).waitFor({ state: "detached" });
    await page.reload();
    await rowsOf(page).first().waitFor();
    expect(await orderIn(page)).toEqual(["Leads", "Engineering"]);
  });

  test("are refused if another owner has changed them in the meantime", async ({ acme }) => {
    const { page, leads } = await withMappings(acme, ["Leads", "Engineering"]);
    await button(page, "Remove the mapping of Engineering").click();
    await previewOf(page).getByText("3 people lose Deployers").waitFor();
    const text = "delete from group_mapping where organization_id = $1 and group_id = $2";
    await acme.sql(text, [acme.organizationId, leads]);
    await button(page, "Save mappings…").click();
    await dialogOf(page).getByRole("button", { name: "Save mappings" }).click();
    await dialogOf(page).getByText("Another owner has changed the mappings in the meantime.").waitFor();
    await dialogOf(page).getByRole("button", { name: "Cancel" }).click();
    await button(page, "Discard changes").click();
    expect(await orderIn(page)).toEqual(["Engineering"]);
  });

  test("are named as the source of a role on the role and the person", async ({ acme }) => {
    const { page } = await withMappings(acme, ["Engineering"]);
    await page.getByRole("table", { name: "Roles" }).getByRole("link", { name: "Deployers" }).click();
    await atScreen(page, "Deployers");
    await seen(page, "by the mapping of the group Engineering");
    expect(await faultsOf(page, "role-mapped")).toEqual([]);
    await page.getByRole("link", { name: "Grace Managed" }).click();
    await atScreen(page, "Grace Managed");
    await seen(page, /^The mapping of the group “Engineering” gives it, on /);
  });
});

test("the matrix shows the permissions of each role, saves a change at once, and undoes it from the toast", async ({
  acme,
}) => {
  const { page } = await withMappings(acme, []);
  const matrix = region(page, "Permission matrix");
  await matrix.getByRole("rowheader", { name: /^Account Owners/ }).waitFor();
  const fixed = matrix.getByRole("checkbox", { name: "Deploy: Account Owners" });
  expect([await fixed.isChecked(), await fixed.isDisabled()]).toEqual([true, true]);
  await expect.poll(() => matrix.getByRole("checkbox", { name: "Deploy: Leads" }).isEnabled()).toBe(true);
  const cell = matrix.getByRole("checkbox", { name: "Deploy: Reviewers" });
  await cell.check();
  await seen(page, "Reviewers allows “Deploy” now.");
  await page.reload();
  await expect.poll(() => cell.isChecked()).toBe(true);
  await cell.uncheck();
  await button(page, "Undo").click();
  await seen(page, "Reviewers allows “Deploy” now.");
  await page.reload();
  await cell.waitFor();
  await expect.poll(() => cell.isChecked()).toBe(true);
});

test("another default role is previewed before it is saved", async ({ acme }) => {
  await withPeople(acme);
  const page = await signedIn(acme, acme.owner);
  await makeRoles(page);
  await page.goto("/settings/provisioning");
  await page.getByRole("combobox", { name: "Default role" }).selectOption({ label: "Reviewers" });
  await previewOf(page).getByText("No one gains or loses a role.").waitFor();
  await previewOf(page)
    .getByText(/^6 people keep/)
    .waitFor();
  expect(await faultsOf(page, "default-role-preview")).toEqual([]);
});
