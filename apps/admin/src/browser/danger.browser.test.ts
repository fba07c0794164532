import "@rollcall/local-postgres/vitest-global-setup";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { atScreen, faultsOf, visitAs } from "./acts.ts";
import type { Directory } from "./directory.ts";
import { openStage, type Stage } from "./stage.ts";

// Guards what cuts off the identity provider: each choice says what it would do, and asks for its word. One story in order.
let stage: Stage;
let page: Page;
let okta: Directory;
const ids = new Map<string, string>();

const seen = (text: string | RegExp) => page.getByText(text).first().waitFor();
const dialog = () => page.getByRole("dialog");
const turnOn = () => stage.operate("provisioning", "enable", "--org", stage.organizationId, "--acknowledge-no-sso");

beforeAll(async () => {
  stage = await openStage(inject("postgresUrl"));
  await turnOn();
  okta = await stage.directory("Okta");
  for (const given of ["Ada", "Grace", "Alan", "Barbara", "Edsger", "Frances", "Ken", "Linus", "Margaret", "Tim"]) {
    ids.set(given, await okta.addPerson(given, "Managed", "acme.example"));
  }
  await okta.call("POST", "/Groups", {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"],
    displayName: "Engineering",
    members: [{ value: ids.get("Ada") }],
  });
  page = await visitAs(stage, stage.owner, `/members/${ids.get("Grace")}`);
  await page.getByRole("checkbox", { name: "Account Owners" }).click();
  await seen("Grace Managed has the role Account Owners.");
});

afterAll(async () => stage?.close());

test("the danger zone gathers what is destructive, at the end of the screen", async () => {
  await page.goto("/settings/provisioning");
  await atScreen(page, "Provisioning");
  const zone = page.getByRole("region", { name: "Danger zone" });
  await zone.getByRole("button", { name: "Turn off…" }).waitFor();
  const titles = await page.getByRole("heading", { level: 2 }).allTextContents();
  expect(titles.at(-1)).toBe("Danger zone");
  expect(await faultsOf(page, "danger-zone")).toEqual([]);
});

test("all tokens end at once by typing their number", async () => {
  await page.getByRole("button", { name: "End all tokens…" }).click();
  await dialog().getByRole("textbox", { name: "Type end 1 token to confirm" }).fill("end it");
  await dialog().getByRole("button", { name: "End all tokens" }).click();
  await dialog().getByText("Type “end 1 token” to confirm.").waitFor();
  expect(await faultsOf(page, "dialog-end-tokens")).toEqual([]);
  await dialog().getByRole("textbox").fill("end 1 token");
  await dialog().getByRole("button", { name: "End all tokens" }).click();
  await seen("All tokens have ended.");
  await page.getByRole("button", { name: "End all tokens…", disabled: true }).waitFor();
  await seen("No token is active.");
  expect((await okta.call("GET", "/Users")).status).toBe(401);
});

test("turning off foresees a release, with names and numbers", async () => {
  await page.getByRole("button", { name: "Turn off…" }).click();
  await dialog().getByRole("radio", { name: "Release 10 people (the usual way)" }).waitFor();
  await dialog().getByText("Ada Managed, Alan Managed", { exact: false }).first().waitFor();
  expect(await faultsOf(page, "dialog-off-release")).toEqual([]);
});

test("keeping people locked says what it means, and that it is so", async () => {
  await dialog().getByRole("radio", { name: "Keep 10 people locked" }).check();
  await dialog().getByText("They still cannot leave").waitFor();
  expect(await faultsOf(page, "dialog-off-locked")).toEqual([]);
  await dialog().getByLabel("Type Acme to confirm").fill("Acme");
  await dialog().getByRole("button", { name: "Turn off" }).click();
  await seen("10 people stayed locked");
  await seen("Provisioning is off already.");
  expect(await faultsOf(page, "provisioning-kept")).toEqual([]);
});

test("people who were kept locked are released in the same place", async () => {
  await page.goto(`/members/${ids.get("Ada")}`);
  await seen("Provisioning is off, but their locks stay: release them");
  await page.getByRole("link", { name: "Open provisioning" }).click();
  await page.getByRole("button", { name: "Release them" }).click();
  await seen("10 people released.");
  await page.getByText("stayed locked").waitFor({ state: "detached" });
  expect(await page.getByRole("button", { name: "Release them" }).count()).toBe(0);
});

test("turned on again, the provider finds people by what it knows of them", async () => {
  await turnOn();
  const next = await stage.directory("Okta again");
  for (const given of ["Ada", "Grace"]) {
    const path = `/Users/${ids.get(given) ?? ""}`;
    const patch = { op: "replace", value: { name: { familyName: "Back" } } };
    const schemas = ["urn:ietf:params:scim:api:messages:2.0:PatchOp"];
    expect((await next.call("PATCH", path, { schemas, Operations: [patch] })).status).toBe(200);
  }
});

test("removing people names them, wants their number, and asks for owners apart", async () => {
  await page.goto("/settings/provisioning");
  await page.getByRole("button", { name: "Turn off…" }).click();
  await dialog().getByRole("radio", { name: "Remove 2 people from the organization" }).check();
  await dialog().getByText("lose access and all roles here at once").waitFor();
  await dialog().getByLabel("Type remove 2 people to confirm").fill("remove 2 people");
  expect(await faultsOf(page, "dialog-off-remove")).toEqual([]);
  await dialog().getByRole("button", { name: "Turn off and remove 2" }).click();
  await dialog().getByText("Confirm that they are to be removed as well.").waitFor();
  await dialog()
    .getByRole("checkbox", { name: /^Remove the owner among them as well: Grace/ })
    .check();
  await dialog().getByRole("button", { name: "Turn off and remove 2" }).click();
  await seen("Provisioning is off, and 2 people removed.");
  await page.goto("/members?search=Back");
  await seen("Nobody matches");
});
