import { describe, expect, test } from "vitest";
import { setRoleLinked } from "../role/role-edit.ts";
import { loadSession } from "../session/session.ts";
import type { MemberRow } from "../member/member-columns.ts";
import { listMembers } from "./member-read.ts";
import { changeRole } from "./role-write.ts";
import { accountIdOf, baseUrl, now, openScimDatabase, person, type Tenant } from "../testing/scim-database.ts";

const home = await openScimDatabase();
const acme = await home.newTenant("Acme", { domain: "acme.example" });
const rival = await home.newTenant("Rival");
await acme.add(person("taken@acme.example"));
await rival.addAccepted(person("alone@acme.example"));

async function everybody(tenant: Tenant): Promise<readonly MemberRow[]> {
  const query = { filter: undefined, order: undefined, window: { offset: 0, limit: 1000 }, baseUrl };
  return (await listMembers(home.database.sql, tenant.credential, query, now)).found.rows;
}

async function memberOf(tenant: Tenant, id: string): Promise<MemberRow | undefined> {
  return (await everybody(tenant)).find((member) => member.id === id);
}

async function accountEmail(member: MemberRow): Promise<unknown> {
  const text = "select email, email_key as key from account where id = $1";
  return (await home.rows(text, [member.accountId]))[0];
}

const isSignedIn = async (cookie: string): Promise<boolean> =>
  (await loadSession(home.database.sql, cookie, now)) !== undefined;

const kindsOf = (outcomes: readonly { readonly kind: string }[]): readonly string[] =>
  outcomes.map(({ kind }) => kind).sort();

// Each write must be based on the member's current version, so that no update is lost.
describe("writes to one member at once", () => {
  test("loses none of 12", async () => {
    const { id } = await acme.add(person("busy@acme.example"));
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, () => acme.write(id, (member) => ({ displayName: `${member.displayName ?? ""}x` }))),
    );
    expect(kindsOf(outcomes)).toEqual(Array(12).fill("saved"));
    expect(await memberOf(acme, id)).toMatchObject({ displayName: "x".repeat(12), version: 13 });
    expect(await acme.logOf(id)).toHaveLength(13);
  });

  test("changes neither version nor log when repeated", async () => {
    const { id } = await acme.add(person("calm@acme.example"));
    for (let round = 0; round < 3; round++) {
      expect(await acme.write(id, () => ({ active: true }))).toMatchObject({ kind: "saved" });
    }
    expect(await memberOf(acme, id)).toMatchObject({ version: 1 });
    expect(await acme.logOf(id)).toHaveLength(1);
  });

  test("ends in a deletion after a concurrent deletion and changes", async () => {
    const { id } = await acme.add(person("gone@acme.example"));
    await Promise.all([
      acme.write(id, (member) => ({ displayName: `${member.displayName ?? ""}x` })),
      acme.write(id, "delete"),
      acme.write(id, () => ({ active: false })),
    ]);
    expect(await memberOf(acme, id)).toBeUndefined();
    expect(await acme.grantsOf(id)).toEqual([]);
  });
});

