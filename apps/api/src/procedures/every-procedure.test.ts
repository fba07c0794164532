import { recordRequests } from "@rollcall/db";
import { accountActions } from "@rollcall/domain";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { appRouter } from "../router.ts";
import { proofDemands } from "../security/proof-demand.ts";
import { refusalOf } from "../testing/observations.ts";
import { openBrowser, type TestBrowser } from "../testing/test-browser.ts";
import type { TestOrganization } from "../testing/test-console.ts";
import { useTestConsole } from "../testing/test-hooks.ts";

/** Ids of another organization. */
type Foreign = {
  readonly organizationId: string;
  readonly roleId: string;
  readonly tokenId: string;
  readonly memberId: string;
  /** A held change of that organization. */
  readonly holdId: string;
  readonly changeId: string;
  readonly requestId: string;
  readonly invitationId: string;
  /** A link of that organization with a wrong secret. */
  readonly invitation: string;
};

type Row = {
  readonly who: "public" | "member" | "owner";
  readonly input?: (foreign: Foreign) => object;
  /** An owner's response for another organization's ids: a refusal, or only their own data. */
  readonly foreign: "notFound" | "ownOnly" | "none";
};

const page = { page: 1, pageSize: 100 };
const foreignMapping = ({ roleId }: Foreign): object => ({
  mappings: [{ groupId: roleId, targetId: roleId }],
  basis: [],
});

