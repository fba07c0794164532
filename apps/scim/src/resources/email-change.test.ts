import { describe, expect, test } from "vitest";
import {
  add,
  replace,
  changesOf,
  detailOf,
  idOf,
  patchOf,
  refusalOf,
  rolesOf,
  type ScimResponse,
  type ScimClient,
} from "../testing/test-client.ts";
import { useScim } from "../testing/scim-fixture.ts";

const fixture = await useScim();
const { scim, acme, runSql, patch } = fixture;
for (const domain of ["old.example", "new.example"]) await scim.verifyDomain(domain);
const bare = (await scim.addOrganization("Bare")).client;

const userUrn = "urn:ietf:params:scim:schemas:core:2.0:User";
const emails = (value: string): object[] => [{ value, type: "work", primary: true }];

/** Every form in which a provider changes a userName. */
const forms: readonly (readonly [
  form: string,
  send: (client: ScimClient, id: string, to: string) => Promise<ScimResponse>,
])[] = [
  ["PUT", (client, id, to) => client.put(`/Users/${id}`, { schemas: [userUrn], userName: to, emails: emails(to) })],
  ["PATCH with a path", patching((to) => replace("userName", to))],
  ["PATCH in another case", patching((to) => ({ op: "Replace", path: "USERNAME", value: to }))],
  ["PATCH with a URN path", patching((to) => replace(`${userUrn}:userName`, to))],
  ["PATCH without a path", patching((to) => ({ op: "replace", value: { userName: to } }))],
  ["PATCH with a URN key", patching((to) => ({ op: "replace", value: { [`${userUrn}:userName`]: to } }))],
  ["PATCH by add", patching((to) => add("userName", to))],
  ["PATCH by add without a path", patching((to) => ({ op: "Add", value: { userName: to, emails: emails(to) } }))],
  [
    "PATCH as the second of two operations",
    (client, id, to) =>
      client.patch(`/Users/${id}`, patchOf(replace("displayName", "Changed On The Way"), replace("userName", to))),
  ],
];

/**
 * Entra's value for the derived email is accepted and ignored (docs/idp-wire.md section 6, c): the userName is the address.
 */
const derived: typeof forms = [
  ["a value path", patching((to) => ({ op: "Replace", path: 'emails[type eq "work"].value', value: to }))],
  ["the sub-attribute", patching((to) => replace("emails.value", to))],
  ["the whole list", patching((to) => replace("emails", emails(to)))],
  ["a value path as a key", patching((to) => ({ op: "replace", value: { 'emails[type eq "work"].value': to } }))],
  ["a dotted key", patching((to) => ({ op: "replace", value: { "emails.value": to } }))],
];

function patching(
  operation: (to: string) => object,
): (client: ScimClient, id: string, to: string) => Promise<ScimResponse> {
  return (client, id, to) => client.patch(`/Users/${id}`, patchOf(operation(to)));
}

// Rule 7: a deactivation takes effect, whatever else the same request contains.
describe("a request that deactivates and renames at once, where the rename is refused", () => {
  const ways: readonly (readonly [string, (id: string, to: string) => Promise<ScimResponse>])[] = [
    ["PUT", (id, to) => acme.put(`/Users/${id}`, { userName: to, active: false })],
    ["PATCH", (id, to) => patch(`/Users/${id}`, { op: "replace", value: { active: false, userName: to } })],
    ["PATCH in two operations", (id, to) => patch(`/Users/${id}`, replace("userName", to), replace("active", "False"))],
  ];
  test.each(ways)("%s deactivates, keeps the name and logs the refused rename", async (_, send) => {
    const taken = fresh("old.example");
    await acme.post("/Users", { userName: taken });
    for (const to of ["left@elsewhere.example", taken, "no address"]) {
      const userName = fresh("old.example");
      const id = idOf(await acme.post("/Users", { userName }));
      const response = await send(id, to);
      expect([response.status, response.body["active"], response.body["userName"]]).toEqual([200, false, userName]);
      const entries = (await changesOf(scim.database, scim.organizationId)).filter(({ subjectId }) => subjectId === id);
      expect(entries.map(({ kind, refusal }) => [kind, refusal !== null])).toEqual([
        ["member.created", false],
        ["member.email_changed", true],
        ["member.deactivated", false],
      ]);
      // Repeated, there is nothing left to deactivate, and the rename is refused.
      expect((await send(id, to)).status).toBeGreaterThanOrEqual(400);
    }
  });
});

// Rule 5b: a pending membership is a name on its own organization's list.
test("another organization's pending membership of the new name neither stops a rename nor shows in it", async () => {
  const other = (await scim.addOrganization("Other")).client;
  const [from, to] = [fresh("old.example"), fresh("new.example")];
  const id = await person(acme, from);
  const guest = await person(other, from);
  await scim.accept(guest);
  await runSql("update member set is_managed = false where id = $1", [guest]);
  const pending = await person(other, to);
  const response = await acme.patch(`/Users/${id}`, patchOf(replace("userName", to)));
  expect([response.status, response.body["userName"], await accountEmail(id)]).toEqual([200, to, to]);
  expect(await seen(other, guest)).toMatchObject({ userName: from, active: true });
  expect(await seen(other, pending)).toMatchObject({ userName: to, active: true });
});

