import { mappingFor, type GroupMapping } from "@rollcall/domain";
import { beforeEach, describe, expect, test } from "vitest";
import { listMappings, previewMappings, setMappings } from "../role-mapping/group-mappings.ts";
import { revokeRole } from "../member/member-roles.ts";
import { disableProvisioning } from "../provisioning/provisioning-off.ts";
import { previewDefaultRole } from "../provisioning/provisioning-settings.ts";
import { listHeldChanges } from "../guard/held-change.ts";
import { setGuard } from "../guard/guard-settings.ts";
import { createRole, deleteOwnRole, setRoleLinked } from "../role/role-edit.ts";
import { mappingScene, type MappingScene } from "../testing/mapping-scene.ts";
import { openScimDatabase } from "../testing/scim-database.ts";

let scene: MappingScene;
let names = 0;
const home = await openScimDatabase();
beforeEach(async () => {
  scene = await mappingScene(home.database, `Mapping${++names}`);
});

const held = (id: string) => scene.tenant.grantsOf(id);

describe("AR-56 AR-57 a mapped group", () => {
  test("grants its role only to its members, on joining and leaving", async () => {
    const [pam, jim] = [await scene.person("pam"), await scene.person("jim")];
    const staff = await scene.group("Staff", [pam]);
    await scene.map([staff, scene.junior]);
    expect(await held(pam)).toEqual(["Junior:mapping", "Members:default", "Staff:group"]);
    expect(await held(jim)).toEqual(["Members:default"]);
    await scene.push(staff, "add", [jim]);
    await scene.push(staff, "remove", [pam]);
    expect(await held(jim)).toEqual(["Junior:mapping", "Members:default", "Staff:group"]);
    expect(await held(pam)).toEqual(["Members:default"]);
    await scene.push(staff, "set", [pam]);
    expect([await held(pam), await held(jim)]).toEqual([
      ["Junior:mapping", "Members:default", "Staff:group"],
      ["Members:default"],
    ]);
  });

  test("applies alone while first, and the next one afterwards", async () => {
    const pam = await scene.person("pam");
    const [leads, staff] = [await scene.group("Leads", []), await scene.group("Staff", [pam])];
    await scene.map([leads, scene.senior], [staff, scene.junior]);
    await scene.push(leads, "add", [pam]);
    expect(await held(pam)).toEqual(["Leads:group", "Members:default", "Senior:mapping", "Staff:group"]);
    await scene.map([staff, scene.junior], [leads, scene.senior]);
    expect(await held(pam)).toEqual(["Junior:mapping", "Leads:group", "Members:default", "Staff:group"]);
    await scene.map();
    expect(await held(pam)).toEqual(["Leads:group", "Members:default", "Staff:group"]);
  });

  test("keeps manual and default grants, and leaves nobody without a role", async () => {
    const [pam, jim] = [await scene.person("pam"), await scene.person("jim")];
    const staff = await scene.group("Staff", [pam, jim]);
    await scene.map([staff, scene.junior]);
    await scene.tenant.grant(pam, "Junior");
    await home.rows("delete from role_grant where member_id = any($1) and source = 'default'", [[pam, jim]]);
    await scene.push(staff, "remove", [pam, jim]);
    expect(await held(pam)).toEqual(["Junior:manual"]);
    expect(await held(jim)).toEqual(["Members:default"]);
  });

  test("AR-47 returns after a deactivation, but not after a deletion", async () => {
    const pam = await scene.person("pam");
    const staff = await scene.group("Staff", [pam]);
    await scene.map([staff, scene.junior]);
    await scene.tenant.write(pam, () => ({ active: false }));
    expect(await held(pam)).toEqual(["Junior:mapping", "Staff:group"]);
    await scene.tenant.write(pam, () => ({ active: true }));
    expect(await held(pam)).toEqual(["Junior:mapping", "Members:default", "Staff:group"]);
    await scene.tenant.write(pam, "delete");
    expect(await held(pam)).toEqual([]);
  });

  test("AR-58 ends with its mapping when it is deleted", async () => {
    const pam = await scene.person("pam");
    const staff = await scene.group("Staff", [pam]);
    await scene.map([staff, scene.junior]);
    await home.rows("delete from role_grant where member_id = $1 and source = 'default'", [pam]);
    await scene.deleteGroup(staff);
    expect(await held(pam)).toEqual(["Members:default"]);
    expect(await listMappings(home.database.sql, scene.tenant.organizationId)).toEqual([]);
    expect(await scene.tenant.logOf(staff)).toMatchObject([
      { kind: "role.created" },
      { kind: "role.mapped", after: { role: "Junior" } },
      { kind: "role.unmapped", before: { role: "Junior" } },
      { kind: "role.deleted", before: { members: 1 } },
    ]);
  });
});

