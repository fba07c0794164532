import { GROUP_SCHEMA, PATCH_OP, USER_SCHEMA } from "@rollcall/scim-protocol";
import { beforeEach, expect, test } from "vitest";
import { notedRefusals, noticedQuirks } from "../testing/noticed-quirks.ts";
import { add, remove, replace, call, idOf, patchOf } from "../testing/test-client.ts";
import { useScim } from "../testing/scim-fixture.ts";

const { scim } = await useScim();
beforeEach(() => noticedQuirks(scim));

const pam = {
  schemas: [USER_SCHEMA],
  userName: "pam@quirks.example",
  externalId: "00u1",
  name: { givenName: "Pam", familyName: "Beesly" },
  emails: [{ value: "pam@quirks.example", type: "work", primary: true }],
  displayName: "Pam",
  active: true,
};

// A client that follows the RFC must not get a badge.
test("the requests of a strict client have none", async () => {
  const client = scim.client;
  const responses = [await client.post("/Users", pam)];
  const [created] = responses;
  const id = created === undefined ? "" : idOf(created);
  responses.push(await client.put(`/Users/${id}`, { ...pam, id, displayName: "Pamela", meta: created?.body["meta"] }));
  responses.push(await client.patch(`/Users/${id}`, patchOf(replace("active", false))));
  responses.push(
    await client.patch(`/Users/${id}`, patchOf({ op: "add", value: { active: true, name: { givenName: "P" } } })),
  );
  responses.push(await client.get(`/Users?filter=userName%20eq%20%22pam%40quirks.example%22&startIndex=1&count=10`));
  responses.push(await client.get(`/Users?filter=emails%5Btype%20eq%20%22work%22%5D%20and%20active%20eq%20true`));
  const group = await client.post("/Groups", { schemas: [GROUP_SCHEMA], displayName: "Art", members: [{ value: id }] });
  const path = `/Groups/${idOf(group)}`;
  responses.push(await client.patch(path, patchOf(remove(`members[value eq "${id}"]`))));
  responses.push(await client.patch(path, patchOf(add("members", [{ value: id, type: "User" }]))));
  responses.push(await client.put(path, { schemas: [GROUP_SCHEMA], displayName: "Arts", members: [{ value: id }] }));
  responses.push(await client.delete(path), await client.delete(`/Users/${id}`));
  expect(responses.filter(({ status }) => status >= 300)).toEqual([]);
  expect(await noticedQuirks(scim)).toEqual([]);
});

test("a request has all its known deviations, from its header to its values", async () => {
  const body = { Operations: [{ op: "Replace", path: "active", value: "True" }] };
  const address = `${scim.baseUrl}/Users/none?x=a+b`;
  await call(address, "PATCH", { authorization: scim.token }, JSON.stringify(body));
  expect(await noticedQuirks(scim)).toEqual([
    "bare-token",
    "boolean-as-text",
    "capitalised-op",
    "plus-as-space",
    "schemas-missing",
  ]);
});

test("a refused request has them too, and one with a wrong token has none", async () => {
  const client = scim.client;
  const refused = await client.patch("/Users/none", { schemas: [PATCH_OP], Operations: [{ op: "Move" }, 7] });
  expect(refused.status).toBe(400);
  expect(await noticedQuirks(scim)).toEqual(["capitalised-op"]);
  const wrong = await call(`${scim.baseUrl}/Users`, "GET", { authorization: `${scim.token.slice(0, -1)}_` });
  expect(wrong.status).toBe(401);
  await expect.poll(() => notedRefusals(scim)).toContain("tokenMalformed");
  expect(await noticedQuirks(scim)).toEqual([]);
});
