import { z } from "zod";
import { expect, test } from "vitest";
import { add, remove, replace, patchOf, type ScimResponse, type ScimClient } from "../testing/test-client.ts";
import { useScim } from "../testing/scim-fixture.ts";

const requestsEach = 500;
const parallel = 5;

const { scim, runSql } = await useScim();

/** A small seeded generator (mulberry32), so that a failing run can be repeated. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** The knowledge of one organization's provider: its own resources, and ids of the other one without a right to them. */
type Side = {
  readonly marker: string;
  readonly client: ScimClient;
  readonly users: string[];
  readonly groups: string[];
};

const withId = z.looseObject({ id: z.string() });

/** One random request. Both sides use the same userNames, externalIds and group names; only the markers differ. */
async function step(side: Side, other: Side, below: (limit: number) => number): Promise<ScimResponse> {
  const { client, marker } = side;
  const pick = (own: readonly string[], foreign: readonly string[]): string => {
    const from = below(4) === 0 ? foreign : own;
    return from[below(Math.max(1, from.length))] ?? "00000000-0000-7000-8000-000000000000";
  };
  const user = pick(side.users, other.users);
  const group = pick(side.groups, other.groups);
  const number = below(60);
  const person = {
    userName: `p${number}@shared.example`,
    displayName: `${marker} person ${number}`,
    externalId: `00u${number}`,
  };
  const path = encodeURIComponent;
  const steps: (() => Promise<ScimResponse>)[] = [
    () => client.get(`/Users?filter=${path(`userName eq "${person.userName}"`)}`),
    () => client.get(`/Users?filter=${path(`displayName co "person" or externalId eq "00u${number}"`)}&count=20`),
    () => client.get(`/Users?startIndex=${below(20)}&count=${below(30)}&sortBy=userName`),
    () => client.get(`/Users/${user}`),
    () => client.post("/Users", person),
    () => client.post("/Users", person),
    () => client.put(`/Users/${user}`, { ...person, active: below(2) === 0 }),
    () => client.patch(`/Users/${user}`, patchOf(replace("displayName", `${marker} renamed ${number}`))),
    () => client.patch(`/Users/${user}`, patchOf({ op: "replace", value: { active: below(2) === 0 } })),
    () => client.delete(`/Users/${user}`),
    () => client.post("/Groups", { displayName: `group ${number}`, externalId: marker, members: [{ value: user }] }),
    () => client.get("/Groups?count=50"),
    () => client.get(`/Groups?filter=${path(`members.value eq "${user}"`)}`),
    () => client.get(`/Groups/${group}`),
    () => client.patch(`/Groups/${group}`, patchOf(add("members", [{ value: user }]))),
    () => client.patch(`/Groups/${group}`, patchOf(remove(`members[value eq "${user}"]`))),
    () => client.put(`/Groups/${group}`, { displayName: `group ${number}`, members: [{ value: user }] }),
  ];
  const response = await (steps[below(steps.length)] ?? client.get)("/Users");
  const made = response.status === 201 ? withId.parse(response.body) : undefined;
  if (made !== undefined) ("userName" in made ? side.users : side.groups).push(made.id);
  return response;
}

// AR-19, AR-78: tenants stay separate under concurrent requests of both sides, each with the other's ids.
test("AR-19: 1,000 mixed requests of two organizations at once, and not one foreign row in any response or log", async () => {
  const rivalOrg = await scim.addOrganization("Rival");
  const acme: Side = { marker: "acmeonly", client: scim.client, users: [], groups: [] };
  const rival: Side = { marker: "rivalonly", client: rivalOrg.client, users: [], groups: [] };
  // The outcome of each race decides which resources are created.
  for (const { client, users, groups } of [acme, rival])
    for (let number = 100; number < 106; number++) {
      users.push(withId.parse((await client.post("/Users", { userName: `p${number}@shared.example` })).body).id);
      groups.push(withId.parse((await client.post("/Groups", { displayName: `group ${number}` })).body).id);
    }
  const tally = new Map<number, number>();
  const play = async (side: Side, other: Side, seed: number): Promise<void> => {
    const below = seeded(seed);
    for (let round = 0; round < requestsEach / parallel; round++) {
      const response = await step(side, other, below);
      tally.set(response.status, (tally.get(response.status) ?? 0) + 1);
      expect(response.text).not.toContain(other.marker);
      // An id from the request may come back in an error, never in a resource.
      if (response.status < 300)
        for (const id of [...other.users, ...other.groups]) expect(response.text).not.toContain(id);
      expect(response.status, response.text).toBeLessThan(500);
    }
  };
  await Promise.all(
    Array.from({ length: parallel }, (_, seed) => [play(acme, rival, seed + 1), play(rival, acme, seed + 101)]).flat(),
  );
  // The run is only meaningful if it reached every kind of request.
  expect([...tally.keys()]).toEqual(expect.arrayContaining([200, 201, 204, 404, 409]));
  expect(Math.min(acme.users.length, rival.users.length, acme.groups.length, rival.groups.length)).toBeGreaterThan(5);

  const text = `select c.organization_id as "organizationId", c.actor_id as "actorId", to_jsonb(c)::text as entry from change c
    where c.actor_kind = 'token'`;
  const entry = z.object({ organizationId: z.string(), actorId: z.string(), entry: z.string() });
  const entries = z.array(entry).parse(await runSql(text));
  for (const [side, other, organization] of [
    [acme, rival, scim],
    [rival, acme, rivalOrg],
  ] as const) {
    const own = entries.filter(({ organizationId }) => organizationId === organization.organizationId);
    expect(own.length).toBeGreaterThan(50);
    for (const { actorId, entry } of own) {
      expect(actorId).toBe(organization.tokenId);
      expect(entry).not.toContain(other.marker);
      const foreign = other.users.filter((id) => entry.includes(`"subject_id": "${id}"`));
      expect(foreign).toEqual([]);
    }
    expect(side.users.some((id) => other.users.includes(id))).toBe(false);
  }
  const crossed = `select 1 from role_grant g join member m on m.id = g.member_id join role r on r.id = g.role_id
    where g.organization_id <> m.organization_id or g.organization_id <> r.organization_id`;
  expect(await runSql(crossed)).toEqual([]);
});
