import { addMember } from "@rollcall/db";
import { describe, expect, test } from "vitest";
import { lastLink, refusalOf } from "../testing/observations.ts";
import { openBrowser, type TestBrowser } from "../testing/test-browser.ts";
import { credentialIn, type TestOrganization } from "../testing/test-console.ts";
import { useTestConsole } from "../testing/test-hooks.ts";

const home = await useTestConsole();

const dayMs = 86_400_000;
const password = "four words on a wall";

type Inviting = TestBrowser & { readonly organization: TestOrganization; readonly roleId: string };

const listed = async ({ api }: TestBrowser) =>
  (await api.invitations.list.query({ page: 1, pageSize: 10 })).invitations;

async function ownerOf(name: string): Promise<Inviting> {
  const { organization, browser } = await home.ownerOf(name);
  const roles = await browser.api.roles.list.query();
  return { ...browser, organization, roleId: roles.find(({ kind }) => kind === "custom")?.id ?? "" };
}

/** Sends an invitation and returns the link of its email. */
async function invited(owner: Inviting, email: string): Promise<string> {
  await owner.api.invitations.send.mutate({ email, roleIds: [owner.roleId] });
  return lastLink(home.database, email);
}

/** `leave`: ends the membership of the second owner. */
async function secondOwnerOf(owner: Inviting) {
  const ownerRole = (await owner.api.roles.list.query()).find(({ kind }) => kind === "owner")?.id ?? "";
  const email = `kim@${owner.organization.name.toLowerCase()}.example`;
  await owner.api.invitations.send.mutate({ email, roleIds: [ownerRole] });
  const kim = openBrowser(home.url);
  await accept(await lastLink(home.database, email), kim, { name: "Kim", password });
  const id = (await kim.api.session.current.query())?.memberId ?? "";
  return { kim, ownerRole, leave: () => owner.api.members.remove.mutate({ id, confirm: "Kim" }) };
}

const read = (token: string, browser = openBrowser(home.url)) => browser.call("query", "invitations.read", { token });
const accept = (token: string, browser = openBrowser(home.url), more: object = {}) =>
  browser.call("mutation", "invitations.accept", { token, ...more });

async function kindsIn(owner: Inviting): Promise<readonly string[]> {
  const { entries } = await owner.api.activity.list.query({ limit: 100 });
  return entries.map(({ kind, refusal }) => (refusal === null ? kind : `${kind}: ${refusal}`));
}

