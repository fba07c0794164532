import { listKeptMails, verifyDomain } from "@rollcall/db";
import { pino } from "pino";
import { afterAll, describe, expect, test } from "vitest";
import { startDomainWorker } from "../workers/domain-worker.ts";
import { refusalOf } from "../testing/observations.ts";
import { openBrowser, type TestBrowser } from "../testing/test-browser.ts";
import { useTestConsole } from "../testing/test-hooks.ts";
import { startTestDns } from "../testing/test-dns.ts";
import { txtLookup } from "../security/txt-lookup.ts";

const dns = await startTestDns();
afterAll(() => dns.close());
const home = await useTestConsole({ dnsServers: [dns.address] });

let count = 0;

async function owner(): Promise<TestBrowser> {
  count += 1;
  return openBrowser(home.url).signIn(await home.organization(`Domains${count}`));
}

/** Adds the domain and returns its required record. */
async function claim(browser: TestBrowser, domain: string): Promise<{ name: string; value: string }> {
  await browser.api.domains.add.mutate({ domain });
  const found = (await browser.api.domains.list.query()).find((one) => one.domain === domain);
  if (found?.record === undefined || found.record === null) throw new Error("The claim has no record.");
  return found.record;
}

const check = (browser: TestBrowser, domain: string): Promise<{ status: number; body: unknown }> =>
  browser.call("mutation", "domains.check", { domain });

async function stateOf(browser: TestBrowser, domain: string): Promise<string | undefined> {
  return (await browser.api.domains.list.query()).find((one) => one.domain === domain)?.state;
}

describe("AR-47 a domain", () => {
  test.each<[string, (name: string, value: string) => void]>([
    ["at its own label", (name, value) => dns.answers.set(name, [["v=spf1"], [value]])],
    ["at the domain itself", (name, value) => dns.answers.set(name.replace("_rollcall.", ""), [[value]])],
    ["in two strings", (name, value) => dns.answers.set(name, [[value.slice(0, 20), value.slice(20)]])],
  ])("is verified by its record %s", async (_where, publish) => {
    const browser = await owner();
    const domain = `proven${count}.example`;
    const { name, value } = await claim(browser, domain);
    expect(name).toBe(`_rollcall.${domain}`);
    publish(name, value);
    expect((await check(browser, domain)).status).toBe(200);
    expect(await stateOf(browser, domain)).toBe("verified");
    const { entries } = await browser.api.activity.list.query({ limit: 1 });
    expect(entries[0]).toMatchObject({ kind: "domain.verified", subject: { name: domain } });
  });

  test.each([
    ["nothing", "NXDOMAIN", /no such TXT record/],
    ["another value", [["rollcall-domain-verification=another"]], /another value/],
    ["a failure", "SERVFAIL", /did not answer: the name server reported a failure\. Try again/],
  ] as const)("is not verified where the DNS holds %s, and the screen says why", async (_what, record, problem) => {
    const browser = await owner();
    const domain = `unproven${count}.example`;
    const { name } = await claim(browser, domain);
    dns.answers.set(name, record);
    const response = await check(browser, domain);
    expect([response.status, refusalOf(response)]).toEqual([412, "domainUnproven"]);
    expect(JSON.stringify(response.body)).toMatch(problem);
    const [listed] = await browser.api.domains.list.query();
    expect(listed).toMatchObject({ state: "pending", problem: expect.stringMatching(problem) });
  });

  test("belongs to one organization; the second one gets the error once its record exists", async () => {
    const [first, second] = [await owner(), await owner()];
    const domain = `wanted${count}.example`;
    const one = await claim(first, domain);
    const other = await claim(second, domain);
    expect(other.value).not.toBe(one.value);
    dns.answers.set(one.name, [[one.value], [other.value]]);
    expect((await check(first, domain)).status).toBe(200);
    expect(refusalOf(await check(second, domain))).toBe("domainTaken");
    expect(await stateOf(second, domain)).toBe("pending");
  });

  test("stays pending when the owner's session ends during the look-up", async () => {
    const { organization, browser } = await home.ownerOf("Parting");
    const { name, value } = await claim(browser, "parting.example");
    dns.answers.set(name, [[value]]);
    dns.beforeAnswer = () => browser.api.session.signOut.mutate();
    expect((await check(browser, "parting.example")).status).toBe(403);
    expect(await stateOf(await browser.signIn(organization), "parting.example")).toBe("pending");
  });

  test.each([
    ["MÜNCHEN.example.", "xn--mnchen-3ya.example", undefined],
    ["gmail.com", "gmail.com", "domainPublic"],
    ["https://www.pasted.example:8443/x?y=me@z.example#a", "www.pasted.example", undefined],
    ["me@mailed.example", "mailed.example", undefined],
    ["no domain", "no domain", "domainMalformed"],
    ["localhost", "localhost", "domainMalformed"],
  ])("is added as %s: %s %s", async (typed, domain, kind) => {
    const browser = await owner();
    const response = await browser.call("mutation", "domains.add", { domain: typed });
    if (kind === undefined) expect(response.body).toEqual({ result: { data: { domain } } });
    else expect(refusalOf(response)).toBe(kind);
  });

  test("is removed by typing its name", async () => {
    const browser = await owner();
    const domain = `gone${count}.example`;
    const { name, value } = await claim(browser, domain);
    dns.answers.set(name, [[value]]);
    await check(browser, domain);
    const remove = (confirm: string): Promise<{ status: number; body: unknown }> =>
      browser.call("mutation", "domains.remove", { domain, confirm });
    expect(refusalOf(await remove("gone"))).toBe("confirmationWrong");
    expect((await remove(domain)).status).toBe(200);
    expect(await browser.api.domains.list.query()).toEqual([]);
  });
});

