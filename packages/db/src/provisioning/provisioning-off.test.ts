import { removalPhrase } from "@rollcall/domain";
import { beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { readLocks } from "../account/member-lock.ts";
import { loadCaller } from "../scim/caller.ts";
import { accountIdOf, openScimDatabase, person, request, writesOf, type Tenant } from "../testing/scim-database.ts";
import type { MemberRow } from "../member/member-columns.ts";
import type { WriteContext } from "../store/write-context.ts";
import { disableProvisioning, readTurningOff, releaseKeptPeople, revokeAllTokens } from "./provisioning-off.ts";
import { removalOf } from "../member/member-removal.ts";
import { readMemberWithRoles } from "../member/member-with-roles.ts";
import { readProvisioningOverview } from "./provisioning-read.ts";
import { enableProvisioning } from "./provisioning-switch.ts";
import { setRemovalPolicy } from "./provisioning-settings.ts";
import { issueToken } from "../scim-token/scim-tokens.ts";
import { startSession } from "../session/session.ts";

let tenant: Tenant;
let count = 0;
const home = await openScimDatabase();
beforeEach(async () => {
  tenant = await home.newTenant(`Danger${++count}`);
});

const at = (name: string): string => `${name}@danger${count}.example`;
const join = (name: string): Promise<MemberRow> => tenant.add(person(at(name), { externalId: `ext-${name}` }));
const off = (input: Parameters<typeof disableProvisioning>[2]) =>
  disableProvisioning(home.database, tenant.context, input);

/** The people of the organization with their managed state, by name. */
function people(): Promise<readonly unknown[]> {
  const text = `select user_name as who, active, is_managed as managed, external_id as "externalId",
      is_deleted as gone from member where organization_id = $1 and user_name <> $2 order by user_name`;
  return home.rows(text, [tenant.organizationId, tenant.ownerEmail]);
}

async function lastEntry(): Promise<unknown> {
  const text = `select after from change where organization_id = $1 and kind = 'provisioning.disabled' and refusal is null`;
  return (await home.rows(text, [tenant.organizationId]))[0]?.["after"];
}

/** The member as the author of owners' writes. */
function asAuthor(member: MemberRow): WriteContext {
  return { ...tenant.context, actor: { kind: "person", id: member.accountId, name: member.name } };
}

describe("keep locked", () => {
  // Rule 12: provisioning is refused, and managed people still cannot leave or change email and password.
  test("leaves managed people marked and locked until owners release them", async () => {
    const pam = await join("pam");
    const text = "select account_id as id from member where organization_id = $1 and user_name = $2";
    const [row] = await home.rows(text, [tenant.organizationId, tenant.ownerEmail]);
    const ownerAccount = z.object({ id: z.string() }).parse(row).id;
    const locksOf = (id: string) => readLocks(home.database.sql, id, tenant.organizationId);
    expect((await off({ after: "keepLocked" })).ok).toBe(true);
    expect(await people()).toEqual([{ who: at("pam"), active: true, managed: true, externalId: null, gone: false }]);
    expect(await lastEntry()).toEqual({ isEnabled: false, choice: "keepLocked", membersLocked: 1, tokensRevoked: 1 });
    expect(await locksOf(accountIdOf(pam))).toMatchObject({ leave: {}, changeEmail: {}, changePassword: {} });
    expect(await locksOf(ownerAccount)).toEqual({});
    expect((await loadCaller(home.database.sql, tenant.credential, request.now)).ok).toBe(false);
    expect(await readProvisioningOverview(home.database.sql, tenant.organizationId, request.now)).toMatchObject({
      isEnabled: false,
      keepsLocks: true,
      managedMembers: 1,
    });
    expect(await releaseKeptPeople(home.database, tenant.context)).toEqual({ ok: true, value: 1 });
    expect(await releaseKeptPeople(home.database, tenant.context)).toEqual({ ok: true, value: 0 });
    expect(await people()).toMatchObject([{ managed: false }]);
    expect(await locksOf(accountIdOf(pam))).toEqual({});
  });

  test("lets owners remove people while the directory is refused", async () => {
    const pam = await join("pam");
    await setRemovalPolicy(home.database, tenant.context, true);
    const removal = async () => {
      const standing = await readMemberWithRoles(home.database.sql, tenant.organizationId, pam.id);
      return standing && (await removalOf(home.database.sql, tenant.context, standing)).ok;
    };
    expect(await removal()).toBe(false);
    await off({ after: "keepLocked" });
    expect(await removal()).toBe(true);
  });

  test("ends when provisioning is turned on, which has its own locks", async () => {
    await join("pam");
    await off({ after: "keepLocked" });
    await enableProvisioning(home.database, tenant.context, { acknowledgeSso: true });
    expect(await releaseKeptPeople(home.database, tenant.context)).toMatchObject({
      error: { kind: "provisioningAlreadyOn" },
    });
    await off({ after: "release" });
    expect(await people()).toMatchObject([{ managed: false }]);
  });
});

describe("remove", () => {
  test("removes all managed people and no others, with an entry for each", async () => {
    const pam = await join("pam");
    const jim = await join("jim");
    await tenant.write(jim.id, () => ({ active: false }));
    await tenant.grant(pam.id, "Deploy Owners");
    const other = await home.newTenant(`Other${count}`);
    await other.addAccepted(person(at("pam")));
    const who = { organizationId: tenant.organizationId, accountId: accountIdOf(pam) };
    await startSession(home.database.sql, who, { userAgent: null, ip: null }, request.now);
    // Jim is inactive and therefore not counted.
    expect(await readTurningOff(home.database.sql, tenant.context)).toMatchObject({
      people: [{ name: "pam" }],
      plans: { release: { released: 1, inactive: 1 }, remove: { removed: 1, inactive: 1 } },
    });
    expect(await off({ after: "remove", typed: "remove 2 people" })).toMatchObject({
      error: { kind: "confirmationWrong", expected: "remove 1 person" },
    });
    expect(await people()).toMatchObject([{ gone: false }, { gone: false }]);
    expect(await off({ after: "remove", typed: removalPhrase(1) })).toMatchObject({ ok: true, value: { removed: 1 } });
    expect(await people()).toMatchObject([
      { who: at("jim"), active: false, gone: true },
      { who: at("pam"), active: false, gone: true },
    ]);
    expect(await lastEntry()).toMatchObject({ choice: "remove", membersRemoved: 2, tokensRevoked: 1 });
    const [before] = (await tenant.logOf(pam.id)).slice(-1);
    expect(before).toMatchObject({
      kind: "member.removed",
      before: { active: true, userName: at("pam"), roles: [{ source: "default" }, { source: "manual" }] },
    });
    const left = `select (select count(*) from role_grant where organization_id = $1 and member_id = $2)::int as grants,
      (select count(*) from session where organization_id = $1 and ended_at is null)::int as sessions,
      (select count(*) from member where account_id = $3 and not is_deleted)::int as elsewhere`;
    expect(await home.rows(left, [tenant.organizationId, pam.id, pam.accountId])).toEqual([
      { grants: 0, sessions: 0, elsewhere: 1 },
    ]);
  });

  test("requires a separate confirmation if owners are among them", async () => {
    const ada = await join("ada");
    await tenant.grant(ada.id, "Account Owners");
    const typed = removalPhrase(1);
    expect(await off({ after: "remove", typed })).toMatchObject({
      error: { kind: "ownerRemovalUnconfirmed", count: 1 },
    });
    expect(await off({ after: "remove", typed, isOwnersConfirmed: true })).toMatchObject({ ok: true });
    expect(await people()).toMatchObject([{ who: at("ada"), gone: true }]);
  });

  test("never removes the owner who acts, nor the last one", async () => {
    const [ada, grace] = [await join("ada"), await join("grace")];
    for (const one of [ada, grace]) await tenant.grant(one.id, "Account Owners");
    const foreseen = await readTurningOff(home.database.sql, asAuthor(grace));
    expect(foreseen).toMatchObject({
      managedOwners: 2,
      owners: [{ name: "ada" }, { name: "grace" }],
      plans: { remove: { removed: 1, staying: [{ id: grace.id, why: "self" }] } },
    });
    // Only the two are owners with access, and the operator acts.
    const text =
      "update member set version = version + 1, active = false where organization_id = $1 and user_name = $2";
    await home.rows(text, [tenant.organizationId, tenant.ownerEmail]);
    expect((await readTurningOff(home.database.sql, tenant.context)).plans.remove).toMatchObject({
      staying: [{ id: ada.id, why: "lastOwner" }],
    });
    const input = { after: "remove", typed: removalPhrase(1), isOwnersConfirmed: true } as const;
    expect(await off(input)).toMatchObject({ ok: true, value: { removed: 1, released: 1 } });
    expect(await people()).toMatchObject([
      { who: at("ada"), gone: false, managed: false, active: true },
      { who: at("grace"), gone: true },
    ]);
  });
});

// AR-77: the provider finds people by their email in every case.
test.each(["release", "keepLocked", "remove"] as const)("AR-77 after %s people are matched by email", async (after) => {
  const pam = await join("pam");
  await off({ after, typed: removalPhrase(1) });
  await enableProvisioning(home.database, tenant.context, { acknowledgeSso: true });
  const issued = await issueToken(home.database, tenant.context, { name: "Another" });
  const { credentialOf } = await import("../scim/caller.ts");
  const credential = credentialOf(issued.ok ? issued.value.token : "");
  if (credential === undefined) throw new Error("No token could be issued.");
  const input = person(at("pam"), { externalId: "another" });
  const another = writesOf(home.database, { ...request, credential }, tenant.organizationId);
  const { added: came } = await another.post(input);
  if (after === "remove") expect(came).toMatchObject({ ok: true, value: { id: pam.id, externalId: "another" } });
  else expect(came).toMatchObject({ error: { kind: "userNameTaken" } });
  await another.write(pam.id, () => ({ externalId: "another" }));
  expect(await people()).toMatchObject([{ managed: true, externalId: "another", gone: false }]);
});

test("the preview of a choice has names and numbers", async () => {
  for (const name of ["jim", "pam"]) await join(name);
  expect(await readTurningOff(home.database.sql, tenant.context)).toMatchObject({
    people: [{ name: "jim" }, { name: "pam" }],
    owners: [],
    roles: [],
    roleCount: 0,
    managedOwners: 0,
    tokens: 1,
    plans: { release: { released: 2 }, keepLocked: { locked: 2 }, remove: { removed: 2, staying: [] } },
  });
});

test("all tokens end at once when their number is typed, and provisioning stays on", async () => {
  await issueToken(home.database, tenant.context, { name: "Second" });
  expect(await revokeAllTokens(home.database, tenant.context, "revoke 1 token")).toMatchObject({
    error: { expected: "revoke 2 tokens" },
  });
  expect(await revokeAllTokens(home.database, tenant.context, "revoke 2 tokens")).toEqual({ ok: true, value: 2 });
  expect(await loadCaller(home.database.sql, tenant.credential, request.now)).toMatchObject({
    error: { kind: "tokenRevoked" },
  });
});
