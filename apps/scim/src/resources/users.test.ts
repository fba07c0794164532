import { describe, expect, test } from "vitest";
import {
  add,
  remove,
  replace,
  changesOf,
  detailOf,
  idOf,
  patchOf,
  resourcesOf,
  rolesOf,
  type ScimResponse,
  refusalOf,
} from "../testing/test-client.ts";
import { useScim } from "../testing/scim-fixture.ts";

const { scim, acme, person, find, idByName, runSql, patch } = await useScim();
for (const domain of ["acme.example", "verified.example"]) await scim.verifyDomain(domain);
const rival = (await scim.addOrganization("Rival")).client;
const ownerPath = `/Users/${await idByName("/Users", scim.ownerEmail)}`;

const urn = "urn:ietf:params:scim:schemas:core:2.0:User";
let count = 0;
const newName = (domain = "acme.example"): string => `other${++count}@${domain}`;

/** The provider's values for a person who has not accepted. */
const accountText = `select coalesce(a.email, m.user_name) as email, coalesce(a.name, m.name) as name, m.awaits_acceptance as "awaitsAcceptance", m.is_managed as "isManaged"
  from member m left join account a on a.id = m.account_id where m.id = $1`;
async function accountOf(memberId: string): Promise<Record<string, unknown> | undefined> {
  return (await runSql(accountText, [memberId]))[0];
}

function setActive(path: string, active: unknown, client = acme): Promise<ScimResponse> {
  return client.patch(path, patchOf({ op: "replace", value: { active } }));
}

describe("create", () => {
  test("AR-30: an unknown email is 201: the default role, managed, with its externalId and its address", async () => {
    const body = {
      userName: "Pam.Beesly@Acme.example",
      externalId: "00uPam",
      name: { givenName: "Pam", familyName: "Beesly" },
      active: true,
    };
    const made = await acme.post("/Users", body);
    expect(made.status).toBe(201);
    const location = `https://scim.rollcall.example/scim_v2/Users/${idOf(made)}`;
    expect(made.headers.get("location")).toBe(location);
    expect(made.body).toEqual({
      schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
      id: expect.any(String),
      externalId: "00uPam",
      userName: "Pam.Beesly@Acme.example",
      name: { givenName: "Pam", familyName: "Beesly", formatted: "Pam Beesly" },
      active: true,
      emails: [{ value: "Pam.Beesly@Acme.example", type: "work", primary: true }],
      meta: {
        resourceType: "User",
        created: expect.any(String),
        lastModified: expect.any(String),
        location,
        version: made.headers.get("etag"),
      },
    });
    expect((await acme.get(`/Users/${idOf(made)}`)).body).toEqual(made.body);
    expect(await rolesOf(scim.database, idOf(made))).toEqual(["Members/default"]);
    expect(await accountOf(idOf(made))).toMatchObject({ isManaged: true, awaitsAcceptance: false });
  });

  test("AR-36: without an externalId the person is provisioned all the same; several such people are no conflict", async () => {
    expect(Object.keys((await acme.get((await person()).path)).body)).not.toContain("externalId");
    expect((await acme.post("/Users", { userName: newName(), externalId: "" })).status).toBe(201);
  });

  test("active: false creates a person without a role, who gets the default role when activated", async () => {
    const { id, path } = await person({ active: false });
    expect((await acme.get(path)).body["active"]).toBe(false);
    expect(await rolesOf(scim.database, id)).toEqual([]);
    await setActive(path, true);
    expect(await rolesOf(scim.database, id)).toEqual(["Members/default"]);
  });

  test.each([
    "",
    "no email",
    "a@",
    "@b.example",
    "a@b@c.example x",
    "a b@c.example",
    `${"x".repeat(250)}@acme.example`,
  ])("userName %j is 400 invalidValue", async (userName) => {
    const response = await acme.post("/Users", { userName });
    expect(refusalOf(response)).toEqual([400, "invalidValue"]);
  });

  test("a taken externalId is 409 uniqueness", async () => {
    await person({ externalId: "00uTaken" });
    const response = await acme.post("/Users", { userName: newName(), externalId: "00uTaken" });
    expect(refusalOf(response)).toEqual([409, "uniqueness"]);
    expect((await acme.post("/Users", { userName: newName(), externalId: "00utaken" })).status).toBe(201);
  });

  test("a POST for an inactive person is 409 and names the User to update; the update works", async () => {
    const { id, path, userName } = await person({ externalId: "00uGone" });
    await setActive(path, false);
    for (const body of [{ userName: userName.toUpperCase() }, { userName: newName(), externalId: "00uGone" }]) {
      const response = await acme.post("/Users", body);
      expect(refusalOf(response)).toEqual([409, "uniqueness"]);
      expect(detailOf(response)).toContain(`is here and inactive: update it by PUT or PATCH of /Users/${id}.`);
    }
    expect((await acme.put(path, { userName, externalId: "00uGone", active: true })).body["active"]).toBe(true);
    expect(detailOf(await acme.post("/Users", { userName }))).toContain("already in use");
  });

  // AR-32: linked or not, active or not, in any case of letters.
  test("AR-32: POST of a person who exists is 409 uniqueness", async () => {
    const { path, userName } = await person();
    for (const name of [userName, userName.toUpperCase(), scim.ownerEmail]) {
      const response = await acme.post("/Users", { userName: name });
      expect(refusalOf(response)).toEqual([409, "uniqueness"]);
    }
    await setActive(path, false);
    expect((await acme.post("/Users", { userName })).status).toBe(409);
  });

  test("AR-25: password, groups and whatever else we do not keep is accepted, ignored and never echoed", async () => {
    const extra = {
      id: "mine",
      password: "1mz050nq",
      groups: [{ value: "x" }],
      nickName: "N",
      locale: "en-US",
      title: null,
      addresses: null,
      roles: [],
      "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { department: "Sales" },
      meta: { created: "04-12-2018 00:00:00" },
      unknown: { deep: [1] },
    };
    const userName = newName();
    const made = await acme.post("/Users", { userName, ...extra });
    const responses = [
      made,
      await acme.get(`/Users/${idOf(made)}`),
      await acme.get(`/Users/${idOf(made)}?attributes=password,userName`),
      await acme.put(`/Users/${idOf(made)}`, { userName, ...extra, password: "1mz050nq-2" }),
      await patch(`/Users/${idOf(made)}`, { op: "replace", value: { password: "1mz050nq-3" } }),
      await find("/Users", `userName eq "${userName}"`),
    ];
    for (const response of responses) {
      expect([200, 201]).toContain(response.status);
      expect(response.text).not.toMatch(/1mz050nq|password|nickName|department|unknown/);
    }
    expect(idOf(made)).not.toBe("mine");
  });
});

