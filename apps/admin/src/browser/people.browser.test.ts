import "@rollcall/local-postgres/vitest-global-setup";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { atScreen, faultsOf, visit, visitAs } from "./acts.ts";
import type { Directory } from "./directory.ts";
import { newestLink } from "./letterbox.ts";
import { openStage, type Stage } from "./stage.ts";

// Guards how owners invite, change and remove people and roles, by role and label. The tests tell one story in order.
let stage: Stage;
let page: Page;
let okta: Directory;
const idsByName = new Map<string, string>();

const patch = (value: object): object => ({
  schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
  Operations: [{ op: "replace", value }],
});
const idOf = (name: string): string => idsByName.get(name) ?? "";
const seen = (text: string | RegExp) => page.getByText(text).first().waitFor();
const dialog = () => page.getByRole("dialog");

beforeAll(async () => {
  stage = await openStage(inject("postgresUrl"));
  await stage.operate("provisioning", "enable", "--org", stage.organizationId, "--acknowledge-no-sso");
  okta = await stage.directory("Okta");
  for (const given of ["Ada", "Grace", "Alan", "Barbara", "Edsger", "Frances", "Ken", "Linus"]) {
    idsByName.set(given, await okta.addPerson(given, "Managed", "acme.example"));
  }
  await okta.call("POST", "/Groups", {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"],
    displayName: "Engineering",
    members: [{ value: idOf("Ada") }],
  });
  page = await visitAs(stage, stage.owner, "/members");
});

afterAll(async () => stage?.close());

describe("invitations", () => {
  test("are sent, listed, sent again and withdrawn", async () => {
    await page.getByRole("button", { name: "Invite…" }).click();
    await dialog().getByText("Your identity provider keeps this organization’s roster.").waitFor();
    await dialog().getByLabel("E-mail").fill("ada.managed@acme.example");
    expect(await faultsOf(page, "dialog-invite")).toEqual([]);
    await dialog().getByLabel("E-mail").fill("ada.managed@acme.example");
    await dialog().getByRole("button", { name: "Send invitation" }).click();
    await dialog().getByText("ada.managed@acme.example is a member of this organization already.").waitFor();
    await dialog().getByLabel("E-mail").fill("guest@else.example");
    await dialog().getByRole("checkbox", { name: "Deploy Owners" }).check();
    await dialog().getByRole("button", { name: "Send invitation" }).click();
    await seen("An invitation is on its way to guest@else.example.");
    const first = await newestLink(stage, "guest@else.example");
    await page.getByRole("button", { name: "Send again to guest@else.example" }).click();
    await seen("A new link is on its way to guest@else.example.");
    expect(await newestLink(stage, "guest@else.example")).not.toBe(first);
    expect(await faultsOf(page, "members-invited")).toEqual([]);
    const visitor = await visit(stage, first);
    await visitor.getByText("This link no longer works.").waitFor();
    expect(await faultsOf(visitor, "invitation-ended")).toEqual([]);
    await visitor.context().close();
  });

  test("are withdrawn after a word", async () => {
    await page.getByRole("button", { name: "Invite…" }).click();
    await dialog().getByLabel("E-mail").fill("mistake@else.example");
    await dialog().getByRole("button", { name: "Send invitation" }).click();
    await page.getByRole("button", { name: "Withdraw the invitation of mistake@else.example" }).click();
    await dialog().getByRole("button", { name: "Withdraw" }).waitFor();
    expect(await faultsOf(page, "dialog-withdraw")).toEqual([]);
    await dialog().getByRole("button", { name: "Withdraw" }).click();
    await seen("The invitation of mistake@else.example is withdrawn.");
  });

  test("lead somebody new to a name, a password and the organization", async () => {
    const guest = await visit(stage, await newestLink(stage, "guest@else.example"));
    await atScreen(guest, "Join Acme");
    await guest.getByLabel("Your name").fill("Gus Guest");
    await guest.getByLabel("Choose a password").fill("too short");
    await guest.getByRole("button", { name: "Accept and sign in" }).click();
    await guest.getByText("Use at least 12 characters").waitFor();
    expect(await faultsOf(guest, "invitation-sign-up")).toEqual([]);
    await guest.getByLabel("Choose a password").fill("four words on a wall");
    await guest.getByRole("button", { name: "Accept and sign in" }).click();
    await atScreen(guest, "Acme");
    await guest.getByText("Deploy Owners").waitFor();
    await guest.context().close();
  });

  test("are for one address: others sign out, and the right one signs in and accepts", async () => {
    const nina = (await stage.organization("Nina Works", "nina@else.example")).owner;
    await page.goto("/members");
    await page.getByRole("button", { name: "Invite…" }).click();
    await dialog().getByLabel("E-mail").fill(nina.email);
    await dialog().getByRole("button", { name: "Send invitation" }).click();
    await seen(`An invitation is on its way to ${nina.email}.`);
    const link = await newestLink(stage, nina.email);
    const visitor = await visitAs(stage, stage.owner, "/");
    await visitor.goto(link);
    await visitor.getByText(`This invitation is for ${nina.email}.`).waitFor();
    expect(await faultsOf(visitor, "invitation-for-other")).toEqual([]);
    await visitor.getByRole("button", { name: "Sign out and open the invitation again" }).click();
    await visitor.getByText(`You have an account with ${nina.email}.`).waitFor();
    expect(await faultsOf(visitor, "invitation-sign-in")).toEqual([]);
    await visitor.getByRole("link", { name: "Sign in" }).click();
    await visitor.getByLabel("E-mail").fill(nina.email);
    await visitor.getByLabel("Password", { exact: true }).fill(nina.password);
    await visitor.getByRole("button", { name: "Sign in" }).click();
    await visitor.getByRole("button", { name: "Accept" }).waitFor();
    // The mouse still rests where "Sign in" was, which is now a moment whose tooltip would open.
    await visitor.mouse.move(0, 0);
    expect(await faultsOf(visitor, "invitation-join")).toEqual([]);
    await visitor.getByRole("button", { name: "Accept" }).click();
    await atScreen(visitor, "Acme");
    await visitor.context().close();
  });
});