// The last two owners cannot both be removed concurrently (AR-53).
describe("AR-53 the last two owners", () => {
  const ways = { deactivate: () => ({ active: false }), delete: "delete" } as const;
  const pairs = [
    ["deactivate", "deactivate"],
    ["delete", "delete"],
    ["deactivate", "delete"],
  ] as const;

  test.each(pairs)("keep one: %s and %s at once", async (...pair) => {
    for (let round = 0; round < 4; round++) {
      const tenant = await home.newTenant(`Pair-${pair.join("-")}-${round}`);
      const [first] = await everybody(tenant);
      const second = await tenant.add(person(`second${round}@pair.example`));
      await tenant.grant(second.id, "Account Owners");
      const inputs = [first?.id ?? "", second.id].map((id, place) => [id, ways[pair[place] ?? "delete"]] as const);
      const outcomes = await Promise.all(inputs.map(([id, input]) => tenant.write(id, input)));
      expect(kindsOf(outcomes)).toEqual(["refused", "saved"]);
      expect(outcomes).toContainEqual(
        expect.objectContaining({ refusal: expect.objectContaining({ kind: "lastOwner" }) }),
      );
      const left = (await everybody(tenant)).filter(({ active }) => active);
      expect(left).toHaveLength(1);
      expect(await tenant.grantsOf(left[0]?.id ?? "")).toContain("Account Owners:manual");
    }
  });

  test("keep one: a deactivation and a push of the owners' group at once", async () => {
    for (let round = 0; round < 4; round++) {
      const tenant = await home.newTenant(`Push-${round}`);
      const [first] = await everybody(tenant);
      const second = await tenant.add(person(`second${round}@push.example`));
      const text = "select id from role where organization_id = $1 and kind = 'owner'";
      const roleId = String((await home.rows(text, [tenant.organizationId]))[0]?.["id"]);
      await setRoleLinked(home.database, tenant.context, { roleId, isLinked: true });
      const push = (kind: "add" | "remove"): ReturnType<typeof changeRole> => {
        const members = [{ kind, memberIds: [second.id] }];
        return changeRole(home.database, tenant.request, roleId, { members });
      };
      expect(await push("add")).toMatchObject({ kind: "saved" });
      const outcomes = await Promise.all([push("remove"), tenant.write(first?.id ?? "", ways.deactivate)]);
      expect(kindsOf(outcomes)).toEqual(["refused", "saved"]);
    }
  });

  test("do not count without access: inactive, deleted or pending", async () => {
    const tenant = await home.newTenant("Ghosts");
    const [owner] = await everybody(tenant);
    for (const name of ["off", "deleted", "waiting"]) {
      const ghost = await tenant.add(person(`${name}@ghosts.example`));
      await tenant.grant(ghost.id, "Account Owners");
    }
    await home.rows(
      "update member set version = version + 1, active = false where user_name_key = 'off@ghosts.example'",
    );
    await home.rows(
      "update member set version = version + 1, deleted_at = now() where user_name_key = 'deleted@ghosts.example'",
    );
    await home.rows(
      "update member set awaits_acceptance = true, account_id = null where user_name_key = 'waiting@ghosts.example'",
    );
    for (const input of [ways.deactivate, ways.delete]) {
      expect(await tenant.write(owner?.id ?? "", input)).toMatchObject({ refusal: { kind: "lastOwner" } });
    }
    const refusals = (await tenant.logOf(owner?.id ?? "")).map(({ refusal }) => refusal);
    expect(refusals).toEqual(["lastOwner", "lastOwner"]);
  });
});

// A deactivation must end all access here in one write, and nothing elsewhere (AR-49, AR-50, AR-52).
describe("a deactivated person", () => {
  async function settled(userName: string): Promise<{ readonly member: MemberRow; readonly group: string }> {
    const member = await acme.add(person(userName));
    await acme.grant(member.id, "Deploy Owners");
    const group = `Group of ${userName}`;
    await acme.addGroup(group, [member.id]);
    return { member, group };
  }

  test("AR-49 AR-52 keeps only the roles from groups, and the log names the rest", async () => {
    const { member, group } = await settled("roles@acme.example");
    await acme.write(member.id, () => ({ active: false }));
    expect(await acme.grantsOf(member.id)).toEqual([`${group}:group`]);
    expect(await memberOf(acme, member.id)).toMatchObject({ active: false });
    const [entry] = (await acme.logOf(member.id)).filter(({ kind }) => kind === "member.deactivated");
    expect(entry).toMatchObject({ before: { active: true }, after: { active: false } });
    const roleId = "select id from role where organization_id = $1 and name = $2";
    const idOf = async (name: string): Promise<unknown> =>
      (await home.rows(roleId, [acme.organizationId, name]))[0]?.["id"];
    const lost = [
      { id: await idOf("Members"), source: "default" },
      { id: await idOf("Deploy Owners"), source: "manual" },
    ];
    expect(entry?.["before"]).toMatchObject({ roles: expect.arrayContaining(lost) });
    expect(entry?.["before"]).toHaveProperty("roles.length", 2);
  });

  test("AR-52 returns with the default role and those of the groups, not with manual ones", async () => {
    const { member, group } = await settled("return@acme.example");
    await acme.write(member.id, () => ({ active: false }));
    expect(await acme.write(member.id, () => ({ active: true }))).toMatchObject({ kind: "saved" });
    expect(await memberOf(acme, member.id)).toMatchObject({ active: true, accountId: member.accountId, version: 3 });
    expect(await acme.grantsOf(member.id)).toEqual([`${group}:group`, "Members:default"]);
    const kinds = (await acme.logOf(member.id)).map(({ kind }) => kind);
    expect(kinds.slice(-2)).toEqual(["member.deactivated", "member.reactivated"]);
  });

  test("AR-49 loses the roles from groups too when deleted, and the log names them", async () => {
    const { member } = await settled("erased@acme.example");
    await acme.write(member.id, "delete");
    expect(await acme.grantsOf(member.id)).toEqual([]);
    const entry = (await acme.logOf(member.id)).at(-1);
    expect(entry).toMatchObject({ kind: "member.deleted", before: { active: true } });
    expect(entry?.["before"]).toHaveProperty("roles.length", 3);
  });

  test.each(["deactivate", "delete"] as const)("AR-49 AR-50 AR-78 is signed out only here: %s", async (how) => {
    const here = await acme.addAccepted(person(`${how}@third.example`));
    const there = await rival.addAccepted(person(`${how}@third.example`));
    const colleague = await acme.add(person(`colleague-${how}@acme.example`));
    const [first, second] = [await acme.cookieOf(accountIdOf(here)), await acme.cookieOf(accountIdOf(here))];
    const [elsewhere, others] = [await rival.cookieOf(accountIdOf(there)), await acme.cookieOf(accountIdOf(colleague))];
    const { version } = { ...(await memberOf(rival, there.id)) };
    await acme.write(here.id, how === "delete" ? how : () => ({ active: false }));
    expect([await isSignedIn(first), await isSignedIn(second)]).toEqual([false, false]);
    expect([await isSignedIn(elsewhere), await isSignedIn(others)]).toEqual([true, true]);
    const ended = "select ended_at from session where organization_id = $1 and account_id = $2 and ended_at is null";
    expect(await home.rows(ended, [acme.organizationId, here.accountId])).toEqual([]);
    expect(await memberOf(rival, there.id)).toMatchObject({ active: true, version });
    expect(await rival.grantsOf(there.id)).toEqual(["Members:default"]);
    expect(await accountEmail(here)).toMatchObject({ email: `${how}@third.example` });
  });

  test("AR-50 a session that ended stays ended after reactivation", async () => {
    const member = await acme.add(person("again@acme.example"));
    const cookie = await acme.cookieOf(accountIdOf(member));
    await acme.write(member.id, () => ({ active: false }));
    await acme.write(member.id, () => ({ active: true }));
    expect(await isSignedIn(cookie)).toBe(false);
    expect(await isSignedIn(await acme.cookieOf(accountIdOf(member)))).toBe(true);
  });
});