test("AR-22: userName eq finds one or none, in any case", async () => {
  const { id, userName } = await person({ userName: "Plus+Tag@acme.example" });
  for (const filter of [
    `userName eq "${userName}"`,
    `USERNAME EQ "${userName.toUpperCase()}"`,
    `username eq "plus+tag@acme.example"`,
    `emails[type eq "work"].value eq "${userName}"`,
    `emails.value eq "${userName}"`,
    `id eq "${id}"`,
  ]) {
    const response = await find("/Users", filter);
    expect(response.body).toMatchObject({
      totalResults: 1,
      startIndex: 1,
      itemsPerPage: 1,
      schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
    });
    expect(resourcesOf(response)).toMatchObject([
      { id, userName: "Plus+Tag@acme.example", meta: { resourceType: "User" } },
    ]);
  }
  expect((await find("/Users", 'userName eq "nobody@acme.example"')).body).toMatchObject({
    totalResults: 0,
    itemsPerPage: 0,
    Resources: [],
  });
  expect((await find("/Users", 'id eq "x" or externalId eq "y"')).body["totalResults"]).toBe(0);
});

describe("names", () => {
  test.each<[object, string]>([
    [{ displayName: "Pam B.", name: { givenName: "Pam" } }, "Pam B."],
    [{ displayName: "   ", name: { givenName: "Pam", familyName: "Beesly" } }, "Pam Beesly"],
    [{ name: { givenName: "Pam" } }, "Pam"],
    [{ name: { familyName: "Beesly" } }, "Beesly"],
    [{ displayName: "Seán O'Connor-Łukasz" }, "Seán O'Connor-Łukasz"],
    [{ displayName: "山田太郎 😀" }, "山田太郎 😀"],
    [{ name: { formatted: "Pam B." } }, "Pam B."],
    [{ name: { formatted: "ignored", givenName: "Pam" } }, "Pam"],
  ])("AR-37, AR-38, AR-40: %j is shown as %j", async (input, name) => {
    const userName = `local@n${++count}.example`;
    const made = await acme.post("/Users", { userName, ...input });
    expect(made.body["name"]).toMatchObject({ formatted: name });
    expect(await accountOf(idOf(made))).toMatchObject({ name });
  });

  test("AR-39: an update that drops displayName brings the fallback back", async () => {
    const { path, userName } = await person({ displayName: "Old", name: { givenName: "G", familyName: "F" } });
    const put = await acme.put(path, { userName, name: { givenName: "G", familyName: "F" } });
    expect([put.body["displayName"], put.body["name"]]).toEqual([
      undefined,
      { givenName: "G", familyName: "F", formatted: "G F" },
    ]);
    await patch(path, add("displayName", "Again"));
    const dropped = await patch(path, remove("displayName"));
    expect(dropped.body["name"]).toMatchObject({ formatted: "G F" });
  });

  test("a formatted name that is the only one is kept, changed and taken away, and never made a displayName", async () => {
    const { path, userName } = await person({ displayName: undefined, name: { formatted: "Pam B." } });
    const read = (await acme.get(path)).body;
    expect([read["name"], read["displayName"]]).toEqual([{ formatted: "Pam B." }, undefined]);
    expect((await acme.put(path, read)).body).toEqual(read);
    const patched = await patch(path, replace("name.formatted", "Pam H."));
    expect(patched.body["name"]).toEqual({ formatted: "Pam H." });
    expect((await patch(path, replace("active", false))).body["name"]).toEqual({ formatted: "Pam H." });
    expect((await acme.put(path, { userName })).body["name"]).toEqual({ formatted: userName.split("@")[0] });
  });

  test("AR-42: Entra's mapping without displayName works, by path and without", async () => {
    const { path } = await person();
    const verbose = await patch(
      path,
      { op: "Replace", path: "name.givenName", value: "Kim" },
      { op: "Add", path: "name.familyName", value: "Lee" },
    );
    expect(verbose.body["name"]).toEqual({ givenName: "Kim", familyName: "Lee", formatted: "Kim Lee" });
    const dotted = await patch(path, { op: "replace", value: { "name.givenName": "Kam" } });
    expect(dotted.body["name"]).toMatchObject({ formatted: "Kam Lee" });
  });
});

