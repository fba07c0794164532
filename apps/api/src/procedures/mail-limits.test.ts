import { listKeptMails, verifyDomain } from "@rollcall/db";
import { pino } from "pino";
import { z } from "zod";
import { describe, expect, test } from "vitest";
import { startInviteWorker } from "../workers/notice-workers.ts";
import { countRows, lastLink, refusalOf } from "../testing/observations.ts";
import { openBrowser } from "../testing/test-browser.ts";
import type { TestOrganization } from "../testing/test-console.ts";
import { useTestConsole } from "../testing/test-hooks.ts";

const home = await useTestConsole();

async function countMails(condition: string, value: string): Promise<number> {
  const text = `select count(*)::int as count from mail where ${condition}`;
  const [row] = await home.rows(text, [value]);
  return z.object({ count: z.number() }).parse(row).count;
}

const hourMs = 3_600_000;

describe("requested emails", () => {
  test("an invitation is sent ten times a day, however many requests come at once", async () => {
    const { browser } = await home.ownerOf("Resending");
    const email = "pam@resending-elsewhere.example";
    const roleId = (await browser.api.roles.list.query()).find(({ kind }) => kind === "custom")?.id ?? "";
    const { id } = await browser.api.invitations.send.mutate({ email, roleIds: [roleId] });
    const responses = await Promise.all(
      Array.from({ length: 40 }, () => browser.call("mutation", "invitations.resend", { id })),
    );
    expect(responses.filter(({ status }) => status === 200)).toHaveLength(9);
    expect(await countMails("recipient = $1", email)).toBe(10);

    const link = await lastLink(home.database, email);
    const before = await countRows(home.database);
    const refused = await browser.call("mutation", "invitations.resend", { id });
    expect([refused.status, refusalOf(refused)]).toEqual([429, "mailLimitReached"]);
    expect(JSON.stringify(refused.body)).toContain(
      `${email} has been sent 10 of these emails in the last 24 hours. Wait, then try again.`,
    );
    // The refusal itself is in the activity log.
    expect(await countRows(home.database)).toEqual({ ...before, change: (before["change"] ?? 0) + 1 });
    expect((await openBrowser(home.url).call("query", "invitations.read", { token: link })).status).toBe(200);
  });

  test("an organization whose owner withdraws and invites again sends no more either", async () => {
    const { browser } = await home.ownerOf("Revoking");
    const email = "jim@revoking-elsewhere.example";
    const roleId = (await browser.api.roles.list.query()).find(({ kind }) => kind === "custom")?.id ?? "";
    for (let number = 1; number <= 10; number++) {
      const { id } = await browser.api.invitations.send.mutate({ email, roleIds: [roleId] });
      await browser.api.invitations.revoke.mutate({ id });
    }
    const refused = await browser.call("mutation", "invitations.send", { email, roleIds: [roleId] });
    expect(refusalOf(refused)).toBe("mailLimitReached");
    const { waiting } = await browser.api.invitations.list.query({ page: 1, pageSize: 10 });
    expect(waiting).toBe(0);
  });

  test("a person sends at most a hundred invitations an hour", async () => {
    const { browser } = await home.ownerOf("Many");
    const roleId = (await browser.api.roles.list.query()).find(({ kind }) => kind === "custom")?.id ?? "";
    for (let number = 1; number <= 100; number++) {
      await browser.api.invitations.send.mutate({ email: `${number}@many-elsewhere.example`, roleIds: [roleId] });
    }
    const refused = await browser.call("mutation", "invitations.send", { email: "x@many.example", roleIds: [roleId] });
    expect(refusalOf(refused)).toBe("mailLimitReached");
    expect(JSON.stringify(refused.body)).toContain("You have sent 100 of these emails in the last hour.");
  });

  test.each([
    ["Crowded", 200, true, "Your organization has sent 200 of these emails in the last hour."],
    ["Courted", 40, false, "pam@courted-elsewhere.example has been sent 40 of these emails in the last 24 hours."],
  ])(
    "%s: %i invitations by others are counted too, where they are of the same organization: %s",
    async (name, count, isOwn, words) => {
      const { organization: own, browser } = await home.ownerOf(name);
      const email = `pam@${name.toLowerCase()}-elsewhere.example`;
      const text = `insert into mail (id, kind, recipient, recipient_key, organization_id, cause_id, subject, created_at,
        next_try_at, tries, collected, sent_at)
      select gen_random_uuid(), 'invitation', 'x', case when $3 then 'x' else $4 end, case when $3 then $1::uuid end,
        gen_random_uuid(), 'x', $2::timestamptz, $2::timestamptz, 0, 0, $2::timestamptz from generate_series(2, $5)`;
      await home.rows(text, [own.id, home.clock.now, isOwn, email, count]);
      const roleId = (await browser.api.roles.list.query()).find(({ kind }) => kind === "custom")?.id ?? "";
      const { id } = await browser.api.invitations.send.mutate({ email, roleIds: [roleId] });
      const refused = await browser.call("mutation", "invitations.resend", { id });
      expect(refusalOf(refused)).toBe("mailLimitReached");
      expect(JSON.stringify(refused.body)).toContain(words);
    },
  );

  test("at most five password links an hour are sent to an address, and the last one works", async () => {
    const { organization: own } = await home.ownerOf("Resetting");
    await Promise.all(
      Array.from({ length: 9 }, () =>
        openBrowser(home.url).call("mutation", "forgottenPassword.request", { email: own.ownerEmail }),
      ),
    );
    expect(await countMails("recipient = $1", own.ownerEmail)).toBe(5);
    const token = await lastLink(home.database, own.ownerEmail);
    expect((await openBrowser(home.url).call("query", "forgottenPassword.check", { token })).status).toBe(200);
  });

  test("password links that strangers ask for do not hold up the person's change of the address", async () => {
    const { organization: own, browser } = await home.ownerOf("Pestered");
    const { api } = openBrowser(home.url);
    for (let number = 1; number <= 10; number++) await api.forgottenPassword.request.mutate({ email: own.ownerEmail });
    await expect(api.forgottenPassword.request.mutate({ email: own.ownerEmail })).rejects.toThrow("Too many requests");
    await browser.api.account.startEmailChange.mutate({ email: "new@pestered.example" });
  });

  test("confirmations of a new address go to one address five times a day, whichever account requests them", async () => {
    const { organization: holder } = await home.ownerOf("Holding");
    for (const [name, email] of [
      ["Moving", "free@moving-elsewhere.example"],
      ["Taking", holder.ownerEmail],
    ] as const) {
      const { browser } = await home.ownerOf(name);
      for (let number = 1; number <= 5; number++) {
        await browser.api.account.startEmailChange.mutate({ email });
        const [change] = (await browser.api.account.get.query()).emailChanges;
        await browser.api.account.withdrawEmailChange.mutate({ id: change?.id ?? "" });
      }
      const sixth = await browser.call("mutation", "account.startEmailChange", { email });
      expect([sixth.status, refusalOf(sixth)]).toEqual([429, "mailLimitReached"]);
      expect(await countMails("recipient = $1", email)).toBe(5);
    }
  });
});

