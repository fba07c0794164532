import { addMember, writeMember } from "@rollcall/db";
import { whileLocked } from "@rollcall/db/testing/locks";
import { describe, expect, test } from "vitest";
import { lastLink, refusalOf } from "../testing/observations.ts";
import { openBrowser, type TestBrowser } from "../testing/test-browser.ts";
import { useTestConsole } from "../testing/test-hooks.ts";
import { credentialIn } from "../testing/test-console.ts";

// An account that no membership uses may have been another person's: its next holder shares nothing with that person.

const home = await useTestConsole();
const [formerPassword, nextPassword] = ["the former one of them", "the next one of them"];

const later = (): void => void (home.clock.now = new Date(home.clock.now.getTime() + 1000));

async function roleOf(owner: TestBrowser, name: string): Promise<string> {
  return (await owner.api.roles.list.query()).find((role) => role.name === name)?.id ?? "";
}

/** Invites the address to the role, and follows the mailed link in a new browser. */
async function join(owner: TestBrowser, email: string, role: string, password?: string): Promise<TestBrowser> {
  await owner.api.invitations.send.mutate({ email, roleIds: [await roleOf(owner, role)] });
  const browser = openBrowser(home.url);
  await browser.api.invitations.accept.mutate({ token: await lastLink(home.database, email), name: email, password });
  return browser;
}

/** The directory of an organization whose provisioning is on. */
async function directoryOf(owner: TestBrowser) {
  const credential = credentialIn((await owner.api.tokens.issue.mutate({ name: "Okta" })).token);
  const call = () => ({ now: home.clock.now, requestId: "scim" });
  return {
    async add(userName: string, externalId: string): Promise<string> {
      later();
      const person = { userName, externalId, givenName: "F", familyName: null, displayName: null, active: true };
      const { added } = await addMember(home.database, credential, person, call());
      if (added?.ok !== true) throw new Error("The person was not added.");
      return added.value.id;
    },
    async remove(id: string): Promise<void> {
      later();
      const intend = () => ({ ok: true as const, value: { kind: "delete" as const } });
      const outcome = await writeMember<never>(home.database, { ...call(), credential, id, intend });
      if (outcome.kind !== "saved") throw new Error(`The person was not removed: ${outcome.kind}`);
    },
  };
}

describe("the next holder of an account", () => {
  test("rule 5a ends the sessions of the former one, who signed in while the membership was pending", async () => {
    const email = "fred@mail.example";
    const harbor = await home.organization("Harbor");
    await home.provision(harbor, "first@harbor.example");
    const owner = await openBrowser(home.url).signIn(harbor);
    const directory = await directoryOf(owner);
    const former = await directory.add(email, "f-1");
    await join(owner, email, "Members", formerPassword);
    await directory.remove(former);
    await directory.add(email, "f-2");
    const fred = openBrowser(home.url);
    await fred.api.session.signIn.mutate({ email, password: formerPassword });
    expect(await fred.api.session.current.query()).toMatchObject({ organization: null });
    later();
    const nora = await join(owner, email, "Account Owners", nextPassword);
    expect(await nora.api.session.current.query()).toMatchObject({ isOwner: true });
    expect(await fred.api.session.current.query()).toBeNull();
  });

  test("is not moved by the former one’s link that reverts a change of the address", async () => {
    const { browser: owner } = await home.ownerOf("Undo");
    const fred = await join(owner, "fred@home.example", "Members", formerPassword);
    await fred.api.account.startEmailChange.mutate({ email: "desk@undo.example" });
    const confirm = { token: await lastLink(home.database, "desk@undo.example") };
    await openBrowser(home.url).api.account.confirmEmailChange.mutate(confirm);
    const revert = { token: await lastLink(home.database, "fred@home.example") };
    const [member] = (await owner.api.members.list.query({ page: 1, pageSize: 100, search: "desk@" })).members;
    await owner.api.members.remove.mutate({ id: member?.id ?? "", confirm: member?.name ?? "" });
    later();
    await join(owner, "desk@undo.example", "Account Owners", nextPassword);
    const reverted = await openBrowser(home.url).call("mutation", "account.confirmEmailChange", revert);
    expect(refusalOf(reverted)).toBe("linkEnded");
  });
});

// Whoever cannot sign in is no owner who remains.
test("an owner whose account has lost its address to another person does not count as the last one", async () => {
  const acme = await home.organization("Acme");
  await home.provision(acme, "first@acme.example");
  const acmeOwner = await openBrowser(home.url).signIn(acme);
  const directory = await directoryOf(acmeOwner);
  const first = await directory.add("pam@acme.example", "p-1");
  await acmeOwner.api.locks.setExemption.mutate({ memberId: first, isExempt: true });
  const { organization: beta, browser: olive } = await home.ownerOf("Beta");
  await join(olive, "pam@acme.example", "Account Owners", formerPassword);
  await directory.remove(first);
  await directory.add("pam@acme.example", "p-2");
  const left = await olive.call("mutation", "account.leave", { organizationId: beta.id });
  expect(refusalOf(left)).toBe("lastOwner");
});

// Nobody keeps the rights of an owner by an invitation to an address of their own.
test("an invitation to a built-in role works only while its sender is an owner, or once another owner sends it again", async () => {
  const { browser: olive } = await home.ownerOf("Gamma");
  const fred = await join(olive, "fred@gamma.example", "Account Owners", formerPassword);
  const email = "alias@home.example";
  await fred.api.invitations.send.mutate({ email, roleIds: [await roleOf(fred, "Account Owners")] });
  const [member] = (await olive.api.members.list.query({ page: 1, pageSize: 100, search: "fred@" })).members;
  await olive.api.members.remove.mutate({ id: member?.id ?? "", confirm: member?.name ?? "" });
  const accept = async () => {
    const given = { token: await lastLink(home.database, email), name: "Alias", password: nextPassword };
    return openBrowser(home.url).call("mutation", "invitations.accept", given);
  };
  expect(refusalOf(await accept())).toBe("linkEnded");
  const [open] = (await olive.api.invitations.list.query({ page: 1, pageSize: 100 })).invitations;
  later();
  await olive.api.invitations.resend.mutate({ id: open?.id ?? "" });
  expect((await accept()).status).toBe(200);
});

test("an owner’s request that waits behind their removal is not done", async () => {
  const { organization: delta, browser: olive } = await home.ownerOf("Delta");
  const fred = await join(olive, "fred@delta.example", "Account Owners", formerPassword);
  const [member] = (await olive.api.members.list.query({ page: 1, pageSize: 100, search: "fred@" })).members;
  const roleIds = [await roleOf(olive, "Members")];
  const lock = { text: "select from provisioning where organization_id = $1 for update", values: [delta.id] };
  const { removed, invited } = await whileLocked(home.database, lock, async (waitFor) => {
    const removed = olive.api.members.remove.mutate({ id: member?.id ?? "", confirm: member?.name ?? "" });
    await waitFor(1, removed);
    const invited = fred.call("mutation", "invitations.send", { email: "alias@home.example", roleIds });
    await waitFor(2, invited);
    return { removed, invited };
  });
  await removed;
  expect((await invited).body).toMatchObject({ error: { data: { code: "FORBIDDEN" } } });
});
