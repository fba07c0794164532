import {
  choosePermissions,
  deleteByOwner,
  editByOwner,
  permitByOwner,
  type Refusal,
  type RuleError,
} from "@rollcall/domain";
import { err, foldText, ok, type Result } from "@rollcall/scim-protocol";
import { recordChanges, type NewChange } from "../store/change-log.ts";
import type { Database } from "../store/database.ts";
import { newId } from "../store/id.ts";
import { nameRole } from "./role-name.ts";
import type { RoleRow } from "./role-row.ts";
import { dropAllGrants } from "../scim/role-members.ts";
import type { Queryable } from "../store/queryable.ts";
import { violatedUnique } from "../store/violation.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";
import { inOrganization } from "../store/unit-of-work.ts";
import { findRole, readProvisioning } from "../provisioning/provisioning-row.ts";

type NameTaken = Refusal<"roleNameTaken">;
type Unknown = Refusal<"roleNotFound">;

/** Makes a custom role; returns its id. `name` is trimmed and not blank. */
export function createRole(
  database: Database,
  context: WriteContext,
  wish: { readonly name: string; readonly permissions: readonly string[] },
): Promise<Result<string, NameTaken | Refusal<"permissionUnknown">>> {
  const { name } = wish;
  const id = newId();
  const attempt = { kind: "role.created", subject: { kind: "role", id: null, name } } as const;
  return inOrganization(database, context, attempt, (tx) =>
    uniquely(name, async (): Promise<Result<string, NameTaken | Refusal<"permissionUnknown">>> => {
      const named = nameRole(name);
      if (!named.ok) return named;
      const chosen = choosePermissions(wish.permissions);
      if (!chosen.ok) return chosen;
      await tx.query(insert, [context.organizationId, id, name, foldText(name), chosen.value, context.now]);
      const after = { name, permissions: chosen.value };
      await recordChanges(tx, [
        { ...entryOf(context), kind: "role.created", subject: { kind: "role", id, name }, after },
      ]);
      return ok(id);
    }),
  );
}

/** Renames a custom role of ours; the directory's keep their names (AR-60). */
export function renameRole(
  database: Database,
  context: WriteContext,
  wish: { readonly roleId: string; readonly name: string },
): Promise<Result<void, Unknown | NameTaken | Refusal<"roleBuiltIn" | "roleManagedByScim">>> {
  const { roleId, name } = wish;
  return onRole(database, context, { roleId, kind: "role.renamed" }, (tx, role) =>
    uniquely(name, async (): Promise<Result<void, NameTaken | Refusal<"roleBuiltIn" | "roleManagedByScim">>> => {
      const allowed = editByOwner(role);
      if (!allowed.ok || name === role.name) return allowed;
      const named = nameRole(name);
      if (!named.ok) return named;
      await tx.query(rename, [context.organizationId, roleId, name, foldText(name), context.now]);
      await log(tx, context, { ...role, name }, { kind: "role.renamed", before: { name: role.name }, after: { name } });
      return ok(undefined);
    }),
  );
}

/** Decides what a custom role allows, the directory's included (AR-60). */
export function setRolePermissions(
  database: Database,
  context: WriteContext,
  wish: { readonly roleId: string; readonly permissions: readonly string[] },
): Promise<Result<void, Unknown | Refusal<"roleBuiltIn" | "permissionUnknown">>> {
  const { roleId } = wish;
  const kind = "role.permissions_changed";
  return onRole(
    database,
    context,
    { roleId, kind },
    async (tx, role): Promise<Result<void, Refusal<"roleBuiltIn" | "permissionUnknown">>> => {
      const allowed = permitByOwner(role);
      if (!allowed.ok) return allowed;
      const chosen = choosePermissions(wish.permissions);
      if (!chosen.ok) return chosen;
      const [former] = await tx.query(permit, [context.organizationId, roleId, chosen.value]);
      const before = { permissions: former?.["permissions"] };
      if (JSON.stringify(before.permissions) === JSON.stringify(chosen.value)) return ok(undefined);
      await log(tx, context, role, { kind, before, after: { permissions: chosen.value } });
      return ok(undefined);
    },
  );
}

