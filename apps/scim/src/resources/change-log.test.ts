import { setGuard } from "@rollcall/db";
import { z } from "zod";
import { beforeEach, expect, test } from "vitest";
import {
  add,
  remove,
  replace,
  changesOf,
  idOf,
  rolesOf,
  type ScimResponse,
  type ChangeEntry,
} from "../testing/test-client.ts";
import { useScim } from "../testing/scim-fixture.ts";

const fixture = await useScim();
const { scim, acme, idByName, patch } = fixture;
let seen = 0;
beforeEach(() => newChanges());

/** The entries since the previous use of this function. */
async function newChanges(): Promise<readonly ChangeEntry[]> {
  const all = await changesOf(scim.database, scim.organizationId);
  const fresh = all.slice(seen);
  seen = all.length;
  return fresh;
}

async function person(): Promise<{ id: string; path: string; userName: string }> {
  const made = await fixture.person();
  await newChanges();
  return made;
}

async function group(displayName: string, members: readonly string[] = []): Promise<{ id: string; path: string }> {
  const made = await fixture.group(members, { displayName });
  await newChanges();
  return made;
}

function lastModified(response: ScimResponse): string {
  return z.object({ meta: z.object({ lastModified: z.string() }) }).parse(response.body).meta.lastModified;
}

/** An entry with the token, the request id of the response, and the given properties. */
async function expectOne(response: ScimResponse, entry: Partial<ChangeEntry>): Promise<void> {
  expect(await newChanges()).toEqual([
    expect.objectContaining({
      actorKind: "token",
      actorId: scim.tokenId,
      requestId: response.headers.get("x-request-id"),
      refusal: null,
      ...entry,
    }),
  ]);
}

// AR-80: one entry per write and subject, with actor, subject, and the values before and after.
test("AR-80: each write of a person is one entry", async () => {
  const made = await acme.post("/Users", { userName: "pam@acme.example", displayName: "Pam", password: "s3cret" });
  const subject = { subjectKind: "member", subjectId: idOf(made) };
  await expectOne(made, {
    ...subject,
    kind: "member.created",
    subjectName: "Pam",
    after: expect.objectContaining({ userName: "pam@acme.example", displayName: "Pam", active: true }),
  });
  const path = `/Users/${idOf(made)}`;
  const renamed = await acme.put(path, { userName: "pam@acme.example", displayName: "Pam B." });
  await expectOne(renamed, {
    ...subject,
    kind: "member.updated",
    before: { displayName: "Pam", name: "Pam" },
    after: { displayName: "Pam B.", name: "Pam B." },
  });
  const off = await patch(path, { op: "replace", value: { active: false } });
  await expectOne(off, {
    ...subject,
    kind: "member.deactivated",
    before: expect.objectContaining({ active: true, roles: [{ id: expect.any(String), source: "default" }] }),
    after: { active: false },
  });
  const on = await patch(path, { op: "replace", value: { active: true } });
  await expectOne(on, { ...subject, kind: "member.reactivated", before: { active: false }, after: { active: true } });
  const gone = await acme.delete(path);
  await expectOne(gone, { ...subject, kind: "member.deleted", before: expect.objectContaining({ active: true }) });
  const back = await acme.post("/Users", { userName: "pam@acme.example" });
  expect(idOf(back)).toBe(idOf(made));
  await expectOne(back, { ...subject, kind: "member.revived" });
});

test("AR-80: a change of the email and a first contact have their own kinds", async () => {
  const { path, userName, id } = await person();
  await scim.verifyDomain("acme.example");
  const moved = await acme.put(path, { userName: "moved@acme.example" });
  await expectOne(moved, {
    kind: "member.email_changed",
    subjectId: id,
    before: expect.objectContaining({ userName }),
    after: expect.objectContaining({ userName: "moved@acme.example" }),
  });
  const owner = await idByName("/Users", scim.ownerEmail);
  const linked = await acme.put(`/Users/${owner}`, { userName: scim.ownerEmail, externalId: "00uOwner" });
  await expectOne(linked, {
    kind: "member.linked",
    subjectId: owner,
    after: expect.objectContaining({ externalId: "00uOwner" }),
  });
});

