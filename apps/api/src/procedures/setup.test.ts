import { recordRequests } from "@rollcall/db";
import { beforeEach, expect, test } from "vitest";
import { memberScene, type MemberScene } from "../testing/member-scene.ts";
import { refusalOf } from "../testing/observations.ts";
import type { TestBrowser } from "../testing/test-browser.ts";
import type { TestOrganization } from "../testing/test-console.ts";
import { useTestConsole } from "../testing/test-hooks.ts";

const home = await useTestConsole();

// Ids of new rows contain the real time, which must not be behind the server's clock.
const headStartMs = 600_000;
beforeEach(() => {
  home.clock.now = new Date(Date.now() - headStartMs);
});

type Api = TestBrowser["api"];
const nothing = { token: null, firstRequest: null, firstUser: null, firstDeactivation: null, refused: [] };

function aMinuteLater(): void {
  home.clock.now = new Date(home.clock.now.getTime() + 60_000);
}

async function statesOf(api: Api): Promise<Record<string, string>> {
  const { steps } = await api.setup.get.query();
  return Object.fromEntries(steps.flatMap(({ checks }) => checks).map(({ id, state }) => [id, state]));
}

type Seen = { readonly tokenId: string; readonly status: number; readonly detail?: string };

/** Records a request of the provider, as the SCIM service does. */
async function called({ id }: TestOrganization, { tokenId, status, detail = "" }: Seen): Promise<void> {
  const known = {
    organizationId: id,
    tokenId,
    at: home.clock.now,
    method: "GET",
    path: "/Users?count=1",
    status,
    detail,
  };
  const from = { client: "Okta SCIM Client 1.0.0", ip: "203.0.113.7", quirks: [], durationMs: 3, scimType: null };
  await recordRequests(home.database.sql, [{ ...known, ...from }]);
}

/** The requests of a provider within its first minutes. */
async function comeAndGo(scene: MemberScene): Promise<void> {
  const { organization, owner } = scene;
  const [token] = await owner.api.tokens.list.query();
  await called(organization, { tokenId: token?.id ?? "", status: 200 });
  await home.provision(organization, `jim@${organization.name.toLowerCase()}.example`);
  await scene.set(scene.pam, false);
}

// Each step must be derived from current data.
test("a new organization is led from its provider to what is missing", async () => {
  const { organization, api } = await home.ownerOf("Led");
  expect(await api.setup.get.query()).toMatchObject({
    baseUrl: "http://127.0.0.1:4001/scim_v2",
    progress: null,
    openStep: "provider",
    evidence: nothing,
    owners: [{ name: expect.any(String), isLockExempt: false }],
  });
  await api.setup.choose.mutate({ provider: "entra" });
  expect(await api.setup.get.query()).toMatchObject({
    progress: { provider: "entra", startedAt: home.clock.now.toISOString(), finishedAt: null },
    openStep: "prerequisites",
  });
  expect(await statesOf(api)).toMatchObject({ sso: "open", verifiedDomain: "open", breakGlassOwner: "done" });
  const domain =
    "insert into verified_domain (organization_id, domain, domain_key, verified_at, verified_by) values ($1, $2, $2, $3, $4)";
  await home.rows(domain, [organization.id, "led.example", home.clock.now, "Olive"]);
  await api.provisioning.enable.mutate({ acknowledgeNoSso: true });
  expect(await statesOf(api)).toMatchObject({ sso: "accepted", verifiedDomain: "done", provisioningOn: "done" });
  expect(await api.setup.get.query()).toMatchObject({
    openStep: "connect",
    settings: { domains: ["led.example"], domainCount: 1, defaultRole: { name: "Members" } },
  });
  const connection = `insert into sso_connection (organization_id, entity_id, sign_in_url, certificates, is_required,
    created_at, updated_at) values ($1, 'idp', 'https://idp.example', '{}', false, $2, $2)`;
  await home.rows(connection, [organization.id, home.clock.now]);
  expect(await statesOf(api)).toMatchObject({ sso: "accepted" });
  await home.rows("update sso_connection set tested_at = $2 where organization_id = $1", [
    organization.id,
    home.clock.now,
  ]);
  expect(await api.setup.get.query()).toMatchObject({ settings: { hasSso: true, ssoTestedAt: expect.any(String) } });
  expect(await statesOf(api)).toMatchObject({ sso: "done" });
  const issued = await api.tokens.issue.mutate({ name: "Entra" });
  expect(await api.setup.get.query()).toMatchObject({
    openStep: "validate",
    evidence: { token: { id: issued.id, name: "Entra", prefix: expect.stringMatching(/^rcl_.+/) } },
  });
});

// A break-glass owner must not be managed by the directory, and must have a password.
test("break-glass owners change with the locks, the password and the directory", async () => {
  const { organization, api } = await home.ownerOf("Glass");
  const [owner] = (await api.setup.get.query()).owners;
  await home.rows("update member set is_managed = true where organization_id = $1", [organization.id]);
  expect((await statesOf(api))["breakGlassOwner"]).toBe("open");
  await api.locks.setExemption.mutate({ memberId: owner?.memberId ?? "", isExempt: true });
  expect((await api.setup.get.query()).owners).toEqual([{ ...owner, isLockExempt: true }]);
  await home.rows("update account set password_hash = null where email = $1", [organization.ownerEmail]);
  expect((await api.setup.get.query()).owners).toEqual([]);
});

