import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { recordRequests } from "../request-log/request-log.ts";
import { accountIdOf, openScimDatabase, person, request, type Tenant } from "../testing/scim-database.ts";
import { explainAddress, explainMember } from "./person-absence.ts";
import { readRoleReasons } from "./person-reasons.ts";
import { readTimeline, type TimelineItem } from "./person-timeline.ts";
import { disableProvisioning } from "../provisioning/provisioning-off.ts";
import { grantRole } from "./member-roles.ts";
import { removeMember } from "./member-removal.ts";
import { findRoleByName } from "../provisioning/provisioning-row.ts";
import { renameRole } from "../role/role-edit.ts";
import { startSession } from "../session/session.ts";
import { loadCaller } from "../scim/caller.ts";

let tenant: Tenant;
let count = 0;
const home = await openScimDatabase();
beforeEach(async () => {
  tenant = await home.newTenant(`Person${++count}`);
});

const at = (name: string): string => `${name}@person${count}.example`;
const ask = (address: string) => explainAddress(home.database.sql, tenant.context, address);
const page = (memberId: string, more: object = {}) =>
  readTimeline(home.database.sql, tenant.organizationId, { memberId, limit: 50, isRefusedOnly: false, ...more });
const kindOf = (item: TimelineItem): string => (item.what === "change" ? item.entry.kind : item.what);

async function roleId(name: string): Promise<string> {
  const role = await findRoleByName(home.database.sql, tenant.organizationId, name);
  if (role === null) throw new Error(`There is no role ${name}.`);
  return role.id;
}

async function noteRequest(path: string, more: object = {}): Promise<void> {
  const caller = await loadCaller(home.database.sql, tenant.credential, request.now);
  if (!caller.ok) throw new Error("The token does not work.");
  const { organizationId, tokenId } = caller.value;
  const answer = { method: "GET", path, status: 200, scimType: null, detail: null, durationMs: 1 };
  const from = { client: "Okta SCIM Client 1.0.0", ip: "203.0.113.7", quirks: [] };
  await recordRequests(home.database.sql, [
    { organizationId, tokenId, at: request.now, requestId: randomUUID(), ...answer, ...from, ...more },
  ]);
}

describe("the timeline of a person", () => {
  test("has SCIM writes with their origin, owners' changes, roles, sign-ins and the provisioning switch", async () => {
    await tenant.post(person("pam"));
    const post = randomUUID();
    const pam = await tenant.add(person(at("pam")), { ...request, requestId: post });
    await noteRequest("/scim_v2/Users", { requestId: post });
    await tenant.addGroup("Sales", [pam.id]);
    await grantRole(home.database, tenant.context, { memberId: pam.id, roleId: await roleId("deploy owners") });
    const who = { organizationId: tenant.organizationId, accountId: accountIdOf(pam) };
    await startSession(home.database.sql, who, { userAgent: "Firefox", ip: "203.0.113.9" }, request.now);
    await disableProvisioning(home.database, { ...tenant.context, now: new Date(request.now.getTime() + 60_000) });
    await renameRole(home.database, tenant.context, { roleId: await roleId("sales"), name: "Vendors" });
    const found = await page(pam.id);
    expect(found?.items.map(kindOf)).toEqual([
      "role.renamed",
      "provisioning.disabled",
      "signIn",
      "member.role_granted",
      "member.role_granted",
      "role.created",
      "member.created",
    ]);
    expect(found?.items.at(-1)).toMatchObject({
      entry: { actor: { kind: "token", name: "Okta" } },
      origin: { client: "Okta SCIM Client 1.0.0", ip: "203.0.113.7" },
    });
    expect(found?.items[2]).toMatchObject({ method: "password", userAgent: "Firefox", ip: "203.0.113.9" });
  });

  test("is paged without a gap, and filtered by refusals, also from before they were added", async () => {
    const first = await tenant.add(person(at("pam")));
    await tenant.post(person(at("pam")));
    for (let round = 0; round < 4; round++) await tenant.write(first.id, () => ({ familyName: `Name ${round}` }));
    const all = (await page(first.id))?.items ?? [];
    const paged: TimelineItem[] = [];
    let cursor: string | undefined;
    for (let turn = 0; turn < 10; turn++) {
      const part = await page(first.id, { limit: 2, cursor });
      paged.push(...(part?.items ?? []));
      if (part === undefined || part.nextCursor === null) break;
      cursor = part.nextCursor;
    }
    expect(paged).toEqual(all);
    expect(all).toHaveLength(6);
    const refused = await page(first.id, { isRefusedOnly: true });
    expect(refused?.items).toMatchObject([{ entry: { kind: "member.created", refusal: "userNameTaken" } }]);
  });

  test("stays after removal, and only in their organization", async () => {
    const pam = await tenant.add(person(at("pam")));
    await tenant.write(pam.id, "delete");
    expect((await page(pam.id))?.items.map(kindOf)).toEqual(["member.deleted", "member.created"]);
    const other = await home.newTenant(`Stranger${count}`);
    const query = { memberId: pam.id, limit: 10, isRefusedOnly: false };
    expect(await readTimeline(home.database.sql, other.organizationId, query)).toBeUndefined();
  });
});