test("AR-80: each write of a group is one entry for the role and one per person who gains or loses it", async () => {
  const [first, second] = [await person(), await person()];
  const made = await acme.post("/Groups", { displayName: "Sales", members: [{ value: first.id }] });
  const requestId = made.headers.get("x-request-id");
  expect(await newChanges()).toEqual([
    expect.objectContaining({
      kind: "role.created",
      subjectKind: "role",
      subjectId: idOf(made),
      after: { name: "Sales" },
      requestId,
    }),
    expect.objectContaining({
      kind: "member.role_granted",
      subjectId: first.id,
      after: { roleId: idOf(made), role: "Sales", source: "group" },
      requestId,
    }),
  ]);
  const path = `/Groups/${idOf(made)}`;
  const pushed = await acme.put(path, { displayName: "Sales EU", members: [{ value: second.id }] });
  const entries = await newChanges();
  expect(entries).toHaveLength(3);
  expect(entries.map(({ kind, subjectId }) => [kind, subjectId])).toEqual(
    expect.arrayContaining([
      ["role.renamed", idOf(made)],
      ["member.role_granted", second.id],
      ["member.role_revoked", first.id],
    ]),
  );
  expect(new Set(entries.map((entry) => entry.requestId))).toEqual(new Set([pushed.headers.get("x-request-id")]));
  const gone = await acme.delete(path);
  expect((await newChanges()).map(({ kind, subjectId, requestId }) => [kind, subjectId, requestId])).toEqual([
    ["member.role_revoked", second.id, gone.headers.get("x-request-id")],
    ["role.deleted", idOf(made), gone.headers.get("x-request-id")],
  ]);
});

// A provider that repeats requests, as Okta does after every push, must not fill the log or move dates.
test("a write that changes nothing leaves no entry and does not move lastModified", async () => {
  const { id, path, userName } = await person();
  await acme.put(path, { userName, displayName: "Same", externalId: "same" });
  const group1 = await group("Still", [id]);
  await newChanges();
  const before = [lastModified(await acme.get(path)), lastModified(await acme.get(group1.path))];
  scim.advance(60_000);
  const whole = (await acme.get(path)).body;
  const wholeGroup = (await acme.get(group1.path)).body;
  const responses = [
    await acme.put(path, whole),
    await acme.put(path, { ...whole, password: "secret123", nickName: "x", groups: [] }),
    await patch(path, { op: "replace", value: { active: true } }),
    await patch(path, replace("displayName", "Same")),
    await patch(path, { op: "replace", value: { password: "secret123" } }),
    await acme.put(group1.path, wholeGroup),
    await patch(group1.path, { op: "replace", value: { id: group1.id, displayName: "Still" } }),
    await patch(group1.path, add("members", [{ value: id }])),
    await patch(group1.path, remove(`members[value eq "${scim.tokenId}"]`)),
    await patch(group1.path, remove("members"), add("members", [{ value: id }])),
  ];
  expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200, 204, 204, 204, 204]);
  expect(await newChanges()).toEqual([]);
  expect([lastModified(await acme.get(path)), lastModified(await acme.get(group1.path))]).toEqual(before);
  expect(await rolesOf(scim.database, id)).toEqual(["Members/default", "Still/group"]);
});

test("a write that changes something moves lastModified and not created", async () => {
  const { path, userName } = await person();
  const before = (await acme.get(path)).body;
  scim.advance(60_000);
  const after = await acme.put(path, { userName, displayName: "Other" });
  const meta = z.object({ meta: z.object({ created: z.string(), lastModified: z.string() }) });
  expect(meta.parse(after.body).meta.created).toBe(meta.parse(before).meta.created);
  expect(meta.parse(after.body).meta.lastModified > meta.parse(before).meta.lastModified).toBe(true);
});