describe("the target role of a mapping", () => {
  test("may be deleted: the next mapping decides then", async () => {
    const pam = await scene.person("pam");
    const [leads, staff] = [await scene.group("Leads", [pam]), await scene.group("Staff", [pam])];
    await scene.map([leads, scene.senior], [staff, scene.junior]);
    expect(await deleteOwnRole(home.database, scene.tenant.context, scene.senior)).toMatchObject({ ok: true });
    expect(await held(pam)).toEqual(["Junior:mapping", "Leads:group", "Members:default", "Staff:group"]);
    const left = await listMappings(home.database.sql, scene.tenant.organizationId);
    expect(left).toMatchObject([{ group: "Staff", target: "Junior", inGroup: 1, decided: 1 }]);
  });

  test("is not revoked manually or linked to the directory", async () => {
    const pam = await scene.person("pam");
    await scene.map([await scene.group("Staff", [pam]), scene.junior]);
    const { context } = scene.tenant;
    const taken = await revokeRole(home.database, context, { memberId: pam, roleId: scene.junior });
    expect(taken).toMatchObject({ ok: false, error: { kind: "roleMapped", name: "Junior" } });
    const linked = await setRoleLinked(home.database, context, { roleId: scene.junior, isLinked: true });
    expect(linked).toMatchObject({ ok: false, error: { kind: "roleIsMappingTarget" } });
  });

  test("follows a manual removal from a group, and the unlinking of a role", async () => {
    const pam = await scene.person("pam");
    const { context } = scene.tenant;
    const made = await createRole(home.database, context, { name: "Linked", permissions: [] });
    const linked = made.ok ? made.value : "";
    await setRoleLinked(home.database, context, { roleId: linked, isLinked: true });
    await scene.push(linked, "add", [pam]);
    const staff = await scene.group("Staff", [pam]);
    await scene.map([staff, scene.junior], [linked, scene.senior]);
    await home.rows("update member set is_managed = false where id = $1", [pam]);
    await revokeRole(home.database, context, { memberId: pam, roleId: staff });
    expect(await held(pam)).toEqual(["Linked:group", "Members:default", "Senior:mapping"]);
    await setRoleLinked(home.database, context, { roleId: linked, isLinked: false });
    expect(await held(pam)).toEqual(["Linked:group", "Members:default"]);
  });

  test("becomes a manual grant when provisioning ends", async () => {
    const pam = await scene.person("pam");
    await scene.map([await scene.group("Staff", [pam]), scene.junior]);
    expect(await disableProvisioning(home.database, scene.tenant.context)).toMatchObject({ ok: true });
    expect(await held(pam)).toEqual(["Junior:manual", "Members:default", "Staff:group"]);
    expect(await listMappings(home.database.sql, scene.tenant.organizationId)).toEqual([]);
  });
});

describe("the change log", () => {
  test("names the mapping when a person gains or loses a role by it", async () => {
    const pam = await scene.person("pam");
    const [leads, staff] = [await scene.group("Leads", []), await scene.group("Staff", [pam])];
    await scene.map([leads, scene.senior], [staff, scene.junior]);
    await scene.push(leads, "add", [pam]);
    const entries = (await scene.tenant.logOf(pam)).filter(({ before, after }) =>
      JSON.stringify([before, after]).includes('"mapping"'),
    );
    expect(entries).toMatchObject([
      { kind: "member.role_granted", after: { role: "Junior", source: "mapping", group: "Staff" } },
      { kind: "member.role_revoked", before: { role: "Junior", source: "mapping", group: "Leads" } },
      { kind: "member.role_granted", after: { role: "Senior", source: "mapping", group: "Leads" } },
    ]);
  });

  test("has an entry for each mapping, end of a mapping and change of the order", async () => {
    const [leads, staff] = [await scene.group("Leads", []), await scene.group("Staff", [])];
    await scene.map([leads, scene.senior], [staff, scene.junior]);
    await scene.map([staff, scene.senior], [leads, scene.senior]);
    await scene.map([leads, scene.senior]);
    const text = `select kind, subject_name as name from change where organization_id = $1 and kind in
      ('role.mapped', 'role.unmapped', 'role.mappings_ordered') order by id`;
    expect(await home.rows(text, [scene.tenant.organizationId])).toEqual([
      { kind: "role.mapped", name: "Leads" },
      { kind: "role.mapped", name: "Staff" },
      { kind: "role.mapped", name: "Staff" },
      { kind: "role.mappings_ordered", name: "" },
      { kind: "role.unmapped", name: "Staff" },
    ]);
  });
});

