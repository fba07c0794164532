import "@rollcall/local-postgres/vitest-global-setup";
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { atScreen, faultsOf, visitAs } from "./acts.ts";
import { openStage, type Stage } from "./stage.ts";

// Guards the self-check as an owner meets it: run it, read it, carry it away, and be told what to do. One story in order.
let stage: Stage;
let page: Page;

beforeAll(async () => {
  stage = await openStage(inject("postgresUrl"));
  const org = ["--org", stage.organizationId];
  await stage.operate("domain", "verify", ...org, "--domain", "acme.example");
  await stage.operate("provisioning", "enable", ...org, "--acknowledge-no-sso");
  page = await visitAs(stage, stage.owner, "/settings/provisioning");
});
afterAll(async () => stage?.close());

const result = () => page.getByRole("region", { name: /^(This|Last) run$/ });
const steps = (part: string) => page.getByRole("list", { name: part });
/** The server takes the next run a moment later only; what time would do is done at once. */
const rest = () => stage.sql("update self_check set started_at = started_at - interval '1 minute'", []);

test("provisioning leads to the checks, which have not been run yet", async () => {
  await page.getByText("The checks have not been run yet.").waitFor();
  await page.getByRole("link", { name: "Go to the checks" }).click();
  await atScreen(page, "Self-check");
  await page.getByText("No run yet").waitFor();
  expect(await faultsOf(page, "checks-empty")).toEqual([]);
});

test("a run shows its steps as they come and passes, by the keyboard alone", async () => {
  await page.getByRole("button", { name: "Run the checks" }).focus();
  await page.keyboard.press("Enter");
  await result().getByText("Everything that Okta would send works with your settings.").waitFor();
  await steps("Set-up").getByText("Make the sandbox twin").waitFor();
  await steps("Okta, app with header authentication").getByText("Remove both people", { exact: true }).waitFor();
  expect(await faultsOf(page, "checks-passed")).toEqual([]);
});

test("a step opens what was sent and answered", async () => {
  const step = steps("Okta, app from the wizard").getByRole("listitem").filter({ hasText: "Create a person" });
  await step.locator("summary").focus();
  await page.keyboard.press("Enter");
  await step.getByText('"userName": "Ada.Simulator').first().waitFor();
  expect(await step.locator("details").getAttribute("open")).not.toBeNull();
  expect(await faultsOf(page, "checks-calls")).toEqual([]);
  await page.keyboard.press("Enter");
});

test("the transcript is copied and downloaded as text", async () => {
  await page.getByRole("button", { name: "Copy transcript" }).click();
  await page.getByText("The transcript is copied.").waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain("Self-check of Acme, as Okta");
  const started = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download" }).click();
  const file = await started;
  expect(file.suggestedFilename()).toMatch(/^rollcall-self-check-okta-[-\dT]+\.txt$/);
  expect(readFileSync(await file.path(), "utf8")).toContain("> POST /Users");
});

test("another provider is chosen in the address, and the run is seen from the settings afterwards", async () => {
  await page.getByLabel("Identity provider").selectOption("Microsoft Entra ID");
  await page.waitForURL(/provider=entra/);
  await rest();
  await page.getByRole("button", { name: "Run the checks" }).click();
  await result().getByText("Everything that Microsoft Entra ID would send works").waitFor();
  await steps("Microsoft SCIM Validator").waitFor();
  await page.goto("/settings/provisioning");
  const card = page.getByRole("region", { name: "Self-check" });
  await card.getByText("Passed").waitFor();
  expect(await card.innerText()).toContain("as Microsoft Entra ID");
});

test("a broken set-up fails, says why and what it means, and nobody has been added", async () => {
  await stage.sql("update provisioning set default_role_id = null", []);
  await rest();
  await page.goto("/checks?provider=okta");
  await page.getByRole("button", { name: "Run the checks" }).click();
  await result().getByText("Okta would fail with your settings").waitFor();
  await steps("Set-up").getByText("Nobody can be added: choose a default role").waitFor();
  await steps("Okta, app from the wizard").getByText("The organization’s settings keep the provider out").waitFor();
  expect(await faultsOf(page, "checks-failed")).toEqual([]);
  await page.goto("/members");
  await atScreen(page, "Members");
  await page.getByText("olive.owner@acme.example").first().waitFor();
  expect(await page.getByText("Simulator").count()).toBe(0);
});

test("a run that was cut off and one that has only just begun are told as such", async () => {
  await stage.sql("update self_check set ended_at = null, started_at = now() - interval '10 minutes'", []);
  await page.goto("/checks");
  await result().getByText("The checks were cut off.").waitFor();
  await stage.sql("update self_check set started_at = now()", []);
  await page.getByRole("button", { name: "Run the checks" }).click();
  const refusal = page.getByRole("alert").filter({ hasText: "The checks are running, or have only just run." });
  await refusal.waitFor();
  expect(await result().getByText("The checks are running as Okta.").isVisible()).toBe(true);
});

test("a run under way holds the button and shows what there is", async () => {
  await page.reload();
  await result().getByText("The checks are running as Okta.").waitFor();
  expect(await page.getByRole("button", { name: "Run the checks" }).isDisabled()).toBe(true);
  expect(await faultsOf(page, "checks-running")).toEqual([]);
});
