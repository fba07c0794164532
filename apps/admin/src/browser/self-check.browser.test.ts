import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { atScreen, forbidCopying, visitAs } from "./actions.ts";
import { type Acme, test } from "./fixture.ts";
import { faultsOf } from "./page-checks.ts";

/** A run of the provider's whole sequence takes some seconds on a busy machine. */
const runWait = { timeout: 30_000 };

const resultOf = (page: Page) => page.getByRole("region", { name: /^(This|Last) run$/ });
const stepsOf = (page: Page, part: string) => page.getByRole("list", { name: part });
const runButtonOf = (page: Page) => page.getByRole("button", { name: "Run the checks" });

/** Acme with a verified domain and provisioning turned on, and its owner at `path`. */
async function withProvisioning(acme: Acme, path: string): Promise<Page> {
  await acme.verifyDomain("acme.example");
  await acme.enableProvisioning();
  return visitAs(acme, acme.owner, path);
}

/** Adds a run as Okta that started ten minutes ago and has not ended, with a step of each outcome. */
async function addRun(acme: Acme): Promise<void> {
  const run = `insert into self_check (organization_id, id, provider, started_by, started_at)
    values ($1, $1, 'okta', 'Olive', now() - interval '10 minutes')`;
  const steps = `insert into self_check_step
      (organization_id, check_id, position, part, name, outcome, detail, meaning, duration_ms, exchanges)
    select $1, $1, position, 'Okta, app from the wizard', outcome || ' step', outcome, 'Detail', meaning, 12, '[{}]'
    from (values (1, 'passed', null), (2, 'noted', null), (3, 'failed', 'Meaning')) s (position, outcome, meaning)`;
  for (const text of [run, steps]) await acme.sql(text, [acme.organizationId]);
}

test("starts the first run by keyboard, which passes and shows its requests and responses", async ({ acme }) => {
  const page = await withProvisioning(acme, "/settings/provisioning");
  await page.getByText("The checks have not been run yet.").waitFor();
  await page.getByRole("link", { name: "Go to the checks" }).click();
  await atScreen(page, "Self-check");
  await page.getByText("No run yet").waitFor();
  expect(await faultsOf(page, "checks-empty")).toEqual([]);
  await runButtonOf(page).focus();
  await page.keyboard.press("Enter");
  await resultOf(page).getByText("Everything that Okta would send works with your settings.").waitFor(runWait);
  await stepsOf(page, "Setup").getByText("Make the sandbox").waitFor();
  await stepsOf(page, "Okta, app with header authentication")
    .getByText("Remove both people", { exact: true })
    .waitFor();
  const steps = stepsOf(page, "Okta, app from the wizard").getByRole("listitem");
  const step = steps.filter({ hasText: "Create a person" });
  await step.locator("summary").focus();
  await page.keyboard.press("Enter");
  await step.getByText('"userName": "Ada.Simulator').first().waitFor();
  expect(await step.locator("details").getAttribute("open")).not.toBeNull();
  expect(await faultsOf(page, "checks-calls")).toEqual([]);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Copy transcript" }).click();
  await page.getByText("The transcript is copied.").waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain("Self-check of Acme, as Okta");
  await forbidCopying(page);
  await page.getByRole("button", { name: "Copy transcript" }).click();
  await page.getByText("Download the transcript instead.").waitFor();
  const started = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download" }).click();
  const file = await started;
  expect(file.suggestedFilename()).toMatch(/^rollcall-self-check-okta-[-\dT]+\.txt$/);
  expect(readFileSync(await file.path(), "utf8")).toContain("> POST /Users");
});

test("the last run shows its reasons if it failed, and its outcome in the settings", async ({ acme }) => {
  await addRun(acme);
  await acme.sql("update self_check set ended_at = now()", []);
  const page = await withProvisioning(acme, "/checks");
  await resultOf(page).getByText("Okta would fail with your settings").waitFor();
  const steps = stepsOf(page, "Okta, app from the wizard").getByRole("listitem");
  await steps.filter({ hasText: "Failed step" }).getByText("Detail").waitFor();
  await steps.filter({ hasText: "Failed step" }).getByText("Meaning").waitFor();
  expect(await faultsOf(page, "checks-failed")).toEqual([]);
  await acme.sql("delete from self_check_step where outcome <> 'passed'", []);
  await acme.sql("update self_check set provider = 'entra'", []);
  await page.reload();
  await resultOf(page).getByText("Everything that Microsoft Entra ID would send works").waitFor();
  expect(await stepsOf(page, "Okta, app from the wizard").isVisible()).toBe(false);
  await page.goto("/settings/provisioning");
  const card = page.getByRole("region", { name: "Self-check" });
  await card.getByText("Passed").waitFor();
  expect(await card.innerText()).toContain("as Microsoft Entra ID");
});

test("a run that was cut off is shown as such, and one under way keeps that of another provider from starting", async ({
  acme,
}) => {
  await addRun(acme);
  const page = await withProvisioning(acme, "/checks");
  await resultOf(page).getByText("The checks were cut off.").waitFor();
  await acme.sql("update self_check set started_at = now()", []);
  await page.getByLabel("Identity provider").selectOption("Microsoft Entra ID");
  await page.waitForURL(/provider=entra/);
  const started = page.waitForRequest(/selfCheck\.start/);
  await runButtonOf(page).click();
  expect((await started).postData()).toContain("entra");
  const refusal = page.getByRole("alert").filter({ hasText: "The checks are running, or have only just run." });
  await refusal.waitFor();
  expect(await resultOf(page).getByText("The checks are running as Okta.").isVisible()).toBe(true);
  await page.reload();
  await resultOf(page).getByText("The checks are running as Okta.").waitFor();
  await expect.poll(() => runButtonOf(page).isDisabled()).toBe(true);
  expect(await faultsOf(page, "checks-running")).toEqual([]);
});