describe("the first contact with an existing member", () => {
  test.each(["PUT", "PATCH"])(
    "AR-31, AR-33: %s links: names move, roles and email do not, no default role",
    async (method) => {
      const org = await scim.addOrganization(`Before-${method}`);
      const client = org.client;
      const id = await idByName("/Users", org.ownerEmail, client);
      const before = await rolesOf(scim.database, id);
      expect(before).toEqual(["Account Owners/manual"]);
      expect(await accountOf(id)).toMatchObject({ isManaged: false });
      const path = `/Users/${id}`;
      const input = { displayName: "The Owner", externalId: "00uOwner" };
      const linked =
        method === "PUT"
          ? await client.put(path, { userName: org.ownerEmail, ...input })
          : await client.patch(path, patchOf({ op: "replace", value: input }));
      expect(linked.body).toMatchObject({
        id,
        displayName: "The Owner",
        externalId: "00uOwner",
        active: true,
        userName: org.ownerEmail,
      });
      expect(await rolesOf(scim.database, id)).toEqual(before);
      expect(await accountOf(id)).toMatchObject({ isManaged: true, email: org.ownerEmail });
      expect((await client.get("/Users?count=0")).body["totalResults"]).toBe(1);
    },
  );

  test("it never changes an email, verified domains or not: 403 and still unlinked", async () => {
    const org = await scim.addOrganization("Firstcontact");
    const client = org.client;
    const id = await idByName("/Users", org.ownerEmail, client);
    const response = await client.put(`/Users/${id}`, { userName: "new@firstcontact.example" });
    expect([response.status, detailOf(response)]).toEqual([403, expect.stringContaining(org.ownerEmail)]);
    expect(await accountOf(id)).toMatchObject({ isManaged: false, email: org.ownerEmail });
  });
});

