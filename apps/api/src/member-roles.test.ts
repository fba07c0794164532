import { addRole, credentialOf, writeMember, type MemberRow } from "@rollcall/db";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { lastLink, refusalOf } from "./testing/observations.ts";
import { openBrowser, type TestBrowser } from "./testing/test-browser.ts";
import { startTestConsole, type TestConsole, type TestOrganization } from "./testing/test-console.ts";

let home: TestConsole;
beforeAll(async () => {
  home = await startTestConsole(inject("postgresUrl"));
});
afterAll(() => home.close());

type Scene = {
  readonly owner: TestBrowser;
  readonly organization: TestOrganization;
  readonly ownerId: string;
  /** Pam, whom the directory manages. */
  readonly pam: string;
  readonly roles: Readonly<Record<string, string>>;
  /** Does as the directory does. */
  set(memberId: string, active: boolean): Promise<void>;
  push(name: string, memberIds: readonly string[]): Promise<string>;
};

async function scene(name: string): Promise<Scene> {
  const organization = await home.organization(name);
  const owner = await openBrowser(home.url).signIn(organization);
  const pam = await home.provision(organization, `pam@${name.toLowerCase()}.example`);
  const { token } = await owner.api.tokens.issue.mutate({ name: "Okta" });
  const credential = credentialOf(token);
  if (credential === undefined) throw new Error("The token is malformed.");
  const call = { now: home.clock.now, requestId: "scim", credential };
  const roles = Object.fromEntries((await owner.api.roles.list.query()).map((role) => [role.name, role.id]));
  const session = await owner.api.session.current.query();
  return {
    owner,
    organization,
    ownerId: session?.memberId ?? "",
    pam,
    roles,
    async set(id, active) {
      const intend = ({ userName, externalId, givenName, familyName, displayName }: MemberRow) => ({
        ok: true as const,
        value: { kind: "change" as const, input: { userName, externalId, givenName, familyName, displayName, active } },
      });
      const outcome = await writeMember<never>(home.database, { ...call, id, intend });
      expect(outcome.kind).toBe("saved");
    },
    async push(groupName, memberIds) {
      const outcome = await addRole(home.database, call, { name: groupName, externalId: null, memberIds });
      if (outcome.kind !== "saved") throw new Error(`The group was not pushed: ${outcome.kind}`);
      return outcome.roleId;
    },
  };
}

async function heldBy({ owner }: Scene, id: string): Promise<readonly string[]> {
  const { roles } = await owner.api.members.get.query({ id });
  return roles.filter(({ isHeld }) => isHeld).map(({ role }) => role.name);
}

const change = async (
  { owner }: Scene,
  what: "grantRole" | "revokeRole",
  memberId: string,
  roleId: string | undefined,
) => {
  const answer = await owner.call("mutation", `members.${what}`, { memberId, roleId });
  return answer.status === 200 ? undefined : refusalOf(answer);
};

describe("roles by hand", () => {
  test("AR-61 are locked both ways between a managed person and a pushed role, and nowhere else", async () => {
    const acme = await scene("Locked");
    const pushed = await acme.push("Pushed", [acme.pam]);
    const empty = await acme.push("Empty", []);
    expect(await change(acme, "revokeRole", acme.pam, pushed)).toBe("roleManagedByScim");
    expect(await change(acme, "grantRole", acme.pam, empty)).toBe("roleManagedByScim");
    expect(await change(acme, "grantRole", acme.pam, acme.roles["Deploy Owners"])).toBeUndefined();
    expect(await change(acme, "grantRole", acme.ownerId, pushed)).toBeUndefined();
    expect(await change(acme, "revokeRole", acme.ownerId, pushed)).toBeUndefined();
    const { roles } = await acme.owner.api.members.get.query({ id: acme.pam });
    const lockOf = (name: string) => roles.find(({ role }) => role.name === name)?.lock;
    expect([lockOf("Pushed"), lockOf("Empty")]).toEqual([
      "Pushed is managed by the directory (SCIM). Change it in your identity provider.",
      "Empty is managed by the directory (SCIM). Change it in your identity provider.",
    ]);
    expect(lockOf("Deploy Owners")).toBeNull();
  });

  test("AR-62 never take the only role", async () => {
    const acme = await scene("Only");
    expect(await change(acme, "revokeRole", acme.pam, acme.roles["Members"])).toBe("onlyRole");
    await change(acme, "grantRole", acme.pam, acme.roles["Deploy Owners"]);
    expect(await change(acme, "revokeRole", acme.pam, acme.roles["Members"])).toBeUndefined();
    expect(await heldBy(acme, acme.pam)).toEqual(["Deploy Owners"]);
  });

  test("AR-53 AR-72 never take the last owner's, also not at the same moment", async () => {
    const acme = await scene("Owners");
    await change(acme, "grantRole", acme.ownerId, acme.roles["Members"]);
    expect(await change(acme, "revokeRole", acme.ownerId, acme.roles["Account Owners"])).toBe("lastOwner");
    await change(acme, "grantRole", acme.pam, acme.roles["Account Owners"]);
    const both = await Promise.all(
      [acme.ownerId, acme.pam].map((id) => change(acme, "revokeRole", id, acme.roles["Account Owners"])),
    );
    expect(both.filter((refusal) => refusal === undefined).length).toBeLessThanOrEqual(1);
    const owners = await home.database.sql.query(
      { name: "", text: "select 1 from role_grant where organization_id = $1 and role_id = $2" },
      [acme.organization.id, acme.roles["Account Owners"]],
    );
    expect(owners).toHaveLength(1);
  });

  test("AR-66 one's own last role is the door out: the directory's lock stands before it", async () => {
    const acme = await scene("Door");
    expect(await change(acme, "revokeRole", acme.ownerId, acme.roles["Account Owners"])).toBe("memberLocked");
    const { entries } = await acme.owner.api.activity.list.query({ limit: 1, outcome: "refused" });
    expect(entries).toMatchObject([{ kind: "member.role_revoked", refusal: "memberLocked" }]);
  });
});

