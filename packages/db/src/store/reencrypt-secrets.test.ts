import { afterAll, expect, test } from "vitest";
import { openDatabase, type Database } from "./database.ts";
import { listKeptMails, queueMail } from "../mail/mail-queue.ts";
import { mailTemplate } from "../mail/mail-text.ts";
import { reencryptSecrets } from "./reencrypt-secrets.ts";
import { readSecretKeys } from "./secret-box.ts";
import { migratedDatabase } from "../testing/migrated-database.ts";

type Opened = { readonly database: Database; readonly keyId: string | undefined };

const databases: Database[] = [];
const scratch = await migratedDatabase();
afterAll(async () => {
  await Promise.all(databases.map((database) => database.close()));
  await scratch.drop();
});

/** The same database as a server with these keys sees it, each a letter. */
async function opened(current?: string, previous?: string): Promise<Opened> {
  const [ROLLCALL_SECRET_KEY, ROLLCALL_SECRET_KEY_PREVIOUS] = [current, previous].map((letter) =>
    letter === undefined ? undefined : Buffer.alloc(32, letter).toString("base64"),
  );
  const secretKeys = readSecretKeys({ ROLLCALL_SECRET_KEY, ROLLCALL_SECRET_KEY_PREVIOUS });
  const database = await openDatabase(scratch.url, { poolSize: 2, secretKeys });
  databases.push(database);
  return { database, keyId: secretKeys[0]?.id };
}

function send({ database }: Opened, body: string): Promise<void> {
  const recipient = {
    kind: "passwordReset",
    recipient: "pam@dm.example",
    organizationId: null,
    causeId: null,
  } as const;
  return queueMail(
    database.sql,
    { ...recipient, subject: mailTemplate`Link`, body: mailTemplate`${body}` },
    new Date(),
  );
}

/** The bodies of all mails, oldest first. */
async function bodies({ database }: Opened): Promise<readonly (string | null)[]> {
  return (await listKeptMails(database.sql)).map(({ body }) => body).toReversed();
}

// Everything stays readable while the key changes, and the former key can then be deleted.
test("secrets are re-encrypted from plain text to a key and to the next key", async () => {
  const plain = await opened();
  await send(plain, "written without a key");
  expect(await reencryptSecrets(plain.database)).toMatchObject({ keyId: undefined, plain: 1 });

  const first = await opened("a");
  await send(first, "written with the first");
  expect(await reencryptSecrets(first.database)).toEqual({
    keyId: first.keyId,
    current: 1,
    encrypted: 1,
    plain: 0,
    unreadable: 0,
  });
  const held = await first.database.sql.db.selectFrom("mail").select("body").execute();
  expect(JSON.stringify(held)).not.toContain("written");

  const second = await opened("b", "a");
  await send(second, "written with the second");
  const all = ["written without a key", "written with the first", "written with the second"];
  expect(await bodies(second)).toEqual(all);
  expect(await reencryptSecrets(second.database)).toMatchObject({ current: 1, encrypted: 2, unreadable: 0 });
  expect(await bodies(await opened("b"))).toEqual(all);
  expect(await reencryptSecrets(first.database)).toMatchObject({ current: 0, encrypted: 0, unreadable: 3 });
  const unreadable = expect.stringContaining(`the key ${second.keyId}, which is not set`);
  expect(await bodies(first)).toEqual([unreadable, unreadable, unreadable]);
});