describe("PUT and PATCH", () => {
  test("AR-41: every form of the same input has the same result", async () => {
    const forms: ((path: string, userName: string) => Promise<ScimResponse>)[] = [
      (path, userName) => acme.put(path, { userName, active: false }),
      (path, userName) => acme.put(path, { userName, active: "False" }),
      (path) => patch(path, { op: "replace", value: { active: false } }),
      (path) => patch(path, replace("active", false)),
      (path) => patch(path, { op: "Replace", path: "active", value: "False" }),
      (path) => patch(path, { op: "Add", path: "urn:ietf:params:scim:schemas:core:2.0:User:active", value: "false" }),
    ];
    for (const form of forms) {
      const { path, userName } = await person();
      const response = await form(path, userName);
      expect([response.status, response.body["active"]], response.text).toEqual([200, false]);
    }
  });

  test("PUT that leaves active out keeps the state; null does too", async () => {
    const { path, userName } = await person();
    await setActive(path, false);
    expect((await acme.put(path, { userName, displayName: "A" })).body["active"]).toBe(false);
    expect((await acme.put(path, { userName, active: null })).body["active"]).toBe(false);
    await setActive(path, true);
    expect((await acme.put(path, { userName })).body["active"]).toBe(true);
  });

  test("PUT that leaves externalId out keeps the anchor; null, [] and an empty text clear it, as PATCH does", async () => {
    const { path, userName } = await person({ externalId: "anchor" });
    expect((await acme.put(path, { userName })).body["externalId"]).toBe("anchor");
    for (const externalId of [null, [], ""]) {
      const cleared = await acme.put(path, { userName, externalId });
      expect([cleared.status, cleared.body["externalId"]]).toEqual([200, undefined]);
      await acme.put(path, { userName, externalId: "anchor" });
    }
    expect((await patch(path, remove("externalId"))).body).not.toHaveProperty("externalId");
  });

  test("another person's externalId is 409, and nothing of the rest is done", async () => {
    await person({ externalId: "one" });
    const { path, userName } = await person({ externalId: "two" });
    const response = await acme.put(path, { userName, externalId: "one", displayName: "Changed" });
    expect(refusalOf(response)).toEqual([409, "uniqueness"]);
    expect((await acme.get(path)).body).not.toHaveProperty("displayName");
  });

  test("userName in other letters is kept as sent and is no change of email", async () => {
    const { path, userName } = await person();
    const response = await acme.put(path, { userName: userName.toUpperCase() });
    expect([response.status, response.body["userName"]]).toEqual([200, userName.toUpperCase()]);
  });

  test("PUT and PATCH of an unknown User are 404 and create none", async () => {
    for (const id of ["00000000-0000-7000-8000-000000000000", "x", "%20"]) {
      expect((await acme.put(`/Users/${id}`, { userName: "never@acme.example" })).status).toBe(404);
      expect((await setActive(`/Users/${id}`, true)).status).toBe(404);
    }
    expect((await find("/Users", 'userName eq "never@acme.example"')).body["totalResults"]).toBe(0);
  });
});

describe("a change of the email", () => {
  test("AR-45: an address that an account of another organization has is 409 uniqueness", async () => {
    const { path } = await person({ userName: newName("verified.example") });
    const elsewhere = await person({ userName: newName("verified.example") }, rival);
    await scim.accept(elsewhere.id);
    expect(refusalOf(await acme.put(path, { userName: elsewhere.userName }))).toEqual([409, "uniqueness"]);
  });

  // Organization A has moved the account; B's provider follows later and must not fail on the old name.
  test("AR-78: a POST is 409, not 500, for a person of two organizations whose email the other one has changed", async () => {
    const old = newName("verified.example");
    const moved = newName("verified.example");
    const there = await rival.post("/Users", { userName: old });
    await scim.accept(idOf(there));
    const here = await acme.post("/Users", { userName: old });
    expect([there.status, here.status]).toEqual([201, 201]);
    expect((await acme.put(`/Users/${idOf(here)}`, { userName: moved })).status).toBe(200);
    expect((await rival.get(`/Users/${idOf(there)}`)).body["userName"]).toBe(old);
    const posted = await rival.post("/Users", { userName: moved });
    expect(refusalOf(posted)).toEqual([409, "uniqueness"]);
  });
});