// Rule 7 and Entra's soft delete: it marks the name, which is not a rename, on a verified domain or not.
describe("Entra's soft delete, 32 hexadecimal digits before the userName", () => {
  const mark = "283405F5c4d14f0a9d3be5a6b7c8d9e0";
  const marking = (userName: string): object[] => [
    { op: "Replace", path: "userName", value: `${mark}${userName.toUpperCase()}` },
    { op: "Replace", path: "active", value: "False" },
  ];
  test.each(["old.example", "elsewhere.example"])("deactivates and keeps the name, on %s", async (domain) => {
    const userName = fresh(domain);
    const id = await person(acme, userName);
    const [name, off] = marking(userName);
    // Again, in the other order, and the name alone: Entra retries until the name matches.
    for (const operations of [[name, off], [off, name], [name]]) {
      const response = await patch(`/Users/${id}`, ...operations.flatMap((one) => one ?? []));
      expect([response.status, response.body["active"], response.body["userName"]]).toEqual([200, false, userName]);
    }
    const put = await acme.put(`/Users/${id}`, { userName: `${mark}${userName}`, displayName: "As Before" });
    expect([put.status, put.body["userName"]]).toEqual([200, userName]);
    expect(await accountEmail(id)).toBe(userName);
    const entries = (await changesOf(scim.database, scim.organizationId)).filter(({ subjectId }) => subjectId === id);
    expect(entries.map(({ kind, refusal }) => [kind, refusal])).toEqual([
      ["member.created", null],
      ["member.deactivated", null],
    ]);
    const back = [
      { op: "Replace", path: "userName", value: userName },
      { op: "Replace", path: "active", value: "True" },
    ];
    expect((await patch(`/Users/${id}`, ...back)).body).toMatchObject({ userName, active: true });
  });

  test.each([
    ["while the person stays active", (userName: string) => marking(userName).slice(0, 1)],
    ["before another name", (userName: string) => marking(`x${userName}`)],
    [
      "with a digit too few",
      (userName: string) =>
        marking(userName).map((one) => JSON.parse(JSON.stringify(one).replace(mark, mark.slice(1)))),
    ],
  ])("%s it is a rename as any other", async (_, operations) => {
    const userName = fresh("old.example");
    const id = await person(acme, userName);
    const response = await patch(`/Users/${id}`, ...operations(userName));
    expect(response.status).toBe(200);
    expect(response.body["userName"]).not.toBe(userName);
  });
});

let count = 0;
const fresh = (domain: string): string => `person${++count}@${domain}`;

async function person(client: ScimClient, userName: string): Promise<string> {
  return (await fixture.person({ schemas: [userUrn], userName, displayName: "As Before" }, client)).id;
}

/** The SCIM representation of the person, without timestamps and version. */
async function seen(client: ScimClient, id: string): Promise<unknown> {
  return (await client.get(`/Users/${id}`)).body;
}

async function accountEmail(memberId: string): Promise<unknown> {
  const text = `select coalesce(a.email, m.user_name) as email from member m left join account a on a.id = m.account_id
    where m.id = $1`;
  return (await runSql(text, [memberId]))[0]?.["email"];
}

async function lastChange(): Promise<unknown> {
  return (await changesOf(scim.database, scim.organizationId)).at(-1);
}

// Rule 4 applies to every request by which a provider can change an address.
describe.each(forms)("by %s", (_form, send) => {
  test("AR-43 the account moves between two verified domains and the identity stays", async () => {
    const id = await person(acme, fresh("old.example"));
    const to = fresh("new.example");
    const response = await send(acme, id, to);
    expect(response.status).toBe(200);
    expect(response.body).toMatchObject({ id, userName: to, emails: [{ value: to }] });
    expect([await accountEmail(id), await rolesOf(scim.database, id)]).toEqual([to, ["Members/default"]]);
    expect(await lastChange()).toMatchObject({ kind: "member.email_changed", refusal: null, subjectId: id });
  });

  test.each([
    ["old.example", "rival.example", "rival.example"],
    ["rival.example", "new.example", "rival.example"],
    ["rival.example", "other-rival.example", "rival.example"],
    ["sub.old.example", "new.example", "sub.old.example"],
  ])("AR-44 from %s to %s is refused for %s, and nothing is changed", async (from, to, named) => {
    const userName = fresh(from);
    const id = await person(acme, userName);
    const before = await seen(acme, id);
    const response = await send(acme, id, fresh(to));
    expect(response.status).toBe(403);
    expect(detailOf(response)).toContain(named);
    expect(await seen(acme, id)).toEqual(before);
    expect(await accountEmail(id)).toBe(userName);
    expect(await lastChange()).toMatchObject({
      kind: "member.email_changed",
      refusal: "domainNotVerified",
      subjectId: id,
    });
  });

  test("AR-45 another person's address is taken, and nothing is changed", async () => {
    const taken = fresh("new.example");
    await person(acme, taken);
    const id = await person(acme, fresh("old.example"));
    const before = await seen(acme, id);
    const response = await send(acme, id, taken.toUpperCase());
    expect(refusalOf(response)).toEqual([409, "uniqueness"]);
    expect(await seen(acme, id)).toEqual(before);
  });

  test("AR-46 without any verified domain no address changes, and people can still be added", async () => {
    const id = await person(bare, fresh("bare.example"));
    const before = await seen(bare, id);
    expect((await send(bare, id, fresh("bare.example"))).status).toBe(403);
    expect(await seen(bare, id)).toEqual(before);
  });
});

describe.each(derived)("of the derived address by %s", (_form, send) => {
  test("AR-25 AR-44 a change is accepted and ignored, on whatever domain", async () => {
    const userName = fresh("old.example");
    const id = await person(acme, userName);
    for (const domain of ["new.example", "rival.example"]) {
      const response = await send(acme, id, fresh(domain));
      expect(response.status).toBe(200);
      expect(response.body).toMatchObject({ userName, emails: [{ value: userName }] });
      expect(await accountEmail(id)).toBe(userName);
    }
  });
});
