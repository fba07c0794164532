import { beforeEach, expect, test } from "vitest";
import { previewMappings, setMappings } from "../role-mapping/group-mappings.ts";
import { deleteOwnRole } from "../role/role-edit.ts";
import { whileLocked } from "../testing/locks.ts";
import { mappingScene, type MappingScene } from "../testing/mapping-scene.ts";
import { openScimDatabase } from "../testing/scim-database.ts";

let scene: MappingScene;
let names = 0;
const home = await openScimDatabase();
beforeEach(async () => {
  scene = await mappingScene(home.database, `MappingRaces${++names}`);
});

/** Blocks the first request when it writes its log entry, after everything else. */
const atItsEnd = { text: "lock table change in share mode" };

/** Blocks a grant of that role to that person within the statement, whose snapshot is then old. */
function whileGiving(memberId: string, roleId: string, source: "group" | "mapping") {
  const text = `insert into role_grant (organization_id, member_id, role_id, source, created_at)
    values ($1, $2, $3, $4, now())`;
  return { text, values: [scene.tenant.organizationId, memberId, roleId, source] };
}

// A push that began before the mapping must be subject to it.
test("a person pushed while the group is being mapped gets the role", async () => {
  const [pam, jim] = [await scene.person("pam"), await scene.person("jim")];
  const staff = await scene.group("Staff", []);
  const both = await whileLocked(home.database, whileGiving(jim, staff, "group"), async (waitFor) => {
    const pushing = scene.push(staff, "add", [pam, jim]);
    await waitFor(1, pushing);
    const mapping = scene.map([staff, scene.junior]);
    await waitFor(2, mapping);
    return [pushing, mapping];
  });
  await Promise.all(both);
  expect(await scene.tenant.grantsOf(pam)).toContain("Junior:mapping");
  expect(await scene.tenant.grantsOf(jim)).toContain("Junior:mapping");
});

// A push during the first application of the mapping must be subject to it.
test("a person pushed while the mapping is being applied gets the role", async () => {
  const [pam, jim] = [await scene.person("pam"), await scene.person("jim")];
  const staff = await scene.group("Staff", [jim]);
  const both = await whileLocked(home.database, whileGiving(jim, scene.junior, "mapping"), async (waitFor) => {
    const mapping = scene.map([staff, scene.junior]);
    await waitFor(1, mapping);
    const pushing = scene.push(staff, "add", [pam]);
    await waitFor(2, pushing);
    return [mapping, pushing];
  });
  await Promise.all(both);
  expect(await scene.tenant.grantsOf(pam)).toContain("Junior:mapping");
});

// Otherwise each of two pushes would decide on the groups as they were before the other.
test("concurrent pushes of two groups decide one after the other on members of both", async () => {
  const pam = await scene.person("pam");
  const [leads, staff] = [await scene.group("Leads", []), await scene.group("Staff", [])];
  await scene.map([leads, scene.senior], [staff, scene.junior]);
  const [first, second] = await whileLocked(home.database, atItsEnd, async (waitFor) => {
    const one = scene.push(staff, "add", [pam]);
    await waitFor(1, one);
    const other = scene.push(leads, "add", [pam]);
    await waitFor(2, other);
    return [one, other] as const;
  });
  await Promise.all([first, second]);
  const grants = await scene.tenant.grantsOf(pam);
  expect(grants).toEqual(["Leads:group", "Members:default", "Senior:mapping", "Staff:group"]);
});

// A grant of a deleted role would give no access and could not be revoked.
test("a person pushed while the target role is deleted does not get it", async () => {
  const pam = await scene.person("pam");
  const staff = await scene.group("Staff", []);
  await scene.map([staff, scene.junior]);
  const [deleted, pushed] = await whileLocked(home.database, atItsEnd, async (waitFor) => {
    const pushing = scene.push(staff, "add", [pam]);
    await waitFor(1, pushing);
    const deleting = deleteOwnRole(home.database, scene.tenant.context, scene.junior);
    await waitFor(2, deleting);
    return [deleting, pushing] as const;
  });
  await pushed;
  expect(await deleted).toMatchObject({ ok: true });
  expect(await scene.tenant.grantsOf(pam)).toEqual(["Members:default", "Staff:group"]);
});

// Two owners must not overwrite each other's changes unnoticed.
test("the second of two concurrently saved lists is refused", async () => {
  const staff = await scene.group("Staff", []);
  const save = (targetId: string) =>
    setMappings(home.database, scene.tenant.context, { mappings: [{ groupId: staff, targetId }], basis: [] });
  const both = await Promise.all([save(scene.senior), save(scene.junior)]);
  expect(both.filter(({ ok }) => ok)).toHaveLength(1);
  const left = "select 1 from group_mapping where organization_id = $1";
  expect(await home.rows(left, [scene.tenant.organizationId])).toHaveLength(1);
});

test("concurrent previews and pushes end, and previews save nothing", async () => {
  const people = await Promise.all(Array.from({ length: 5 }, (_, index) => scene.person(`p${index}`)));
  const staff = await scene.group("Staff", []);
  await scene.map([staff, scene.junior]);
  const basis = [{ groupId: staff, targetId: scene.junior }];
  const input = { basis, mappings: [{ groupId: staff, targetId: scene.senior }] };
  await Promise.all(
    people.flatMap((id) => [
      scene.push(staff, "add", [id]),
      previewMappings(home.database, scene.tenant.context, input),
    ]),
  );
  for (const id of people) {
    const grants = await scene.tenant.grantsOf(id);
    expect(grants).toEqual(["Junior:mapping", "Members:default", "Staff:group"]);
  }
});
