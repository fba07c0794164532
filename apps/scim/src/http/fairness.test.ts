import { expect, test } from "vitest";
import { resourcesOf, type ScimResponse } from "../testing/test-client.ts";
import { useScim } from "../testing/scim-fixture.ts";

const { scim, acme } = await useScim();
const { client: rival, ownerEmail: rivalEmail } = await scim.addOrganization("Rival");
// From here on both tokens are confirmed.
for (const client of [acme, rival]) await client.get("/Users");

/** Does `work` while group members cannot be read: each request that reads them stays in progress until it is done. */
function whileHeld<T>(work: () => Promise<T>): Promise<T> {
  return scim.database.transaction(async (tx) => {
    await tx.query({ name: "", text: "lock table role_grant in access exclusive mode" }, []);
    return work();
  });
}

const filtered = (type: string, filter: string): string => `/${type}?filter=${encodeURIComponent(filter)}`;

/** Sends the request for acme that many times at once. `underway` are those without a response yet. */
function flood(
  path: string,
  count: number,
): { readonly underway: () => number; readonly all: Promise<ScimResponse[]> } {
  let underway = count;
  const ask = async (): Promise<ScimResponse> => {
    const response = await acme.get(path);
    underway--;
    return response;
  };
  return { underway: () => underway, all: Promise.all(Array.from({ length: count }, ask)) };
}

// The requests of one organization must not delay those of another.
test("60 costly filters of one organization leave another one's filter its turn", async () => {
  const held = await whileHeld(async () => {
    const costly = flood(filtered("Groups", 'members.display co "zzz"'), 60);
    // Requests that would wait too long are refused first; the others hold all of acme's share.
    await expect.poll(costly.underway).toBeLessThanOrEqual(40);
    expect((await rival.get(filtered("Users", 'displayName co "owner"'))).status).toBe(200);
    expect(costly.underway()).toBeGreaterThan(0);
    return { costly };
  });
  const responses = await held.costly.all;
  expect(responses.map(({ status }) => status).filter((status) => ![200, 400, 429].includes(status))).toEqual([]);
});

test("100 reads of one organization that hold database connections leave some to another one", async () => {
  const held = await whileHeld(async () => {
    const reads = flood("/Groups", 100);
    const lookUps = Array.from({ length: 10 }, () => rival.get(filtered("Users", `userName eq "${rivalEmail}"`)));
    expect((await Promise.all(lookUps)).map(({ body }) => body["totalResults"])).toEqual(lookUps.map(() => 1));
    expect(reads.underway()).toBe(100);
    return { reads };
  });
  expect(new Set((await held.reads.all).map(({ status }) => status))).toEqual(new Set([200]));
});

test("20 large pages of one organization leave another one's look-ups between them", async () => {
  const { database, organizationId } = scim;
  const text = `with person as (insert into account (id, email, email_key, name, created_at, updated_at)
      select gen_random_uuid(), n || '@large.example', n || '@large.example', '', now(), now() from generate_series(1, 1000) n
      returning id, email)
    insert into member (organization_id, id, account_id, user_name, user_name_key, name, name_key, active, is_managed,
      awaits_acceptance, version, created_at, updated_at)
    select $1, id, id, email, email, email, email, true, true, false, 1, now(), now() from person`;
  await database.sql.query({ name: "", text }, [organizationId]);
  const pages = flood("/Users?count=1000", 20);
  for (let count = 0; count < 3; count++) {
    const found = await rival.get(filtered("Users", `userName eq "${rivalEmail}"`));
    expect(found.body["totalResults"]).toBe(1);
  }
  expect(pages.underway()).toBeGreaterThan(10);
  expect((await pages.all).map((page) => resourcesOf(page).length)).toEqual(Array.from({ length: 20 }, () => 1000));
});

test("too many waiting requests of one organization are 429 with Retry-After, and no other is refused", async () => {
  const held = await whileHeld(async () => {
    const reads = flood("/Groups?attributes=members", 200);
    await expect.poll(reads.underway).toBeLessThan(200);
    expect((await rival.get(filtered("Users", `userName eq "${rivalEmail}"`))).status).toBe(200);
    return { reads };
  });
  const responses = await held.reads.all;
  const refused = responses.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(0);
  expect(responses.filter(({ status }) => status !== 429).every(({ status }) => status === 200)).toBe(true);
  for (const { headers } of refused) expect(headers.get("retry-after")).toMatch(/^[1-9]\d*$/);
});
