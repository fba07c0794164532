import { guardWindowMs } from "@rollcall/domain";
import { describe, expect, test } from "vitest";
import type { MemberRow } from "../member/member-columns.ts";
import { changeRole } from "../scim/role-write.ts";
import { now, openScimDatabase, person, type Tenant } from "../testing/scim-database.ts";
import { setGuard } from "./guard-settings.ts";

const home = await openScimDatabase();

let count = 0;

/** An organization with the guard on and `people` managed people: few enough for a limit of five. */
async function guarded(people: number): Promise<{ readonly tenant: Tenant; readonly members: readonly MemberRow[] }> {
  const name = `guard${count++}`;
  const tenant = await home.newTenant(name);
  const longAgo = new Date(now.getTime() - 2 * guardWindowMs);
  await setGuard(home.database, { ...tenant.context, now: longAgo }, true);
  const members = [];
  for (let index = 0; index < people; index++) {
    members.push(await tenant.add(person(`p${index}@${name}.example`)));
  }
  return { tenant, members };
}

const off = (): { active: boolean } => ({ active: false });

async function inactive(tenant: Tenant): Promise<unknown> {
  const text = `select count(*) filter (where not active)::int as inactive from member where organization_id = $1`;
  return (await home.rows(text, [tenant.organizationId]))[0]?.["inactive"];
}

// Beyond the limit nothing is removed, and no response says otherwise.
describe("rule 13 for mass removals", () => {
  test("exactly five of concurrent removals pass", async () => {
    const { tenant, members } = await guarded(12);
    const outcomes = await Promise.all(members.map(({ id }) => tenant.write(id, off)));
    expect(outcomes.filter(({ kind }) => kind === "saved")).toHaveLength(5);
    const refused = outcomes.filter(({ kind }) => kind === "refused");
    const refusal = { kind: "guardTripped", limit: 5, retryAfterS: guardWindowMs / 1000 };
    expect(refused).toMatchObject(Array.from({ length: 7 }, () => ({ refusal })));
    expect(await inactive(tenant)).toBe(5);
  });

  test("reads, creates, changes and reactivations pass", async () => {
    const { tenant, members } = await guarded(6);
    for (const { id } of members) await tenant.write(id, off);
    const [first, , , , , sixth] = members;
    expect(await tenant.write(sixth?.id ?? "", off)).toMatchObject({ refusal: { kind: "guardTripped" } });
    expect(await tenant.write(sixth?.id ?? "", () => ({ givenName: "X" }))).toMatchObject({ kind: "saved" });
    expect(await tenant.write(first?.id ?? "", () => ({ active: true }))).toMatchObject({ kind: "saved" });
    await tenant.add(person("new@guard.example"));
    // A person who has already lost something is protected as well while the guard holds.
    expect(await tenant.write(first?.id ?? "", off)).toMatchObject({ kind: "refused" });
  });

  test("counts deletions and group members as well", async () => {
    const { tenant, members } = await guarded(8);
    const ids = members.map(({ id }) => id);
    const groupId = await tenant.addGroup("Sales", ids);
    const remove = (memberIds: readonly string[]): ReturnType<typeof changeRole> =>
      changeRole(home.database, tenant.request, groupId, { members: [{ kind: "remove", memberIds }] });
    for (const id of ids.slice(0, 3)) expect(await tenant.write(id, "delete")).toMatchObject({ kind: "saved" });
    expect(await remove(ids.slice(3, 5))).toMatchObject({ kind: "saved" });
    expect(await remove(ids.slice(5, 6))).toMatchObject({ kind: "refused", refusal: { kind: "guardTripped" } });
    const text = "select count(*)::int as held from role_grant where organization_id = $1 and role_id = $2";
    expect(await home.rows(text, [tenant.organizationId, groupId])).toEqual([{ held: 3 }]);
  });

  test("losses before the window do not count", async () => {
    const { tenant, members } = await guarded(10);
    const before = new Date(now.getTime() - guardWindowMs);
    for (const { id } of members.slice(0, 5)) {
      await home.rows(
        `insert into change (organization_id, id, at, actor_kind, actor_name, subject_kind, subject_id, subject_name, kind)
          values ($1, gen_random_uuid(), $2, 'token', '', 'member', $3, '', 'member.deactivated')`,
        [tenant.organizationId, before, id],
      );
    }
    const outcomes = [];
    for (const { id } of members.slice(4)) outcomes.push((await tenant.write(id, off)).kind);
    expect(outcomes).toEqual(["saved", "saved", "saved", "saved", "saved", "refused"]);
  });
});