// Rule 5b: people who must accept are emailed once, and a directory must not email thousands of unrelated people.
describe("people added by a directory who must accept", () => {
  const log = pino({ level: "silent" });
  const linkTo = (token: string): string => `https://console.example/invitation?token=${token}`;
  const countTo = (email: string): Promise<number> =>
    countMails("kind = 'addedByDirectory' and recipient_key = $1", email);
  async function mailAfter(hours: number): Promise<void> {
    home.clock.now = new Date(home.clock.now.getTime() + hours * hourMs);
    const options = { database: home.database, log, linkTo, now: () => home.clock.now };
    const workers = [startInviteWorker(options), startInviteWorker(options)];
    await Promise.all(workers.map((worker) => worker.run()));
    await Promise.all(workers.map((worker) => worker.close()));
  }
  /** That many due people of an unverified domain. */
  async function add({ id }: TestOrganization, domain: string, count: number): Promise<void> {
    const text = `insert into member (organization_id, id, user_name, user_name_key, name, name_key, active, is_managed,
        awaits_acceptance, invite_at, version, created_at, updated_at)
      select $1, gen_random_uuid(), n || '@' || $2, n || '@' || $2, 'P', 'p', true, true, true, $3::timestamptz, 1,
        $3::timestamptz, $3::timestamptz from generate_series(1, $4) n`;
    await home.rows(text, [id, domain, home.clock.now, count]);
  }

  test("are mailed once, an hour later, whether or not they have an account, with a link that lets them accept", async () => {
    const adding = await home.organization("Adding");
    const { organization: elsewhere } = await home.ownerOf("Knowing");
    const unknown = "pam@unknown-elsewhere.example";
    for (const email of [unknown, elsewhere.ownerEmail]) await home.provision(adding, email);
    await mailAfter(0);
    expect(await countTo(unknown)).toBe(0);
    await mailAfter(1);
    await mailAfter(48);
    expect([await countTo(unknown), await countTo(elsewhere.ownerEmail)]).toEqual([1, 1]);
    const token = await lastLink(home.database, unknown);
    const browser = openBrowser(home.url);
    await browser.api.invitations.accept.mutate({ token, name: "Pam", password: "sandals under the piano" });
    expect(await browser.api.session.current.query()).toMatchObject({ organization: { id: adding.id } });
    const mails = await listKeptMails(home.database.sql);
    expect(mails.find(({ recipient }) => recipient === unknown)?.body).toContain(
      "the identity provider of Adding has added pam@unknown-elsewhere.example as a member on Rollcall.",
    );
  });

  test("are not mailed where the organization verifies the domain within the hour, or an owner has invited them", async () => {
    const { organization: own, browser } = await home.ownerOf("Verifying");
    await home.provision(own, "pam@soon-verified.example");
    await home.provision(own, "jim@invited-elsewhere.example");
    await verifyDomain(home.database, await home.operatorOf(own.id), "soon-verified.example");
    const roleId = (await browser.api.roles.list.query()).find((role) => role.kind === "custom")?.id ?? "";
    await browser.api.invitations.send.mutate({ email: "jim@invited-elsewhere.example", roleIds: [roleId] });
    await mailAfter(1);
    expect(await countMails("kind = 'addedByDirectory' and organization_id = $1", own.id)).toBe(0);
  });

  test("thirty an hour per organization and three a day per address; a person removed and added again, once", async () => {
    const [many, ...others] = await Promise.all(
      ["Mass", "Other1", "Other2", "Other3"].map((one) => home.organization(one)),
    );
    if (many === undefined) throw new Error("There is no organization.");
    await home.provision(many, "first@mass-elsewhere.example");
    await add(many, "mass-elsewhere.example", 40);
    const sent = () => countMails("kind = 'addedByDirectory' and organization_id = $1", many.id);
    await mailAfter(1);
    expect(await sent()).toBe(30);
    await mailAfter(1);
    expect(await sent()).toBe(41);
    for (const other of others) {
      await home.provision(other, "1@mass-elsewhere.example");
    }
    await mailAfter(1);
    expect(await countTo("1@mass-elsewhere.example")).toBe(3);
    // The fourth organization's email is sent after a day.
    await mailAfter(24);
    expect(await countTo("1@mass-elsewhere.example")).toBe(4);
    const again = "update member set invite_at = $2 where organization_id = $1";
    await home.rows(again, [many.id, home.clock.now]);
    await mailAfter(1);
    expect(await sent()).toBe(41);
  });
});

// No flood of emails and no lost warning: each text is in some email.
test("notices of a kind are collected into one mail an hour after the fifth, and none is lost", async () => {
  const { organization: own, browser } = await home.ownerOf("Tokens");
  const issue = async (name: string): Promise<void> => {
    const { id } = await browser.api.tokens.issue.mutate({ name });
    await browser.api.tokens.revoke.mutate({ id, confirmLast: true });
  };
  for (let number = 1; number <= 40; number++) await issue(`Token ${number};`);
  const mails = (await listKeptMails(home.database.sql)).filter(({ recipient }) => recipient === own.ownerEmail);
  expect(mails).toHaveLength(6);
  expect(mails[0]?.subject).toBe("A SCIM token was created (and 34 more)");
  const texts = mails.map(({ body }) => body).join("");
  for (let number = 1; number <= 25; number++) expect(texts).toContain(`Token ${number};`);
  expect(texts).toContain("There were more; the subject says how many.");
  const text = "select next_try_at as at from mail where recipient = $1 order by id desc limit 1";
  const [row] = await home.rows(text, [own.ownerEmail]);
  expect(row?.["at"]).toEqual(new Date(home.clock.now.getTime() + hourMs));
});
