import { expect } from "vitest";
import { atScreen, dialogOf, mutate, seen, signedIn, visitAs } from "./actions.ts";
import { controlClock, passTime } from "./chromium.ts";
import { groupOf, patchOf } from "./directory.ts";
import { type Acme, test } from "./fixture.ts";
import { addManagedPeople } from "./managed-people.ts";
import { faultsOf } from "./page-checks.ts";

// Disconnecting the identity provider: each choice states its consequences and needs a typed confirmation.
/** The refetch interval of the settings while people are treated. */
const refreshMs = 2000;
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
  await zone.getByRole("button", { name: "Turn off…" }).click();
  await dialogOf(page).getByText("The directory manages no one, so no one loses access.").waitFor();
  expect(await dialogOf(page).getByRole("radio").count()).toBe(0);
  expect(await faultsOf(page, "dialog-off-no-one")).toEqual([]);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Revoke all tokens…" }).click();
  await dialogOf(page).getByRole("textbox", { name: "Type revoke 1 token to confirm" }).fill("end it");
  await dialogOf(page).getByRole("button", { name: "Revoke all tokens" }).click();
  await dialogOf(page).getByText("Type “revoke 1 token” to confirm.").waitFor();
  expect(await faultsOf(page, "dialog-end-tokens")).toEqual([]);
  await dialogOf(page).getByRole("textbox").fill("revoke 1 token");
  await dialogOf(page).getByRole("button", { name: "Revoke all tokens" }).click();
  await seen(page, "All tokens are revoked.");
  await page.getByRole("button", { name: "Revoke all tokens…", disabled: true }).waitFor();
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
  await page.setViewportSize({ width: 1280, height: 400 });
  const submit = dialogOf(page).getByRole("button", { name: "Turn off" });
  const { y = 0, height = 0 } = (await submit.boundingBox()) ?? {};
  expect(y + height).toBeLessThan(400);
  await dialogOf(page).getByLabel("Type Acme to confirm").fill("Acme");
  await submit.click();
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
  await dialogOf(page).getByText("would be removed as well. Confirm this.").waitFor();
  await dialogOf(page)
    .getByRole("checkbox", { name: /^Remove the owner among them as well: Grace/ })
    .check();
  await dialogOf(page).getByRole("button", { name: "Turn off and remove 2" }).click();
  await seen(page, "Provisioning is off, and 2 people removed.");
  await page.goto("/members?search=Back");
  await seen(page, "No one matches");
});

const crowd = Array.from({ length: 1200 }, (_, place) => ({ email: `p${place}@acme.example`, name: "Person" }));
/** Delays a new job until the test lets it go on. */
const delayJob = `create function delay_job() returns trigger language plpgsql as $$ begin
    new.due_at := now() + interval '1 hour'; return new; end $$;
  create trigger delay_job before insert on people_job for each row execute function delay_job()`;

test("removing many people shows its progress, a failure and the result", async ({ acme }) => {
  await acme.enableProvisioning();
  await addManagedPeople(acme, crowd);
  await acme.sql(delayJob, []);
  const page = await signedIn(acme, acme.owner);
  await controlClock(page);
  await page.goto(settings);
  await page.getByRole("button", { name: "Turn off…" }).click();
  await dialogOf(page).getByRole("radio", { name: "Remove 1,200 people from the organization" }).check();
  await dialogOf(page)
    .getByText("Removing them is finished in the background. Provisioning can be turned on again afterwards.")
    .waitFor();
  await dialogOf(page).getByLabel("Type remove 1200 people to confirm").fill("remove 1200 people");
  await dialogOf(page).getByRole("button", { name: "Turn off and remove 1,200" }).click();
  await seen(page, "500 of about 1,200 people removed");
  await seen(page, "None of them has access anymore");
  const progress = page.getByRole("progressbar", { name: "Removing people" });
  const isInView = (): Promise<boolean> =>
    progress.evaluate(
      (bar) => bar.getBoundingClientRect().top >= 0 && bar.getBoundingClientRect().bottom <= innerHeight,
    );
  await expect.poll(isInView).toBe(true);
  expect(await progress.evaluate((bar: HTMLProgressElement) => bar.position)).toBeCloseTo(500 / 1200);
  await page.getByRole("button", { name: "Turn on…", disabled: true }).waitFor();
  expect(await faultsOf(page, "provisioning-removing")).toEqual([]);
  await acme.sql("update people_job set tries = 1 where organization_id = $1", [acme.organizationId]);
  await passTime(page, refreshMs, page.getByText("The last attempt failed. It is repeated automatically.").first());
  await acme.sql("update people_job set tries = 6 where organization_id = $1", [acme.organizationId]);
  await passTime(page, refreshMs, page.getByRole("button", { name: "Try again" }));
  expect(await faultsOf(page, "provisioning-stopped")).toEqual([]);
  await acme.sql("drop trigger delay_job on people_job; drop function delay_job", []);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect.poll(() => acme.sql("select 1 from people_job where ended_at is not null", [])).toHaveLength(1);
  await passTime(page, refreshMs, page.getByText("1,200 people removed. Finished").first());
  expect(await faultsOf(page, "provisioning-removed")).toEqual([]);
  await page.getByRole("button", { name: "Turn on…", disabled: false }).waitFor();
});