// Evidence counts only from this organization, only since the start, and only the first of each kind.
test("what the provider did before the start does not count, and what it does from then on does", async () => {
  const scene = await memberScene(home, "Seen");
  const rival = await memberScene(home, "Unseen");
  const { api } = scene.owner;
  await comeAndGo(scene);
  aMinuteLater();
  await api.setup.choose.mutate({ provider: "okta" });
  await rival.owner.api.setup.choose.mutate({ provider: "okta" });
  await comeAndGo(rival);
  expect((await api.setup.get.query()).evidence).toEqual(nothing);
  await scene.set(scene.pam, true);
  const [token] = await api.tokens.list.query();
  await called(scene.organization, { tokenId: token?.id ?? "", status: 400, detail: "No such filter." });
  expect((await api.setup.get.query()).evidence).toMatchObject({
    ...nothing,
    refused: [{ status: 400, detail: "No such filter.", tokenPrefix: token?.prefix, tokenName: token?.name }],
  });
  await called(scene.organization, { tokenId: token?.id ?? "", status: 200 });
  const at = home.clock.now.toISOString();
  aMinuteLater();
  await called(scene.organization, { tokenId: token?.id ?? "", status: 200 });
  const dwight = await home.provision(scene.organization, "dwight@seen.example");
  await scene.set(scene.pam, false);
  await scene.set(dwight, false);
  const then = home.clock.now.toISOString();
  expect((await api.setup.get.query()).evidence).toMatchObject({
    firstRequest: { at, method: "GET", path: "/Users?count=1", client: "Okta SCIM Client 1.0.0", ip: "203.0.113.7" },
    firstUser: { at: then, kind: "member.created", memberId: dwight, tokenName: "for dwight@seen.example" },
    firstDeactivation: { at: then, kind: "member.deactivated", memberId: scene.pam, tokenName: "Okta" },
  });
});

async function forgetDomains({ organization }: MemberScene): Promise<void> {
  await home.rows("delete from verified_domain where organization_id = $1", [organization.id]);
}

// Finishing requires a request of the provider, records skipped steps, and allows a restart.
test("it is finished once the provider has called, and starts again from nothing", async () => {
  const scene = await memberScene(home, "Ended");
  const { owner } = scene;
  const { api } = owner;
  expect(refusalOf(await owner.call("mutation", "setup.finish"))).toBe("setupNotBegun");
  expect(refusalOf(await owner.call("mutation", "setup.restart"))).toBe("setupNotBegun");
  aMinuteLater();
  await api.setup.choose.mutate({ provider: "other" });
  expect(refusalOf(await owner.call("mutation", "setup.finish"))).toBe("setupNotConnected");
  await comeAndGo(scene);
  await forgetDomains(scene);
  await api.setup.finish.mutate();
  await api.setup.finish.mutate();
  const ended = await api.setup.get.query();
  expect(ended.progress).toMatchObject({ finishedAt: home.clock.now.toISOString(), finishedBy: expect.any(String) });
  aMinuteLater();
  await api.setup.restart.mutate();
  const again = await api.setup.get.query();
  expect(again).toMatchObject({ progress: { provider: "other", finishedAt: null }, evidence: nothing });
  expect(again.progress?.startedAt).toBe(home.clock.now.toISOString());
  const { entries } = await api.activity.list.query({ limit: 100 });
  expect(
    entries.filter(({ kind }) => kind.startsWith("setup.")).map(({ kind, refusal, after }) => [kind, refusal, after]),
  ).toEqual([
    ["setup.restarted", null, { startedAt: home.clock.now.toISOString() }],
    ["setup.finished", null, { provider: "other", open: ["verifiedDomain"] }],
    ["setup.finished", "setupNotConnected", {}],
    ["setup.provider_chosen", null, { provider: "other" }],
    ["setup.restarted", "setupNotBegun", {}],
    ["setup.finished", "setupNotBegun", {}],
  ]);
});

// The wizard belongs to the organization: another owner continues at the same step.
test("another owner goes on where the first one stopped", async () => {
  const scene = await memberScene(home, "Shared");
  await forgetDomains(scene);
  await scene.owner.api.setup.choose.mutate({ provider: "okta" });
  const other = await home.ownerOf("Helper");
  const memberId = await home.provision(scene.organization, other.organization.ownerEmail);
  await other.api.session.accept.mutate({ organizationId: scene.organization.id });
  await scene.owner.api.members.grantRole.mutate({ memberId, roleId: scene.roles["Account Owners"] ?? "" });
  await other.api.session.switchTo.mutate({ organizationId: scene.organization.id });
  const seen = await scene.owner.api.setup.get.query();
  expect(seen).toMatchObject({ openStep: "prerequisites", progress: { provider: "okta" } });
  expect(await other.api.setup.get.query()).toEqual(seen);
  await other.api.setup.choose.mutate({ provider: "entra" });
  const { progress } = await scene.owner.api.setup.get.query();
  expect(progress).toMatchObject({ provider: "entra", startedAt: seen.progress?.startedAt });
  const { entries } = await scene.owner.api.activity.list.query({ limit: 100 });
  expect(entries.find(({ kind }) => kind === "setup.provider_chosen")).toMatchObject({
    before: { provider: "okta" },
    after: { provider: "entra" },
  });
});
