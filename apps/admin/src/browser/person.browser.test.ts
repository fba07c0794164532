import "@rollcall/local-postgres/vitest-global-setup";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { atScreen, faultsOf, visitAs } from "./acts.ts";
import type { Directory } from "./directory.ts";
import { openStage, type Stage } from "./stage.ts";

// Guards the page of one person and the question why somebody is missing. The tests tell one story in order.
let stage: Stage;
let page: Page;
let okta: Directory;
let pam = "";
let jim = "";

const patch = (...Operations: readonly object[]): object => ({
  schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
  Operations,
});
const seen = (text: string | RegExp) => page.getByText(text).first().waitFor();
const timeline = () => page.getByRole("region", { name: "What happened" });

beforeAll(async () => {
  stage = await openStage(inject("postgresUrl"));
  await stage.operate("provisioning", "enable", "--org", stage.organizationId, "--acknowledge-no-sso");
  okta = await stage.directory("Okta production");
  pam = await okta.addPerson("Pam", "Beesly", "acme.example");
  jim = await okta.addPerson("Jim", "Halpert", "acme.example");
  await okta.call("POST", "/Groups", {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"],
    displayName: "Sales",
    members: [{ value: pam }],
  });
  await okta.call("PATCH", `/Users/${pam}`, patch({ op: "replace", path: "name.familyName", value: "Halpert" }));
  // Refused: the new domain is not verified.
  await okta.call("PATCH", `/Users/${pam}`, patch({ op: "replace", path: "userName", value: "pam@rival.example" }));
  page = await visitAs(stage, stage.owner, `/members/${pam}`);
});

afterAll(async () => stage?.close());

describe("the page of a person", () => {
  test("tells why they have each role", async () => {
    await atScreen(page, "Pam Halpert");
    await page.getByRole("checkbox", { name: "Deploy Owners" }).click();
    await seen("Pam Halpert has the role Deploy Owners.");
    await seen(/gave it by hand, on \d/);
    await seen(/It is the default role, given when the identity provider \(token “Okta production”\) added them, on/);
    const group = page.getByText(
      /The identity provider \(token “Okta production”\) put them into the group “Sales”, on/,
    );
    expect(await group.count()).toBe(1);
  });

  test("tells what happened, by whom and from where, by day", async () => {
    await timeline()
      .getByText(/added Pam Beesly/)
      .waitFor();
    await timeline()
      .getByText(/^Over SCIM, from Okta SCIM Client 1\.0\.0 at /)
      .first()
      .waitFor();
    await timeline().getByText("In the console").waitFor();
    await timeline().getByRole("heading", { level: 3 }).first().waitFor();
    await timeline().getByText("Details").first().click();
    expect(await faultsOf(page, "person")).toEqual([]);
  });

  test("narrows it to what was refused, in the address", async () => {
    await timeline().getByRole("switch", { name: "Refused only" }).check();
    await page.waitForURL(/refused=true/);
    await timeline()
      .getByText(/added Pam Beesly/)
      .waitFor({ state: "detached" });
    await timeline()
      .getByText(/which was refused: the organization has not verified/)
      .waitFor();
    expect(await faultsOf(page, "person-refused")).toEqual([]);
    await page.reload();
    expect(await timeline().getByRole("switch", { name: "Refused only" }).isChecked()).toBe(true);
  });

  test("says what to do next where somebody has no access", async () => {
    await okta.call("PATCH", `/Users/${pam}`, patch({ op: "replace", value: { active: false } }));
    await page.goto(`/members/${pam}`);
    await seen("The identity provider (token “Okta production”) deactivated Pam Halpert");
    await seen("Ask the administrator of your identity provider to assign them again");
    expect(await faultsOf(page, "person-inactive")).toEqual([]);
    await page.getByRole("link", { name: "Open the set-up" }).click();
    await page.waitForURL(/setup/);
  });
});

describe("somebody who is missing", () => {
  test("is asked for where nobody matches, and the answer leads to their history", async () => {
    await okta.call("DELETE", `/Users/${jim}`);
    await page.goto("/members?search=jim.halpert%40acme.example");
    await seen("Nobody matches");
    expect(await page.getByLabel("E-mail address").inputValue()).toBe("jim.halpert@acme.example");
    await page.getByRole("button", { name: "Ask why" }).click();
    await seen("The identity provider (token “Okta production”) removed Jim Halpert");
    expect(await faultsOf(page, "why-not-here")).toEqual([]);
    await page.getByRole("link", { name: "See what happened to Jim Halpert" }).click();
    await atScreen(page, "Jim Halpert");
    await timeline()
      .getByText(/removed Jim Halpert/)
      .waitFor();
    expect(await faultsOf(page, "person-gone")).toEqual([]);
  });

  test.each([
    ["jim.halpert@else.example", "was never seen|has never asked for jim.halpert@else.example"],
    ["pam.beesly@acme.test", "but Pam Halpert is here as pam.beesly@acme.example"],
    ["nobody", "is no e-mail address, and nobody was ever seen by that name"],
  ])("%s", async (address, answer) => {
    await page.goto(`/members?search=zzz&why=${encodeURIComponent(address)}`);
    await page.getByRole("alert").getByText(new RegExp(answer)).waitFor();
    expect(await page.getByLabel("E-mail address").inputValue()).toBe(address);
  });

  test("who was refused is told of with the rule", async () => {
    const schemas = ["urn:ietf:params:scim:schemas:core:2.0:User"];
    await okta.call("POST", "/Users", { schemas, userName: "kevin", active: true });
    await page.goto("/members?search=kevin");
    await page.getByRole("button", { name: "Ask why" }).click();
    await seen("tried to add kevin, which was refused: kevin is not an e-mail address");
    await seen("Have your identity provider send the e-mail address as the userName");
    expect(await faultsOf(page, "why-refused")).toEqual([]);
  });
});