describe("a member’s page", () => {
  test("AR-61 AR-62 gives and takes roles, and says why where it cannot", async () => {
    await page.goto(`/members/${idOf("Ada")}`);
    await atScreen(page, "Ada Managed");
    const engineering = page.getByRole("checkbox", { name: "Engineering" });
    await engineering.waitFor();
    expect(await engineering.isDisabled()).toBe(true);
    await seen("Engineering is managed by the directory (SCIM). Change it in your identity provider.");
    await page.getByRole("checkbox", { name: "Deploy Owners" }).click();
    await seen("Ada Managed has the role Deploy Owners.");
    expect(await faultsOf(page, "member")).toEqual([]);
    await page.goto(`/members/${idOf("Grace")}`);
    await seen("Members is this person's only role.");
    expect(await page.getByRole("checkbox", { name: "Members" }).isDisabled()).toBe(true);
  });

  test("AR-52 offers the hand-given roles of somebody who is back", async () => {
    await okta.call("PATCH", `/Users/${idOf("Ada")}`, patch({ active: false }));
    await okta.call("PATCH", `/Users/${idOf("Ada")}`, patch({ active: true }));
    await page.goto(`/members/${idOf("Ada")}`);
    await seen("Ada Managed is back.");
    expect(await faultsOf(page, "member-offer")).toEqual([]);
    await page.getByRole("button", { name: "Restore", exact: true }).click();
    await seen("Ada Managed has Deploy Owners again.");
    await page.getByText("Ada Managed is back.").waitFor({ state: "detached" });
    expect(await page.getByRole("checkbox", { name: "Deploy Owners" }).isChecked()).toBe(true);
  });

  test("AR-71 removes a managed person after their name is typed, and says that they may come back", async () => {
    await page.goto(`/members/${idOf("Linus")}`);
    await page.getByRole("button", { name: "Remove…" }).click();
    await dialog().getByText("may bring them back").waitFor();
    await dialog().getByRole("button", { name: "Remove" }).click();
    await dialog().getByText("Type “Linus Managed” to confirm.").waitFor();
    expect(await faultsOf(page, "dialog-remove")).toEqual([]);
    await dialog().getByLabel("Type Linus Managed to confirm").fill("Linus Managed");
    await dialog().getByRole("button", { name: "Remove" }).click();
    await seen("Linus Managed is removed.");
    await atScreen(page, "Members");
  });

  test("AR-71 AR-72 says why somebody cannot be removed", async () => {
    await page.goto("/settings/provisioning");
    await page.getByRole("switch", { name: "Identity provider only" }).click();
    await seen("Only the identity provider removes managed people.");
    await page.goto(`/members/${idOf("Ken")}`);
    await seen("Ken Managed can be removed only in the identity provider, as the owners have decided.");
    expect(await page.getByRole("button", { name: "Remove…" }).isDisabled()).toBe(true);
    await page.goto("/members?search=olive");
    await page.getByRole("link", { name: /^Olive/ }).click();
    await seen("You cannot remove yourself.");
    expect(await faultsOf(page, "member-self")).toEqual([]);
  });
});

