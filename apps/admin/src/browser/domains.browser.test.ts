import "@rollcall/local-postgres/vitest-global-setup";
import { startTestDns, type TestDns } from "@rollcall/api/test-dns";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { atScreen, faultsOf, visitAs } from "./acts.ts";
import { openStage, type Stage } from "./stage.ts";

// Guards how owners prove a domain, before a real DNS server, and what they are told on the way. One story in order.
let dns: TestDns;
let stage: Stage;
let page: Page;

beforeAll(async () => {
  dns = await startTestDns();
  stage = await openStage(inject("postgresUrl"), { DNS_SERVERS: dns.address });
  page = await visitAs(stage, stage.owner, "/settings/domains");
});
afterAll(async () => {
  await stage?.close();
  await dns?.close();
});

const card = () => page.getByRole("region", { name: "acme.example" });
const dialog = () => page.getByRole("dialog");

test("AR-47 a domain is added, with a word on what cannot be one", async () => {
  await atScreen(page, "Domains");
  await page.getByText("No domain yet").waitFor();
  expect(await faultsOf(page, "domains-empty")).toEqual([]);
  await page.getByRole("button", { name: "Add a domain" }).click();
  await dialog().getByLabel("Domain").fill("gmail.com");
  await dialog().getByRole("button", { name: "Add", exact: true }).click();
  await dialog().getByText("Everybody can have an address at gmail.com").waitFor();
  expect(await faultsOf(page, "dialog-add-domain")).toEqual([]);
  await dialog().getByLabel("Domain").fill("ACME.example");
  await dialog().getByRole("button", { name: "Add", exact: true }).click();
  await card().getByText("Not verified yet").waitFor();
});

test("AR-47 its record is copied, looked for, and found", async () => {
  await card().getByRole("button", { name: "Copy value of the record" }).click();
  const value = await page.evaluate(() => navigator.clipboard.readText());
  await card().getByRole("button", { name: "Check now: acme.example" }).click();
  await card().getByText("There is no such TXT record").waitFor();
  expect(await faultsOf(page, "domains-pending")).toEqual([]);
  dns.answers.set("_rollcall.acme.example", [[value]]);
  await card().getByRole("button", { name: "Check now: acme.example" }).click();
  await card().getByText("Verified", { exact: true }).waitFor();
  expect(await faultsOf(page, "domains")).toEqual([]);
});

test("its removal says what changes and asks for its name", async () => {
  await card().getByRole("button", { name: "Remove acme.example" }).click();
  await dialog().getByText("Nobody loses access").waitFor();
  expect(await faultsOf(page, "dialog-remove-domain")).toEqual([]);
  await dialog().getByRole("textbox").fill("acme");
  await dialog().getByRole("button", { name: "Remove" }).click();
  await dialog().getByText("Type “acme.example” to confirm.").waitFor();
  await dialog().getByRole("textbox").fill("acme.example");
  await dialog().getByRole("button", { name: "Remove" }).click();
  await page.getByText("No domain yet").waitFor();
});
