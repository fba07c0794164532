import type { Refusal } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { recordChanges } from "../store/change-log.ts";
import type { Database } from "../store/database.ts";
import { applyMappings } from "../role-mapping/role-mapping.ts";
import { endMappingsOf } from "../role-mapping/role-mapping-end.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";
import { inOrganization } from "../store/unit-of-work.ts";
import { findRole } from "../provisioning/provisioning-row.ts";

type Linking = Result<void, Refusal<"roleNotFound" | "roleManagedByScim" | "roleIsMappingTarget">>;

/**
 * Hands an existing role to the directory, or takes it back: linked, its people follow the provider's group of that name
 * from then on. A role that the directory made itself is always its own; one that a mapping gives stays ours,
 * and the mapping of one that is taken back ends. `roleId` must be a UUID.
 */
export function setRoleLinked(
  database: Database,
  context: WriteContext,
  wish: { readonly roleId: string; readonly isLinked: boolean },
): Promise<Linking> {
  const { roleId, isLinked } = wish;
  const { organizationId, now } = context;
  const kind = isLinked ? "role.linked" : "role.unlinked";
  const nobody = { kind: "role", id: roleId, name: "" } as const;
  return inOrganization(
    database,
    context,
    { kind, subject: nobody, locksOut: !isLinked },
    async (tx): Promise<Linking> => {
      const role = await findRole(tx, organizationId, roleId);
      if (role === null) return err({ kind: "roleNotFound", roleId });
      if (role.isScimCreated) return err({ kind: "roleManagedByScim", name: role.name });
      if (role.isLinked === isLinked) return ok(undefined);
      const [target] = await tx.query(mappingTo, [organizationId, roleId]);
      if (isLinked && target !== undefined) return err({ kind: "roleIsMappingTarget", name: role.name });
      await tx.query(save, [organizationId, roleId, isLinked, now]);
      const subject = { ...nobody, name: role.name };
      const [before, after] = [{ isLinked: role.isLinked }, { isLinked }];
      await recordChanges(tx, [{ ...entryOf(context), kind, subject, before, after }]);
      if (!isLinked && (await endMappingsOf(tx, context, role))) {
        await applyMappings(tx, context, { memberIds: "everybody", group: role.name });
      }
      return ok(undefined);
    },
  );
}

const mappingTo = {
  name: "role_mapping_to",
  text: "select 1 from group_mapping where organization_id = $1 and target_id = $2 limit 1",
};
const save = {
  name: "role_set_linked",
  text: `update role set is_linked = $3, version = version + 1, updated_at = $4
    where organization_id = $1 and id = $2`,
};
