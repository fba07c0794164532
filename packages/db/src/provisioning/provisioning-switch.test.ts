import { describe, expect, test } from "vitest";
import { addMember } from "../scim/member-add.ts";
import { credentialOf } from "../scim/caller.ts";
import { writeMember } from "../scim/member-change.ts";
import { addRole } from "../scim/role-write.ts";
import { listActivity } from "../change/activity.ts";
import { listMembers } from "../member/member-list.ts";
import { readProvisioningOverview } from "./provisioning-read.ts";
import { releaseGuard } from "../guard/guard-settings.ts";
import { disableProvisioning } from "./provisioning-off.ts";
import { enableProvisioning } from "./provisioning-switch.ts";
import { listCountedRoles } from "../role/role-list.ts";
import { issueToken } from "../scim-token/scim-tokens.ts";
import { newOrganization, now, openConsoleDatabase } from "../testing/console-database.ts";

const home = await openConsoleDatabase();

const overviewOf = (organizationId: string) => readProvisioningOverview(home.database.sql, organizationId, now);
const request = { now, requestId: "test" };

describe("the operator turns provisioning on", () => {
  test("with a default role by its name in any case, and the guard off", async () => {
    const { context, organizationId } = await newOrganization(home.database, "All");
    const input = {
      defaultRole: { name: "deploy OWNERS" },
      acknowledgeSso: true,
      isGuardOn: false,
      confirmOwnerRole: true,
    };
    expect(await enableProvisioning(home.database, context, input)).toEqual({ ok: true, value: undefined });
    expect(await overviewOf(organizationId)).toMatchObject({
      isEnabled: true,
      enabledAt: now,
      isGuardOn: false,
      defaultRole: { name: "Deploy Owners" },
      ssoAcknowledgedAt: now,
      ssoAcknowledgedBy: "operator",
    });
  });

  // A refusal must not save the settings of the same request.
  test.each([
    [
      { defaultRole: { name: "Nobody" }, acknowledgeSso: true, isGuardOn: false },
      { kind: "roleNotFound", roleId: "Nobody" },
    ],
    [
      { defaultRole: { name: "Account Owners" }, acknowledgeSso: true, isGuardOn: false },
      { kind: "ownerRoleUnconfirmed", name: "Account Owners" },
    ],
    [{ acknowledgeSso: false, isGuardOn: false }, { kind: "ssoUnacknowledged" }],
  ])("not with %j", async (input, error) => {
    const { context, organizationId } = await newOrganization(home.database, "Refused");
    expect(await enableProvisioning(home.database, context, input)).toEqual({ ok: false, error });
    expect(await overviewOf(organizationId)).toMatchObject({
      isEnabled: false,
      isGuardOn: true,
      defaultRole: { name: "Members" },
    });
  });

  test("is refused when on, unless settings are given, which are saved", async () => {
    const { context, organizationId } = await newOrganization(home.database, "Again");
    await enableProvisioning(home.database, context, { acknowledgeSso: true });
    expect(await enableProvisioning(home.database, context, { acknowledgeSso: true })).toEqual({
      ok: false,
      error: { kind: "provisioningAlreadyOn" },
    });
    expect(await enableProvisioning(home.database, context, { acknowledgeSso: true, isGuardOn: false })).toMatchObject({
      ok: true,
    });
    expect(await overviewOf(organizationId)).toMatchObject({ isEnabled: true, isGuardOn: false });
  });
});