// A mistake in the DNS must not lock everybody out, and a given-up domain must not stay verified.
describe("the daily look", () => {
  const day = 86_400_000;

  async function run(daysLater: number, timeoutMs?: number): Promise<number> {
    home.clock.now = new Date(home.clock.now.getTime() + daysLater * day);
    const log = pino({ level: "silent" });
    const lookup = txtLookup([dns.address], timeoutMs);
    const workers = [1, 2].map(() =>
      startDomainWorker({ database: home.database, lookup, log, now: () => home.clock.now }),
    );
    const looked = await Promise.all(workers.map((worker) => worker.run()));
    await Promise.all(workers.map((worker) => worker.close()));
    return looked.reduce((sum, one) => sum + one, 0);
  }

  async function mailsAbout(domain: string): Promise<number> {
    const mails = await listKeptMails(home.database.sql);
    return mails.filter(({ body }) => body?.includes(domain)).length;
  }

  async function fresh(): Promise<string> {
    const browser = await owner();
    const domain = `look${count}.example`;
    const { name, value } = await claim(browser, domain);
    dns.answers.set(name, [[value]]);
    await check(browser, domain);
    return domain;
  }

  async function verifiedDomains(): Promise<readonly unknown[]> {
    const rows = await home.rows("select domain from verified_domain");
    return rows.map((row) => row["domain"]);
  }

  test("warns twice and lets a domain lapse after a week without its proof; silence costs nothing", async () => {
    const domain = await fresh();
    expect(await run(0.5)).toBe(0);
    expect(await run(0.6)).toBeGreaterThan(0);
    expect(await mailsAbout(domain)).toBe(0);

    dns.answers.set(domain, [["v=spf1 -all"]]);
    dns.answers.set(`_rollcall.${domain}`, "SERVFAIL");
    for (let days = 0; days < 10; days++) await run(1.1);
    dns.answers.set(`_rollcall.${domain}`, "silence");
    await run(1.1, 50);
    expect(await verifiedDomains()).toContain(domain);
    expect(await mailsAbout(domain)).toBe(0);

    dns.answers.set(`_rollcall.${domain}`, "NXDOMAIN");
    await run(1.1);
    expect(await mailsAbout(domain)).toBe(1);
    for (let days = 0; days < 6; days++) await run(1.01);
    expect(await mailsAbout(domain)).toBe(2);
    expect(await verifiedDomains()).toContain(domain);
    await run(1.1);
    expect(await verifiedDomains()).not.toContain(domain);
    expect(await mailsAbout(domain)).toBe(3);
  });

  test("never looks at what the operator has vouched for, though an owner had claimed it before", async () => {
    const { organization: own, browser } = await home.ownerOf(`Vouched${count}`);
    const domain = `vouched${count}.example`;
    await claim(browser, domain);
    await verifyDomain(home.database, await home.operatorOf(own.id), domain);
    for (let days = 0; days < 9; days++) await run(1.1);
    await browser.signIn(own);
    expect(await stateOf(browser, domain)).toBe("verified");
  });

  test("takes each domain once, whatever the number of processes, and not what the operator vouched for", async () => {
    await fresh();
    await fresh();
    const claimed =
      "select count(*)::int as count from verified_domain join domain_claim using (organization_id, domain)";
    const due = Number((await home.rows(claimed))[0]?.["count"]);
    expect(await run(1.1)).toBe(due);
    expect(await run(0)).toBe(0);
  });
});
