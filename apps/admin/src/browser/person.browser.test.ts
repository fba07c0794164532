import type { Route } from "playwright-core";
import { describe, expect } from "vitest";
import { atScreen, mutate, seen, signedIn, timelineOf, visitAs } from "./actions.ts";
import { type Directory, groupOf, patchOf } from "./directory.ts";
import { type Acme, test } from "./fixture.ts";
import { faultsOf, keepPart } from "./page-checks.ts";

// A person's page, and the explanation why a person is missing.

type People = { readonly okta: Directory; readonly pam: string; readonly jim: string };

/** Acme with Jim, and with Pam, who is in the group Sales, has a new family name, and was refused a new userName. */
async function withPeople(acme: Acme): Promise<People> {
  await acme.enableProvisioning();
  const okta = await acme.directory("Okta production");
  const pam = await okta.addPerson("Pam", "Beesly", "acme.example");
  const jim = await okta.addPerson("Jim", "Halpert", "acme.example");
  await okta.request("POST", "/Groups", groupOf("Sales", pam));
  await okta.request("PATCH", `/Users/${pam}`, patchOf({ op: "replace", path: "name.familyName", value: "Halpert" }));
  // Refused: the new domain is not verified.
  await okta.request(
    "PATCH",
    `/Users/${pam}`,
    patchOf({ op: "replace", path: "userName", value: "pam@rival.example" }),
  );
  return { okta, pam, jim };
}

describe("the page of a person", () => {
  test("shows a change that was made while the timeline was still loading", async ({ acme }) => {
    const { pam } = await withPeople(acme);
    const page = await signedIn(acme, acme.owner);
    const refetching = Promise.withResolvers<void>();
    const holdResponse = async (route: Route): Promise<void> => {
      const response = await route.fetch();
      await refetching.promise;
      await route.fulfill({ response });
    };
    await page.route(/person\.timeline/, holdResponse, { times: 1 });
    await page.goto(`/members/${pam}`);
    const deployOwners = page.getByRole("checkbox", { name: "Deploy Owners" });
    await deployOwners.waitFor();
    const refetch = page.waitForRequest(/person\.explain/);
    await deployOwners.click();
    await refetch;
    refetching.resolve();
    await timelineOf(page).getByText("In the console").waitFor();
  });

  test("shows the reason for each role, and the history, all or only refusals", async ({ acme }) => {
    const { pam } = await withPeople(acme);
    const page = await visitAs(acme, acme.owner, `/members/${pam}`);
    await atScreen(page, "Pam Halpert");
    await page.getByRole("checkbox", { name: "Deploy Owners" }).click();
    await seen(page, "Pam Halpert has the role Deploy Owners.");
    await seen(page, /gave it by hand, on \d/);
    await seen(
      page,
      /It is the default role, given when the identity provider \(token “Okta production”\) added them, on/,
    );
    const group = /The identity provider \(token “Okta production”\) put them into the group “Sales”, on/;
    expect(await page.getByText(group).count()).toBe(1);

    const timeline = timelineOf(page);
    const added = timeline.getByText(/added Pam Beesly/);
    await added.waitFor();
    const origin = /^Over SCIM, from Okta SCIM Client 1\.0\.0 at /;
    await timeline.getByText(origin).first().waitFor();
    await timeline.getByText("In the console").waitFor();
    await timeline.getByRole("heading", { level: 3 }).first().waitFor();
    await timeline.getByText("Details").first().click();
    expect(await faultsOf(page, "person")).toEqual([]);

    const refusedOnly = timeline.getByRole("switch", { name: "Refused only" });
    await refusedOnly.check();
    await page.waitForURL(/refused=true/);
    await added.waitFor({ state: "detached" });
    await timeline.getByText(/which was refused: the organization has not verified/).waitFor();
    expect(await faultsOf(page, "person-refused")).toEqual([]);
    await page.reload();
    await expect.poll(() => refusedOnly.isChecked()).toBe(true);
  });

  test("reactivates the person, alone and among others, once the directory does not manage them", async ({ acme }) => {
    const { okta, pam, jim } = await withPeople(acme);
    const off = patchOf({ op: "replace", value: { active: false } });
    for (const id of [pam, jim]) await okta.request("PATCH", `/Users/${id}`, off);
    const page = await visitAs(acme, acme.owner, `/members/${pam}`);
    await seen(page, "The identity provider (token “Okta production”) deactivated Pam Halpert");
    await seen(page, "Reactivate or assign them in your identity provider, which manages them");
    expect(await page.getByRole("button", { name: "Reactivate" }).count()).toBe(0);
    expect(await faultsOf(page, "person-inactive")).toEqual([]);
    await mutate(page, "provisioning.disable", { after: "release", confirm: "Acme" });
    await page.reload();
    const undo = page.getByRole("button", { name: "Undo" });
    await page.getByRole("button", { name: "Reactivate" }).click();
    await seen(page, "Pam Halpert is reactivated.");
    expect(await faultsOf(page, "person-reactivated")).toEqual([]);
    await undo.click();
    await seen(page, "Pam Halpert is inactive again.");

    await page.goto("/members?status=inactive");
    await page.getByRole("checkbox", { name: "Select Pam Halpert" }).check();
    await page.getByRole("button", { name: "Reactivate", exact: true }).waitFor();
    await page.getByRole("checkbox", { name: "Select the 2 inactive on this page" }).check();
    expect(await faultsOf(page, "members-reactivate")).toEqual([]);
    await page.getByRole("button", { name: "Reactivate 2 people" }).click();
    await seen(page, "No one matches");
    await undo.click();
    await seen(page, "2 people are inactive again.");
    await page.getByRole("checkbox", { name: "Select Jim Halpert" }).waitFor();
  });
});