describe("deactivate, reactivate and delete", () => {
  const sessionText = `insert into session (organization_id, id, account_id, secret_hash, created_at, last_used_at, expires_at)
    select m.organization_id, gen_random_uuid(), m.account_id, 'x', now(), now(), now() + interval '1 day' from member m where m.id = any($1)`;
  const openText = `select count(*)::int as count from session s join member m on m.organization_id = s.organization_id
    and m.account_id = s.account_id where m.id = $1 and s.ended_at is null`;
  const openSessions = async (id: string): Promise<unknown> => (await runSql(openText, [id]))[0]?.["count"];

  test.each(["PATCH", "PUT", "DELETE"])(
    "AR-49, AR-50: %s ends the sessions here and nothing elsewhere",
    async (method) => {
      const { id, path, userName } = await person();
      const there = idOf(await rival.post("/Users", { userName }));
      await scim.accept(there);
      await runSql(sessionText, [[id, there]]);
      const response =
        method === "PATCH"
          ? await setActive(path, false)
          : method === "PUT"
            ? await acme.put(path, { userName, active: false })
            : await acme.delete(path);
      expect(response.status).toBe(method === "DELETE" ? 204 : 200);
      expect([await openSessions(id), await openSessions(there)]).toEqual([0, 1]);
      expect((await rival.get(`/Users/${there}`)).body["active"]).toBe(true);
      expect(await rolesOf(scim.database, id)).toEqual([]);
      expect(await accountOf(there)).toMatchObject({ email: userName });
    },
  );

  test("AR-51: an inactive person stays readable, filterable and listed", async () => {
    const { id, path, userName } = await person();
    await setActive(path, false);
    expect((await acme.get(path)).body).toMatchObject({ id, active: false });
    expect(resourcesOf(await find("/Users", `userName eq "${userName}"`))).toMatchObject([{ id, active: false }]);
    expect(resourcesOf(await find("/Users", "active eq false")).map((user) => user.id)).toContain(id);
    expect(resourcesOf(await acme.get("/Users?count=1000")).map((user) => user.id)).toContain(id);
  });

  test("AR-52: reactivated, the same identity has the default role and what its groups give, not what was given by hand", async () => {
    const { id, path } = await person();
    await acme.post("/Groups", { displayName: `Crew ${id}`, members: [{ value: id }] });
    const manual = `insert into role_grant (organization_id, member_id, role_id, source, created_at)
      select organization_id, $1, id, 'manual', now() from role where organization_id = $2 and kind = 'deploy_owner'`;
    await runSql(manual, [id, scim.organizationId]);
    await setActive(path, false);
    const back = await setActive(path, true);
    expect(back.body).toMatchObject({ id, active: true });
    expect(await rolesOf(scim.database, id)).toEqual([`Crew ${id}/group`, "Members/default"]);
    const entry = (await changesOf(scim.database, scim.organizationId)).find(
      ({ subjectId, kind }) => subjectId === id && kind === "member.deactivated",
    );
    expect(entry?.before?.["roles"]).toContainEqual({ id: expect.any(String), source: "manual" });
  });

  test.each([
    ["before it", [replace("displayName", 123), replace("active", false)]],
    ["after it", [replace("active", "False"), replace("name.givenName", "x".repeat(5000))]],
    ["beside it", [{ op: "replace", value: { displayName: "Pam\tB", active: false } }]],
    ["beside it, with URNs", [{ op: "Replace", value: { [`${urn}:active`]: "false", [`${urn}:userName`]: "" } }]],
  ])("rule 7: a PATCH with a wrong value %s deactivates all the same, and nothing else", async (_, operations) => {
    const { path, userName } = await person({ displayName: "As Before" });
    const response = await acme.patch(path, patchOf(...operations));
    expect([response.status, response.body]).toEqual([
      200,
      expect.objectContaining({ active: false, userName, displayName: "As Before" }),
    ]);
  });

  test.each([
    ["reactivates later", [replace("active", false), replace("active", true), replace("displayName", 1)]],
    ["does not deactivate", [replace("displayName", 1)]],
    ["has a wrong `active`", [replace("active", "no"), replace("displayName", 1)]],
  ])("a PATCH with a wrong value that %s changes nothing", async (_, operations) => {
    const { path } = await person();
    expect((await acme.patch(path, patchOf(...operations))).status).toBe(400);
    expect((await acme.get(path)).body["active"]).toBe(true);
  });

  test("AR-51: after DELETE everything is 404, and a later POST revives the same id without the old roles", async () => {
    const { id, path, userName } = await person({ externalId: "00uRevive", displayName: "Old" });
    await acme.post("/Groups", { displayName: `Gone ${id}`, members: [{ value: id }] });
    expect((await acme.delete(path)).status).toBe(204);
    for (const response of [
      await acme.get(path),
      await acme.put(path, { userName }),
      await setActive(path, true),
      await acme.delete(path),
    ]) {
      expect(response.status).toBe(404);
    }
    expect((await find("/Users", `userName eq "${userName}"`)).body["totalResults"]).toBe(0);
    const back = await acme.post("/Users", {
      userName: userName.toUpperCase(),
      externalId: "00uRevive",
      displayName: "New",
    });
    expect([back.status, back.body]).toEqual([
      201,
      expect.objectContaining({ id, displayName: "New", userName: userName.toUpperCase(), active: true }),
    ]);
    expect(await rolesOf(scim.database, id)).toEqual(["Members/default"]);
  });

  test("a POST with another externalId is a different person with an inherited address", async () => {
    const { id, path, userName } = await person({ externalId: "former" });
    await acme.delete(path);
    const next = await acme.post("/Users", { userName, externalId: "latter" });
    expect(next.status).toBe(201);
    expect(idOf(next)).not.toBe(id);
  });

  // AR-53, AR-72: and the refusal is logged.
  test("AR-53: the last owner is neither deactivated nor deleted: 409 with a plain detail, logged, nothing changed", async () => {
    for (const act of [
      () => setActive(ownerPath, false),
      () => acme.put(ownerPath, { userName: scim.ownerEmail, active: false }),
      () => acme.delete(ownerPath),
    ]) {
      const response = await act();
      expect([response.status, detailOf(response)]).toEqual([409, expect.stringContaining("last Account Owner")]);
    }
    expect((await acme.get(ownerPath)).body["active"]).toBe(true);
    const refusals = (await changesOf(scim.database, scim.organizationId)).filter(
      ({ refusal }) => refusal === "lastOwner",
    );
    expect(refusals).toHaveLength(3);
  });
});

