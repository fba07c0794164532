import {
  acceptInvitation,
  createRole,
  decideHeld,
  disableProvisioning,
  enableProvisioning,
  issueToken,
  listHeldChanges,
  releaseGuard,
  sendInvitation,
  setGuard,
  setRoleLinked,
} from "@rollcall/db";
import { describe, expect, test } from "vitest";
import { add, idOf, patchOf, replace, resourcesOf, rolesOf, scimClient } from "../testing/test-client.ts";
import { startScim, type ScimTest } from "../testing/test-harness.ts";

// What two features could break together: mass-removal protection, and who a record belongs to.

const off = patchOf(replace("active", false));
const hourMs = 3_600_000;

/** An organization with people `p0`, `p1` …, whose externalIds are `e0`, `e1` … */
async function scene(people: number): Promise<{ readonly scim: ScimTest; readonly ids: readonly string[] }> {
  const scim = await startScim();
  await scim.verifyDomain("acme.example");
  const ids: string[] = [];
  for (let number = 0; number < people; number++) {
    const posted = await scim.client.post("/Users", {
      userName: `p${number}@acme.example`,
      externalId: `e${number}`,
    });
    ids.push(idOf(posted));
  }
  return { scim, ids };
}

async function guarded(people: number) {
  const { scim, ids } = await scene(people);
  await setGuard(scim.database, await scim.context(), true);
  const deactivate = async (some: readonly string[]): Promise<readonly number[]> => {
    const statuses: number[] = [];
    for (const id of some) statuses.push((await scim.client.patch(`/Users/${id}`, off)).status);
    return statuses;
  };
  const decide = async (decision: "approved" | "rejected"): Promise<void> => {
    const held = await listHeldChanges(scim.database.sql, scim.organizationId);
    const open = held.flatMap((one) => (one.decision === null ? [one.id] : []));
    await decideHeld(scim.database, await scim.context(), { decision, ids: open });
  };
  return { scim, ids, deactivate, decide };
}

/** Turns provisioning off and on again; returns the client with the new token. */
async function restarted(scim: ScimTest, after: "release" | "keepLocked") {
  await disableProvisioning(scim.database, await scim.context(), { after });
  await enableProvisioning(scim.database, await scim.context(), { acknowledgeSso: true });
  const issued = await issueToken(scim.database, await scim.context(), { name: "Entra" });
  if (!issued.ok) throw new Error(issued.error.kind);
  return scimClient(scim.baseUrl, issued.value.token);
}

const handOvers = (scim: ScimTest): Promise<readonly unknown[]> =>
  scim.database.sql.query({ name: "", text: "select id from change where kind = 'member.handed_over'" }, []);

describe("mass-removal protection", () => {
  test("is not off for the rest of an hour of all removals once provisioning was turned off and on", async () => {
    const { scim, ids } = await guarded(12);
    await releaseGuard(scim.database, await scim.context());
    scim.advance(hourMs / 12);
    const client = await restarted(scim, "release");
    const statuses: number[] = [];
    for (const id of ids) statuses.push((await client.delete(`/Users/${id}`)).status);
    expect(statuses).toEqual([...Array.from({ length: 5 }, () => 204), ...Array.from({ length: 7 }, () => 429)]);
  });

  test.each([false, true])(
    "keeps a person from being removed by another verb (all allowed: %s)",
    async (isReleased) => {
      const { scim, ids, deactivate, decide } = await guarded(10);
      await deactivate(ids.slice(0, 6));
      await decide("rejected");
      if (isReleased) await releaseGuard(scim.database, await scim.context());
      else scim.advance(hourMs);
      expect((await scim.client.delete(`/Users/${ids[5]}`)).status).toBe(403);
      expect((await scim.client.delete(`/Users/${ids[6]}`)).status).toBe(204);
    },
  );

  test("lets a request of more than a thousand losses pass once all that is listed was approved", async () => {
    const { scim, ids, decide } = await guarded(1010);
    const members = ids.map((value) => ({ value }));
    const group = idOf(await scim.client.post("/Groups", { displayName: "All", members }));
    const empty = () => scim.client.put(`/Groups/${group}`, { displayName: "All", members: [] });
    const statuses: number[] = [];
    for (let round = 0; round < 3; round++) {
      statuses.push((await empty()).status);
      await decide("approved");
    }
    expect(statuses).toEqual([429, 429, 200]);
  });

  test("counts nobody who loses nothing: deleted without access, or with the role from an owner too", async () => {
    const { scim, ids, deactivate } = await guarded(20);
    await setGuard(scim.database, await scim.context(), false);
    await deactivate(ids.slice(0, 10));
    const members = ids.slice(10).map((value) => ({ value }));
    const group = idOf(await scim.client.post("/Groups", { displayName: "Sales", members }));
    const text = `insert into role_grant select organization_id, member_id, role_id, 'manual', created_at
      from role_grant where role_id = $1`;
    await scim.database.sql.query({ name: "", text }, [group]);
    scim.advance(hourMs);
    await setGuard(scim.database, await scim.context(), true);
    for (const id of ids.slice(0, 10)) expect((await scim.client.delete(`/Users/${id}`)).status).toBe(204);
    const emptied = await scim.client.put(`/Groups/${group}`, { displayName: "Sales", members: [] });
    expect(emptied.status).toBe(200);
    expect(await deactivate(ids.slice(10, 16))).toEqual([200, 200, 200, 200, 200, 429]);
  });
});

