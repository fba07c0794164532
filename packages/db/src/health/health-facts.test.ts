import { judgeHealth } from "@rollcall/domain";
import { expect, test } from "vitest";
import { recordRequests } from "../request-log/request-log.ts";
import { newTenant, now, openScimDatabase, person, requestOf } from "../testing/scim-database.ts";
import { disableProvisioning } from "../provisioning/provisioning-off.ts";
import { enableProvisioning } from "../provisioning/provisioning-switch.ts";
import { setGuard } from "../guard/guard-settings.ts";
import { listTokens, revokeToken } from "../scim-token/scim-tokens.ts";
import { readHealthFacts } from "./health-facts.ts";

const home = await openScimDatabase();

const at = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);

test("from the first request to a revoked token, the guard, and off", async () => {
  const { database } = home;
  const tenant = await newTenant(database, "Lived");
  const { organizationId, context } = tenant;
  const stateAt = async (time: Date) => judgeHealth(await readHealthFacts(database.sql, organizationId, time), time);
  const [token] = await listTokens(database, organizationId, now);
  const called = (seconds: number, status: number, refusal: string | null = null) => {
    const call = { tokenId: token?.id ?? "", at: at(seconds), method: "POST", path: "/scim_v2/Users", status, refusal };
    return recordRequests(database.sql, [requestOf(tenant, call)]);
  };
  expect(await stateAt(now)).toMatchObject({ state: "waiting", since: now });
  await called(1, 201);
  expect(await stateAt(at(2))).toMatchObject({ state: "healthy", since: at(1) });
  // A person who knows the public part of a token must not be able to hide the provider's state.
  for (let count = 0; count < 120; count++) await called(2, 401, "tokenSecretWrong");
  const facts = await readHealthFacts(database.sql, organizationId, at(2));
  expect([facts.requests.length, facts.unauthenticated.length]).toEqual([1, 20]);
  expect(await stateAt(at(2))).toMatchObject({ state: "healthy", since: at(1) });
  await called(3, 500);
  expect(await stateAt(at(4))).toMatchObject({ state: "failing", since: at(3) });

  await setGuard(database, context, true);
  const ids: string[] = [];
  for (let count = 0; count < 6; count++) {
    ids.push((await tenant.add(person(`p${count}@lived.example`))).id);
  }
  for (const id of ids) await tenant.write(id, () => ({ active: false }));
  const stopped = await stateAt(at(5));
  expect(stopped).toMatchObject({ state: "stopped", since: now, next: { place: "guard" } });
  expect(stopped.cause).toMatch(/more than 5 people .* 1 removal waits for your decision/);

  await revokeToken(database, context, { tokenId: token?.id ?? "", isLastConfirmed: true });
  expect(await stateAt(at(6))).toMatchObject({ state: "noToken", since: now });
  await disableProvisioning(database, { ...context, now: at(7) });
  expect(await stateAt(at(8))).toMatchObject({ state: "off", since: at(7) });
  await enableProvisioning(database, { ...context, now: at(9) }, { acknowledgeSso: true });
  expect(await stateAt(at(10))).toMatchObject({ state: "noToken" });
});
