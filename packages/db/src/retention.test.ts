import { CompiledQuery } from "kysely";
import { expect, test } from "vitest";
import { newOrganization, now, openConsoleDatabase } from "./testing/console-database.ts";
import { firstIdAt } from "./store/id.ts";
import { forgetOld } from "./retention.ts";

const home = await openConsoleDatabase();

async function ask(text: string, values: readonly unknown[] = []): Promise<readonly unknown[]> {
  return (await home.database.sql.db.executeQuery(CompiledQuery.raw(text, [...values]))).rows;
}

/** The time that many days ago, and an id of that moment. */
function daysAgo(days: number): readonly [Date, string] {
  const at = new Date(now.getTime() - days * 86_400_000);
  return [at, firstIdAt(at)];
}

// Personal data must not outlive its use, and the activity log must keep all changes.
test("only old ended sessions, refusals, mails and tallies are deleted", async () => {
  const { organizationId } = await newOrganization(home.database, "Old");
  for (const days of [45, 43]) {
    const text = `insert into session (organization_id, id, account_id, secret_hash, created_at, last_used_at, expires_at, method)
      select $1, $3, id, '', $2::timestamptz, $2, $2::timestamptz + interval '14 days', 'password' from account`;
    await ask(text, [organizationId, ...daysAgo(days)]);
  }
  for (const [days, refusal] of [
    [181, "lastOwner"],
    [179, "lastOwner"],
    [182, null],
  ] as const) {
    const text = `insert into change (organization_id, id, at, actor_kind, actor_name, subject_kind, subject_name, kind,
      refusal) values ($1, $3, $2, 'system', 'retention', 'member', 'x', 'member.created', $4)`;
    await ask(text, [organizationId, ...daysAgo(days), refusal]);
  }
  for (const days of [31, 29]) {
    const text = `insert into mail (id, kind, recipient, recipient_key, subject, created_at, next_try_at, tries, collected)
      values ($2, 'newOwner', 'pam@dm.example', 'pam@dm.example', 'x', $1::timestamptz, $1::timestamptz, 0, 0)`;
    await ask(text, daysAgo(days));
  }
  for (const minutes of [31, 29]) {
    const text = "insert into guard_tally (organization_id, minute, losses) values ($1, $2, $3)";
    await ask(text, [organizationId, new Date(now.getTime() - minutes * 60_000), minutes]);
  }

  expect(await forgetOld(home.database.sql, now)).toBe(4);
  expect(await ask("select id from session")).toEqual([{ id: daysAgo(43)[1] }]);
  expect(await ask("select id from change where actor_name = 'retention' order by id")).toEqual([
    { id: daysAgo(182)[1] },
    { id: daysAgo(179)[1] },
  ]);
  expect(await ask("select id from mail")).toEqual([{ id: daysAgo(29)[1] }]);
  expect(await ask("select losses from guard_tally")).toEqual([{ losses: 29 }]);
  expect(await forgetOld(home.database.sql, now)).toBe(0);
});