describe("a person who is missing", () => {
  test("is explained when a search has no match, and the explanation leads to their history", async ({ acme }) => {
    const { okta, jim } = await withPeople(acme);
    await okta.request("DELETE", `/Users/${jim}`);
    const page = await visitAs(acme, acme.owner, "/members?search=jim.halpert%40acme.example");
    await seen(page, "No one matches");
    expect(await page.getByLabel("Email address or user name").inputValue()).toBe("jim.halpert@acme.example");
    await page.getByRole("button", { name: "Ask why" }).click();
    await seen(page, "The identity provider (token “Okta production”) removed Jim Halpert");
    expect(await faultsOf(page, "why-not-here")).toEqual([]);
    await page.getByRole("link", { name: "See what happened to Jim Halpert" }).click();
    await atScreen(page, "Jim Halpert");
    const removed = timelineOf(page).getByText(/removed Jim Halpert/);
    await removed.waitFor();
    expect(await faultsOf(page, "person-gone")).toEqual([]);
  });

  test("is explained by the email alone: never seen, similar, invalid, or refused by a rule", async ({ acme }) => {
    const { okta, jim } = await withPeople(acme);
    await okta.request("DELETE", `/Users/${jim}`);
    const schemas = ["urn:ietf:params:scim:schemas:core:2.0:User"];
    await okta.request("POST", "/Users", { schemas, userName: "kevin", active: true });
    const page = await visitAs(acme, acme.owner, "/members?search=kevin");
    await page.getByRole("button", { name: "Ask why" }).click();
    await seen(page, "tried to add kevin, which was refused: kevin is not an email address");
    await seen(page, "Have your identity provider send the email address as the userName");
    expect(await faultsOf(page, "why-refused")).toEqual([]);
    await keepPart(page.getByRole("region", { name: "Can’t find someone?" }), "missing-person");
    const explanations = [
      ["jim.halpert@else.example", /There is no record of|has never sent a request about jim.halpert@else.example/],
      ["pam.beesly@acme.test", /but Pam Halpert is, as pam.beesly@acme.example/],
      ["nobody", /is not an email address, and there is no record of that name/],
    ] as const;
    for (const [address, explanation] of explanations) {
      await page.goto(`/members?search=zzz&why=${encodeURIComponent(address)}`);
      await page.getByRole("alert").getByText(explanation).waitFor();
      expect(await page.getByLabel("Email address or user name").inputValue()).toBe(address);
    }
  });
});