describe("a record keeps its person", () => {
  test("rule 5a who was removed, invited again, and sent with a new externalId", async () => {
    const { scim, ids } = await scene(1);
    await scim.client.delete(`/Users/${ids[0]}`);
    let token = "";
    const linkTo = (text: string): string => (token = text);
    const invitation = { email: "p0@acme.example", roleIds: [], linkTo };
    await sendInvitation(scim.database, await scim.context(), invitation);
    const given = { token, name: "Pam", password: "four words on a wall" };
    const at = { now: scim.now(), requestId: null };
    const browser = { userAgent: null, ip: null };
    expect((await acceptInvitation(scim.database, given, undefined, browser, at)).ok).toBe(true);
    for (const active of [false, true])
      await scim.client.put(`/Users/${ids[0]}`, { userName: "p0@acme.example", externalId: "n0", active });
    expect(await handOvers(scim)).toEqual([]);
  });

  test("AR-77 who was kept locked without an externalId, for the next provider", async () => {
    const { scim, ids } = await scene(1);
    await scim.client.patch(`/Users/${ids[0]}`, patchOf({ op: "remove", path: "externalId" }));
    await scim.client.patch(`/Users/${ids[0]}`, off);
    const client = await restarted(scim, "keepLocked");
    await client.patch(`/Users/${ids[0]}`, patchOf(replace("externalId", "new"), replace("active", true)));
    expect(await handOvers(scim)).toEqual([]);
  });
});

test("a record that is given to another person makes nobody an owner", async () => {
  const { scim, ids } = await scene(1);
  const filter = encodeURIComponent('displayName eq "Account Owners"');
  const owners = resourcesOf(await scim.client.get(`/Groups?filter=${filter}`))[0]?.id ?? "";
  await setRoleLinked(scim.database, await scim.context(), { roleId: owners, isLinked: true });
  await scim.client.patch(`/Groups/${owners}`, patchOf(add("members", [{ value: ids[0] }])));
  await scim.client.patch(`/Users/${ids[0]}`, off);
  await scim.client.put(`/Users/${ids[0]}`, { userName: "p0@acme.example", externalId: "another", active: true });
  expect(await rolesOf(scim.database, ids[0] ?? "")).toEqual(["Members/default"]);
});

// Okta deactivates by a PUT of the whole profile, and tries once.
test.each([
  ["a long userName", { userName: `${"x".repeat(3000)}@acme.example` }],
  ["a blank userName", { userName: "  " }],
  ["a displayName with a tab", { displayName: "Pam\tBeesly" }],
  ["a value in a list", { active: [false] }],
  ["a blank name beside another spelling", { userName: " ", active: undefined, Active: "False" }],
])("rule 7 %s does not keep a deactivated person in", async (_what, more) => {
  const { scim, ids } = await scene(1);
  const put = await scim.client.put(`/Users/${ids[0]}`, { userName: "p0@acme.example", active: false, ...more });
  expect(put.status).toBe(200);
  expect((await scim.client.get(`/Users/${ids[0]}`)).body).toMatchObject({
    active: false,
    userName: "p0@acme.example",
  });
});

test("a role that an owner takes back from the directory gives its externalId back", async () => {
  const { scim } = await scene(0);
  const role = await createRole(scim.database, await scim.context(), { name: "Sales", permissions: [] });
  if (!role.ok) throw new Error(role.error.kind);
  await setRoleLinked(scim.database, await scim.context(), { roleId: role.value, isLinked: true });
  await scim.client.put(`/Groups/${role.value}`, { displayName: "Sales", externalId: "g1", members: [] });
  await setRoleLinked(scim.database, await scim.context(), { roleId: role.value, isLinked: false });
  expect((await scim.client.post("/Groups", { displayName: "Sales EU", externalId: "g1" })).status).toBe(201);
});