describe("AR-52 hand-given roles of somebody who is back", () => {
  test("are offered to owners, and restored by them", async () => {
    const acme = await scene("Offer");
    await change(acme, "grantRole", acme.pam, acme.roles["Deploy Owners"]);
    await acme.set(acme.pam, false);
    expect(await acme.owner.api.members.offers.query({ id: acme.pam })).toEqual([]);
    await acme.set(acme.pam, true);
    expect(await heldBy(acme, acme.pam)).toEqual(["Members"]);
    expect(await acme.owner.api.members.offers.query({ id: acme.pam })).toMatchObject([{ name: "Deploy Owners" }]);
    expect(await acme.owner.api.members.restoreRoles.mutate({ id: acme.pam })).toEqual({ count: 1 });
    expect(await heldBy(acme, acme.pam)).toEqual(["Deploy Owners", "Members"]);
    expect(await acme.owner.api.members.offers.query({ id: acme.pam })).toEqual([]);
  });

  test("are dismissed once and for all", async () => {
    const acme = await scene("Dismiss");
    await change(acme, "grantRole", acme.pam, acme.roles["Deploy Owners"]);
    await acme.set(acme.pam, false);
    await acme.set(acme.pam, true);
    await acme.owner.api.members.dismissOffer.mutate({ id: acme.pam });
    expect(await acme.owner.api.members.offers.query({ id: acme.pam })).toEqual([]);
    expect(await heldBy(acme, acme.pam)).toEqual(["Members"]);
  });
});

describe("removing people", () => {
  const remove = async ({ owner }: Scene, id: string, confirm?: string) => {
    const answer = await owner.call("mutation", "members.remove", { id, confirm });
    return answer.status === 200 ? undefined : refusalOf(answer);
  };

  test("AR-71 of the directory wants their name typed, and ends their access at once", async () => {
    const acme = await scene("Typed");
    expect(await remove(acme, acme.pam)).toBe("confirmationWrong");
    expect(await remove(acme, acme.pam, "Pam B")).toBe("confirmationWrong");
    expect(await remove(acme, acme.pam, "pam")).toBeUndefined();
    expect((await acme.owner.call("query", "members.get", { id: acme.pam })).status).toBe(404);
    const { entries } = await acme.owner.api.activity.list.query({ limit: 1 });
    expect(entries).toMatchObject([{ kind: "member.removed", subject: { name: "pam" } }]);
  });

  test("AR-71 of the directory is left to it where the owners have decided so", async () => {
    const acme = await scene("Directory");
    await acme.owner.api.provisioning.setRemovalPolicy.mutate({ onlyDirectory: true });
    expect((await acme.owner.api.provisioning.get.query()).onlyDirectoryRemoves).toBe(true);
    expect(await remove(acme, acme.pam, "pam")).toBe("onlyDirectoryRemoves");
    const { removal } = await acme.owner.api.members.get.query({ id: acme.pam });
    expect(removal).toBe("pam can be removed only in the identity provider, as the owners have decided.");
  });

  test("AR-72 never of oneself, and so never of the last owner", async () => {
    const acme = await scene("Self");
    expect(await remove(acme, acme.ownerId)).toBe("selfRemoval");
  });

  test("AR-78 of somebody whom another organization manages needs no word here", async () => {
    const [manager, other] = [await scene("Manager"), await scene("Elsewhere")];
    const { organization } = other;
    await home.provision(manager.organization, organization.ownerEmail);
    const elsewhere = await other.owner.api.members.get.query({ id: other.ownerId });
    expect(elsewhere.member.isManaged).toBe(false);
    const second = await scene("Joint");
    await second.owner.api.invitations.send.mutate({
      email: `pam@manager.example`,
      roleIds: [second.roles["Members"] ?? ""],
    });
    const token = await lastLink(home.database, "pam@manager.example");
    const guest = openBrowser(home.url);
    await guest.api.invitations.accept.mutate({ token, password: "four words on a wall" });
    const memberId = (await guest.api.session.current.query())?.memberId ?? "";
    expect((await second.owner.api.members.get.query({ id: memberId })).member.isManaged).toBe(false);
    expect(await remove(second, memberId)).toBeUndefined();
    expect((await manager.owner.api.members.get.query({ id: manager.pam })).member.status).toBe("active");
  });

  test("AR-70 is for owners only, by every path", async () => {
    const acme = await scene("Paths");
    await acme.owner.api.invitations.send.mutate({
      email: "dora@paths.example",
      roleIds: [acme.roles["Deploy Owners"] ?? ""],
    });
    const dora = openBrowser(home.url);
    const token = await lastLink(home.database, "dora@paths.example");
    await dora.api.invitations.accept.mutate({ token, name: "Dora", password: "four words on a wall" });
    const ids = { id: acme.pam, memberId: acme.pam, roleId: acme.roles["Members"] };
    for (const path of ["members.remove", "members.revokeRole", "members.grantRole", "roles.delete"]) {
      expect((await dora.call("mutation", path, ids)).status).toBe(403);
    }
    expect(await heldBy(acme, acme.pam)).toEqual(["Members"]);
  });
});

