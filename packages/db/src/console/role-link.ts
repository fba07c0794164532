import type { Refusal } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { recordChanges } from "../change-log.ts";
import type { Database } from "../database.ts";
import { entryOf, type WriteContext } from "../write-context.ts";
import { operate } from "./operation.ts";
import { findRole } from "./provisioning-row.ts";

type Linking = Result<void, Refusal<"roleNotFound" | "roleManagedByScim">>;

/**
 * Hands an existing role to the directory, or takes it back: linked, its people follow the provider's group of that name
 * from then on. A role that the directory made itself is always its own. `roleId` must be a UUID.
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
  return operate(database, context, { kind, subject: nobody }, async (tx): Promise<Linking> => {
    const role = await findRole(tx, organizationId, roleId);
    if (role === null) return err({ kind: "roleNotFound", roleId });
    if (role.isScimCreated) return err({ kind: "roleManagedByScim", name: role.name });
    if (role.isLinked === isLinked) return ok(undefined);
    await tx.query(save, [organizationId, roleId, isLinked, now]);
    const subject = { ...nobody, name: role.name };
    const [before, after] = [{ isLinked: role.isLinked }, { isLinked }];
    await recordChanges(tx, [{ ...entryOf(context), kind, subject, before, after }]);
    return ok(undefined);
  });
}

const save = {
  name: "role_set_linked",
  text: `update role set is_linked = $3, version = version + 1, updated_at = $4
    where organization_id = $1 and id = $2`,
};
