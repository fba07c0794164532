import { describe, expect, test } from "vitest";
import { readInvitation, acceptInvitation } from "./invitation-accept.ts";
import { removeMember } from "../member/member-removal.ts";
import { disableProvisioning } from "../provisioning/provisioning-off.ts";
import { inviteNextAdded } from "./invitation-awaited.ts";
import { sendInvitation } from "./invitation-send.ts";
import { now, openScimDatabase, person, request, type Tenant } from "../testing/scim-database.ts";

const home = await openScimDatabase();

/** Invites a person into the default role; returns the link's text. */
async function invited(tenant: Tenant, email: string): Promise<string> {
  let token = "";
  const linkTo = (text: string): string => (token = text);
  const sent = await sendInvitation(home.database, tenant.context, { email, roleIds: [], linkTo });
  expect(sent.ok).toBe(true);
  return token;
}

const endOf = async (tenant: Tenant): Promise<unknown> => {
  const text = "select end_reason from invitation where organization_id = $1 order by id desc limit 1";
  return (await home.rows(text, [tenant.organizationId]))[0]?.["end_reason"];
};

describe("AR-35 an open invitation is closed", () => {
  test("when the directory changes a person's address to its address", async () => {
    const tenant = await home.newTenant("Moved", { domain: "moved.example" });
    const { id } = await tenant.add(person("pam@moved.example"));
    await invited(tenant, "pam.b@moved.example");
    const outcome = await tenant.write(id, () => ({ userName: "Pam.B@moved.example" }));
    expect(outcome.kind).toBe("saved");
    expect(await endOf(tenant)).toBe("provisioned");
  });

  test.each([
    ["deactivates", () => ({ active: false })],
    ["deletes", "delete"],
  ] as const)("when the directory %s the person", async (verb, input) => {
    const tenant = await home.newTenant(verb);
    const { id } = await tenant.add(person(`pam@${verb}.example`));
    const link = await invited(tenant, `jim@${verb}.example`);
    // A member cannot be invited; this simulates an invitation sent at the same moment.
    const text = "update invitation set email = $2, email_key = $2 where organization_id = $1";
    await home.rows(text, [tenant.organizationId, `pam@${verb}.example`]);
    expect((await tenant.write(id, input)).kind).toBe("saved");
    expect(await endOf(tenant)).toBe("provisioned");
    expect(await readInvitation(home.database, link, undefined, now)).toMatchObject({ error: { kind: "linkEnded" } });
    const log = await home.rows("select subject_id from change where organization_id = $1 and kind = $2", [
      tenant.organizationId,
      "invitation.closed",
    ]);
    expect(log).toEqual([{ subject_id: link.split(".")[1] }]);
  });

  test("or accepted, if both are concurrent: one person, no deadlock", async () => {
    const tenant = await home.newTenant("Race");
    for (let turn = 0; turn < 5; turn++) {
      const email = `pam${turn}@race.example`;
      const token = await invited(tenant, email);
      const given = { token, name: "Pam", password: "four words on a wall" };
      const browser = { userAgent: null, ip: null };
      const [accepted, outcome] = await Promise.all([
        acceptInvitation(home.database, given, undefined, browser, request),
        tenant.post(person(email)),
      ]);
      expect([accepted.ok, outcome.added?.ok].filter((isDone) => isDone === true)).toHaveLength(1);
      const text = "select 1 from member where organization_id = $1 and user_name_key = $2 and not is_deleted";
      expect(await home.rows(text, [tenant.organizationId, email])).toHaveLength(1);
    }
  });
});

// The link ends with the access, so that a new one is needed; at most one mail in 30 days.
test("a person who has yet to accept is mailed again once the directory has brought them back", async () => {
  const tenant = await home.newTenant("Again");
  const { id } = await tenant.add(person("pam@elsewhere.example"));
  const day = (days: number): Date => new Date(now.getTime() + days * 86_400_000);
  const links: string[] = [];
  const mail = (at: Date) => inviteNextAdded(home.database, (text) => String(links.push(text)), at);
  await mail(day(1));
  await tenant.write(id, () => ({ active: false }));
  await tenant.write(id, () => ({ active: true }));
  for (let days = 2; days <= 33; days++) await mail(day(days));
  expect(links).toHaveLength(2);
  expect(await readInvitation(home.database, links[1] ?? "", undefined, day(33))).toMatchObject({ ok: true });
});

describe("a link that was mailed to a person does not bring them back", () => {
  const browser = { userAgent: null, ip: null };
  const given = { name: "Own Name", password: "four words on a wall" };

  /** A person whom the directory has added in an unverified domain, and the link mailed to them. */
  async function pendingAt(
    tenant: Tenant,
  ): Promise<{ readonly id: string; readonly name: string; readonly token: string }> {
    const { id, name } = await tenant.add(person(`pam@free.${tenant.ownerEmail.split("@")[1]}`));
    let token = "";
    await inviteNextAdded(home.database, (text) => (token = text), later(2));
    return { id, name, token };
  }
  const later = (hours: number): Date => new Date(now.getTime() + hours * 3_600_000);
  const follow = (token: string) =>
    acceptInvitation(home.database, { token, ...given }, undefined, browser, { ...request, now: later(3) });

  test("AR-35 after an owner has removed them", async () => {
    const tenant = await home.newTenant("Removed");
    const { id, name, token } = await pendingAt(tenant);
    expect((await removeMember(home.database, tenant.context, { memberId: id, typed: name })).ok).toBe(true);
    expect(await follow(token)).toMatchObject({ error: { kind: "linkEnded" } });
  });

  test("AR-35 at the address to which their account has moved since", async () => {
    const tenant = await home.newTenant("Moving");
    const { id, name, accountId } = await tenant.addAccepted(person("pam@third.moving.example"));
    const token = await invited(tenant, "pam@private.example");
    const text = "update account set email = 'pam@private.example', email_key = 'pam@private.example' where id = $1";
    await home.rows(text, [accountId]);
    expect((await removeMember(home.database, tenant.context, { memberId: id, typed: name })).ok).toBe(true);
    expect(await follow(token)).toMatchObject({ error: { kind: "linkEnded" } });
  });

  test("AR-75 after provisioning was turned off and they were removed", async () => {
    const tenant = await home.newTenant("Off");
    const { token } = await pendingAt(tenant);
    const removing = { after: "remove", typed: "remove 1 person" } as const;
    expect((await disableProvisioning(home.database, tenant.context, removing)).ok).toBe(true);
    expect(await follow(token)).toMatchObject({ error: { kind: "linkEnded" } });
  });
});