test("why a person has each of their roles", async () => {
  const pam = await tenant.add(person(at("pam")));
  await tenant.addGroup("Sales", [pam.id]);
  await grantRole(home.database, tenant.context, { memberId: pam.id, roleId: await roleId("deploy owners") });
  const reasons = await readRoleReasons(home.database.sql, tenant.organizationId, pam.id);
  expect(reasons.map(({ reasons: [first] }) => first?.text)).toEqual([
    "The operator of Rollcall gave it by hand",
    "It is the default role, given when the identity provider (token “Okta”) added them",
    "The identity provider (token “Okta”) put them into the group “Sales”",
  ]);
});

describe("why a person is not a member", () => {
  test("from the log and the requests of the organization", async () => {
    const pam = await tenant.add(person(at("pam")));
    expect(await ask(at("pam").toUpperCase())).toMatchObject({ kind: "here", person: { id: pam.id } });
    await tenant.write(pam.id, () => ({ active: false }));
    expect(await ask(at("pam"))).toMatchObject({
      kind: "inactive",
      text: "The identity provider (token “Okta”) deactivated pam",
      at: request.now,
    });
    await tenant.write(pam.id, "delete");
    expect(await ask(at("pam"))).toMatchObject({
      kind: "ended",
      text: "The identity provider (token “Okta”) removed pam",
    });
    expect(await explainMember(home.database.sql, tenant.context, pam.id)).toMatchObject({ kind: "ended" });
    await tenant.post(person("kevin"));
    expect(await ask("Kevin")).toMatchObject({ kind: "refused", next: { place: "guide" } });
    expect(await ask(at("meredith"))).toMatchObject({ kind: "never" });
    await noteRequest(`/scim_v2/Users?filter=userName%20eq%20%22${encodeURIComponent(at("meredith"))}%22`);
    expect(await ask(at("meredith"))).toMatchObject({
      kind: "lookedFor",
      text: expect.stringContaining("token “Okta”"),
    });
  });

  test("finds a person removed by an owner, and a similar spelling", async () => {
    const jim = await tenant.add(person(at("jim.halpert")));
    const spellings = [
      "jim.halpert",
      at("jimhalpert"),
      at("jim.halpert+work"),
      at("jim.halprt"),
      "jim.halpert@else.example",
    ];
    for (const alike of spellings)
      expect(await ask(alike)).toMatchObject({ kind: "alike", person: { userName: at("jim.halpert") } });
    expect(await ask("halpert")).toMatchObject({ kind: "never" });
    await removeMember(home.database, tenant.context, { memberId: jim.id, typed: jim.name });
    expect(await ask(at("jim.halpert"))).toMatchObject({
      kind: "ended",
      text: expect.stringContaining("removed jim"),
    });
  });

  test("finds a refused person by userName, local part, address and similar spellings", async () => {
    await tenant.post(person("pam.beesly"));
    const text = "tried to add pam.beesly, which was refused: pam.beesly is not an email address";
    const asked = ["Pam.Beesly", at("pam.beesly"), at("pambeesly"), at("pam.beesley")];
    for (const name of asked)
      expect(await ask(name)).toMatchObject({
        kind: "refused",
        text: expect.stringContaining(text),
        scimRequestId: null,
      });
    expect(await ask(at("pamela.beesly"))).toMatchObject({ kind: "never" });

    // A request without a decision is found by the names in it, here an address other than the userName.
    const refused = {
      status: 400,
      method: "POST",
      detail: "The request is wrong.",
      names: ["kscott", at("kelly.kapoor")],
    };
    await noteRequest("/scim_v2/Users", refused);
    for (const name of ["kscott", at("kelly.kapoor"), at("kelly.kapour")])
      expect(await ask(name)).toMatchObject({
        kind: "refused",
        text: "The identity provider (token “Okta”) sent kscott, which was refused: The request is wrong",
        next: { place: "requests" },
        scimRequestId: expect.any(String),
      });
    const other = await home.newTenant(`Named${count}`);
    const elsewhere = await explainAddress(home.database.sql, other.context, at("kelly.kapoor"));
    expect(elsewhere).toMatchObject({ kind: "never", scimRequestId: null });
  });

  test("finds a person who has changed the account's address, by the new one", async () => {
    const pam = await tenant.addAccepted(person("pam@moved.example"));
    const text = "update account set email = $2, email_key = $2 where id = $1";
    await home.rows(text, [accountIdOf(pam), at("p.beesly")]);
    expect(await ask(at("p.beesly"))).toMatchObject({ kind: "alike", person: { userName: "pam@moved.example" } });
  });

  // An account elsewhere must give the same response as no account.
  test("returns the same for a person of another organization as for an unknown one", async () => {
    const other = await home.newTenant(`Else${count}`);
    await other.add(person(at("creed")));
    const [elsewhere, nobody] = [await ask(at("creed")), await ask(at("nobody"))];
    expect(elsewhere.text.replace("creed", "nobody")).toBe(nobody.text);
    expect({ ...elsewhere, text: "" }).toEqual({ ...nobody, text: "" });
  });

  test("finds a pending person by the directory's data only", async () => {
    const other = await home.newTenant(`Twice${count}`);
    await other.addAccepted(person("dwight@third.example"));
    await tenant.add(person("dwight@third.example"));
    const verdict = await ask("dwight@third.example");
    expect(verdict).toMatchObject({ kind: "awaits", next: { place: "domains" } });
    const [row] = await home.rows("select id from member where organization_id = $1 and user_name = $2", [
      tenant.organizationId,
      "dwight@third.example",
    ]);
    expect((await page(String(row?.["id"])))?.items.map(kindOf)).toEqual(["member.created"]);
  });
});
