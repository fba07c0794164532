import { openDatabase } from "@rollcall/db";
import { pino } from "pino";
import { describe, expect, inject, test } from "vitest";
import { countRows } from "../testing/observations.ts";
import type { TestBrowser } from "../testing/test-browser.ts";
import { startTestConsole } from "../testing/test-console.ts";
import { useTestConsole } from "../testing/test-hooks.ts";
import { playRun } from "../workers/self-check/self-check-run.ts";
import { createSelfChecks, type SelfCheckRun } from "../workers/self-check/self-checks.ts";

const home = await useTestConsole();

/** Polls until the run has ended, as the screen does. */
async function runOf({ api }: TestBrowser) {
  for (let polls = 0; polls < 1000; polls += 1) {
    const { check } = await api.selfCheck.get.query();
    if (check !== null && check.state !== "running") return check;
  }
  throw new Error("The run does not end.");
}

async function ask(text: string, values: readonly unknown[] = [], at = home): Promise<readonly unknown[]> {
  return (await at.rows(text, values)).map((row) => row["value"]);
}

const kept = ["account", "change", "member", "provisioning", "role", "role_grant", "scim_token", "verified_domain"];

/** The row counts of all tables except those of the run, its content, and the schemas of sandboxes. */
async function everything(at = home): Promise<object> {
  const { self_check: _check, self_check_step: _step, ...counts } = await countRows(at.database);
  const digest = (table: string) => `select md5(string_agg(t::text, '' order by t::text)) as value from "${table}" t`;
  const rows = await Promise.all(kept.map((table) => ask(digest(table), [], at)));
  const schemas = await ask("select nspname as value from pg_namespace where nspname like 'rollcall%'", [], at);
  return { counts, rows, schemas };
}

describe.each([
  ["okta", ["Setup", "Okta, app from the wizard", "Okta, app with header authentication"]],
  ["entra", ["Setup", "Entra, by the standard", "Entra, its older dialect", "Microsoft SCIM Validator"]],
] as const)("the checks as %s", (provider, parts) => {
  // The screen promises it: the real organization gains no row, and no schema remains.
  test("pass on an organization that is set up, and leave nothing behind", async () => {
    const { organization, browser } = await home.ownerOf(`Whole${provider}`);
    const pam = await home.provision(organization, "pam@whole.example");
    const domain = `insert into verified_domain (organization_id, domain, domain_key, verified_at, verified_by)
      values ($1, $2, $2, now(), 'test')`;
    await ask(domain, [organization.id, `${provider}.example`]);
    const before = await everything();
    await browser.api.selfCheck.start.mutate({ provider });
    const check = await runOf(browser);
    expect(check.steps.filter(({ outcome }) => outcome === "failed")).toEqual([]);
    expect(check).toMatchObject({ provider, state: "passed", problem: null, startedBy: expect.any(String) });
    expect([...new Set(check.steps.map(({ part }) => part))]).toEqual(parts);
    expect(check.steps.map(({ position }) => position)).toEqual(check.steps.map((_, index) => index + 1));
    expect(await everything()).toEqual(before);
    const { members } = await browser.api.members.list.query({ page: 1, pageSize: 10 });
    expect(members.map(({ id }) => id)).toContain(pam);
    expect(members).toHaveLength(2);
  });
});