// The first contact with an existing member must change neither roles nor email (AR-31, AR-33).
test("AR-31 AR-33 an existing owner is linked and stays an owner", async () => {
  const tenant = await home.newTenant("Linked", { domain: "linked.example" });
  const [owner] = await everybody(tenant);
  const id = owner?.id ?? "";
  expect(owner).toMatchObject({ isManaged: false });
  const refused = await tenant.write(id, () => ({ userName: "boss@linked.example" }));
  expect(refused).toMatchObject({ refusal: { kind: "emailFixedAtFirstContact" } });
  expect(await memberOf(tenant, id)).toEqual(owner);
  await tenant.write(id, () => ({ externalId: "okta-1", displayName: "Boss" }));
  expect(await memberOf(tenant, id)).toMatchObject({ isManaged: true, externalId: "okta-1", name: "Boss" });
  expect(await tenant.grantsOf(id)).toEqual(["Account Owners:manual"]);
  expect((await tenant.logOf(id)).map(({ kind }) => kind)).toEqual(["member.email_changed", "member.linked"]);
});

// The account follows the directory only if the organization has verified both domains (AR-43 to AR-46).
describe("an email change", () => {
  test("AR-43 changes the account's address and keeps the identity", async () => {
    const pam = await acme.add(person("pam@acme.example"));
    const moved = await acme.write(pam.id, () => ({ userName: "Pam.Halpert@ACME.example" }));
    expect(moved).toMatchObject({ kind: "saved", member: { id: pam.id, userName: "Pam.Halpert@ACME.example" } });
    expect(await accountEmail(pam)).toEqual({ email: "Pam.Halpert@ACME.example", key: "pam.halpert@acme.example" });
    expect((await acme.logOf(pam.id)).at(-1)).toMatchObject({
      kind: "member.email_changed",
      before: { userName: "pam@acme.example" },
      after: { userName: "Pam.Halpert@ACME.example" },
    });
  });

  test("ends the links sent to the former address", async () => {
    const { id, accountId } = await acme.add(person("links@acme.example"));
    const later = new Date(now.getTime() + 3_600_000);
    await home.rows(
      `with reset as (insert into password_reset (account_id, id, secret_hash, created_at, expires_at)
        values ($1, $1, 'x', $2, $3)) insert into email_challenge (account_id, id, email, email_key, secret_hash, created_at,
        expires_at, is_undo) values ($1, $1, 'a@b.example', 'a@b.example', 'x', $2, $3, false)`,
      [accountId, now, later],
    );
    const open = `select 'reset' as link from password_reset where account_id = $1 and ended_at is null union all
      select 'challenge' from email_challenge where account_id = $1 and ended_at is null`;
    expect(await home.rows(open, [accountId])).toHaveLength(2);
    await acme.write(id, () => ({ userName: "moved@acme.example" }));
    expect(await home.rows(open, [accountId])).toEqual([]);
  });

  test.each([
    [
      "AR-44 to an unverified domain",
      "x1@acme.example",
      "x1@third.example",
      { kind: "domainNotVerified", domain: "third.example" },
    ],
    [
      "AR-44 from an unverified domain",
      "x2@third.example",
      "x2@acme.example",
      { kind: "domainNotVerified", domain: "third.example" },
    ],
    ["AR-45 to a colleague's address", "x3@acme.example", "taken@acme.example", { kind: "emailTaken" }],
    ["AR-45 to an account of no member here", "x4@acme.example", "alone@acme.example", { kind: "emailTaken" }],
    ["to an invalid address", "x5@acme.example", "nothing", { kind: "userNameNotEmail" }],
  ])("%s is refused, changes nothing and is logged", async (_, from, to, refusal) => {
    const isOwn = from.endsWith("@acme.example");
    const before = await (isOwn ? acme.add(person(from)) : acme.addAccepted(person(from)));
    const outcome = await acme.write(before.id, () => ({ userName: to, displayName: "Changed" }));
    expect(outcome).toMatchObject({ kind: "refused", refusal });
    expect(await memberOf(acme, before.id)).toEqual(before);
    expect(await accountEmail(before)).toMatchObject({ email: from });
    expect((await acme.logOf(before.id)).at(-1)).toMatchObject({ refusal: refusal.kind });
  });

  test("AR-45 of two people to one address at once succeeds for one", async () => {
    for (let round = 0; round < 4; round++) {
      const to = `prize${round}@acme.example`;
      const racers = [];
      for (const name of ["left", "right"]) racers.push(await acme.add(person(`${name}${round}@acme.example`)));
      const outcomes = await Promise.all(racers.map(({ id }) => acme.write(id, () => ({ userName: to }))));
      expect(kindsOf(outcomes)).toEqual(["refused", "saved"]);
      expect((await everybody(acme)).filter(({ userName }) => userName === to)).toHaveLength(1);
      for (const racer of racers) {
        const member = await memberOf(acme, racer.id);
        expect(await accountEmail(racer)).toMatchObject({ email: member?.userName });
      }
    }
  });

  test("AR-45 and a new person with that address at once: one succeeds", async () => {
    for (let round = 0; round < 20; round++) {
      const to = `seat${round}@acme.example`;
      const mover = await acme.add(person(`mover${round}@acme.example`));
      const [moved, posted] = await Promise.all([
        acme.write(mover.id, () => ({ userName: to })),
        acme.post(person(to)),
      ]);
      expect(moved.kind === "saved").toBe(posted.added?.ok === false);
      expect((await everybody(acme)).filter(({ userName }) => userName === to)).toHaveLength(1);
      expect(await accountEmail(mover)).toMatchObject({ email: moved.kind === "saved" ? to : mover.userName });
    }
  });

  test("AR-78 changes the userName only where no directory manages the person", async () => {
    const managed = await rival.addAccepted(person("follow@acme.example"));
    const free = await home.newTenant("Free");
    const unmanaged = await free.addAccepted(person("follow@acme.example"));
    await home.rows("update member set is_managed = false where id = $1", [unmanaged.id]);
    const here = await acme.add(person("follow@acme.example"));
    await acme.write(here.id, () => ({ userName: "followed@acme.example" }));
    expect(await memberOf(free, unmanaged.id)).toMatchObject({ userName: "followed@acme.example" });
    const text =
      "select kind, before, after, actor_kind, actor_name from change where subject_id = $1 order by id desc limit 1";
    // The other organization learns of the change, but not which directory made it.
    expect(await home.rows(text, [unmanaged.id])).toEqual([
      {
        kind: "member.email_changed",
        before: { userName: "follow@acme.example" },
        after: { userName: "followed@acme.example" },
        actor_kind: "system",
        actor_name: "",
      },
    ]);
    expect(await memberOf(rival, managed.id)).toMatchObject({ userName: "follow@acme.example", version: 2 });
  });

  test("rule 1 an externalId of another person is refused", async () => {
    await acme.add(person("has@acme.example", { externalId: "e-1" }));
    const { id } = await acme.add(person("wants@acme.example"));
    const outcome = await acme.write(id, () => ({ externalId: "e-1" }));
    expect(outcome).toMatchObject({ refusal: { kind: "externalIdTaken", externalId: "e-1" } });
  });
});