describe("a preview", () => {
  test("equals the effect of saving, and saves nothing", async () => {
    const people = [await scene.person("pam"), await scene.person("jim"), await scene.person("dwight")];
    const staff = await scene.group("Staff", people);
    await scene.map([staff, scene.junior]);
    await scene.tenant.grant(people[0] ?? "", "Senior");
    const [basis, input] = [[mapping(staff, scene.junior)], [mapping(staff, scene.senior)]];
    const { context, organizationId } = scene.tenant;
    const count = () => home.rows("select count(*) from change where organization_id = $1", [organizationId]);
    const [entries, before] = [await count(), await held(people[1] ?? "")];
    const previewed = await previewMappings(home.database, context, { mappings: input, basis });
    expect(previewed).toEqual({
      ok: true,
      value: [
        { roleId: scene.junior, role: "Junior", isGain: false, count: 3, names: ["dwight", "jim", "pam"] },
        { roleId: scene.senior, role: "Senior", isGain: true, count: 2, names: ["dwight", "jim"] },
      ],
    });
    const refused = await previewMappings(home.database, context, { mappings: [mapping(staff, staff)], basis });
    expect(refused).toMatchObject({ ok: false, error: { kind: "mappingTargetUnfit" } });
    expect([await count(), await held(people[1] ?? "")]).toEqual([entries, before]);
    const keepers = { role: "Members", count: 3, names: ["dwight", "jim", "pam"] };
    const preview = await previewDefaultRole(home.database.sql, organizationId, scene.junior);
    expect(preview).toEqual({ ok: true, value: keepers });
    expect(await count()).toEqual(entries);
  });

  test("does not count inactive people, although saving updates their roles", async () => {
    const [pam, jim] = [await scene.person("pam"), await scene.person("jim")];
    const staff = await scene.group("Staff", [pam, jim]);
    const { context, organizationId } = scene.tenant;
    const text = "update member set version = version + 1, active = false where organization_id = $1 and id = $2";
    await home.rows(text, [organizationId, jim]);
    const input = { mappings: [mapping(staff, scene.senior)], basis: [] };
    const gain = { roleId: scene.senior, role: "Senior", isGain: true, count: 1, names: ["pam"] };
    expect(await previewMappings(home.database, context, input)).toEqual({ ok: true, value: [gain] });
    expect(await previewDefaultRole(home.database.sql, organizationId, scene.junior)).toMatchObject({
      value: { count: 1, names: ["pam"] },
    });
    await setMappings(home.database, context, input);
    expect(await held(jim)).toContain("Senior:mapping");
  });

  test("of a concurrently changed list is refused, as saving is", async () => {
    const staff = await scene.group("Staff", []);
    const input = { mappings: [mapping(staff, scene.senior)], basis: [mapping(staff, scene.junior)] };
    const refused = { ok: false, error: { kind: "mappingsMoved" } };
    expect(await previewMappings(home.database, scene.tenant.context, input)).toEqual(refused);
    expect(await setMappings(home.database, scene.tenant.context, input)).toEqual(refused);
  });
});

// A mapping must not bypass the guard, even if people are only added to a group (AR-63).
test("the guard counts people who lose a mapped role by an added group", async () => {
  const people = await Promise.all(Array.from({ length: 7 }, (_, index) => scene.person(`p${index}`)));
  const [leads, staff] = [await scene.group("Leads", []), await scene.group("Staff", people)];
  await scene.map([leads, scene.senior], [staff, scene.junior]);
  await setGuard(home.database, scene.tenant.context, true);
  expect(await scene.tryPush(leads, "add", people)).toMatchObject({
    kind: "refused",
    refusal: { kind: "guardTripped" },
  });
  expect(await held(people[0] ?? "")).toContain("Junior:mapping");
  const changes = await listHeldChanges(home.database.sql, scene.tenant.organizationId);
  expect(new Set(changes.map(({ kind, role }) => `${kind} ${role}`))).toEqual(new Set(["member.role_revoked Junior"]));
  expect(changes.map(({ memberId }) => memberId).sort()).toEqual([...people].sort());
});

test("the counts of the list follow the first match of the domain's rule", async () => {
  const [pam, jim] = [await scene.person("pam"), await scene.person("jim")];
  const [leads, staff] = [await scene.group("Leads", [pam]), await scene.group("Staff", [pam, jim])];
  await scene.map([leads, scene.senior], [staff, scene.junior]);
  const listed = await listMappings(home.database.sql, scene.tenant.organizationId);
  expect(listed.map(({ inGroup, decided }) => [inGroup, decided])).toEqual([
    [1, 1],
    [2, 1],
  ]);
  expect(mappingFor(listed, new Set([staff, leads]))?.groupId).toBe(leads);
});

function mapping(groupId: string, targetId: string): GroupMapping {
  return { groupId, targetId };
}
