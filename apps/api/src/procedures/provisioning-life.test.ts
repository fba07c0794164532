import { addMember, loadCaller, writeMember, type MemberRow } from "@rollcall/db";
import { describe, expect, test } from "vitest";
import type { TestBrowser } from "../testing/test-browser.ts";
import { credentialIn, type TestOrganization } from "../testing/test-console.ts";
import { useTestConsole } from "../testing/test-hooks.ts";

const home = await useTestConsole();

let count = 0;

type Scene = { readonly own: TestOrganization; readonly owner: TestBrowser; readonly token: string };

/** An organization whose owner has turned provisioning on in the console and generated a token. */
async function scene(): Promise<Scene> {
  count += 1;
  const { organization: own, browser: owner } = await home.ownerOf(`Life${count}`);
  await owner.api.provisioning.enable.mutate({ acknowledgeNoSso: true });
  await owner.api.guard.setOn.mutate({ isOn: false });
  const { token } = await owner.api.tokens.issue.mutate({ name: "Okta" });
  return { own, owner, token };
}

const at = { requestId: "provider" };
const nothing = { externalId: null, givenName: null, familyName: null, displayName: null, active: undefined };

/** Sends a POST as the provider does. */
async function push(token: string, userName: string): Promise<MemberRow> {
  const input = { ...nothing, userName };
  const { added } = await addMember(home.database, credentialIn(token), input, { ...at, now: home.clock.now });
  if (added?.ok !== true) throw new Error(`${userName} was not added: ${JSON.stringify(added)}`);
  return added.value;
}

/** Sends a PUT as the provider does. */
async function put(token: string, member: MemberRow, active?: boolean): Promise<string> {
  const { userName } = member;
  const outcome = await writeMember(home.database, {
    ...at,
    now: home.clock.now,
    credential: credentialIn(token),
    id: member.id,
    intend: () => ({ ok: true, value: { kind: "change", input: { ...nothing, userName, active } } }),
  });
  return outcome.kind;
}

async function rolesOf(browser: TestBrowser, userName: string): Promise<readonly string[]> {
  const { members } = await browser.api.members.list.query({ page: 1, pageSize: 100, search: userName });
  return members.flatMap(({ roles }) => roles.map(({ name }) => name));
}

test("AR-06 a new default role applies to people added afterwards; existing roles stay", async () => {
  const { owner, token } = await scene();
  await push(token, "early@life.example");
  const roles = await owner.api.roles.list.query();
  const deployers = roles.find(({ kind }) => kind === "deploy_owner");
  await owner.api.provisioning.setDefaultRole.mutate({ roleId: deployers?.id ?? "", confirmOwnerRole: true });
  await push(token, "late@life.example");
  expect(await rolesOf(owner, "early@life.example")).toEqual(["Members"]);
  expect(await rolesOf(owner, "late@life.example")).toEqual(["Deploy Owners"]);
});

test("AR-18 a token outlives its creator, and still names them", async () => {
  const { own, owner, token } = await scene();
  const { account } = (await owner.api.session.current.query()) ?? {};
  const text = `update member set active = false where organization_id = $1 and user_name = $2`;
  await home.rows(text, [own.id, own.ownerEmail]);
  expect((await loadCaller(home.database.sql, credentialIn(token), home.clock.now)).ok).toBe(true);
  const madeBy = "select created_by from scim_token where organization_id = $1";
  expect(await home.rows(madeBy, [own.id])).toEqual([{ created_by: account?.name }]);
});

describe("turning provisioning off", () => {
  test("AR-76 after everybody was unassigned no person added by the directory has access", async () => {
    const { own, owner, token } = await scene();
    const people = [await push(token, "a@life.example"), await push(token, "b@life.example")];
    for (const person of people) expect(await put(token, person, false)).toBe("saved");
    await owner.api.provisioning.disable.mutate({ confirm: own.name });
    const { members } = await owner.api.members.list.query({ page: 1, pageSize: 100, status: "active" });
    expect(members.map(({ userName }) => userName)).toEqual([own.ownerEmail]);
    const { total } = await owner.api.members.list.query({ page: 1, pageSize: 100, managed: true });
    expect(total).toBe(0);
  });

  test("AR-77 and on again matches people by their email: same identity, same roles", async () => {
    const { own, owner, token } = await scene();
    const before = await push(token, "back@life.example");
    await owner.api.provisioning.disable.mutate({ confirm: own.name });
    await owner.api.provisioning.enable.mutate({ acknowledgeNoSso: true });
    const { token: newToken } = await owner.api.tokens.issue.mutate({ name: "Okta again" });
    expect(await put(newToken, before)).toBe("saved");
    const { members } = await owner.api.members.list.query({ page: 1, pageSize: 10, search: "back@" });
    expect(members).toMatchObject([{ id: before.id, isManaged: true }]);
    expect(await rolesOf(owner, "back@life.example")).toEqual(["Members"]);
  });
});

test("AR-79 an owner of two organizations sets each up by itself", async () => {
  const { own, owner } = await scene();
  const second = await home.organization(`Second${count}`);
  const text = "update member set account_id = (select id from account where email = $2) where organization_id = $1";
  await home.rows(text, [second.id, own.ownerEmail]);
  await owner.api.session.switchTo.mutate({ organizationId: second.id });
  expect(await owner.api.provisioning.get.query()).toMatchObject({ isEnabled: false });
  expect(await owner.api.tokens.list.query()).toEqual([]);
  await owner.api.provisioning.enable.mutate({ acknowledgeNoSso: true });
  await owner.api.provisioning.disable.mutate({ confirm: second.name });
  await owner.api.session.switchTo.mutate({ organizationId: own.id });
  expect(await owner.api.provisioning.get.query()).toMatchObject({ isEnabled: true });
  expect(await owner.api.tokens.list.query()).toMatchObject([{ name: "Okta", status: "ACTIVE" }]);
});