describe("an invitation", () => {
  test("lets a person without an account create one, join with the roles and be signed in, once", async () => {
    const owner = await ownerOf("Fresh");
    const token = await invited(owner, "New@fresh.example");
    expect(await read(token)).toMatchObject({
      status: 200,
      body: { result: { data: { organizationName: "Fresh", email: "New@fresh.example", way: "signUp" } } },
    });
    const guest = openBrowser(home.url);
    const weak = await accept(token, guest, { name: "Nelly New", password: "short" });
    expect([weak.status, refusalOf(weak)]).toEqual([400, "passwordWeak"]);
    expect((await accept(token, guest, { name: "Nelly New", password })).status).toBe(200);
    expect(await guest.api.session.current.query()).toMatchObject({
      account: { email: "New@fresh.example", name: "Nelly New" },
      organization: { name: "Fresh" },
      roles: ["Members"],
    });
    const again = await accept(token, openBrowser(home.url), { name: "N", password });
    expect([again.status, refusalOf(again)]).toEqual([404, "linkEnded"]);
    expect(await listed(owner)).toEqual([]);
    expect(await kindsIn(owner)).toEqual(expect.arrayContaining(["invitation.accepted", "member.created"]));
    const { entries } = await owner.api.activity.list.query({ kind: "member.created", limit: 9 });
    expect(entries.map(({ actor, isSelf }) => [actor.name, isSelf])).toEqual([["Nelly New", true]]);
    const back = await openBrowser(home.url).signIn({ ownerEmail: "new@fresh.example", ownerPassword: password });
    expect((await back.api.session.current.query())?.organization?.name).toBe("Fresh");
    const session = await home.rows("select method from session where organization_id = $1", [owner.organization.id]);
    expect(session.map(({ method }) => method)).toContain("invitation");
  });

  test("is for that address only: a person with an account signs in first", async () => {
    const owner = await ownerOf("Exact");
    const other = await ownerOf("Other");
    const { ownerEmail } = other.organization;
    const token = await invited(owner, ownerEmail.toUpperCase());
    expect(await read(token)).toMatchObject({ body: { result: { data: { way: "signIn" } } } });
    const visitor = await openBrowser(home.url).signIn(await home.organization("Stranger"));
    for (const browser of [visitor, openBrowser(home.url)]) {
      const refused = await accept(token, browser, { name: "Mallory", password });
      expect([refused.status, refusalOf(refused)]).toEqual([403, "invitationForOther"]);
    }
    expect(refusalOf(await read(token, visitor))).toBe("invitationForOther");
    expect(await read(token, other)).toMatchObject({ body: { result: { data: { way: "join" } } } });
    expect((await accept(token, other)).status).toBe(200);
    expect((await other.api.session.current.query())?.organization?.name).toBe("Exact");
    const { members } = await owner.api.members.list.query({ page: 1, pageSize: 25 });
    expect(members.map(({ email, isManaged }) => [email, isManaged])).toContainEqual([ownerEmail, false]);
  });

  test("sets a first password for an account that a directory has made without one", async () => {
    const elsewhere = await home.organization("Directory");
    await home.provision(elsewhere, "sue@directory.example");
    const owner = await ownerOf("Second");
    const token = await invited(owner, "sue@directory.example");
    const guest = openBrowser(home.url);
    // While that directory locks the password, no other organization's link sets it.
    expect(await read(token, guest)).toMatchObject({ body: { result: { data: { way: "signIn" } } } });
    expect(refusalOf(await accept(token, guest, { name: "Sue", password }))).toBe("invitationForOther");
    await home.release(elsewhere);
    expect(await read(token, guest)).toMatchObject({ body: { result: { data: { way: "setPassword" } } } });
    expect((await accept(token, guest, { password })).status).toBe(200);
    const session = await guest.api.session.current.query();
    expect(session?.organization?.name).toBe("Second");
    expect(session?.organizations.map(({ name }) => name)).toEqual(expect.arrayContaining(["Directory", "Second"]));
  });

  test("rule 5b accepts the membership that the directory has added for an address it has not proven", async () => {
    const owner = await ownerOf("Pending");
    const id = await home.provision(owner.organization, "sue@pending-elsewhere.example");
    const token = await invited(owner, "sue@pending-elsewhere.example");
    const guest = openBrowser(home.url);
    expect(await read(token, guest)).toMatchObject({ body: { result: { data: { way: "signUp" } } } });
    expect((await accept(token, guest, { name: "Sue Own", password })).status).toBe(200);
    expect(await guest.api.session.current.query()).toMatchObject({ memberId: id, organization: { name: "Pending" } });
    const { members } = await owner.api.members.list.query({ search: "sue@", page: 1, pageSize: 25 });
    expect(members).toMatchObject([{ id, status: "active", isManaged: true }]);
    expect(await kindsIn(owner)).toEqual(expect.arrayContaining(["member.accepted", "invitation.accepted"]));
  });

  test("rule 5b is sent to a person without an account who awaits acceptance and requests a password, and to no other", async () => {
    const owner = await ownerOf("Asked");
    const address = "kim@asked-elsewhere.example";
    const id = await home.provision(owner.organization, address);
    const guest = openBrowser(home.url);
    for (const email of [address, "nobody@asked-elsewhere.example"])
      await guest.api.forgottenPassword.request.mutate({ email });
    await guest.api.forgottenPassword.request.mutate({ email: address });
    const text = "select recipient from mail where recipient like '%asked-elsewhere.example'";
    expect(await home.rows(text)).toEqual([{ recipient: address }, { recipient: address }]);
    const token = await lastLink(home.database, address);
    expect((await accept(token, guest, { name: "Kim Own", password })).status).toBe(200);
    expect(await guest.api.session.current.query()).toMatchObject({ memberId: id, roles: ["Members"] });
  });

  test("sets a new password for an account that is a member nowhere any more, and ends its second factor", async () => {
    const [former, owner] = [await home.organization("Idle"), await ownerOf("Reopened")];
    await home.rows("update member set deleted_at = now(), active = false where organization_id = $1", [former.id]);
    await home.rows("update account set totp_secret = 'x', totp_confirmed_at = now() where email_key = $1", [
      former.ownerEmail,
    ]);
    const token = await invited(owner, former.ownerEmail);
    const guest = openBrowser(home.url);
    expect(await read(token, guest)).toMatchObject({ body: { result: { data: { way: "setPassword" } } } });
    expect((await accept(token, guest, { password })).status).toBe(200);
    expect((await guest.api.session.current.query())?.organization?.name).toBe("Reopened");
    const old = { email: former.ownerEmail, password: former.ownerPassword };
    expect(refusalOf(await openBrowser(home.url).call("mutation", "session.signIn", old))).toBe("signInWrong");
  });

  test("sent again works by its new link alone, withdrawn by none", async () => {
    const owner = await ownerOf("Again");
    const first = await invited(owner, "pam@again.example");
    const [sent] = await listed(owner);
    const id = sent?.id ?? "";
    await owner.api.invitations.resend.mutate({ id });
    const second = await lastLink(home.database, "pam@again.example");
    expect(refusalOf(await read(first))).toBe("linkEnded");
    expect((await read(second)).status).toBe(200);
    await owner.api.invitations.revoke.mutate({ id });
    expect(refusalOf(await accept(second, openBrowser(home.url), { name: "Pam", password }))).toBe("linkEnded");
    expect(refusalOf(await owner.call("mutation", "invitations.resend", { id }))).toBe("invitationNotOpen");
    expect((await kindsIn(owner)).toReversed().slice(1, 4)).toEqual([
      "invitation.sent",
      "invitation.resent",
      "invitation.revoked",
    ]);
  });

  test("ends after seven days, is shown as expired and gives way to a new one", async () => {
    const owner = await ownerOf("Late");
    const token = await invited(owner, "pam@late.example");
    const pending = await owner.call("mutation", "invitations.send", {
      email: "PAM@late.example",
      roleIds: [owner.roleId],
    });
    expect([pending.status, refusalOf(pending)]).toEqual([409, "invitationPending"]);
    home.clock.now = new Date(home.clock.now.getTime() + 7 * dayMs);
    await owner.signIn(owner.organization);
    expect(refusalOf(await read(token))).toBe("linkEnded");
    expect(await listed(owner)).toMatchObject([{ state: "expired", email: "pam@late.example" }]);
    const next = await invited(owner, "pam@late.example");
    expect((await read(next)).status).toBe(200);
    expect(await listed(owner)).toMatchObject([{ state: "open" }]);
  });

  test("to a built-in role is suspended while its sender is not an owner, until an owner sends it again", async () => {
    const owner = await ownerOf("Lapsed");
    const { kim, ownerRole, leave } = await secondOwnerOf(owner);
    const [email, custom] = ["pam@lapsed.example", "jim@lapsed.example"];
    await kim.api.invitations.send.mutate({ email, roleIds: [ownerRole] });
    await kim.api.invitations.send.mutate({ email: custom, roleIds: [owner.roleId] });
    const token = await lastLink(home.database, email);
    const statesIn = async (state?: "open" | "suspended" | "expired") => {
      const found = await owner.api.invitations.list.query({ state, sort: "email", page: 1, pageSize: 10 });
      return [found.total, ...found.invitations.map((one) => `${one.email} ${one.state}`)];
    };
    expect(await statesIn()).toEqual([2, `${custom} open`, `${email} open`]);
    await leave();
    expect(refusalOf(await read(token))).toBe("linkEnded");
    expect(await statesIn()).toEqual([2, `${custom} open`, `${email} suspended`]);
    expect(await statesIn("open")).toEqual([1, `${custom} open`]);
    expect(await statesIn("suspended")).toEqual([1, `${email} suspended`]);
    expect(await owner.api.person.whyNotHere.query({ address: email })).toMatchObject({
      kind: "invitationOver",
      text: `The invitation to ${email} is suspended, as its sender is no longer an owner`,
    });
    const [, suspended] = (await owner.api.invitations.list.query({ sort: "email", page: 1, pageSize: 10 }))
      .invitations;
    await owner.api.invitations.resend.mutate({ id: suspended?.id ?? "" });
    expect(await statesIn()).toEqual([2, `${custom} open`, `${email} open`]);
    expect(refusalOf(await read(token))).toBe("linkEnded");
    expect((await read(await lastLink(home.database, email))).status).toBe(200);
  });

  test("without a role that exists is suspended likewise where the default role is a built-in one", async () => {
    const owner = await ownerOf("Fallback");
    const { kim, ownerRole, leave } = await secondOwnerOf(owner);
    const { id: custom } = await kim.api.roles.create.mutate({ name: "Temporary", permissions: [] });
    await kim.api.invitations.send.mutate({ email: "pam@fallback.example", roleIds: [custom] });
    const token = await lastLink(home.database, "pam@fallback.example");
    await owner.api.provisioning.setDefaultRole.mutate({ roleId: ownerRole, confirmOwnerRole: true });
    await leave();
    expect((await read(token)).status).toBe(200);
    await owner.api.roles.delete.mutate({ id: custom });
    expect(refusalOf(await read(token))).toBe("linkEnded");
    const [kept] = await listed(owner);
    expect(kept?.state).toBe("suspended");
    await owner.api.invitations.resend.mutate({ id: kept?.id ?? "" });
    const link = await lastLink(home.database, "pam@fallback.example");
    expect((await accept(link, openBrowser(home.url), { name: "Pam", password })).status).toBe(200);
    const text = "select subject from mail where recipient = $1 order by id desc limit 1";
    const [newest] = await home.rows(text, [owner.organization.ownerEmail]);
    expect(newest).toEqual({ subject: "Your organization has a new owner" });
  });

  // Otherwise a former owner's invitation could give a built-in role by a request for a new password.
  test("keeps its sender when its recipient, who awaits acceptance, requests a password", async () => {
    const owner = await ownerOf("Kept");
    const email = "sue@kept-elsewhere.example";
    await home.provision(owner.organization, email);
    const { kim, ownerRole, leave } = await secondOwnerOf(owner);
    await kim.api.invitations.send.mutate({ email, roleIds: [ownerRole] });
    await openBrowser(home.url).api.forgottenPassword.request.mutate({ email });
    expect(await listed(owner)).toMatchObject([{ state: "open", invitedBy: "Kim" }]);
    const token = await lastLink(home.database, email);
    expect((await read(token)).status).toBe(200);
    await leave();
    expect(refusalOf(await read(token))).toBe("linkEnded");
  });

  test("is refused for a member, an invalid address and unknown roles", async () => {
    const owner = await ownerOf("Here");
    const send = async (email: string, roleIds: readonly string[] = [owner.roleId]) =>
      refusalOf(await owner.call("mutation", "invitations.send", { email, roleIds }));
    expect(await send(owner.organization.ownerEmail.toUpperCase())).toBe("memberAlready");
    expect(await send("nobody")).toBe("emailMalformed");
    expect(await send("pam@here.example", ["00000000-0000-7000-8000-000000000000"])).toBe("roleNotFound");
  });

  test("keeps its secret in the mail alone", async () => {
    const owner = await ownerOf("Secret");
    const secret = (await invited(owner, "pam@secret.example")).split(".")[2] ?? "";
    const kept = await home.rows(
      "select i::text || coalesce((select string_agg(c::text, '') from change c), '') as all from invitation i",
    );
    expect(secret).toHaveLength(43);
    expect(JSON.stringify(kept)).not.toContain(secret);
    expect(home.logLines.join("")).not.toContain(secret);
  });
});

