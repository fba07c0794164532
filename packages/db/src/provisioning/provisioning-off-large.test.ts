import { removalPhrase } from "@rollcall/domain";
import { expect, test } from "vitest";
import { newTenant, openScimDatabase, rows } from "../testing/scim-database.ts";
import { disableProvisioning, releaseKeptPeople } from "./provisioning-off.ts";
import { enableProvisioning } from "./provisioning-switch.ts";

const home = await openScimDatabase();

// One statement for all people of a large organization would reach the statement timeout.
test("people are removed or released in several statements", async () => {
  const { database } = home;
  const { organizationId, context } = await newTenant(database, "Large");
  const fill = async (): Promise<void> => {
    const accounts = `insert into account (id, email, email_key, name, created_at, updated_at)
      select gen_random_uuid(), e, e, 'P', now(), now() from (select 'm' || n || $1 as e from generate_series(1, 5200) n) x
      on conflict do nothing`;
    await rows(database, accounts, ["@large.example"]);
    const members = `insert into member (organization_id, id, account_id, user_name, user_name_key, name, name_key, active,
        is_managed, awaits_acceptance, version, created_at, updated_at)
      select $1, gen_random_uuid(), id, email, email_key, 'P', 'p', true, true, false, 1, now(), now()
      from account where email_key like 'm%' || $2`;
    await rows(database, members, [organizationId, "@large.example"]);
  };
  await fill();
  const seen = home.watch();
  const input = { after: "remove", typed: removalPhrase(5200), isOwnersConfirmed: true } as const;
  expect(await disableProvisioning(database, context, input)).toMatchObject({ ok: true, value: { removed: 5200 } });
  const batches = seen.filter(({ sql }) => sql.includes("limit") && sql.endsWith("for update"));
  expect(batches.map(({ rows }) => rows.length)).toEqual([5000, 200, 0]);
  const logged = "select count(*)::int as count from change where organization_id = $1 and kind = 'member.removed'";
  expect(await rows(database, logged, [organizationId])).toEqual([{ count: 5200 }]);
  await enableProvisioning(database, context, { acknowledgeSso: true });
  await fill();
  expect(await disableProvisioning(database, context, { after: "keepLocked" })).toMatchObject({
    ok: true,
    value: { locked: 5200 },
  });
  expect(await releaseKeptPeople(database, context)).toEqual({ ok: true, value: 5200 });
});
