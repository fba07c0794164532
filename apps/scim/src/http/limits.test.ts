import { decideHeld, listHeldChanges, listScimRequests, releaseGuard, setGuard, type Credential } from "@rollcall/db";
import { describe, expect, test } from "vitest";
import {
  add,
  remove,
  replace,
  changesOf,
  detailOf,
  forgedToken,
  idOf,
  membersOf,
  patchOf,
  scimClient,
  type ScimResponse,
  type ScimClient,
} from "../testing/test-client.ts";
import { readConfig } from "../config.ts";
import { createRateLimit } from "./rate-limit.ts";
import { useScim } from "../testing/scim-fixture.ts";
import { startNode, startScim, type TestOrganization } from "../testing/test-harness.ts";

const { scim } = await useScim();

describe("the guard (docs/design.md section 3, rule 13)", () => {
  let names = 0;

  type Crowd = { readonly org: TestOrganization; readonly client: ScimClient; readonly ids: readonly string[] };

  /** A new organization with that many managed people, the guard on. */
  async function crowd(size: number): Promise<Crowd> {
    const org = await scim.addOrganization(`Guard${++names}`);
    const client = org.client;
    const ids: string[] = [];
    for (let index = 0; index < size; index++)
      ids.push(idOf(await client.post("/Users", { userName: `p${index}@guard${names}.example` })));
    await setGuard(scim.database, await org.context(), true);
    return { org, client, ids };
  }

  function deactivate({ client }: Crowd, id: string | undefined): Promise<ScimResponse> {
    return client.patch(`/Users/${id}`, patchOf({ op: "replace", value: { active: false } }));
  }

  async function losses(people: Crowd): Promise<number> {
    const entries = await changesOf(scim.database, people.org.organizationId);
    return entries.filter(({ kind, refusal }) => refusal === null && /deactivated|deleted|revoked/.test(kind)).length;
  }

  function expectStopped(response: ScimResponse): void {
    expect([response.status, response.text]).toEqual([
      429,
      expect.stringContaining("Provisioning > Mass-removal protection"),
    ]);
    expect(response.headers.get("retry-after")).toMatch(/^[1-9]\d*$/);
    expect(response.headers.get("retry-after")).toBe("900");
    expect(response.body).toMatchObject({ status: "429" });
  }

  async function tripped(): Promise<Crowd> {
    const people = await crowd(10);
    for (const id of people.ids.slice(0, 5)) expect((await deactivate(people, id)).status).toBe(200);
    return people;
  }

  test("five of ten may lose access, the sixth is 429 and nothing of it has happened", async () => {
    const people = await tripped();
    expectStopped(await deactivate(people, people.ids[5]));
    expect((await people.client.get(`/Users/${people.ids[5]}`)).body["active"]).toBe(true);
    expect(await losses(people)).toBe(5);
  });

  test("it stops every removal: PUT, DELETE, a group's removal, replacement and deletion", async () => {
    const people = await tripped();
    const { client, ids } = people;
    const members = ids.slice(5).map((value) => ({ value }));
    const group = `/Groups/${idOf(await client.post("/Groups", { displayName: "Held", members }))}`;
    const user = await client.get(`/Users/${ids[6]}`);
    expectStopped(await client.put(`/Users/${ids[6]}`, { ...user.body, active: false }));
    expectStopped(await client.delete(`/Users/${ids[7]}`));
    expectStopped(await client.patch(group, patchOf(remove(`members[value eq "${ids[8]}"]`))));
    expectStopped(await client.put(group, { displayName: "Held", members: [] }));
    expectStopped(await client.delete(group));
    expect(membersOf(await client.get(group))).toHaveLength(5);
    expect(await losses(people)).toBe(5);
  });

  test("reads, creates, changes, additions to a group and reactivations pass", async () => {
    const { client, ids } = await tripped();
    expect((await client.get("/Users")).status).toBe(200);
    expect((await client.post("/Users", { userName: `new@guard${names}.example` })).status).toBe(201);
    expect((await client.patch(`/Users/${ids[9]}`, patchOf(replace("displayName", "N")))).status).toBe(200);
    expect((await client.post("/Groups", { displayName: "G", members: [{ value: ids[9] }] })).status).toBe(201);
    expect((await client.patch(`/Users/${ids[0]}`, patchOf({ op: "replace", value: { active: true } }))).status).toBe(
      200,
    );
  });

  test("a person with several losses counts once", async () => {
    const people = await crowd(10);
    const { client, ids } = people;
    const members = ids.slice(0, 5).map((value) => ({ value }));
    const groups = [
      await client.post("/Groups", { displayName: "A", members }),
      await client.post("/Groups", { displayName: "B", members }),
    ];
    for (const group of groups) expect((await client.delete(`/Groups/${idOf(group)}`)).status).toBe(204);
    for (const id of ids.slice(0, 5)) expect((await client.delete(`/Users/${id}`)).status).toBe(204);
    expectStopped(await deactivate(people, ids[5]));
  });

  test("a person removed and added back in one request counts as no loss", async () => {
    const { client, ids } = await crowd(8);
    const members = ids.map((value) => ({ value }));
    const group = `/Groups/${idOf(await client.post("/Groups", { displayName: "Pushed whole", members }))}`;
    const response = await client.patch(group, patchOf(remove("members"), add("members", members)));
    expect(response.status).toBe(204);
    expect(membersOf(await client.get(group))).toHaveLength(8);
  });

  test("a push that takes a role from many at once is refused whole", async () => {
    const people = await crowd(8);
    const { client, ids } = people;
    const group = `/Groups/${idOf(await client.post("/Groups", { displayName: "All", members: ids.map((value) => ({ value })) }))}`;
    expectStopped(await client.patch(group, patchOf(replace("displayName", "None"), replace("members", []))));
    const after = await client.get(group);
    expect([membersOf(after).length, after.body["displayName"]]).toEqual([8, "All"]);
    expect(await losses(people)).toBe(0);
  });

  test("six deactivations at once: five pass", async () => {
    const people = await crowd(10);
    const responses = await Promise.all(people.ids.slice(0, 8).map((id) => deactivate(people, id)));
    expect(responses.filter(({ status }) => status === 200)).toHaveLength(5);
    expect(responses.filter(({ status }) => status === 429)).toHaveLength(3);
  });

  test("an owner's release lets the same request pass, as long as it lasts", async () => {
    const people = await tripped();
    expectStopped(await deactivate(people, people.ids[5]));
    await releaseGuard(scim.database, await people.org.context());
    expect((await deactivate(people, people.ids[5])).status).toBe(200);
  });

  test("a month later it is still held without a decision", async () => {
    const people = await tripped();
    expectStopped(await deactivate(people, people.ids[5]));
    scim.advance(30 * 86_400_000);
    expectStopped(await deactivate(people, people.ids[5]));
    expectStopped(await people.client.delete(`/Users/${people.ids[9]}`));
    expect(await losses(people)).toBe(5);
  });

  // Neither a second process nor its clock may let a sixth removal pass.
  test("twenty deactivations by two services: five pass, and the other fifteen after an owner's approval", async () => {
    const people = await crowd(20);
    const { org, ids } = people;
    const node = await startNode(scim);
    const services = [people, { ...people, client: scimClient(node.baseUrl, org.token) }] as const;
    const all = (): Promise<ScimResponse[]> =>
      Promise.all(ids.map((id, place) => deactivate(services[place % 2 === 0 ? 0 : 1], id)));
    const responses = await all();
    expect(responses.filter(({ status }) => status === 200)).toHaveLength(5);
    for (const response of responses) if (response.status !== 200) expectStopped(response);
    const held = await listHeldChanges(scim.database.sql, org.organizationId);
    expect(held).toHaveLength(15);
    const decision = { decision: "approved", ids: held.map(({ id }) => id) } as const;
    expect(await decideHeld(scim.database, await org.context(), decision)).toEqual({ ok: true, value: 15 });
    expect((await all()).map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(await losses(people)).toBe(20);
    await node.stop();
  });

  test("a rejected removal is 403, names the kept people, and changes nothing", async () => {
    const people = await tripped();
    const { org, client, ids } = people;
    expectStopped(await deactivate(people, ids[5]));
    const held = await listHeldChanges(scim.database.sql, org.organizationId);
    await decideHeld(scim.database, await org.context(), { decision: "rejected", ids: held.map(({ id }) => id) });
    const response = await deactivate(people, ids[5]);
    expect([response.status, response.headers.get("retry-after")]).toEqual([403, null]);
    expect(detailOf(response)).toContain("An owner decided to keep p5.");
    expect((await client.get(`/Users/${ids[5]}`)).body["active"]).toBe(true);
  });

  test("one tenth of the people with access may lose it where that is more than five", async () => {
    const [people, others] = [await crowd(70), await crowd(70)];
    const statuses: number[] = [];
    for (const id of people.ids.slice(0, 8)) statuses.push((await deactivate(people, id)).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 200, 429]);
    const deletions: number[] = [];
    for (const id of others.ids.slice(0, 8)) deletions.push((await others.client.delete(`/Users/${id}`)).status);
    expect(deletions).toEqual([204, 204, 204, 204, 204, 204, 204, 429]);
  });

  test("people without access allow no further removals", async () => {
    const people = await crowd(70);
    const context = await people.org.context();
    await setGuard(scim.database, context, false);
    for (const id of people.ids.slice(0, 60)) expect((await deactivate(people, id)).status).toBe(200);
    await setGuard(scim.database, context, true);
    const statuses: number[] = [];
    for (const id of people.ids.slice(60, 66)) statuses.push((await deactivate(people, id)).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
  });

  test("one organization's losses are not another's", async () => {
    await tripped();
    const other = await crowd(1);
    expect((await deactivate(other, other.ids[0])).status).toBe(200);
  });
});

// Okta obeys 429 only with whole seconds (idp-wire section 2).
test("SCIM_RATE_LIMIT: more requests of one token in a second are 429 with an integer Retry-After; other tokens keep working", async () => {
  await using scim = await startScim({ rateLimit: 5 });
  const rival = await scim.addOrganization("Rival");
  const responses = await Promise.all(Array.from({ length: 30 }, () => scim.client.get("/ResourceTypes")));
  const limited = responses.filter(({ status }) => status === 429);
  expect(limited.length).toBeGreaterThanOrEqual(10);
  // 5 of the second and 5 of the burst.
  expect(responses.length - limited.length).toBeGreaterThanOrEqual(10);
  for (const response of limited) {
    expect(response.headers.get("retry-after")).toMatch(/^[1-9]\d*$/);
    expect(response.headers.get("content-type")).toContain("application/scim+json");
    expect(detailOf(response)).toContain("a second");
  }
  expect((await rival.client.get("/Users")).status).toBe(200);
});

// The limit must not hit providers: Entra sends at most 25 a second, and Okta fewer.
test("SCIM_RATE_LIMIT: the default admits 200 requests of one token at once, and refuses far more", async () => {
  const { rateLimit } = readConfig({ DATABASE_URL: "postgres://unused" });
  const admit = createRateLimit(rateLimit);
  const admitted = async (credential: Credential, count: number): Promise<number> => {
    const refusals = await Promise.all(Array.from({ length: count }, () => admit(credential)));
    return refusals.filter((refusal) => refusal === undefined).length;
  };
  const [one, other] = [Buffer.from("one"), Buffer.from("other")].map((secretHash) => ({ keyId: "", secretHash }));
  if (one === undefined || other === undefined) throw new Error("Two credentials were made.");
  expect([rateLimit, await admitted(one, 200), await admitted(other, 500)]).toEqual([100, 200, 200]);
});

// The first part of a token is public: owners see it in the list of tokens.
test("SCIM_RATE_LIMIT: the public part of a token does not suffice to use up its limit", async () => {
  await using scim = await startScim({ rateLimit: 5 });
  const attacker = scimClient(scim.baseUrl, forgedToken(scim.token));
  const responses = await Promise.all(Array.from({ length: 30 }, () => attacker.get("/Users")));
  expect(responses.filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(10);
  expect((await scim.client.get("/Users")).status).toBe(200);
  await scim.recorder.flush();
  const { requests } = await listScimRequests(scim.database.sql, scim.organizationId, { limit: 100 });
  // The failed attempts are logged too, marked and within their own bounds.
  const own = requests.filter(({ refusal }) => refusal !== "tokenSecretWrong");
  expect(own.map(({ status }) => status)).toEqual([200]);
});

// AR-29: an internal error is a SCIM error without detail.
test("an internal error is 500 without its detail", async () => {
  await using scim = await startScim();
  await scim.database.sql.query({ name: "", text: "alter table member rename to lost" }, []);
  const client = scim.client;
  for (const response of [await client.get("/Users"), await client.post("/Users", { userName: "a@b.example" })]) {
    expect(response.status).toBe(500);
    expect(response.headers.get("content-type")).toContain("application/scim+json");
    expect(response.body).toMatchObject({ status: "500" });
    expect(detailOf(response)).toContain(response.headers.get("x-request-id"));
    expect(response.text).not.toMatch(/pool|postgres|sql|\bat \/|node_modules|database|member/i);
  }
});
