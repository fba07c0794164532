import { randomUUID } from "node:crypto";
import { changeRole as push, recordRequests } from "@rollcall/db";
import { expect, test } from "vitest";
import { memberScene } from "../testing/member-scene.ts";
import { useTestConsole } from "../testing/test-hooks.ts";
import { credentialIn } from "../testing/test-console.ts";

const home = await useTestConsole();

/** An organization with the manual role Ops, and a provider that links a group to it. */
async function linkScene(name: string) {
  const scene = await memberScene(home, name);
  const { api } = scene.owner;
  const { id: ops } = await api.roles.create.mutate({ name: "Ops", permissions: [] });
  const { id: tokenId, token } = await api.tokens.issue.mutate({ name: "Okta production" });
  const credential = credentialIn(token);
  return {
    ...scene,
    api,
    ops,
    /** Adds Pam to the group, as Okta's "Link Group" does; returns the request, and the rule that refused it. */
    pushPam: async (roleId = ops) => {
      const requestId = randomUUID();
      const call = { now: home.clock.now, requestId, credential };
      const outcome = await push(home.database, call, roleId, { members: [{ kind: "add", memberIds: [scene.pam] }] });
      const organizationId = scene.organization.id;
      const facts = { at: new Date(), tokenId, method: "PATCH", path: `/scim_v2/Groups/${roleId}`, requestId };
      const rest = { scimType: null, detail: null, durationMs: 2, client: null, ip: null, quirks: [] };
      const refusal = outcome.kind === "refused" ? outcome.refusal.kind : undefined;
      const status = refusal === undefined ? 204 : 409;
      await recordRequests(home.database.sql, [
        { ...rest, ...facts, organizationId, status, refusal: refusal ?? null },
      ]);
      const { requests } = await api.requests.list.query({ limit: 1 });
      return { scimRequestId: requests[0]?.id ?? "", refusal };
    },
    rolesToLink: async (scimRequestId: string) => (await api.requests.get.query({ id: scimRequestId })).rolesToLink,
    linkRequest: async (id = ops) => (await api.roles.get.query({ id, page: 1, pageSize: 10 })).linkRequest,
  };
}

// Okta's "Link Group" to a manual role: the owner must see the request and decide.
test("a refused push to a manual role is offered to the owner, who allows it or takes it back", async () => {
  const { api, ops, pushPam, rolesToLink, linkRequest } = await linkScene("Linker");
  expect(await linkRequest()).toBeNull();
  const refused = await pushPam();
  expect(refused.refusal).toBe("roleNotLinked");
  expect(await rolesToLink(refused.scimRequestId)).toEqual([{ id: ops, name: "Ops" }]);
  expect(await linkRequest()).toEqual({ at: home.clock.now.toISOString(), tokenName: "Okta production" });

  await api.roles.setLinked.mutate({ id: ops, isLinked: true });
  expect([await rolesToLink(refused.scimRequestId), await linkRequest()]).toEqual([[], null]);
  expect((await pushPam()).refusal).toBeUndefined();
  const { role, members } = await api.roles.get.query({ id: ops, page: 1, pageSize: 10 });
  expect(role).toMatchObject({ isLinked: true, memberCount: 1 });
  expect(members).toMatchObject([{ sources: ["group"] }]);

  await api.roles.setLinked.mutate({ id: ops, isLinked: false });
  expect(await linkRequest()).toBeNull();
  const { entries } = await api.activity.list.query({ limit: 100, area: "role" });
  expect(entries.filter(({ kind }) => kind.endsWith("linked")).map(({ kind, actor }) => [kind, actor.kind])).toEqual([
    ["role.unlinked", "person"],
    ["role.linked", "person"],
  ]);
  expect((await pushPam()).refusal).toBe("roleNotLinked");
  expect(await linkRequest()).not.toBeNull();
});

test("an offer of the owners’ role needs a fresh proof, and the role stays built in", async () => {
  const { owner, api, roles, pushPam, linkRequest, rolesToLink } = await linkScene("Privileged");
  const owners = roles["Account Owners"] ?? "";
  const { scimRequestId } = await pushPam(owners);
  expect(await rolesToLink(scimRequestId)).toEqual([{ id: owners, name: "Account Owners" }]);
  home.clock.now = new Date(home.clock.now.getTime() + 11 * 60_000);
  expect((await owner.call("mutation", "roles.setLinked", { id: owners, isLinked: true })).status).toBe(403);
  expect(await linkRequest(owners)).not.toBeNull();
  expect((await api.roles.get.query({ id: owners, page: 1, pageSize: 10 })).role).toMatchObject({
    kind: "owner",
    isLinked: false,
  });
});

test("an offer ends with provisioning, and is hidden from other organizations", async () => {
  const { api, organization, pushPam, rolesToLink, linkRequest } = await linkScene("Ended");
  const { scimRequestId } = await pushPam();
  const other = await memberScene(home, "Elsewhere");
  expect((await other.owner.call("query", "requests.get", { id: scimRequestId })).status).toBe(404);
  await home.release(organization);
  expect([await linkRequest(), await rolesToLink(scimRequestId)]).toEqual([null, []]);
  home.clock.now = new Date(home.clock.now.getTime() + 1000);
  await api.provisioning.enable.mutate({ acknowledgeNoSso: true });
  expect(await linkRequest()).toBeNull();
  expect(await rolesToLink(scimRequestId)).toEqual([expect.objectContaining({ name: "Ops" })]);
});
