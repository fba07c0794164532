import { describe, expect, test } from "vitest";
import { openBrowser } from "../testing/test-browser.ts";
import type { TestOrganization } from "../testing/test-console.ts";
import { useTestConsole } from "../testing/test-hooks.ts";

const home = await useTestConsole();

const ruleKind = (kind: string, code: string): object =>
  expect.objectContaining({ data: expect.objectContaining({ code, rule: expect.objectContaining({ kind }) }) });

async function clearDefaultRole(organization: TestOrganization): Promise<void> {
  const text = "update provisioning set default_role_id = null where organization_id = $1";
  await home.rows(text, [organization.id]);
}

describe("the settings", () => {
  // AR-03: the facts that an owner needs before turning provisioning on.
  test("AR-03 of a new organization: off, guarded, with Members as the default role and the address to copy", async () => {
    const { api } = await home.ownerOf("Fresh");
    expect(await api.provisioning.get.query()).toEqual({
      isEnabled: false,
      enabledAt: null,
      baseUrl: "http://127.0.0.1:4001/scim_v2",
      defaultRole: { id: expect.any(String), name: "Members", kind: "custom" },
      hasSso: false,
      ssoAcknowledgedAt: null,
      ssoAcknowledgedBy: null,
      isGuardOn: true,
      keepsLocks: false,
      peopleJob: null,
      mappingJob: null,
      onlyDirectoryRemoves: false,
      guard: { losses: 0, limit: 5, latchedAt: null, holdsUntil: null, held: 0, releasedUntil: null },
      verifiedDomains: [],
      managedMembers: 0,
    });
  });

  test("is refused when missing, unknown, or an unconfirmed owner-kind role", async () => {
    const { api } = await home.ownerOf("Defaults");
    const { defaultRole } = await api.provisioning.get.query();
    const owners = (await api.roles.list.query()).find(({ kind }) => kind === "owner");
    const set = api.provisioning.setDefaultRole.mutate;
    await expect(set({ roleId: null })).rejects.toMatchObject(ruleKind("defaultRoleRequired", "PRECONDITION_FAILED"));
    await expect(set({ roleId: "0190f3a0-0000-7000-8000-000000000000" })).rejects.toMatchObject(
      ruleKind("roleNotFound", "NOT_FOUND"),
    );
    await expect(set({ roleId: owners?.id ?? "" })).rejects.toMatchObject(
      ruleKind("ownerRoleUnconfirmed", "PRECONDITION_FAILED"),
    );
    expect((await api.provisioning.get.query()).defaultRole).toEqual(defaultRole);
    await set({ roleId: owners?.id ?? "", confirmOwnerRole: true });
    expect((await api.provisioning.get.query()).defaultRole).toMatchObject({ kind: "owner" });
    const { entries } = await api.activity.list.query({ limit: 3 });
    expect(entries.map(({ kind, refusal }) => [kind, refusal])).toEqual([
      ["provisioning.default_role_changed", null],
      ["provisioning.default_role_changed", "ownerRoleUnconfirmed"],
      ["provisioning.default_role_changed", "defaultRoleRequired"],
    ]);
  });
});

describe("turning provisioning on", () => {
  // AR-73 and AR-04.
  test("needs a default role and the word on single sign-on", async () => {
    const { api, organization } = await home.ownerOf("Needs");
    const enable = api.provisioning.enable.mutate;
    await expect(enable({ acknowledgeNoSso: false })).rejects.toMatchObject(
      ruleKind("ssoUnacknowledged", "PRECONDITION_FAILED"),
    );
    await clearDefaultRole(organization);
    await expect(enable({ acknowledgeNoSso: true })).rejects.toMatchObject(
      ruleKind("defaultRoleRequired", "PRECONDITION_FAILED"),
    );
    expect(await api.provisioning.get.query()).toMatchObject({ isEnabled: false });
  });

  // AR-05: one configuration, whichever owner is first.
  test("by two owners at once happens once, and the other gets a conflict", async () => {
    const { organization } = await home.ownerOf("Race");
    const browsers = await Promise.all(Array.from({ length: 6 }, () => openBrowser(home.url).signIn(organization)));
    const responses = await Promise.all(
      browsers.map((browser) => browser.call("mutation", "provisioning.enable", { acknowledgeNoSso: true })),
    );
    expect(responses.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const response of responses.filter(({ status }) => status !== 200)) {
      expect(response).toMatchObject({
        status: 409,
        body: { error: { data: { rule: { kind: "provisioningAlreadyOn" } } } },
      });
    }
    const { entries } = (await browsers[0]?.api.activity.list.query({ limit: 100, outcome: "done" })) ?? {
      entries: [],
    };
    expect(entries.filter(({ kind }) => kind === "provisioning.enabled")).toHaveLength(1);
  });
});

describe("turning provisioning off", () => {
  test("wants the organization's name, and names the field where it is another", async () => {
    const { api } = await home.ownerOf("Typed");
    await api.provisioning.enable.mutate({ acknowledgeNoSso: true });
    await expect(api.provisioning.disable.mutate({ confirm: "another" })).rejects.toMatchObject({
      data: { code: "BAD_REQUEST", fieldErrors: { confirm: expect.stringContaining("name") } },
    });
    expect(await api.provisioning.get.query()).toMatchObject({ isEnabled: true });
  });

  // AR-75: people and roles stay, the directory's markers go, no token works any more.
  test("releases people and roles and revokes every token", async () => {
    const { api, organization } = await home.ownerOf("Release");
    const memberId = await home.provision(organization, "pam@release.example");
    await api.tokens.issue.mutate({ name: "another" });
    const text = `with r as (update role set is_scim_created = true where organization_id = $1 and name = 'Deploy Owners'
      returning id) select id from r`;
    await home.rows(text, [organization.id]);
    expect(await api.provisioning.get.query()).toMatchObject({ isEnabled: true, managedMembers: 1 });

    await api.provisioning.disable.mutate({ confirm: "Release" });
    expect(await api.provisioning.get.query()).toMatchObject({ isEnabled: false, enabledAt: null, managedMembers: 0 });
    expect((await api.tokens.list.query()).map(({ status }) => status)).toEqual(["REVOKED", "REVOKED"]);
    expect((await api.roles.list.query()).some((role) => role.isScimCreated || role.isLinked)).toBe(false);
    const { members } = await api.members.list.query({ page: 1, pageSize: 10 });
    expect(members.find(({ id }) => id === memberId)).toMatchObject({
      status: "active",
      isManaged: false,
      roles: [{ name: "Members", sources: ["default"] }],
    });
    const { entries } = await api.activity.list.query({ limit: 100 });
    expect(entries.filter(({ kind }) => kind === "token.revoked")).toHaveLength(2);
    expect(entries.find(({ kind }) => kind === "provisioning.disabled")).toMatchObject({
      after: { membersReleased: 1, rolesReleased: 1, tokensRevoked: 2 },
    });
    await expect(api.provisioning.disable.mutate({ confirm: "Release" })).rejects.toMatchObject(
      ruleKind("provisioningOff", "PRECONDITION_FAILED"),
    );
    // Turning it on again requires the acknowledgement of single sign-on again.
    await expect(api.provisioning.enable.mutate({ acknowledgeNoSso: false })).rejects.toMatchObject(
      ruleKind("ssoUnacknowledged", "PRECONDITION_FAILED"),
    );
  });
});