/** Every procedure. A new one fails the tests until it has its row. */
const table: Readonly<Record<string, Row>> = {
  "session.current": { who: "public", foreign: "ownOnly" },
  "session.signIn": {
    who: "public",
    input: () => ({ email: "nobody@nowhere.example", password: "x" }),
    foreign: "none",
  },
  "session.prove": { who: "member", input: () => ({ password: "x" }), foreign: "none" },
  "session.proofWays": { who: "member", foreign: "ownOnly" },
  "session.signOut": { who: "member", foreign: "none" },
  "session.switchTo": { who: "member", input: ({ organizationId }) => ({ organizationId }), foreign: "notFound" },
  "session.accept": { who: "member", input: ({ organizationId }) => ({ organizationId }), foreign: "notFound" },
  "account.get": { who: "member", foreign: "ownOnly" },
  "account.rename": { who: "member", input: () => ({ name: "Olive Owner" }), foreign: "none" },
  "account.startEmailChange": { who: "member", input: () => ({ email: "new@mine.example" }), foreign: "none" },
  "account.withdrawEmailChange": { who: "member", input: ({ memberId: id }) => ({ id }), foreign: "notFound" },
  "account.checkEmailLink": { who: "public", input: () => ({ token: "x" }), foreign: "notFound" },
  "account.confirmEmailChange": { who: "public", input: () => ({ token: "x" }), foreign: "notFound" },
  "account.changePassword": { who: "member", input: () => ({ current: "x", next: "y" }), foreign: "none" },
  "account.sessions": { who: "member", foreign: "ownOnly" },
  "account.endOtherSessions": { who: "member", foreign: "none" },
  "account.leave": { who: "member", input: ({ organizationId }) => ({ organizationId }), foreign: "notFound" },
  "twoFactor.begin": { who: "member", foreign: "none" },
  "twoFactor.confirm": { who: "member", input: () => ({ code: "000000" }), foreign: "none" },
  "twoFactor.end": { who: "member", input: () => ({ password: "x", code: "000000" }), foreign: "none" },
  "forgottenPassword.request": { who: "public", input: () => ({ email: "x@nowhere.example" }), foreign: "none" },
  "forgottenPassword.check": { who: "public", input: () => ({ token: "x" }), foreign: "notFound" },
  "forgottenPassword.complete": { who: "public", input: () => ({ token: "x", password: "y" }), foreign: "none" },
  "locks.exemptions": { who: "owner", foreign: "ownOnly" },
  "locks.setExemption": {
    who: "owner",
    input: ({ memberId }) => ({ memberId, isExempt: true }),
    foreign: "notFound",
  },
  "mail.list": { who: "public", foreign: "ownOnly" },
  "domains.list": { who: "owner", foreign: "ownOnly" },
  "domains.add": { who: "owner", input: () => ({ domain: "walk.example" }), foreign: "none" },
  "domains.check": { who: "owner", input: () => ({ domain: "their-own.example" }), foreign: "notFound" },
  "domains.remove": {
    who: "owner",
    input: () => ({ domain: "their-own.example", confirm: "their-own.example" }),
    foreign: "notFound",
  },
  "provisioning.get": { who: "owner", foreign: "ownOnly" },
  "provisioning.setDefaultRole": { who: "owner", input: ({ roleId }) => ({ roleId }), foreign: "notFound" },
  "provisioning.previewDefaultRole": { who: "owner", input: ({ roleId }) => ({ roleId }), foreign: "notFound" },
  "provisioning.enable": { who: "owner", input: () => ({ acknowledgeNoSso: true }), foreign: "none" },
  "provisioning.disable": { who: "owner", input: () => ({ confirm: "Mine" }), foreign: "none" },
  "provisioning.turningOff": { who: "owner", foreign: "ownOnly" },
  "provisioning.releasePeople": { who: "owner", foreign: "none" },
  "provisioning.resumePeopleJob": { who: "owner", foreign: "none" },
  "provisioning.setRemovalPolicy": { who: "owner", input: () => ({ onlyDirectory: false }), foreign: "none" },
  "guard.list": { who: "owner", foreign: "ownOnly" },
  "guard.hold": { who: "owner", foreign: "ownOnly" },
  "guard.decide": {
    who: "owner",
    input: ({ holdId }) => ({ decision: "rejected", ids: [holdId] }),
    foreign: "notFound",
  },
  "guard.endDecisions": { who: "owner", input: ({ holdId }) => ({ ids: [holdId] }), foreign: "notFound" },
  "guard.deactivate": { who: "owner", input: ({ holdId: id }) => ({ id }), foreign: "notFound" },
  "guard.release": { who: "owner", foreign: "none" },
  "guard.endRelease": { who: "owner", foreign: "none" },
  "guard.resume": { who: "owner", foreign: "none" },
  "guard.setOn": { who: "owner", input: () => ({ isOn: false }), foreign: "none" },
  "tokens.list": { who: "owner", foreign: "ownOnly" },
  "tokens.issue": { who: "owner", input: () => ({ name: "walk" }), foreign: "none" },
  "tokens.revoke": { who: "owner", input: ({ tokenId: id }) => ({ id, confirmLast: true }), foreign: "notFound" },
  "tokens.revokeAll": { who: "owner", input: () => ({ confirm: "revoke 0 tokens" }), foreign: "none" },
  "tokens.rotate": { who: "owner", input: ({ tokenId: id }) => ({ id, overlapDays: 1 }), foreign: "notFound" },
  "members.list": { who: "owner", input: ({ roleId }) => ({ roleId, ...page }), foreign: "ownOnly" },
  "members.get": { who: "owner", input: ({ memberId: id }) => ({ id }), foreign: "notFound" },
  "members.reactivate": { who: "owner", input: ({ memberId }) => ({ ids: [memberId] }), foreign: "notFound" },
  "members.undoReactivate": { who: "owner", input: ({ memberId }) => ({ ids: [memberId] }), foreign: "notFound" },
  "members.remove": { who: "owner", input: ({ memberId: id }) => ({ id }), foreign: "notFound" },
  "members.grantRole": {
    who: "owner",
    input: ({ memberId, roleId }) => ({ memberId, roleId }),
    foreign: "notFound",
  },
  "members.revokeRole": {
    who: "owner",
    input: ({ memberId, roleId }) => ({ memberId, roleId }),
    foreign: "notFound",
  },
  "members.undoRole": {
    who: "owner",
    input: ({ memberId, roleId, changeId }) => ({ memberId, roleId, changeId }),
    foreign: "notFound",
  },
  "members.offers": { who: "owner", input: ({ memberId: id }) => ({ id }), foreign: "notFound" },
  "members.restoreRoles": { who: "owner", input: ({ memberId: id }) => ({ id }), foreign: "notFound" },
  "members.dismissOffer": { who: "owner", input: ({ memberId: id }) => ({ id }), foreign: "notFound" },
  "person.timeline": {
    who: "owner",
    input: ({ memberId: id, changeId: cursor }) => ({ id, cursor, limit: 100 }),
    foreign: "notFound",
  },
  "person.explain": { who: "owner", input: ({ memberId: id }) => ({ id }), foreign: "notFound" },
  "person.whyNotHere": { who: "owner", input: () => ({ address: "pam@nowhere.example" }), foreign: "ownOnly" },
  "invitations.list": { who: "owner", input: () => page, foreign: "ownOnly" },
  "invitations.send": {
    who: "owner",
    input: ({ roleId }) => ({ email: "walk@mine.example", roleIds: [roleId] }),
    foreign: "notFound",
  },
  "invitations.resend": { who: "owner", input: ({ invitationId: id }) => ({ id }), foreign: "notFound" },
  "invitations.revoke": { who: "owner", input: ({ invitationId: id }) => ({ id }), foreign: "notFound" },
  "invitations.read": { who: "public", input: ({ invitation: token }) => ({ token }), foreign: "notFound" },
  "invitations.accept": { who: "public", input: ({ invitation: token }) => ({ token }), foreign: "notFound" },
  "roles.create": { who: "owner", input: () => ({ name: "Walk", permissions: [] }), foreign: "none" },
  "roles.rename": { who: "owner", input: ({ roleId: id }) => ({ id, name: "Walked" }), foreign: "notFound" },
  "roles.setPermissions": { who: "owner", input: ({ roleId: id }) => ({ id, permissions: [] }), foreign: "notFound" },
  "roles.delete": { who: "owner", input: ({ roleId: id }) => ({ id }), foreign: "notFound" },
  "roles.list": { who: "owner", foreign: "ownOnly" },
  "roles.get": { who: "owner", input: ({ roleId: id }) => ({ id, ...page }), foreign: "notFound" },
  "roles.mappings": { who: "owner", foreign: "ownOnly" },
  "roles.previewMapping": { who: "owner", input: foreignMapping, foreign: "notFound" },
  "roles.setMappings": { who: "owner", input: foreignMapping, foreign: "notFound" },
  "roles.setLinked": { who: "owner", input: ({ roleId: id }) => ({ id, isLinked: true }), foreign: "notFound" },
  "activity.list": {
    who: "owner",
    input: ({ memberId, changeId: cursor }) => ({ limit: 100, memberId, cursor }),
    foreign: "ownOnly",
  },
  "requests.list": { who: "owner", input: ({ requestId: cursor }) => ({ limit: 100, cursor }), foreign: "ownOnly" },
  "requests.ofEntry": { who: "owner", input: ({ changeId: entryId }) => ({ entryId }), foreign: "notFound" },
  "setup.get": { who: "owner", foreign: "ownOnly" },
  "setup.choose": { who: "owner", input: () => ({ provider: "okta" }), foreign: "none" },
  "setup.restart": { who: "owner", foreign: "none" },
  "setup.finish": { who: "owner", foreign: "none" },
  "health.get": { who: "owner", foreign: "ownOnly" },
  "health.state": { who: "owner", foreign: "ownOnly" },
  "health.drift": { who: "owner", foreign: "ownOnly" },
  "health.driftPeople": { who: "owner", input: () => ({ kind: "unlinked", ...page }), foreign: "ownOnly" },
  "health.driftHolders": { who: "owner", input: () => page, foreign: "ownOnly" },
  "selfCheck.start": { who: "owner", input: () => ({ provider: "okta" }), foreign: "none" },
  "selfCheck.get": { who: "owner", foreign: "ownOnly" },
  "selfCheck.exchanges": {
    who: "owner",
    input: ({ memberId: checkId }) => ({ checkId, position: 1 }),
    foreign: "ownOnly",
  },
  "selfCheck.transcript": { who: "owner", foreign: "ownOnly" },
  "requests.get": { who: "owner", input: ({ requestId: id }) => ({ id }), foreign: "notFound" },
  "sso.get": { who: "owner", foreign: "ownOnly" },
  "sso.configure": { who: "owner", input: () => ({ metadataXml: "none" }), foreign: "none" },
  "sso.ways": { who: "owner", foreign: "ownOnly" },
  "sso.remove": { who: "owner", input: () => ({ confirm: "remove" }), foreign: "none" },
  "sso.setRequired": { who: "owner", input: () => ({ isRequired: true }), foreign: "none" },
  "sso.addExemption": { who: "owner", input: ({ memberId }) => ({ memberId }), foreign: "notFound" },
  "sso.removeExemption": { who: "owner", input: ({ memberId }) => ({ memberId }), foreign: "notFound" },
  "sso.startTest": { who: "owner", foreign: "none" },
  "sso.testReport": { who: "owner", input: ({ requestId: id }) => ({ id }), foreign: "ownOnly" },
  "sso.find": { who: "public", input: () => ({ organization: "nobody@nowhere.example" }), foreign: "none" },
};