// AR-44, AR-80: refused writes are logged with the reason, and nothing else changes.
test("AR-80: refused writes are logged with their refusal", async () => {
  const { id, path, userName } = await person();
  const owner = await idByName("/Users", scim.ownerEmail);
  const owners = await idByName("/Groups", "Account Owners");
  const sales = await group("Taken");
  const other = await group("Other");
  const cases: [() => Promise<ScimResponse>, number, Partial<ChangeEntry>][] = [
    [
      () => acme.post("/Users", { userName }),
      409,
      { refusal: "userNameTaken", kind: "member.created", subjectId: null, subjectName: userName },
    ],
    [
      () => acme.post("/Users", { userName: "no email" }),
      400,
      { refusal: "userNameNotEmail", kind: "member.created", subjectId: null },
    ],
    [
      () => acme.put(path, { userName: "x@foreign.example" }),
      403,
      { refusal: "domainNotVerified", kind: "member.email_changed", subjectId: id },
    ],
    [() => acme.delete(`/Users/${owner}`), 409, { refusal: "lastOwner", subjectId: owner }],
    [
      () => acme.post("/Groups", { displayName: "taken" }),
      409,
      { refusal: "roleNameTaken", kind: "role.created", subjectId: null, subjectName: "taken" },
    ],
    [
      () => acme.put(other.path, { displayName: "Taken" }),
      409,
      { refusal: "roleNameTaken", kind: "role.updated", subjectId: other.id },
    ],
    [
      () => acme.delete(`/Groups/${owners}`),
      409,
      { refusal: "roleBuiltIn", kind: "role.deleted", subjectId: owners, subjectName: "Account Owners" },
    ],
    [
      () => patch(`/Groups/${owners}`, remove("members")),
      409,
      { refusal: "roleNotLinked", subjectId: owners, subjectName: "Account Owners" },
    ],
    [
      () => patch(sales.path, add("members", [{ value: "nobody" }])),
      400,
      { refusal: "membersUnknown", subjectId: sales.id, subjectName: "Taken" },
    ],
  ];
  for (const [act, status, entry] of cases) {
    const response = await act();
    expect([response.status, response.text]).toEqual([status, expect.any(String)]);
    await expectOne(response, entry);
  }
});

test("a refusal that names thousands of unknown members leaves a small entry", async () => {
  const { path } = await group("Many unknown");
  const members = Array.from({ length: 5000 }, (_, index) => ({ value: `nobody-${index}` }));
  expect((await acme.put(path, { displayName: "Many unknown", members })).status).toBe(400);
  const [entry] = await newChanges();
  expect(entry?.refusal).toBe("membersUnknown");
  expect(JSON.stringify(entry).length).toBeLessThan(5000);
});

test("what the guard refuses is logged as refused, and nothing else", async () => {
  await setGuard(scim.database, await scim.context(), true);
  const people = [await person(), await person(), await person(), await person(), await person(), await person()];
  const { id, path } = await group(
    "Guarded",
    people.map((one) => one.id),
  );
  const response = await patch(path, replace("members", []));
  expect(response.status).toBe(429);
  await expectOne(response, { refusal: "guardTripped", subjectId: id, subjectName: "Guarded" });
  // Only the first attempt of a held change is an entry.
  expect((await patch(path, replace("members", []))).status).toBe(429);
  expect(await newChanges()).toEqual([]);
  await setGuard(scim.database, await scim.context(), false);
});

test("a write for an unknown person is no change and leaves no entry", async () => {
  const nobody = "/00000000-0000-7000-8000-000000000000";
  for (const path of [`/Users${nobody}`, `/Groups${nobody}`]) {
    expect((await acme.delete(path)).status).toBe(404);
    expect((await acme.put(path, { userName: "a@acme.example", displayName: "A" })).status).toBe(404);
  }
  expect(await newChanges()).toEqual([]);
});

// AR-51 and the why-trace: the log holds no password, whatever the body held.
test("no entry of the log holds a password or a token", async () => {
  await acme.post("/Users", { userName: "secretive@acme.example", password: "hunter2-hunter2" });
  const text = JSON.stringify(await changesOf(scim.database, scim.organizationId));
  expect(text).not.toMatch(/hunter2|s3cret|rcl_/);
});