// A person whom the directory has added or removed must not get in by an old email.
describe("AR-35 an invitation and the directory", () => {
  test("is closed when SCIM creates the person, and adds no roles afterwards", async () => {
    const owner = await ownerOf("Closed");
    const token = await invited(owner, "pam@closed.example");
    const memberId = await home.provision(owner.organization, "Pam@closed.example");
    expect(await listed(owner)).toEqual([]);
    expect(refusalOf(await accept(token, openBrowser(home.url), { name: "Pam", password }))).toBe("linkEnded");
    const ends = await home.rows("select end_reason from invitation where organization_id = $1", [
      owner.organization.id,
    ]);
    expect(ends).toEqual([{ end_reason: "provisioned" }]);
    expect(await kindsIn(owner)).toEqual(expect.arrayContaining(["invitation.closed"]));
    const { roles } = await owner.api.members.get.query({ id: memberId });
    expect(roles.filter(({ isHeld }) => isHeld).map(({ role }) => role.name)).toEqual(["Members"]);
  });

  test("is closed when SCIM reactivates the person, and a removed person can be invited", async () => {
    const owner = await ownerOf("Back");
    const memberId = await home.provision(owner.organization, "pam@back.example");
    await owner.api.members.remove.mutate({ id: memberId, confirm: "pam" });
    const token = await invited(owner, "pam@back.example");
    const { token: scim } = await owner.api.tokens.issue.mutate({ name: "Okta" });
    const credential = credentialIn(scim);
    const person = { externalId: null, givenName: null, familyName: null, displayName: null, active: true };
    const input = { ...person, userName: "pam@back.example" };
    const { added } = await addMember(home.database, credential, input, { now: home.clock.now, requestId: "r" });
    expect(added).toMatchObject({ ok: true, value: { id: memberId } });
    expect(refusalOf(await read(token))).toBe("linkEnded");
  });

  test("brings a removed person back under the same id, unmanaged", async () => {
    const owner = await ownerOf("Same");
    const memberId = await home.provision(owner.organization, "pam@same.example");
    await owner.api.members.remove.mutate({ id: memberId, confirm: "pam" });
    const token = await invited(owner, "pam@same.example");
    expect((await accept(token, openBrowser(home.url), { password })).status).toBe(200);
    expect((await owner.api.members.get.query({ id: memberId })).member).toMatchObject({
      status: "active",
      isManaged: false,
    });
  });
});
