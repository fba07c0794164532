import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { listKeptMails, mailTemplate, queueMail } from "@rollcall/db";
import { pino } from "pino";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeEach, expect, test } from "vitest";
import { readConfig } from "../config.ts";
import { startMailSender } from "./mail-sender.ts";
import type { Worker } from "./worker.ts";
import { openBrowser } from "../testing/test-browser.ts";
import { startTestConsole } from "../testing/test-console.ts";
import { useTestConsole } from "../testing/test-hooks.ts";

const home = await useTestConsole({ keepsMails: true });
let received: string[] = [];
/** The number of emails that the server refuses before it accepts any. */
let refusals = 0;

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ["STARTTLS"],
  onData(stream, _session, done) {
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("end", () => {
      refusals -= 1;
      if (refusals >= 0) return done(Object.assign(new Error("Not today."), { responseCode: 550 }));
      received.push(Buffer.concat(chunks).toString());
      done();
    });
  },
});
await once(server.listen(0, "127.0.0.1"), "listening");
afterAll(async () => {
  await new Promise<void>((closed) => server.close(closed));
});
beforeEach(() => {
  received = [];
  refusals = 0;
});

function sender(smtpUrl = `smtp://127.0.0.1:${addressOf(server.server.address()).port}`): Worker {
  const log = pino({ level: "silent" });
  return startMailSender({
    database: home.database,
    smtpUrl,
    from: "no-reply@x.example",
    log,
    now: () => home.clock.now,
  });
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return address;
}

const mail = {
  kind: "passwordReset",
  organizationId: null,
  causeId: null,
  recipient: "pam@dm.example",
  subject: mailTemplate`Set a new password`,
  body: mailTemplate`Hello Pam,\n\nhttps://x.example/?t=1\n`,
} as const;

// No email may be sent twice, and no secret may stay after its email is sent.
test("two senders at once send a mail once, and its text is forgotten", async () => {
  await queueMail(home.database.sql, mail, home.clock.now);
  const senders = [sender(), sender()];
  await Promise.all(senders.map((one) => one.run()));
  await Promise.all(senders.map((one) => one.close()));
  expect(received).toHaveLength(1);
  expect(received[0]).toMatch(/^Subject: Set a new password\r$/m);
  expect(received[0]).toContain("https://x.example/?t=1");
  const kept = await home.rows("select body from mail");
  expect(kept).toEqual([{ body: null }]);
});

test("a mail that the server refuses is tried again later, and given up after eight tries", async () => {
  const one = sender();
  await queueMail(home.database.sql, mail, home.clock.now);
  refusals = 1;
  await one.run();
  await one.run();
  expect(received).toHaveLength(0);
  home.clock.now = new Date(home.clock.now.getTime() + 30_000);
  await one.run();
  expect(received).toHaveLength(1);

  await queueMail(home.database.sql, mail, home.clock.now);
  refusals = 100;
  for (let tries = 0; tries < 10; tries++) {
    await one.run();
    home.clock.now = new Date(home.clock.now.getTime() + 24 * 3_600_000);
  }
  await one.close();
  expect(100 - refusals).toBe(8);
  const text = "select count(*)::int as count from mail where failed_at is not null and body is null";
  expect(await home.rows(text)).toEqual([{ count: 1 }]);
});

// A mail server may be away for a weekend.
test("a mail waits three days for a mail server that cannot be reached", async () => {
  const one = sender("smtp://127.0.0.1:1");
  await queueMail(home.database.sql, mail, home.clock.now);
  const waiting = {
    name: "",
    text: "select tries, body is not null as kept from mail where sent_at is null order by id desc limit 1",
  };
  for (let hours = 0; hours < 48; hours++) {
    await one.run();
    home.clock.now = new Date(home.clock.now.getTime() + 3_600_000);
  }
  expect(await home.database.sql.query(waiting, [])).toEqual([{ tries: 48, kept: true }]);
  for (let hours = 48; hours < 100; hours++) {
    await one.run();
    home.clock.now = new Date(home.clock.now.getTime() + 3_600_000);
  }
  await one.close();
  expect(await home.database.sql.query(waiting, [])).toEqual([{ tries: 80, kept: false }]);
});

// One unreadable email must not block the queue.
test("a mail whose key is not set is tried again later, and holds up no other", async () => {
  await queueMail(home.database.sql, mail, home.clock.now);
  const text = "update mail set body = 'enc1.00000000.AAAA' where sent_at is null and failed_at is null returning id";
  expect(await home.rows(text)).toHaveLength(1);
  await queueMail(home.database.sql, { ...mail, subject: mailTemplate`The next one` }, home.clock.now);
  const one = sender();
  await one.run();
  await one.close();
  expect(received).toEqual([expect.stringContaining("The next one")]);
  const [kept] = await listKeptMails(home.database.sql);
  expect(kept?.body).toContain("cannot be read");
  await home.rows("delete from mail where body like 'enc1.00000000.%'");
});

test("a mail of a transaction that is rolled back is never sent", async () => {
  await home.database.transaction(
    (tx) => queueMail(tx, mail, home.clock.now),
    () => false,
  );
  const one = sender();
  await one.run();
  await one.close();
  expect(received).toHaveLength(0);
});

test("a developer's machine shows what waits; no other server says anything", async () => {
  await queueMail(home.database.sql, mail, home.clock.now);
  const { recipient, subject, body } = mail;
  const shown = await openBrowser(home.url).api.mail.list.query();
  expect(shown.isKept).toBe(true);
  expect(shown.mails[0]).toMatchObject({ recipient, subject: String(subject), body: String(body) });
  const elsewhere = await startTestConsole();
  await queueMail(elsewhere.database.sql, mail, home.clock.now);
  expect(await openBrowser(elsewhere.url).api.mail.list.query()).toEqual({ isKept: false, mails: [] });
  await elsewhere.close();
});

test.each([
  [{}, true],
  [{ PUBLIC_APP_URL: "http://localhost:4000/" }, true],
  [{ PUBLIC_APP_URL: "http://[::1]:4000", HOST: "::1" }, true],
  [{ DEVELOPER_MAILBOX: undefined }, false],
  [{ DEVELOPER_MAILBOX: "0" }, false],
  [{ HOST: "0.0.0.0" }, false],
  [{ PUBLIC_APP_URL: "https://console.example" }, false],
  [{ PUBLIC_APP_URL: "https://127.0.0.1.example" }, false],
  [{ NODE_ENV: "production" }, false],
  [{ NODE_ENV: undefined }, false],
  [{ SMTP_URL: "smtp://127.0.0.1:25" }, false],
])("mails are shown with %j: %s", (changed, keepsMails) => {
  const environment = { DATABASE_URL: "postgres://x", NODE_ENV: "development", DEVELOPER_MAILBOX: "1", ...changed };
  expect(readConfig(environment).keepsMails).toBe(keepsMails);
});
