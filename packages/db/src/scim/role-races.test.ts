import { beforeEach, expect, test } from "vitest";
import { setDefaultRole } from "../provisioning/provisioning-settings.ts";
import { setGuard } from "../guard/guard-settings.ts";
import { addRole, changeRole, deleteRole } from "./role-write.ts";
import { whileLocked } from "../testing/locks.ts";
import { openScimDatabase, person, type Tenant } from "../testing/scim-database.ts";

let tenant: Tenant;
let names = 0;
const home = await openScimDatabase();
beforeEach(async () => {
  tenant = await home.newTenant(`Races${++names}`);
});

// A lookup by externalId must find one group after concurrent pushes.
test("concurrent pushes of one externalId create one group", async () => {
  const pushes = Array.from({ length: 8 }, (_, index) =>
    addRole(home.database, tenant.request, { name: `Twin ${index}`, externalId: "twin", memberIds: [] }),
  );
  const refused = (await Promise.all(pushes)).filter(({ kind }) => kind !== "saved");
  expect(refused.map((outcome) => outcome.kind === "refused" && outcome.refusal)).toEqual(
    Array.from({ length: 7 }, () => ({ kind: "roleExternalIdTaken", externalId: "twin" })),
  );
});

// Rule 9: people added later would be given a deleted role.
test.each([true, false])(
  "a group that is becoming the default role is not deleted; the guard is on: %s",
  async (isGuardOn) => {
    const roleId = await tenant.addGroup("Next default");
    await setGuard(home.database, tenant.context, isGuardOn);
    // The owner's request is blocked when it writes its log entry, after everything else.
    const [chosen, deleted] = await whileLocked(
      home.database,
      { text: "lock table change in share mode" },
      async (waitFor) => {
        const choosing = setDefaultRole(home.database, tenant.context, { roleId });
        await waitFor(1, choosing);
        const deleting = deleteRole(home.database, tenant.request, roleId);
        await waitFor(2, deleting);
        return [choosing, deleting] as const;
      },
    );
    expect(await chosen).toMatchObject({ ok: true });
    expect(await deleted).toMatchObject({ kind: "refused", refusal: { kind: "roleIsDefault" } });
    const text = `select r.deleted_at from provisioning p join role r on r.organization_id = p.organization_id
      and r.id = p.default_role_id where p.organization_id = $1`;
    expect(await home.rows(text, [tenant.organizationId])).toEqual([{ deleted_at: null }]);
  },
);

// A deleted role alone would give no access.
test("a person added while the default role changes and the former one is deleted has the new one", async () => {
  const [former, next] = [await tenant.addGroup("Former default"), await tenant.addGroup("New default")];
  await setDefaultRole(home.database, tenant.context, { roleId: former });
  const { organizationId } = tenant;
  // The POST is blocked at its end, when it checks the organization.
  const lock = { text: "select 1 from organization where id = $1 for update", values: [organizationId] };
  const [adding, deleting] = await whileLocked(home.database, lock, async (waitFor) => {
    const post = tenant.add(person(`late@races${names}.example`));
    await waitFor(1, post);
    expect(await setDefaultRole(home.database, tenant.context, { roleId: next })).toMatchObject({ ok: true });
    const deletion = deleteRole(home.database, tenant.request, former);
    await waitFor(2, deletion);
    return [post, deletion] as const;
  });
  const { id } = await adding;
  expect(await deleting).toMatchObject({ kind: "saved" });
  expect(await tenant.grantsOf(id)).toEqual(["New default:default"]);
});

// Rule 7: a deletion must also revoke a role that is being granted, or it would return with the person.
test("a person deleted while a group is pushed returns without that group", async () => {
  const roleId = await tenant.addGroup("Pushed");
  const userName = `gone@races${names}.example`;
  const { id } = await tenant.add(person(userName));
  // The push is blocked before its log entry, so that the deletion begins without seeing the grant.
  const [pushed, deleted] = await whileLocked(
    home.database,
    { text: "lock table role in share mode" },
    async (waitFor) => {
      const pushing = changeRole(home.database, tenant.request, roleId, {
        members: [{ kind: "add", memberIds: [id] }],
      });
      await waitFor(1, pushing);
      const deleting = tenant.write(id, "delete");
      await waitFor(2, deleting);
      return [pushing, deleting] as const;
    },
  );
  expect([await pushed, await deleted]).toMatchObject([{ kind: "saved" }, { kind: "saved" }]);
  expect(await tenant.add(person(userName))).toMatchObject({ id });
  expect(await tenant.grantsOf(id)).toEqual(["Members:default"]);
});

// AR-53: a change decided before the person became an owner must be decided again.
test("a person who becomes an owner by the default role has a new version", async () => {
  const owners = "select id from role where organization_id = $1 and kind = 'owner'";
  const [owner] = await home.rows(owners, [tenant.organizationId]);
  const input = { roleId: String(owner?.["id"]), confirmOwnerRole: true };
  const roleId = await tenant.addGroup("Only role");
  const { id, version } = await tenant.add(person(`owner-to-be@races${names}.example`));
  await changeRole(home.database, tenant.request, roleId, { members: [{ kind: "add", memberIds: [id] }] });
  await home.rows("delete from role_grant where member_id = $1 and source = 'default'", [id]);
  expect(await setDefaultRole(home.database, tenant.context, input)).toMatchObject({ ok: true });
  await changeRole(home.database, tenant.request, roleId, { members: [{ kind: "remove", memberIds: [id] }] });
  expect(await tenant.grantsOf(id)).toEqual(["Account Owners:default"]);
  expect(await home.rows("select version from member where id = $1", [id])).toEqual([{ version: version + 1 }]);
});
