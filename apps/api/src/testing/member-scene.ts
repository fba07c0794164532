import { addRole, writeMember, type MemberRow } from "@rollcall/db";
import { refusalOf } from "./observations.ts";
import type { TestBrowser } from "./test-browser.ts";
import { credentialIn, type TestConsole, type TestOrganization } from "./test-console.ts";

/** An organization with its owner signed in, provisioning on, and Pam as a member. */
export type MemberScene = {
  readonly owner: TestBrowser;
  readonly organization: TestOrganization;
  readonly ownerId: string;
  /** Pam, managed by the directory. */
  readonly pam: string;
  readonly roles: Readonly<Record<string, string>>;
  /** The writes of the directory. */
  set(memberId: string, active: boolean): Promise<void>;
  push(name: string, memberIds: readonly string[]): Promise<string>;
};

/** Creates a scene; scenes in one test need different names. */
export async function memberScene(home: TestConsole, name: string): Promise<MemberScene> {
  const { organization, browser: owner } = await home.ownerOf(name);
  const pam = await home.provision(organization, `pam@${name.toLowerCase()}.example`);
  const { token } = await owner.api.tokens.issue.mutate({ name: "Okta" });
  const credential = credentialIn(token);
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
      const outcome = await writeMember<never>(home.database, { ...call, now: home.clock.now, id, intend });
      if (outcome.kind !== "saved") throw new Error(`The person was not changed: ${outcome.kind}`);
    },
    async push(groupName, memberIds) {
      const outcome = await addRole(home.database, call, { name: groupName, externalId: null, memberIds });
      if (outcome.kind !== "saved") throw new Error(`The group was not pushed: ${outcome.kind}`);
      return outcome.roleId;
    },
  };
}

/** A member's roles, by name. */
export async function heldBy({ owner }: MemberScene, id: string): Promise<readonly string[]> {
  const { roles } = await owner.api.members.get.query({ id });
  return roles.filter(({ isHeld }) => isHeld).map(({ role }) => role.name);
}

/** Gives or takes a role; returns the rule that refused it, or undefined. */
export const changeRole = async (
  { owner }: MemberScene,
  what: "grantRole" | "revokeRole",
  memberId: string,
  roleId: string | undefined,
) => {
  const response = await owner.call("mutation", `members.${what}`, { memberId, roleId });
  return response.status === 200 ? undefined : refusalOf(response);
};