/**
 * Deletes a custom role of ours. Its people stay; whose only role it was keeps the default role. A mapping that gave it
 * ends with it, so that no push may be under way.
 */
export function deleteOwnRole(
  database: Database,
  context: WriteContext,
  roleId: string,
): Promise<Result<void, Unknown | Refusal<"roleBuiltIn" | "roleManagedByScim" | "roleIsDefault">>> {
  return onRole(
    database,
    context,
    { roleId, kind: "role.deleted", locksOut: true },
    async (tx, role): Promise<Result<void, Refusal<"roleBuiltIn" | "roleManagedByScim" | "roleIsDefault">>> => {
      const { defaultRoleId } = await readProvisioning(tx, context.organizationId);
      const allowed = deleteByOwner(role, defaultRoleId);
      if (!allowed.ok) return allowed;
      const members = await dropAllGrants(tx, { ...context, defaultRoleId }, role);
      await tx.query(bury, [context.organizationId, roleId, context.now]);
      await log(tx, context, role, { kind: "role.deleted", before: { name: role.name, members } });
      return ok(undefined);
    },
  );
}

function onRole<T, E extends RuleError>(
  database: Database,
  context: WriteContext,
  act: { readonly roleId: string; readonly kind: NewChange["kind"]; readonly locksOut?: boolean },
  work: (tx: Queryable, role: RoleRow) => Promise<Result<T, E>>,
): Promise<Result<T, E | Unknown>> {
  const { roleId, ...attempt } = act;
  const subject = { kind: "role", id: roleId, name: "" } as const;
  return inOrganization(database, context, { ...attempt, subject }, async (tx): Promise<Result<T, E | Unknown>> => {
    await tx.query(hold, [context.organizationId, roleId]);
    const role = await findRole(tx, context.organizationId, roleId);
    return role === null ? err({ kind: "roleNotFound", roleId }) : work(tx, role);
  });
}

/** A name that another role has, or that somebody else gives to one at the same moment, is found by the index. */
async function uniquely<T, E extends RuleError>(
  name: string,
  work: () => Promise<Result<T, E>>,
): Promise<Result<T, E | NameTaken>> {
  try {
    return await work();
  } catch (cause) {
    if (violatedUnique(cause) !== "role_name_unique") throw cause;
    return err({ kind: "roleNameTaken", name });
  }
}

async function log(
  tx: Queryable,
  context: WriteContext,
  role: RoleRow,
  entry: Pick<NewChange, "kind" | "before" | "after">,
): Promise<void> {
  const subject = { kind: "role", id: role.id, name: role.name } as const;
  await recordChanges(tx, [{ ...entryOf(context), subject, ...entry }]);
}

const hold = {
  name: "console_role_hold",
  text: "select 1 from role where organization_id = $1 and id = $2 and deleted_at is null for no key update",
};
const insert = {
  name: "console_role_add",
  text: `insert into role (organization_id, id, name, name_key, kind, permissions, is_scim_created, is_linked, created_at,
    updated_at) values ($1, $2, $3, $4, 'custom', $5, false, false, $6, $6)`,
};
const rename = {
  name: "console_role_rename",
  text: `update role set name = $3, name_key = $4, version = version + 1, updated_at = $5
    where organization_id = $1 and id = $2`,
};
/** A Group does not show what its role allows, so that neither its date nor its version moves. */
const permit = {
  name: "console_role_permit",
  text: `with former as materialized (select permissions from role where organization_id = $1 and id = $2)
    update role set permissions = $3 where organization_id = $1 and id = $2
    returning (select former.permissions from former) as permissions`,
};
const bury = {
  name: "console_role_bury",
  text: `update role set deleted_at = $3, version = version + 1, updated_at = $3
    where organization_id = $1 and id = $2`,
};