describe("roles", () => {
  test("are created, permitted, renamed and deleted", async () => {
    await page.goto("/roles");
    await page.getByRole("button", { name: "Create role…" }).click();
    await dialog().getByLabel("Name").fill("Engineering");
    await dialog().getByRole("button", { name: "Create role" }).click();
    await dialog().getByText("There is a role called Engineering already.").waitFor();
    expect(await faultsOf(page, "dialog-create-role")).toEqual([]);
    await dialog().getByLabel("Name").fill("Support");
    await dialog().getByRole("checkbox", { name: "See environments" }).check();
    await dialog().getByRole("button", { name: "Create role" }).click();
    await atScreen(page, "Support");
    await page.getByRole("button", { name: "Permissions…" }).click();
    await dialog().getByRole("checkbox", { name: "Read secrets" }).check();
    expect(await faultsOf(page, "dialog-permissions")).toEqual([]);
    await dialog().getByRole("button", { name: "Save" }).click();
    await seen("What Support allows is saved.");
    await page.getByRole("button", { name: "Rename…" }).click();
    await dialog().getByLabel("Name").fill("Help desk");
    expect(await faultsOf(page, "dialog-rename-role")).toEqual([]);
    await dialog().getByRole("button", { name: "Rename" }).click();
    await atScreen(page, "Help desk");
    expect(await faultsOf(page, "role-own")).toEqual([]);
    await page.getByRole("button", { name: "Delete…" }).click();
    await dialog().getByRole("button", { name: "Delete role" }).waitFor();
    expect(await faultsOf(page, "dialog-delete-role")).toEqual([]);
    await dialog().getByRole("button", { name: "Delete role" }).click();
    await seen("The role Help desk is deleted.");
    await atScreen(page, "Roles");
  });

  test("AR-60 of the directory cannot be renamed or deleted, and say why", async () => {
    await page.goto("/roles");
    await page.getByRole("link", { name: "Engineering" }).click();
    await seen("Managed by SCIM: rename or delete the group in your identity provider.");
    expect(await page.getByRole("button", { name: "Rename…" }).isDisabled()).toBe(true);
    expect(await page.getByRole("button", { name: "Delete…" }).isDisabled()).toBe(true);
    expect(await page.getByRole("button", { name: "Permissions…" }).isDisabled()).toBe(false);
  });
});

describe("provisioning", () => {
  test("says that the guard has stopped the directory", async () => {
    for (const name of ["Ada", "Grace", "Alan", "Barbara", "Edsger", "Frances"]) {
      await okta.call("PATCH", `/Users/${idOf(name)}`, patch({ active: false }));
    }
    await page.goto("/settings/provisioning");
    await seen("The guard has stopped the directory.");
    expect(await faultsOf(page, "guard-tripped")).toEqual([]);
  });

  test("says that five tokens are the most", async () => {
    for (const name of ["Second", "Third", "Fourth", "Fifth"]) await stage.directory(name);
    await page.goto("/settings/provisioning");
    await seen("5 tokens are active, which is the most.");
    expect(await page.getByRole("button", { name: "Generate token" }).isDisabled()).toBe(true);
    expect(await faultsOf(page, "tokens-full")).toEqual([]);
  });

  test("shows calls in short rows on a narrow screen", async () => {
    await page.goto("/requests");
    await page.getByText("POST").first().waitFor();
    await page.setViewportSize({ width: 360, height: 800 });
    const heights = await page
      .locator("tbody tr")
      .evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().height));
    await page.setViewportSize({ width: 1280, height: 900 });
    expect(Math.min(...heights)).toBeLessThan(160);
    expect(Math.max(...heights)).toBeLessThan(280);
    expect(await faultsOf(page, "requests-narrow")).toEqual([]);
  });
});
