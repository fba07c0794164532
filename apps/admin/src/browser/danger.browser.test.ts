import { expect } from "vitest";
import { atScreen, dialogOf, mutate, seen, signedIn, visitAs } from "./actions.ts";
import { groupOf, patchOf } from "./directory.ts";
import { type Acme, test } from "./fixture.ts";
import { faultsOf } from "./page-checks.ts";

// Disconnecting the identity provider: each choice states its consequences and needs a typed confirmation.
const settings = "/settings/provisioning";
const givenNames = ["Ada", "Grace", "Alan", "Barbara", "Edsger", "Frances", "Ken", "Linus", "Margaret", "Tim"] as const;
type GivenName = (typeof givenNames)[number];
const makeOwner = `insert into role_grant (organization_id, member_id, role_id, source, created_at)
  select organization_id, $2, id, 'manual', now() from role where organization_id = $1 and kind = 'owner'`;

/** Ten managed people; Grace is an owner and Ada is in a group. Returns a function from name to id. */
async function addPeople(acme: Acme): Promise<(givenName: GivenName) => string> {
  await acme.enableProvisioning();
  await acme.verifyDomain("acme.example");
  const okta = await acme.directory("Okta");
  const ids = new Map<GivenName, string>();
  for (const name of givenNames) ids.set(name, await okta.addPerson(name, "Managed", "acme.example"));
  const idOf = (name: GivenName): string => ids.get(name) ?? "";
  await okta.request("POST", "/Groups", groupOf("Engineering", idOf("Ada")));
  await acme.sql(makeOwner, [acme.organizationId, idOf("Grace")]);
  return idOf;
}

test("the danger zone is last on the screen, and ends all tokens once their number is typed", async ({ acme }) => {
  await acme.enableProvisioning();
  const okta = await acme.directory("Okta");
  const page = await visitAs(acme, acme.owner, settings);
  await atScreen(page, "Provisioning");
  const zone = page.getByRole("region", { name: "Danger zone" });
  await zone.getByRole("button", { name: "Turn off…" }).waitFor();
  const titles = await page.getByRole("heading", { level: 2 }).allTextContents();
  expect(titles.at(-1)).toBe("Danger zone");
  expect(await faultsOf(page, "danger-zone")).toEqual([]);
  await page.getByRole("button", { name: "End all tokens…" }).click();
  await dialogOf(page).getByRole("textbox", { name: "Type end 1 token to confirm" }).fill("end it");
  await dialogOf(page).getByRole("button", { name: "End all tokens" }).click();
  await dialogOf(page).getByText("Type “end 1 token” to confirm.").waitFor();
  expect(await faultsOf(page, "dialog-end-tokens")).toEqual([]);
  await dialogOf(page).getByRole("textbox").fill("end 1 token");
  await dialogOf(page).getByRole("button", { name: "End all tokens" }).click();
  await seen(page, "All tokens have ended.");
  await page.getByRole("button", { name: "End all tokens…", disabled: true }).waitFor();
  await seen(page, "No token is active.");
  expect((await okta.request("GET", "/Users")).status).toBe(401);
});

test("people stay locked when provisioning is turned off that way, until an owner releases them", async ({ acme }) => {
  const idOf = await addPeople(acme);
  const page = await visitAs(acme, acme.owner, settings);
  await page.getByRole("button", { name: "Turn off…" }).click();
  await dialogOf(page).getByRole("radio", { name: "Keep 10 people and unlock their accounts (recommended)" }).waitFor();
  await dialogOf(page).getByText("Ada Managed, Alan Managed", { exact: false }).first().waitFor();
  expect(await faultsOf(page, "dialog-off-release")).toEqual([]);
  await dialogOf(page).getByRole("radio", { name: "Keep 10 people locked" }).check();
  await dialogOf(page).getByText("They still cannot leave").waitFor();
  expect(await faultsOf(page, "dialog-off-locked")).toEqual([]);
  await dialogOf(page).getByLabel("Type Acme to confirm").fill("Acme");
  await dialogOf(page).getByRole("button", { name: "Turn off" }).click();
  await seen(page, "10 people stayed locked");
  await seen(page, "Provisioning is off already.");
  expect(await faultsOf(page, "provisioning-kept")).toEqual([]);

  await page.goto(`/members/${idOf("Ada")}`);
  await seen(page, "Provisioning is off, but their account stays locked: unlock it");
  await page.getByRole("link", { name: "Open provisioning" }).click();
  await page.getByRole("button", { name: "Unlock them" }).click();
  await seen(page, "10 people unlocked.");
  await page.getByText("stayed locked").waitFor({ state: "detached" });
  expect(await page.getByRole("button", { name: "Unlock them" }).count()).toBe(0);
});

test("removes people who are matched again, owners only with a confirmation", async ({ acme }) => {
  const idOf = await addPeople(acme);
  const page = await signedIn(acme, acme.owner);
  await mutate(page, "provisioning.disable", { after: "release", confirm: "Acme" });
  await acme.enableProvisioning();
  const next = await acme.directory("Okta again");
  const patch = patchOf({ op: "replace", value: { name: { familyName: "Back" } } });
  for (const name of ["Ada", "Grace"] as const)
    expect((await next.request("PATCH", `/Users/${idOf(name)}`, patch)).status).toBe(200);

  await page.goto(settings);
  await page.getByRole("button", { name: "Turn off…" }).click();
  await dialogOf(page).getByRole("radio", { name: "Remove 2 people from the organization" }).check();
  await dialogOf(page).getByText("lose access and all roles here at once").waitFor();
  await dialogOf(page).getByLabel("Type remove 2 people to confirm").fill("remove 2 people");
  expect(await faultsOf(page, "dialog-off-remove")).toEqual([]);
  await dialogOf(page).getByRole("button", { name: "Turn off and remove 2" }).click();
  await dialogOf(page).getByText("Confirm that they are to be removed as well.").waitFor();
  await dialogOf(page)
    .getByRole("checkbox", { name: /^Remove the owner among them as well: Grace/ })
    .check();
  await dialogOf(page).getByRole("button", { name: "Turn off and remove 2" }).click();
  await seen(page, "Provisioning is off, and 2 people removed.");
  await page.goto("/members?search=Back");
  await seen(page, "No one matches");
});