const home = await useTestConsole();
let mine: TestOrganization;
let theirs: TestOrganization;
let foreign: Foreign;
let owner: TestBrowser;
let nonOwner: TestBrowser;

beforeAll(async () => {
  [mine, theirs] = [await home.organization("Mine"), await home.organization("Theirs")];
  owner = await openBrowser(home.url).signIn(mine);
  foreign = await foreignIds(await openBrowser(home.url).signIn(theirs));
  nonOwner = await memberOfMine();
});

const metaShape = z.looseObject({ meta: z.object({ accountAction: z.string() }).optional() });

const procedures = Object.entries(appRouter._def.procedures).map(([path, procedure]) => ({
  path,
  kind: isQuery(procedure) ? ("query" as const) : ("mutation" as const),
  accountAction: metaShape.parse(definitionOf(procedure)).meta?.accountAction,
  row: table[path] ?? { who: "owner", foreign: "none" },
}));

test("the table names every procedure of the router, and nothing else", () => {
  expect(procedures.map(({ path }) => path).sort()).toEqual(Object.keys(table).sort());
});

// A new mutation must name its account action, or `none`.
test.each(procedures.filter(({ kind }) => kind === "mutation"))(
  "AR-66 $path names its account action",
  ({ accountAction }) => {
    expect([...Object.keys(accountActions), "none"]).toContain(accountAction);
  },
);