describe("roles", () => {
  test("are made, renamed, permitted and deleted; who held only that one keeps the default role", async () => {
    const acme = await scene("Roles");
    const { api } = acme.owner;
    const { id } = await api.roles.create.mutate({ name: "Sales", permissions: ["environment.deploy"] });
    const taken = await acme.owner.call("mutation", "roles.create", { name: "SALES", permissions: [] });
    expect([taken.status, refusalOf(taken)]).toEqual([409, "roleNameTaken"]);
    const unknown = await acme.owner.call("mutation", "roles.setPermissions", { id, permissions: ["fly"] });
    expect(refusalOf(unknown)).toBe("permissionUnknown");
    await api.roles.rename.mutate({ id, name: "Field" });
    await api.roles.setPermissions.mutate({ id, permissions: ["sensitive.read", "environment.view"] });
    const { role } = await api.roles.get.query({ id, page: 1, pageSize: 25 });
    expect(role).toMatchObject({ name: "Field", permissions: ["environment.view", "sensitive.read"] });
    await api.members.grantRole.mutate({ memberId: acme.pam, roleId: id });
    await api.members.revokeRole.mutate({ memberId: acme.pam, roleId: acme.roles["Members"] ?? "" });
    await api.roles.delete.mutate({ id });
    expect(await heldBy(acme, acme.pam)).toEqual(["Members"]);
  });

  test("AR-09 AR-60 keep what is built in, in use as default or the directory's", async () => {
    const acme = await scene("Fixed");
    const pushed = await acme.push("Pushed", [acme.pam]);
    const ask = async (path: string, id: string | undefined, more: object = {}) => {
      const answer = await acme.owner.call("mutation", path, { id, ...more });
      return answer.status === 200 ? undefined : refusalOf(answer);
    };
    expect(await ask("roles.delete", acme.roles["Members"])).toBe("roleIsDefault");
    expect(await ask("roles.delete", pushed)).toBe("roleManagedByScim");
    expect(await ask("roles.rename", pushed, { name: "Mine" })).toBe("roleManagedByScim");
    expect(await ask("roles.setPermissions", pushed, { permissions: ["environment.view"] })).toBeUndefined();
    for (const name of ["Account Owners", "Deploy Owners"]) {
      expect(await ask("roles.rename", acme.roles[name], { name: "Mine" })).toBe("roleBuiltIn");
      expect(await ask("roles.delete", acme.roles[name])).toBe("roleBuiltIn");
      expect(await ask("roles.setPermissions", acme.roles[name], { permissions: [] })).toBe("roleBuiltIn");
    }
  });

  test("count who is active, and the others apart", async () => {
    const acme = await scene("Counted");
    await acme.set(acme.pam, false);
    await acme.owner.api.members.grantRole.mutate({ memberId: acme.pam, roleId: acme.roles["Deploy Owners"] ?? "" });
    const listed = await acme.owner.api.roles.list.query();
    expect(listed.find(({ name }) => name === "Deploy Owners")).toMatchObject({ memberCount: 0, inactiveCount: 1 });
  });
});