describe("an account that exists in another organization only", () => {
  test("AR-34: joins at once where this organization has verified its domain; the account is not touched", async () => {
    const there = await person({ userName: newName("verified.example"), displayName: "Their Name" }, rival);
    await scim.accept(there.id);
    const here = await acme.post("/Users", { userName: there.userName.toUpperCase(), displayName: "Our Name" });
    expect(here.status).toBe(201);
    expect(idOf(here)).not.toBe(there.id);
    expect(await accountOf(idOf(here))).toEqual({
      awaitsAcceptance: false,
      isManaged: true,
      email: there.userName,
      name: "Own Name",
    });
  });

  test("AR-34: elsewhere waits for the person; neither a DELETE and POST nor a reactivation gets round that", async () => {
    const there = await person({ userName: newName("third.example"), displayName: "Their Name" }, rival);
    await scim.accept(there.id);
    const here = await acme.post("/Users", { userName: there.userName, displayName: "Our Name" });
    expect([here.status, here.body["displayName"]]).toEqual([201, "Our Name"]);
    const path = `/Users/${idOf(here)}`;
    const isWaiting = async (): Promise<void> => {
      const text = "select account_id as account, awaits_acceptance as awaits from member where id = $1";
      expect(await runSql(text, [idOf(here)])).toEqual([{ account: null, awaits: true }]);
    };
    await isWaiting();
    await setActive(path, false);
    await setActive(path, true);
    await isWaiting();
    await acme.delete(path);
    expect((await acme.post("/Users", { userName: there.userName })).status).toBe(201);
    await isWaiting();
    expect((await rival.get(there.path)).body["displayName"]).toBe("Their Name");
  });

  // Rule 5b: otherwise a token could be used to find out which addresses have an account.
  test("rule 5b: POST, GET and a search return the same whether an account exists or not", async () => {
    const [known, unknown] = [newName("third.example"), newName("third.example")];
    await scim.accept((await person({ userName: known }, rival)).id);
    const responses = [];
    for (const userName of [known, unknown]) {
      const posted = await acme.post("/Users", { userName, displayName: "Pam" });
      const read = await acme.get(`/Users/${idOf(posted)}`);
      const found = await find("/Users", `userName eq "${userName}"`);
      const again = await acme.post("/Users", { userName });
      const shown = [posted, read, found, again].map(({ status, body }) => JSON.stringify([status, body]));
      const text = shown.join().replaceAll(userName, "NAME").replaceAll(idOf(posted), "ID");
      responses.push(text.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME").replaceAll(/W\/\\"[^"]+"/g, "TAG"));
    }
    expect(responses[0]).toBe(responses[1]);
    expect(responses[0]).toContain("NAME");
  });
});
