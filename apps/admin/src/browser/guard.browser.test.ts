import type { Page } from "playwright-core";
import { describe, expect } from "vitest";
import { dialogOf, visitAs } from "./actions.ts";
import { type Directory, patchOf } from "./directory.ts";
import { type Acme, test } from "./fixture.ts";
import { faultsOf, keepPart } from "./page-checks.ts";

// Rule 13: owners see on every page that removals are on hold, and each decision takes effect.

const names = [
  "Ada",
  "Alan",
  "Anne",
  "Barbara",
  "Chimamanda",
  "Edsger",
  "Frances",
  "Grace",
  "Ken",
  "Olga",
  "Søren",
  "Tim",
];
const passing = 5;

type Held = { readonly okta: Directory; readonly ids: readonly string[]; readonly page: Page };

const deactivation = patchOf({ op: "replace", value: { active: false } });

async function deactivate({ okta }: Pick<Held, "okta">, id: string | undefined): Promise<number> {
  return (await okta.request("PATCH", `/Users/${id}`, deactivation)).status;
}

/** Acme after its directory has deactivated five people and seven more are on hold; opens the settings. */
async function held(acme: Acme, path = "/settings/provisioning"): Promise<Held> {
  await acme.enableProvisioning();
  const okta = await acme.directory("Okta production");
  const ids: string[] = [];
  for (const given of names) ids.push(await okta.addPerson(given, "Lovelace", "acme.example"));
  for (const [place, id] of ids.entries()) expect(await deactivate({ okta }, id)).toBe(place < passing ? 200 : 429);
  return { okta, ids, page: await visitAs(acme, acme.owner, path) };
}

const card = (page: Page) => page.getByRole("region", { name: "Mass-removal protection" });

async function confirm(page: Page, button: string, words: string | RegExp, submit: string): Promise<void> {
  await card(page).getByRole("button", { name: button }).click();
  await dialogOf(page).getByText(words).waitFor();
  await dialogOf(page).getByRole("button", { name: submit }).click();
  await dialogOf(page).waitFor({ state: "detached" });
}

describe("while removals are on hold", () => {
  test("shows a note on every screen that links to the list, which has no faults", async ({ acme }) => {
    const { page, ids } = await held(acme, "/members");
    const banner = page.getByRole("region", { name: "Removals need your decision" });
    await banner.getByText("7 removals wait for your decision").waitFor();
    expect(await faultsOf(page, "guard-banner")).toEqual([]);
    await page.goto("/health");
    await page.getByRole("link", { name: "Review held removals" }).waitFor();
    expect(await faultsOf(page, "guard-health")).toEqual([]);
    await banner.getByRole("link", { name: "Review" }).click();
    const rows = card(page).getByRole("table", { name: "Removals on hold" }).getByRole("row");
    await rows.nth(7).waitFor();
    expect(await rows.count()).toBe(8);
    await banner.getByText("7 removals wait for your decision").waitFor();
    expect(await banner.getByRole("link").count()).toBe(0);
    // The approval is not the most prominent button.
    const paper = (name: string): Promise<string> =>
      card(page)
        .getByRole("button", { name })
        .evaluate((button) => getComputedStyle(button).backgroundColor);
    expect(await paper("Approve all 7…")).toBe(await paper("Reject all 7 and keep people…"));
    expect(await faultsOf(page, "guard-held")).toEqual([]);
    await keepPart(card(page), "removals-held");
    await acme.sql("delete from guard_hold where member_id <> $1", [ids.at(-1)]);
    await page.reload();
    await card(page).getByText("1 removal by your identity provider waits for your decision.").waitFor();
  });

  test("one is made now, the chosen ones are approved, the others are rejected, and decisions are ended", async ({
    acme,
  }) => {
    const scene = await held(acme);
    const { page, ids } = scene;
    const words = "loses access to this organization immediately";
    await confirm(page, "Deactivate now: Ken Lovelace", words, "Deactivate now");
    await page.getByText("Ken Lovelace is deactivated.").waitFor();
    await card(page)
      .getByText(/^6 removals|6 removals by/)
      .waitFor();
    expect([await deactivate(scene, ids[8]), await deactivate(scene, ids[9])]).toEqual([200, 429]);

    await page.getByRole("checkbox", { name: "Select Edsger Lovelace: Deactivate" }).check();
    await page.getByRole("checkbox", { name: "Select Frances Lovelace: Deactivate" }).check();
    await card(page).getByRole("button", { name: "Approve 2…" }).click();
    await dialogOf(page)
      .getByText(/\(Edsger Lovelace and Frances Lovelace\) will lose access or a role/)
      .waitFor();
    expect(await faultsOf(page, "guard-approve")).toEqual([]);
    await dialogOf(page).getByRole("button", { name: "Approve 2 removals" }).click();
    await page.getByText("2 removals approved.").waitFor();
    expect([await deactivate(scene, ids[5]), await deactivate(scene, ids[7])]).toEqual([200, 429]);
    await confirm(page, "Reject all 4 and keep people", "4 people", "Reject 4 removals");
    await card(page).getByText("Nothing waits for your decision.").waitFor();
    expect([await deactivate(scene, ids[6]), await deactivate(scene, ids[7])]).toEqual([200, 403]);
    expect(await faultsOf(page, "guard-decided")).toEqual([]);
    await card(page).getByRole("button", { name: "Resume now" }).click();
    await card(page)
      .getByText(/^In the last 15 minutes:/)
      .waitFor();
    await card(page).getByRole("button", { name: "End decision: Grace Lovelace" }).click();
    await page.getByText("The decision is ended.").waitFor();
  });

  test("all is allowed for an hour, and held again when that is ended", async ({ acme }) => {
    const { page, okta, ids } = await held(acme);
    await confirm(page, "Allow all removals for 1 hour…", /7 removals on hold/, "Allow for 1 hour");
    await page.getByText("All removals are allowed for 1 hour.").waitFor();
    await card(page).getByText("except for people you decided to keep").waitFor();
    expect(await card(page).getByRole("button", { name: "Allow all removals for 1 hour…" }).count()).toBe(0);
    expect(await page.getByRole("region", { name: "Removals need your decision" }).count()).toBe(0);
    expect(await deactivate({ okta }, ids[5])).toBe(200);
    expect(await faultsOf(page, "guard-released")).toEqual([]);
    await card(page).getByRole("button", { name: "Resume protection now" }).click();
    await card(page)
      .getByText(/^In the last 15 minutes:/)
      .waitFor();
    // With nothing on hold.
    await confirm(page, "Allow all removals for 1 hour…", "any number of people", "Allow for 1 hour");
    await card(page).getByRole("button", { name: "Resume protection now" }).waitFor();
  });

  test("turning the protection off lists the changes that are approved", async ({ acme }) => {
    const { page, okta, ids } = await held(acme);
    const control = page.getByRole("switch", { name: "Hold mass removals" });
    await control.press("Space");
    await dialogOf(page)
      .getByText(/remove access from all 12 people/)
      .waitFor();
    await dialogOf(page).getByText("7 removals on hold").waitFor();
    expect(await faultsOf(page, "guard-off")).toEqual([]);
    await dialogOf(page).getByRole("button", { name: "Cancel" }).click();
    await expect.poll(() => control.isChecked()).toBe(true);
    await control.press("Space");
    await dialogOf(page).getByRole("button", { name: "Turn off" }).click();
    await page.getByText("Mass-removal protection is off.").waitFor();
    await expect.poll(() => control.isChecked()).toBe(false);
    expect(await deactivate({ okta }, ids[5])).toBe(200);
  });
});
