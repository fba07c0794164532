import { setDefaultRole, setRoleLinked } from "@rollcall/db";
import { z } from "zod";
import { expect, test } from "vitest";
import {
  replace,
  changesOf,
  idOf,
  membersOf,
  patchOf,
  resourcesOf,
  rolesOf,
  type ScimClient,
  type ScimResponse,
} from "../testing/test-client.ts";
import { useScim } from "../testing/scim-fixture.ts";

const { scim, acme, group, idByName, runSql, patch } = await useScim();

/** Runs it that many times at once. */
function atOnce(times: number, work: (index: number) => Promise<ScimResponse>): Promise<readonly ScimResponse[]> {
  return Promise.all(Array.from({ length: times }, (_, index) => work(index)));
}

function tally(responses: readonly ScimResponse[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of responses) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

async function people(prefix: string, count: number): Promise<readonly string[]> {
  const responses = await atOnce(count, (index) => acme.post("/Users", { userName: `${prefix}${index}@acme.example` }));
  return responses.map(idOf);
}

// AR-32: the index decides, so that there is no duplicate and no 500.
test("AR-32: 50 identical POSTs at once make one person: one 201, 49 times 409", async () => {
  const responses = await atOnce(50, (index) =>
    acme.post("/Users", { userName: index % 2 ? "Pam@acme.example" : "pam@ACME.example", externalId: "00u1" }),
  );
  expect(tally(responses)).toEqual({ 201: 1, 409: 49 });
  expect((await acme.get('/Users?filter=externalId+eq+"00u1"')).body["totalResults"]).toBe(1);
});

test("50 POSTs at once that want back one deleted person revive one", async () => {
  const [id = ""] = await people("angela", 1);
  await acme.delete(`/Users/${id}`);
  const responses = await atOnce(50, () => acme.post("/Users", { userName: "angela0@acme.example" }));
  expect(tally(responses)).toEqual({ 201: 1, 409: 49 });
  expect(responses.filter(({ status }) => status === 201).map(idOf)).toEqual([id]);
});

test("rule 5b one person posted at once to two organizations that have not verified the domain gets two names and no account", async () => {
  const rival = (await scim.addOrganization("Parallel")).client;
  const responses = await atOnce(20, (index) =>
    (index % 2 ? acme : rival).post("/Users", { userName: "both@shared.example" }),
  );
  expect(tally(responses)).toEqual({ 201: 2, 409: 18 });
  const text = "select count(*)::int as count from account where email_key = 'both@shared.example'";
  expect(await runSql(text)).toEqual([{ count: 0 }]);
});

// AR-56: members are written row by row; the list is never read, changed and written back.
test("AR-56: 40 PATCHes at once, adding and removing different members, lose none", async () => {
  const ids = await people("member", 40);
  const [leaving, joining] = [ids.slice(0, 20), ids.slice(20)];
  const path = (await group(leaving, { displayName: "Parallel" })).path;
  const responses = await atOnce(40, (index) => {
    const value = ids[index] ?? "";
    const operation =
      index < 20
        ? { op: "remove", path: `members[value eq "${value}"]` }
        : { op: "add", path: "members", value: [{ value }] };
    return patch(path, operation);
  });
  expect(tally(responses)).toEqual({ 204: 40 });
  expect(membersOf(await acme.get(path)).toSorted()).toEqual(joining.toSorted());
  for (const id of leaving) expect(await rolesOf(scim.database, id)).toEqual(["Members/default"]);
});

// Okta sends one operation per member: locking members in request order would deadlock two pushes.
test("pushes that meet in two groups in opposite orders wait for each other and do not fail", async () => {
  const ids = await people("cross", 12);
  const there = ids.slice(0, 6);
  const [first, second] = [
    (await group(there, { displayName: "Cross 1" })).path,
    (await group(ids.slice(6), { displayName: "Cross 2" })).path,
  ];
  const remove = (id: string): object => ({ op: "remove", path: `members[value eq "${id}"]` });
  const add = (id: string): object => ({ op: "add", path: "members", value: [{ value: id }] });
  for (let round = 0; round < 6; round++) {
    const responses = await atOnce(8, (index) => {
      const order = index % 4 < 2 ? ids : ids.toReversed();
      const operations = order.map((id, place) => ((place + index) % 2 ? remove(id) : add(id)));
      return patch(index % 2 ? first : second, ...operations);
    });
    expect(tally(responses)).toEqual({ 204: 8 });
  }
});

test("changes of people and a push of the default role itself do not stop each other", async () => {
  const ids = await people("default", 10);
  const members = await idByName("/Groups", "Members");
  await setRoleLinked(scim.database, await scim.context(), { roleId: members, isLinked: true });
  const path = `/Groups/${members}`;
  const other = (await group(ids, { displayName: "Beside the default" })).path;
  for (let round = 0; round < 5; round++) {
    const responses = await atOnce(40, (index) => {
      const id = ids[index % 10] ?? "";
      if (index < 10)
        return patch(path, {
          op: round % 2 ? "remove" : "add",
          path: "members",
          value: ids.map((value) => ({ value })),
        });
      if (index < 20) return patch(`/Users/${id}`, { op: "replace", value: { active: index % 2 === 0 } });
      if (index < 30) return patch(`/Users/${id}`, { op: "replace", value: { active: index % 2 === 1 } });
      return acme.put(other, {
        displayName: "Beside the default",
        members: index % 2 ? [] : ids.map((value) => ({ value })),
      });
    });
    expect(responses.filter(({ status }) => status >= 300).map(({ text }) => text)).toEqual([]);
  }
  await setRoleLinked(scim.database, await scim.context(), { roleId: members, isLinked: false });
});

test("20 PUTs of one person at once all succeed, and one of them is what is there", async () => {
  const [id = ""] = await people("putted", 1);
  const path = `/Users/${id}`;
  const responses = await atOnce(20, (index) =>
    acme.put(path, { userName: "putted0@acme.example", displayName: `Name ${index}` }),
  );
  expect(tally(responses)).toEqual({ 200: 20 });
  const { displayName } = z.object({ displayName: z.string() }).parse((await acme.get(path)).body);
  const updates = (await changesOf(scim.database, scim.organizationId)).filter(
    (entry) => entry.subjectId === id && entry.kind === "member.updated",
  );
  // Every entry starts where the one before has ended: no write was lost and none was logged twice.
  expect(updates).toHaveLength(20);
  const [froms, tos] = [
    updates.map(({ before }) => before?.["displayName"]),
    updates.map(({ after }) => after?.["displayName"]),
  ];
  expect(froms).toEqual([null, ...tos.slice(0, -1)]);
  expect(updates.at(-1)?.after).toMatchObject({ displayName });
});

test("20 groups of one name at once: one 201, 19 times 409", async () => {
  const responses = await atOnce(20, (index) =>
    acme.post("/Groups", { displayName: index % 2 ? "Same name" : "SAME NAME" }),
  );
  expect(tally(responses)).toEqual({ 201: 1, 409: 19 });
});

test("deletions of one person at once: one 204, the others 404", async () => {
  const [id = ""] = await people("gone", 1);
  expect(tally(await atOnce(10, () => acme.delete(`/Users/${id}`)))).toEqual({ 204: 1, 404: 9 });
});

// AR-53: for any sequence of requests, concurrent ones and different endpoints included.
test.each<[string, (client: ScimClient, path: string, userName: string) => Promise<ScimResponse>]>([
  ["deactivated", (client, path) => client.patch(path, patchOf({ op: "replace", value: { active: false } }))],
  ["deleted", (client, path) => client.delete(path)],
  ["replaced", (client, path, userName) => client.put(path, { userName, active: false })],
])("AR-53: when the last owners are %s at once, one stays", async (name, act) => {
  const org = await scim.addOrganization(`Owners-${name}`);
  const { client } = org;
  const owner = await idByName("/Users", org.ownerEmail, client);
  const userName = `second@${name}.example`;
  const second = idOf(await client.post("/Users", { userName }));
  await scim.accept(second);
  const roleId = await idByName("/Groups", "Account Owners", client);
  await setRoleLinked(scim.database, await org.context(), { roleId, isLinked: true });
  await client.patch(`/Groups/${roleId}`, patchOf({ op: "add", path: "members", value: [{ value: second }] }));
  const responses = await Promise.all([
    act(client, `/Users/${owner}`, org.ownerEmail),
    act(client, `/Users/${second}`, userName),
  ]);
  expect(tally(responses)[409]).toBe(1);
  const left = z.array(z.object({ active: z.boolean() })).parse(resourcesOf(await client.get("/Users")));
  expect(left.filter(({ active }) => active)).toHaveLength(1);
});

test("AR-53: an owner taken from the linked role and the other one deactivated at once: one stays", async () => {
  const org = await scim.addOrganization("Race");
  await scim.verifyDomain("race.example", org);
  const { client } = org;
  const roleId = await idByName("/Groups", "Account Owners", client);
  await setRoleLinked(scim.database, await org.context(), { roleId, isLinked: true });
  const ids = [
    idOf(await client.post("/Users", { userName: "a@race.example" })),
    idOf(await client.post("/Users", { userName: "b@race.example" })),
  ];
  await client.put(`/Groups/${roleId}`, { displayName: "Account Owners", members: ids.map((value) => ({ value })) });
  const first = await idByName("/Users", org.ownerEmail, client);
  // The new owners have no password, and there is no single sign-on.
  expect((await client.delete(`/Users/${first}`)).status).toBe(409);
  const text =
    "update account set password_hash = 'set' where id in (select account_id from member where id = any($1))";
  await scim.database.sql.query({ name: "", text }, [ids]);
  expect((await client.delete(`/Users/${first}`)).status).toBe(204);
  const responses = await Promise.all([
    client.patch(`/Groups/${roleId}`, patchOf({ op: "remove", path: `members[value eq "${ids[0]}"]` })),
    client.patch(`/Users/${ids[1]}`, patchOf(replace("active", false))),
  ]);
  expect(responses.map(({ status }) => status).filter((status) => status === 409)).toHaveLength(1);
});

test("the default role changes while people are added: each has one of the two", async () => {
  const sales = (await group([], { displayName: "New default" })).path.replace("/Groups/", "");
  const members = await idByName("/Groups", "Members");
  const [responses] = await Promise.all([
    atOnce(20, (index) => acme.post("/Users", { userName: `moving${index}@acme.example` })),
    setDefaultRole(scim.database, await scim.context(), { roleId: sales }),
  ]);
  for (const response of responses)
    expect((await rolesOf(scim.database, idOf(response))).join()).toMatch(/^(?:Members|New default)\/default$/);
  await setDefaultRole(scim.database, await scim.context(), { roleId: members });
});
