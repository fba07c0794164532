import type { Page } from "playwright-core";
import { expect } from "vitest";
import { atScreen, dialogOf, visitAs } from "./actions.ts";
import { test } from "./fixture.ts";
import { faultsOf } from "./page-checks.ts";

const cardOf = (page: Page) => page.getByRole("region", { name: "acme.example" });

// Owners verify a domain with a real DNS server, and the screen shows each step.
test("AR-47 a domain is added unless it is public, and verified once its DNS record is found", async ({ acme }) => {
  const page = await visitAs(acme, acme.owner, "/settings/domains");
  await atScreen(page, "Domains");
  await page.getByText("No domain yet").waitFor();
  expect(await faultsOf(page, "domains-empty")).toEqual([]);
  await page.getByRole("button", { name: "Add a domain" }).click();
  await dialogOf(page).getByLabel("Domain").fill("gmail.com");
  await dialogOf(page).getByRole("button", { name: "Add", exact: true }).click();
  await dialogOf(page).getByText("Anyone can have an address at gmail.com").waitFor();
  expect(await faultsOf(page, "dialog-add-domain")).toEqual([]);
  await dialogOf(page).getByLabel("Domain").fill("https://me@ACME.example/x");
  await dialogOf(page).getByLabel("Domain").blur();
  expect(await dialogOf(page).getByLabel("Domain").inputValue()).toBe("acme.example");
  await dialogOf(page).getByRole("button", { name: "Add", exact: true }).click();
  await cardOf(page).getByText("Not verified yet").waitFor();
  await cardOf(page).getByRole("button", { name: "Copy value of the record" }).click();
  const value = await page.evaluate(() => navigator.clipboard.readText());
  await cardOf(page).getByRole("button", { name: "Check now: acme.example" }).click();
  await cardOf(page).getByText("There is no such TXT record").waitFor();
  expect(await faultsOf(page, "domains-pending")).toEqual([]);
  await cardOf(page).getByRole("button", { name: "Remove acme.example" }).click();
  await dialogOf(page).getByText("The domain is not verified, so nothing changes for your members.").waitFor();
  await page.keyboard.press("Escape");
  acme.dns.answers.set("_rollcall.acme.example", [[value]]);
  await cardOf(page).getByRole("button", { name: "Check now: acme.example" }).click();
  await cardOf(page).getByText("Verified", { exact: true }).waitFor();
});

test("removes a domain after its name is typed, and the dialog lists the consequences", async ({ acme }) => {
  await acme.enableProvisioning();
  await acme.verifyDomain("acme.example");
  await (await acme.directory("Okta")).addPerson("Pam", "Beesly", "acme.example");
  const page = await visitAs(acme, acme.owner, "/settings/domains");
  await cardOf(page).getByRole("button", { name: "Remove acme.example" }).click();
  await dialogOf(page)
    .getByText("1 person with an address at this domain has never signed in here and loses access")
    .waitFor();
  expect(await faultsOf(page, "dialog-remove-domain")).toEqual([]);
  await dialogOf(page).getByRole("textbox").fill("acme");
  await dialogOf(page).getByRole("button", { name: "Remove" }).click();
  await dialogOf(page).getByText("Type “acme.example” to confirm.").waitFor();
  await dialogOf(page).getByRole("textbox").fill("acme.example");
  await dialogOf(page).getByRole("button", { name: "Remove" }).click();
  await page.getByText("No domain yet").waitFor();
});