test("the proof table names every mutation that needs a session, and nothing else", () => {
  const own = procedures.filter(({ kind, row }) => kind === "mutation" && row.who !== "public");
  expect(Object.keys(proofDemands).sort()).toEqual(own.map(({ path }) => path).sort());
});

// A browser left open, or a stolen cookie, must not suffice for a permanent takeover (rule 17).
describe("an owner whose last proof is ten minutes old", () => {
  let stale: TestBrowser;
  beforeAll(async () => {
    stale = await openBrowser(home.url).signIn(mine);
    const text = `update session set password_at = $2 where organization_id = $1 and id = $3`;
    const [session] = await stale.api.account.sessions.query();
    const at = new Date(home.clock.now.getTime() - 10 * 60_000);
    await home.rows(text, [mine.id, at, session?.id]);
  });

  const always = procedures.filter(({ path }) => proofDemands[path] === "always");
  test.each(always)("cannot make $path", async ({ path, row }) => {
    const before = await changesOf(mine);
    const response = await stale.call("mutation", path, row.input?.(foreign));
    expect([response.status, refusalOf(response)]).toEqual([403, "proofTooOld"]);
    expect(await changesOf(mine)).toBe(before);
  });

  test("gives and takes the roles of others, and not those of owners", async () => {
    const roles = await stale.api.roles.list.query();
    const { members } = await stale.api.members.list.query(page);
    const idOf = (list: readonly { id: string }[], index: number): string => list[index]?.id ?? "";
    const [ownerRole, deployRole, custom] = ["owner", "deploy_owner", "custom"].map((kind) =>
      idOf(
        roles.filter((one) => one.kind === kind),
        0,
      ),
    );
    const [owners, others] = [true, false].map((isOwner) =>
      members.filter((one) => isOwner === one.roles.some(({ id }) => id === ownerRole)),
    );
    const input = { memberId: idOf(others ?? [], 0), roleId: custom };
    const refused = async (path: string, more: object): Promise<string | undefined> => {
      const response = await stale.call("mutation", path, { ...input, ...more });
      return response.status === 200 ? "none" : refusalOf(response);
    };
    expect(await refused("members.grantRole", {})).toBe("none");
    for (const path of ["members.grantRole", "members.revokeRole", "members.undoRole"]) {
      for (const roleId of [ownerRole, deployRole]) expect(await refused(path, { roleId })).toBe("proofTooOld");
      expect(await refused(path, { memberId: idOf(owners ?? [], 0) })).toBe("proofTooOld");
    }
    expect(await refused("members.remove", { id: idOf(owners ?? [], 0) })).toBe("proofTooOld");
    for (const roleId of [ownerRole, deployRole]) {
      expect(await refused("invitations.send", { email: "x@mine.example", roleIds: [roleId] })).toBe("proofTooOld");
      // New people of the directory, or those in the mapped group, would get it.
      expect(await refused("provisioning.setDefaultRole", { roleId })).toBe("proofTooOld");
      expect(await refused("roles.setLinked", { id: roleId, isLinked: true })).toBe("proofTooOld");
    }
  });

  test("may again once anything is proven", async () => {
    await expect(stale.api.session.prove.mutate({ password: "wrong" })).rejects.toMatchObject({
      data: { rule: { kind: "passwordWrong" } },
    });
    await expect(stale.api.tokens.revokeAll.mutate({ confirm: "x" })).rejects.toMatchObject({
      data: { rule: { kind: "proofTooOld" } },
    });
    await stale.api.session.prove.mutate({ password: mine.ownerPassword });
    await expect(stale.api.tokens.revokeAll.mutate({ confirm: "x" })).rejects.toMatchObject({
      data: { rule: { kind: "confirmationWrong" } },
    });
  });
});

