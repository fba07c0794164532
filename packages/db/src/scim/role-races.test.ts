import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { setDefaultRole } from "../provisioning/provisioning-settings.ts";
import { setGuard } from "../guard/guard-settings.ts";
import { addRole, changeRole, deleteRole } from "./role-write.ts";
import { whileLocked } from "../testing/locks.ts";
import {
  added,
  request,
  grantsOf,
  newTenant,
  openScimDatabase,
  person,
  rows,
  write,
  type ScimDatabase,
  type Tenant,
} from "../testing/scim-database.ts";

let home: ScimDatabase;
let tenant: Tenant;
let names = 0;
beforeAll(async () => {
  home = await openScimDatabase();
});
afterAll(() => home.close());
beforeEach(async () => {
  tenant = await newTenant(home.database, `Races${++names}`);
});

const asks = () => ({ ...request, credential: tenant.credential });

async function group(name: string): Promise<string> {
  const made = await addRole(home.database, asks(), { name, externalId: null, memberIds: [] });
  if (made.kind !== "saved") throw new Error(`Not made: ${made.kind}`);
  return made.roleId;
}

// A lookup by externalId must find one group after concurrent pushes.
test("concurrent pushes of one externalId create one group", async () => {
  const pushes = Array.from({ length: 8 }, (_, index) =>
    addRole(home.database, asks(), { name: `Twin ${index}`, externalId: "twin", memberIds: [] }),
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
    const roleId = await group("Next default");
    await setGuard(home.database, tenant.context, isGuardOn);
    // The owner's request is blocked when it writes its log entry, after everything else.
    const [chosen, deleted] = await whileLocked(
      home.database,
      { text: "lock table change in share mode" },
      async (waitFor) => {
        const choosing = setDefaultRole(home.database, tenant.context, { roleId });
        await waitFor(1, choosing);
        const deleting = deleteRole(home.database, asks(), roleId);
        await waitFor(2, deleting);
        return [choosing, deleting] as const;
      },
    );
    expect(await chosen).toMatchObject({ ok: true });
    expect(await deleted).toMatchObject({ kind: "refused", refusal: { kind: "roleIsDefault" } });
    const text = `select r.deleted_at from provisioning p join role r on r.organization_id = p.organization_id
      and r.id = p.default_role_id where p.organization_id = $1`;
    expect(await rows(home.database, text, [tenant.organizationId])).toEqual([{ deleted_at: null }]);
  },
);

// A deleted role alone would give no access.
test("a person added while the default role changes and the former one is deleted has the new one", async () => {
  const [former, next] = [await group("Former default"), await group("New default")];
  await setDefaultRole(home.database, tenant.context, { roleId: former });
  const { organizationId } = tenant;
  // The POST is blocked at its end, when it checks the organization.
  const lock = { text: "select 1 from organization where id = $1 for update", values: [organizationId] };
  const [adding, deleting] = await whileLocked(home.database, lock, async (waitFor) => {
    const post = added(home.database, tenant, person(`late@races${names}.example`));
    await waitFor(1, post);
    expect(await setDefaultRole(home.database, tenant.context, { roleId: next })).toMatchObject({ ok: true });
    const deletion = deleteRole(home.database, asks(), former);
    await waitFor(2, deletion);
    return [post, deletion] as const;
  });
  const { id } = await adding;
  expect(await deleting).toMatchObject({ kind: "saved" });
  expect(await grantsOf(home.database, tenant, id)).toEqual(["New default:default"]);
});

// Rule 7: a deletion must also revoke a role that is being granted, or it would return with the person.
test("a person deleted while a group is pushed returns without that group", async () => {
  const roleId = await group("Pushed");
  const userName = `gone@races${names}.example`;
  const { id } = await added(home.database, tenant, person(userName));
  // The push is blocked before its log entry, so that the deletion begins without seeing the grant.
  const [pushed, deleted] = await whileLocked(
    home.database,
    { text: "lock table role in share mode" },
    async (waitFor) => {
      const pushing = changeRole(home.database, asks(), roleId, { members: [{ kind: "add", memberIds: [id] }] });
      await waitFor(1, pushing);
      const deleting = write(home.database, tenant, id, "delete");
      await waitFor(2, deleting);
      return [pushing, deleting] as const;
    },
  );
  expect([await pushed, await deleted]).toMatchObject([{ kind: "saved" }, { kind: "saved" }]);
  expect(await added(home.database, tenant, person(userName))).toMatchObject({ id });
  expect(await grantsOf(home.database, tenant, id)).toEqual(["Members:default"]);
});

// AR-53: a change decided before the person became an owner must be decided again.
test("a person who becomes an owner by the default role has a new version", async () => {
  const owners = "select id from role where organization_id = $1 and kind = 'owner'";
  const [owner] = await rows(home.database, owners, [tenant.organizationId]);
  const input = { roleId: String(owner?.["id"]), confirmOwnerRole: true };
  const roleId = await group("Only role");
  const { id, version } = await added(home.database, tenant, person(`owner-to-be@races${names}.example`));
  await changeRole(home.database, asks(), roleId, { members: [{ kind: "add", memberIds: [id] }] });
  await rows(home.database, "delete from role_grant where member_id = $1 and source = 'default'", [id]);
  expect(await setDefaultRole(home.database, tenant.context, input)).toMatchObject({ ok: true });
  await changeRole(home.database, asks(), roleId, { members: [{ kind: "remove", memberIds: [id] }] });
  expect(await grantsOf(home.database, tenant, id)).toEqual(["Account Owners:default"]);
  expect(await rows(home.database, "select version from member where id = $1", [id])).toEqual([
    { version: version + 1 },
  ]);
});
