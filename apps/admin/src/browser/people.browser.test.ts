import { describe, expect } from "vitest";
import { atScreen, dialogOf, mutate, newestLink, seen, visit, visitAs } from "./actions.ts";
import { type Directory, groupOf, patchOf, requiredText } from "./directory.ts";
import { type Acme, test } from "./fixture.ts";
import { faultsOf } from "./page-checks.ts";

// Owners invite, change and remove people and roles.

/** The identity provider of Acme, once provisioning is on. */
async function withOkta(acme: Acme): Promise<Directory> {
  await acme.enableProvisioning();
  await acme.verifyDomain("acme.example");
  return acme.directory("Okta");
}

const addManaged = (okta: Directory, givenName: string) => okta.addPerson(givenName, "Managed", "acme.example");

async function setActive(okta: Directory, id: string, active: boolean): Promise<void> {
  await okta.request("PATCH", `/Users/${id}`, patchOf({ op: "replace", value: { active } }));
}

async function addGroup(okta: Directory, ...members: readonly string[]): Promise<string> {
  return (await okta.request("POST", "/Groups", groupOf("Engineering", ...members))).id;
}

describe("an invitation", () => {
  test("is refused for a member; sent again, only its new link works, and lets a new person join", async ({ acme }) => {
    await addManaged(await withOkta(acme), "Ada");
    const page = await visitAs(acme, acme.owner, "/members");
    const dialog = dialogOf(page);
    await page.getByRole("button", { name: "Invite…" }).click();
    await dialog.getByText("Your identity provider manages this organization’s members.").waitFor();
    await dialog.getByLabel("Email").fill("ada.managed@acme.example");
    expect(await faultsOf(page, "dialog-invite")).toEqual([]);
    await dialog.getByRole("button", { name: "Send invitation" }).click();
    await dialog.getByText("ada.managed@acme.example is a member of this organization already.").waitFor();
    await dialog.getByLabel("Email").fill("guest@else.example");
    await dialog.getByRole("checkbox", { name: "Deploy Owners" }).check();
    await dialog.getByRole("button", { name: "Send invitation" }).click();
    await seen(page, "An invitation is on its way to guest@else.example.");
    const first = await newestLink(acme, "guest@else.example");
    await page.getByRole("button", { name: "Send again to guest@else.example" }).click();
    await seen(page, "A new link is on its way to guest@else.example.");
    const second = await newestLink(acme, "guest@else.example");
    expect(second).not.toBe(first);
    expect(await faultsOf(page, "members-invited")).toEqual([]);

    const guest = await visit(acme, first);
    await guest.getByText("This link no longer works.").waitFor();
    expect(await faultsOf(guest, "invitation-ended")).toEqual([]);
    await guest.goto(second);
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
  });

  test("is withdrawn after a confirmation", async ({ acme }) => {
    const text = `insert into invitation (organization_id, id, email, email_key, role_ids, secret_hash, invited_by_name,
        created_at, sent_at, expires_at)
      select $1, gen_random_uuid(), e, e, '{}', sha256(e::bytea), 'Olive', now(), now(), now() + interval '1 day'
      from (select 'mistake@else.example' as e) x`;
    await acme.sql(text, [acme.organizationId]);
    const page = await visitAs(acme, acme.owner, "/members");
    await page.getByRole("button", { name: "Withdraw the invitation to mistake@else.example" }).click();
    await dialogOf(page).getByRole("button", { name: "Withdraw" }).waitFor();
    expect(await faultsOf(page, "dialog-withdraw")).toEqual([]);
    await dialogOf(page).getByRole("button", { name: "Withdraw" }).click();
    await seen(page, "The invitation to mistake@else.example is withdrawn.");
  });

  test("of a person who is no longer an owner is shown as suspended, and open once it is sent again", async ({
    acme,
  }) => {
    const text = `insert into invitation (organization_id, id, email, email_key, role_ids, secret_hash, invited_by,
        invited_by_name, created_at, sent_at, expires_at)
      select $1, gen_random_uuid(), e, e, array_agg(r.id), sha256(e::bytea), gen_random_uuid(), 'Olga Former', now(), now(),
        now() + interval '7 days'
      from role r, (select 'heir@else.example' as e) x where r.organization_id = $1 and r.kind = 'owner' group by e`;
    await acme.sql(text, [acme.organizationId]);
    const page = await visitAs(acme, acme.owner, "/members");
    const row = page.getByRole("row", { name: "heir@else.example" });
    await row.getByText("Suspended").waitFor();
    await row.getByText("The sender is no longer an owner. Send it again to make it work.").waitFor();
    expect(await faultsOf(page, "members-suspended")).toEqual([]);
    await row.getByRole("button", { name: "Send again to heir@else.example" }).click();
    await row.getByText("Open").waitFor();
    const guest = await visit(acme, await newestLink(acme, "heir@else.example"));
    await atScreen(guest, "Join Acme");
  });

  test("can be accepted only by the person who owns the invited email, after signing in", async ({ acme }) => {
    const nina = (await acme.organization("Nina Works", "nina@else.example")).owner;
    const page = await visitAs(acme, acme.owner);
    const role = await mutate(page, "roles.create", { name: "Guests", permissions: [] });
    await mutate(page, "invitations.send", { email: nina.email, roleIds: [requiredText(role, "id")] });
    await page.goto(await newestLink(acme, nina.email));
    await page.getByText(`This invitation is for ${nina.email}.`).waitFor();
    expect(await faultsOf(page, "invitation-for-other")).toEqual([]);
    await page.getByRole("button", { name: "Sign out and open the invitation again" }).click();
    await page.getByText(`You have an account with ${nina.email}.`).waitFor();
    expect(await faultsOf(page, "invitation-sign-in")).toEqual([]);
    await page.getByRole("link", { name: "Sign in" }).click();
    await page.getByLabel("Email").fill(nina.email);
    await page.getByLabel("Password", { exact: true }).fill(nina.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("button", { name: "Accept" }).waitFor();
    expect(await faultsOf(page, "invitation-join")).toEqual([]);
    await page.getByRole("button", { name: "Accept" }).click();
    await atScreen(page, "Acme");
  });
});

describe("a member’s page", () => {
  test("AR-52 AR-61 AR-62 adds a role by hand, and offers it again once the person is back", async ({ acme }) => {
    const okta = await withOkta(acme);
    const ada = await addManaged(okta, "Ada");
    const grace = await addManaged(okta, "Grace");
    await addGroup(okta, ada);
    const page = await visitAs(acme, acme.owner, `/members/${ada}`);
    await atScreen(page, "Ada Managed");
    const engineering = page.getByRole("checkbox", { name: "Engineering" });
    await engineering.waitFor();
    await expect.poll(() => engineering.isDisabled()).toBe(true);
    await seen(page, "Engineering is managed by the directory (SCIM). Change it in your identity provider.");
    await page.getByRole("checkbox", { name: "Deploy Owners" }).click();
    await seen(page, "Ada Managed has the role Deploy Owners.");
    await page.goto(`/members/${grace}`);
    await seen(page, "Members is this person's only role.");
    await expect.poll(() => page.getByRole("checkbox", { name: "Members" }).isDisabled()).toBe(true);
    await setActive(okta, ada, false);
    await setActive(okta, ada, true);
    await page.goto(`/members/${ada}`);
    await seen(page, "Ada Managed is back.");
    expect(await faultsOf(page, "member-offer")).toEqual([]);
    await page.getByRole("button", { name: "Restore", exact: true }).click();
    await seen(page, "Ada Managed has Deploy Owners again.");
    await page.getByText("Ada Managed is back.").waitFor({ state: "detached" });
    await expect.poll(() => page.getByRole("checkbox", { name: "Deploy Owners" }).isChecked()).toBe(true);
  });

  test("AR-71 removes a managed person once their name is typed, and warns that they may come back", async ({
    acme,
  }) => {
    const linus = await addManaged(await withOkta(acme), "Linus");
    const page = await visitAs(acme, acme.owner, `/members/${linus}`);
    const dialog = dialogOf(page);
    await page.getByRole("button", { name: "Remove…" }).click();
    await dialog.getByText("may bring them back").waitFor();
    await dialog.getByRole("button", { name: "Remove" }).click();
    await dialog.getByText("Type “Linus Managed” to confirm.").waitFor();
    expect(await faultsOf(page, "dialog-remove")).toEqual([]);
    await dialog.getByLabel("Type Linus Managed to confirm").fill("Linus Managed");
    await dialog.getByRole("button", { name: "Remove" }).click();
    await seen(page, "Linus Managed is removed.");
    await atScreen(page, "Members");
  });

  test("AR-71 AR-72 gives the reason why a person cannot be removed", async ({ acme }) => {
    await addManaged(await withOkta(acme), "Ken");
    const page = await visitAs(acme, acme.owner, "/settings/provisioning");
    const members = page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Members" });
    await page.getByRole("switch", { name: "Identity provider only" }).click();
    await seen(page, "Only the identity provider removes managed people.");
    await members.click();
    await page.getByRole("link", { name: /^Ken/ }).click();
    await seen(page, "Ken Managed can be removed only in the identity provider, as the owners have decided.");
    await expect.poll(() => page.getByRole("button", { name: "Remove…" }).isDisabled()).toBe(true);
    await members.click();
    await page.getByRole("link", { name: /^Olive/ }).click();
    await seen(page, "You cannot remove yourself.");
    expect(await faultsOf(page, "member-self")).toEqual([]);
  });
});

describe("a role", () => {
  test("is created under a free name, given permissions, renamed and deleted", async ({ acme }) => {
    await addGroup(await withOkta(acme));
    const page = await visitAs(acme, acme.owner, "/roles");
    const dialog = dialogOf(page);
    await page.getByRole("button", { name: "Create role…" }).click();
    await dialog.getByLabel("Name").fill("Engineering");
    await dialog.getByRole("button", { name: "Create role" }).click();
    await dialog.getByText("There is a role called Engineering already.").waitFor();
    expect(await faultsOf(page, "dialog-create-role")).toEqual([]);
    await dialog.getByLabel("Name").fill("Support");
    await dialog.getByRole("checkbox", { name: "See environments" }).check();
    await dialog.getByRole("button", { name: "Create role" }).click();
    await atScreen(page, "Support");
    await page.getByRole("button", { name: "Permissions…" }).click();
    await dialog.getByRole("checkbox", { name: "Read secrets" }).check();
    expect(await faultsOf(page, "dialog-permissions")).toEqual([]);
    await dialog.getByRole("button", { name: "Save" }).click();
    await seen(page, "What Support allows is saved.");
    await page.getByRole("button", { name: "Rename…" }).click();
    await dialog.getByLabel("Name").fill("Help desk");
    expect(await faultsOf(page, "dialog-rename-role")).toEqual([]);
    await dialog.getByRole("button", { name: "Rename" }).click();
    await atScreen(page, "Help desk");
    expect(await faultsOf(page, "role-own")).toEqual([]);
    await page.getByRole("button", { name: "Delete…" }).click();
    await dialog.getByRole("button", { name: "Delete role" }).waitFor();
    expect(await faultsOf(page, "dialog-delete-role")).toEqual([]);
    await dialog.getByRole("button", { name: "Delete role" }).click();
    await seen(page, "The role Help desk is deleted.");
    await atScreen(page, "Roles");
  });

  test("AR-60 of the directory cannot be renamed or deleted, and gives the reason", async ({ acme }) => {
    await addGroup(await withOkta(acme));
    const page = await visitAs(acme, acme.owner, "/roles");
    await page.getByRole("link", { name: "Engineering" }).click();
    await seen(page, "Managed by SCIM: rename or delete the group in your identity provider.");
    await expect.poll(() => page.getByRole("button", { name: "Rename…" }).isDisabled()).toBe(true);
    await expect.poll(() => page.getByRole("button", { name: "Delete…" }).isDisabled()).toBe(true);
    await expect.poll(() => page.getByRole("button", { name: "Permissions…" }).isDisabled()).toBe(false);
  });
});

test("provisioning shows that no further token can be generated while five are active", async ({ acme }) => {
  await acme.enableProvisioning();
  for (const name of ["First", "Second", "Third", "Fourth", "Fifth"]) await acme.issueToken(name);
  const page = await visitAs(acme, acme.owner, "/settings/provisioning");
  await seen(page, "5 tokens are active, which is the most.");
  await expect.poll(() => page.getByRole("button", { name: "Generate token" }).isDisabled()).toBe(true);
  expect(await faultsOf(page, "tokens-full")).toEqual([]);
});