describe("without a session", () => {
  test.each(procedures.filter(({ row }) => row.who !== "public"))("$path is refused", async ({ path, kind, row }) => {
    const response = await openBrowser(home.url).call(kind, path, row.input?.(foreign));
    expect(response).toMatchObject({ status: 401, body: { error: { data: { code: "UNAUTHORIZED" } } } });
    expect(response.body).not.toHaveProperty("result");
  });
});

describe("AR-02 AR-70 a member without the owner role", () => {
  test.each(procedures.filter(({ row }) => row.who === "owner"))("is refused $path", async ({ path, kind, row }) => {
    const response = await nonOwner.call(kind, path, row.input?.(foreign));
    expect(response).toMatchObject({ status: 403, body: { error: { data: { code: "FORBIDDEN" } } } });
    expect(response.body).not.toHaveProperty("result");
  });
});

describe("an owner with another organization's ids", () => {
  const tried = procedures.filter(({ row }) => row.foreign !== "none");
  test.each(tried)("sees and changes nothing of it by $path", async ({ path, kind, row }) => {
    const before = await changesOf(theirs);
    const response = await owner.call(kind, path, row.input?.(foreign));
    const refusal = { status: 404, body: { error: { data: { code: "NOT_FOUND" } } } };
    expect(response).toMatchObject(row.foreign === "notFound" ? refusal : { status: 200, body: { result: {} } });
    const said = JSON.stringify(response.body);
    for (const secret of ["Theirs", "theirs.example", foreign.organizationId]) expect(said).not.toContain(secret);
    expect(await changesOf(theirs)).toBe(before);
  });
});

/** tRPC keeps its procedures in one flat record, which its types do not show. */
function isQuery(procedure: unknown): boolean {
  const definition = definitionOf(procedure);
  return "type" in definition && definition.type === "query";
}

function definitionOf(procedure: unknown): object {
  if (typeof procedure !== "function" || !("_def" in procedure)) throw new Error("This is no procedure.");
  const { _def: definition } = procedure;
  if (typeof definition !== "object" || definition === null) throw new Error("This procedure has no definition.");
  return definition;
}

async function foreignIds(their: TestBrowser): Promise<Foreign> {
  const memberId = await home.provision(theirs, "pam@theirs.example");
  await their.api.domains.add.mutate({ domain: "their-own.example" });
  const { id: tokenId } = await their.api.tokens.issue.mutate({ name: "Theirs" });
  const roleId = (await their.api.roles.list.query()).find(({ kind }) => kind === "custom")?.id ?? "";
  await recordRequests(home.database.sql, [
    {
      organizationId: theirs.id,
      tokenId,
      at: home.clock.now,
      method: "GET",
      path: "/Users?filter=theirs.example",
      status: 200,
      scimType: null,
      detail: null,
      durationMs: 1,
      client: "Theirs",
      ip: null,
      quirks: [],
    },
  ]);
  const holdId = memberId.replace(/^.{8}/, "01900000");
  const hold = `insert into guard_hold (organization_id, id, member_id, kind, request_id, first_tried_at, last_tried_at, tries)
    values ($1, $2, $3, 'member.deactivated', '', now(), now(), 1)`;
  await home.rows(hold, [theirs.id, holdId, memberId]);
  const { entries } = await their.api.activity.list.query({ limit: 1 });
  const { requests } = await their.api.requests.list.query({ limit: 1 });
  const [changeId, requestId] = [entries[0]?.id ?? "", requests[0]?.id ?? ""];
  const { id: invitationId } = await their.api.invitations.send.mutate({
    email: "new@theirs.example",
    roleIds: [roleId],
  });
  const invitation = `${theirs.id}.${invitationId}.x`;
  const ids = { roleId, tokenId, memberId, holdId, changeId, requestId, invitationId };
  return { organizationId: theirs.id, ...ids, invitation };
}

/** A person with a password elsewhere, added to "Mine" by its provider, who has accepted. */
async function memberOfMine(): Promise<TestBrowser> {
  const elsewhere = await home.organization("Elsewhere");
  await home.provision(mine, elsewhere.ownerEmail);
  const browser = await openBrowser(home.url).signIn(elsewhere);
  await browser.api.session.accept.mutate({ organizationId: mine.id });
  await browser.api.session.switchTo.mutate({ organizationId: mine.id });
  return browser;
}

async function changesOf(organization: TestOrganization): Promise<string> {
  const statement = { name: "", text: "select count(*) as count from change where organization_id = $1" };
  return JSON.stringify(await home.database.sql.query(statement, [organization.id]));
}