// The transcript must show the exchange without secrets and without the sandbox's address.
test("each step shows its requests, and the whole run is available as text", async () => {
  const { browser } = await home.ownerOf("Shown");
  await browser.api.selfCheck.start.mutate({ provider: "okta" });
  const { id: checkId, steps } = await runOf(browser);
  const creation = steps.find(({ name }) => name === "create a person");
  const { exchanges } = await browser.api.selfCheck.exchanges.query({ checkId, position: creation?.position ?? 0 });
  expect(exchanges).toHaveLength(creation?.exchangeCount ?? 0);
  const created = exchanges.find(({ method }) => method === "POST");
  expect(created).toMatchObject({ path: "/Users", status: 201 });
  expect(created?.requestBody).toContain('"userName": "Ada.Simulator');
  expect(created?.requestBody ?? "").not.toMatch(/"password": "(?!\(hidden\))/);
  expect(created?.responseBody).toContain("http://127.0.0.1:4001/scim_v2/Users/");
  const { text } = await browser.api.selfCheck.transcript.query();
  expect(text).toContain("Self-check of Shown, as Okta");
  expect(text).toContain("> POST /Users");
  expect(text).not.toMatch(/rcl_|Bearer|127\.0\.0\.1:(?!4001)/);
});

describe("what is wrong with the organization", () => {
  // A broken setup must be visible before a real person is missing.
  test("a missing default role fails the setup and the provider’s requests, with an explanation", async () => {
    const { organization, browser } = await home.ownerOf("Broken");
    await ask("update provisioning set default_role_id = null where organization_id = $1", [organization.id]);
    const before = await everything();
    await browser.api.selfCheck.start.mutate({ provider: "okta" });
    const check = await runOf(browser);
    const failed = check.steps.filter(({ outcome }) => outcome === "failed");
    expect(check.state).toBe("failed");
    expect(failed[0]).toMatchObject({
      part: "Setup",
      name: "check the default role",
      meaning: expect.stringContaining("choose a default role"),
    });
    expect(failed[1]).toMatchObject({
      part: "Okta, app from the wizard",
      meaning: expect.stringContaining("settings refuse the provider"),
    });
    expect(failed[1]?.detail).toContain("403");
    expect(await everything()).toEqual(before);
  });

  test("an owners’ role as the default is played as it is, and noted", async () => {
    const { browser } = await home.ownerOf("Generous");
    const owners = (await browser.api.roles.list.query()).find(({ kind }) => kind === "owner");
    await browser.api.provisioning.setDefaultRole.mutate({ roleId: owners?.id ?? "", confirmOwnerRole: true });
    await browser.api.selfCheck.start.mutate({ provider: "okta" });
    const check = await runOf(browser);
    expect(check.state).toBe("passed");
    expect(check.steps.filter(({ outcome }) => outcome === "noted").map(({ name }) => name)).toContain(
      "check the default role",
    );
  });
});

describe("how often", () => {
  // Owners may press twice: one run an organization, with a pause between two.
  test("of many starts at once one is taken, and the next only after a rest", async () => {
    const { browser } = await home.ownerOf("Eager");
    const start = () => browser.call("mutation", "selfCheck.start", { provider: "okta" });
    const statuses = (await Promise.all([start(), start(), start()])).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 409 || status === 429)).toHaveLength(2);
    const first = await runOf(browser);
    expect(await start()).toMatchObject({ status: 409 });
    home.clock.now = new Date(home.clock.now.getTime() + 6000);
    expect(await start()).toMatchObject({ status: 200 });
    expect((await runOf(browser)).id).not.toBe(first.id);
  });

  test("a run that a dead process left is over after two minutes, on screen and for the next", async () => {
    const { organization, browser } = await home.ownerOf("Crashed");
    const startedAt = new Date(home.clock.now.getTime() - 121_000);
    const text = `insert into self_check (organization_id, id, provider, started_by, started_at)
      values ($1, $1, 'entra', 'Olive', $2)`;
    await ask(text, [organization.id, startedAt]);
    expect((await browser.api.selfCheck.get.query()).check).toMatchObject({ state: "interrupted", endedAt: null });
    await browser.api.selfCheck.start.mutate({ provider: "okta" });
    expect(await runOf(browser)).toMatchObject({ state: "passed", provider: "okta" });
  });

  test("a process plays as many at a time as it may, and says so to the next", async () => {
    const small = await startTestConsole({ selfCheckBounds: { runsMax: 1 } });
    try {
      const [first, second] = [await small.ownerOf("First"), await small.ownerOf("Second")];
      await first.browser.api.selfCheck.start.mutate({ provider: "okta" });
      const refused = await second.browser.call("mutation", "selfCheck.start", { provider: "okta" });
      expect(refused).toMatchObject({ status: 429 });
      expect(JSON.stringify(refused.body)).toContain("The checks of other organizations are running");
      expect((await second.browser.api.selfCheck.get.query()).check).toBeNull();
      expect(await runOf(first.browser)).toMatchObject({ state: "passed" });
    } finally {
      await small.close();
    }
  });
});

// On a managed PostgreSQL the missing grant must be on the screen, not only in a log.
test("a database account that may not create a schema gets an error that names the grant", async () => {
  const { organization, browser } = await home.ownerOf("Managed");
  const before = await everything();
  const name = `poor_${process.pid}_${home.clock.now.getTime()}`;
  const [database] = await ask("select current_database() as value");
  await ask(`create role ${name} login password 'poor'`);
  await ask(`grant select, insert, update, delete on all tables in schema public to ${name}`);
  const url = new URL(inject("postgresUrl"));
  [url.username, url.password, url.pathname] = [name, "poor", String(database)];
  const poor = await openDatabase(url.href, { poolSize: 2 });
  try {
    const log = pino({ level: "silent" });
    const play = (run: SelfCheckRun) => playRun({ database: poor, publicScimUrl: "https://scim.example" }, run);
    const selfChecks = createSelfChecks({ database: poor, log, play });
    await selfChecks.start({ organizationId: organization.id, provider: "okta", startedBy: "Olive" });
    expect(await runOf(browser)).toMatchObject({
      state: "interrupted",
      problem: expect.stringContaining("CREATE on the database"),
    });
  } finally {
    await poor.close();
    await ask(`drop owned by ${name}`);
    await ask(`drop role ${name}`);
  }
  expect(await everything()).toEqual(before);
});

describe("a run that is cut off", () => {
  // The same promise when the time is up or the server stops during a run.
  test("by the clock leaves nothing behind and says so", async () => {
    const slow = await startTestConsole({ selfCheckBounds: { runMs: 1 } });
    try {
      const { browser } = await slow.ownerOf("Late");
      const before = await everything(slow);
      await browser.api.selfCheck.start.mutate({ provider: "okta" });
      const check = await runOf(browser);
      expect(check).toMatchObject({ state: "interrupted", problem: expect.stringContaining("took longer") });
      expect(await everything(slow)).toEqual(before);
    } finally {
      await slow.close();
    }
  });

  test("by a stop of the server leaves nothing behind and says so", async () => {
    const { browser } = await home.ownerOf("Stopped");
    const before = await everything();
    await browser.api.selfCheck.start.mutate({ provider: "entra" });
    await untilPlaying(browser);
    await home.selfChecks.close();
    expect(await runOf(browser)).toMatchObject({ state: "interrupted", problem: expect.stringContaining("stopped") });
    expect(await everything()).toEqual(before);
    expect(await browser.call("mutation", "selfCheck.start", { provider: "okta" })).toMatchObject({ status: 429 });
  });
});

async function untilPlaying({ api }: TestBrowser): Promise<void> {
  for (let polls = 0; polls < 1000; polls += 1) {
    const { check } = await api.selfCheck.get.query();
    if ((check?.steps.length ?? 0) > 7) return;
  }
  throw new Error("The run does not begin.");
}