describe("turning provisioning off", () => {
  // AR-75 and rule 12: the directory's data stays and belongs to the organization.
  test("keeps people and roles and forgets the externalIds, so that turning it on again matches by email", async () => {
    const { organizationId, credential, context } = await provisioned("Off", 1);
    await disableProvisioning(home.database, context);
    const { members } = await listMembers(home.database.sql, organizationId, { search: "p0@", page: 1, pageSize: 10 });
    expect(members).toMatchObject([
      { status: "awaiting", isManaged: false, externalId: null, roles: [{ name: "Members" }, { name: "Sales" }] },
    ]);
    const sales = (await listCountedRoles(home.database.sql, organizationId)).find(({ name }) => name === "Sales");
    expect(sales).toMatchObject({ isScimCreated: false, isLinked: false, memberCount: 1 });
    const { added, caller } = await addMember(home.database, credential, person("later@off.example", "later"), request);
    expect([added, caller]).toMatchObject([undefined, { ok: false, error: { kind: "provisioningOff" } }]);
  });

  // The lock order must prevent a deadlock between SCIM writes and the owner's switch.
  test("during SCIM writes leaves no person managed and no request incomplete", async () => {
    const { organizationId, credential, context, ids } = await provisioned("Busy", 8);
    const writes = ids.map((id) =>
      writeMember(home.database, {
        ...request,
        credential,
        id,
        intend: (member) => ({ ok: true, value: { kind: "change", input: { ...member, familyName: "Changed" } } }),
      }),
    );
    const [switched, ...outcomes] = await Promise.all([disableProvisioning(home.database, context), ...writes]);
    expect(switched).toMatchObject({ ok: true });
    for (const { kind } of outcomes) expect(["saved", "callerRefused"]).toContain(kind);
    const { entries } = await listActivity(home.database.sql, organizationId, { limit: 100, outcome: "done" });
    const saved = outcomes.filter(({ kind }) => kind === "saved");
    expect(entries.filter(({ kind }) => kind === "member.updated")).toHaveLength(saved.length);
    expect(await overviewOf(organizationId)).toMatchObject({ isEnabled: false, managedMembers: 0 });
  });
});

describe("the guard in the overview", () => {
  // Rule 13: the owner sees that removals are on hold until releasing them.
  test("counts the losses, has the start of the hold, and has none after a release", async () => {
    const { organizationId, credential, context, ids } = await provisioned("Guard", 7);
    const outcomes = [];
    for (const id of ids) {
      outcomes.push(
        await writeMember(home.database, {
          ...request,
          credential,
          id,
          intend: () => ({ ok: true, value: { kind: "delete" } }),
        }),
      );
    }
    expect(outcomes.map(({ kind }) => kind)).toEqual([...Array<string>(5).fill("saved"), "refused", "refused"]);
    expect((await overviewOf(organizationId)).guard).toEqual({
      losses: 5,
      limit: 5,
      latchedAt: now,
      holdsUntil: null,
      held: 2,
      releasedUntil: null,
    });
    const later = new Date(now.getTime() + 30 * 86_400_000);
    expect((await readProvisioningOverview(home.database.sql, organizationId, later)).guard).toMatchObject({
      losses: 0,
      latchedAt: now,
      held: 2,
    });
    const until = await releaseGuard(home.database, context);
    expect((await overviewOf(organizationId)).guard).toMatchObject({ latchedAt: null, held: 0, releasedUntil: until });
  });
});

function person(userName: string, externalId: string) {
  return { userName, externalId, givenName: null, familyName: null, displayName: null, active: true };
}

/**
 * An organization with provisioning on, `count` managed people p0@, p1@ … and a pushed group "Sales" of all of them.
 */
async function provisioned(name: string, count: number) {
  const made = await newOrganization(home.database, name);
  await enableProvisioning(home.database, made.context, { acknowledgeSso: true });
  const issued = await issueToken(home.database, made.context, { name: "Okta" });
  const credential = issued.ok ? credentialOf(issued.value.token) : undefined;
  if (credential === undefined) throw new Error("No token could be issued.");
  const ids = [];
  for (let index = 0; index < count; index++) {
    const input = person(`p${index}@${name.toLowerCase()}.example`, `ext-${index}`);
    const { added } = await addMember(home.database, credential, input, request);
    if (added === undefined || !added.ok) throw new Error("The person could not be added.");
    ids.push(added.value.id);
  }
  const pushed = await addRole(
    home.database,
    { ...request, credential },
    { name: "Sales", externalId: "g1", memberIds: ids },
  );
  expect(pushed.kind).toBe("saved");
  return { ...made, credential, ids };
}
