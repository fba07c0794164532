import {
  choosePermissions,
  checkOwnerDeletion,
  checkOwnerEdit,
  checkPermissionsEdit,
  type ChangeKind,
  type Refusal,
  type RuleError,
} from "@rollcall/domain";
import { err, foldText, ok, type Result } from "@rollcall/scim-protocol";
import type { Updateable } from "kysely";
import { existingRoles, findRole, readProvisioning } from "../provisioning/provisioning-row.ts";
import { treatEverybody } from "../provisioning/people-job.ts";
import { endMappingsOf } from "../role-mapping/role-mapping-end.ts";
import { dropAllGrants } from "../scim/role-members.ts";
import type { Database } from "../store/database.ts";
import { newId } from "../store/id.ts";
import type { Queryable } from "../store/queryable.ts";
import type { Tables } from "../store/tables.ts";
import { inOrganization, type UnitOfWork } from "../store/unit-of-work.ts";
import { violatedUnique } from "../store/violation.ts";
import type { WriteContext } from "../store/write-context.ts";
import { nameRole } from "./role-name.ts";

type Creation = Result<string, Refusal<"roleNameTaken" | "permissionUnknown">>;
type Renaming = Result<void, Refusal<"roleNotFound" | "roleNameTaken" | "roleBuiltIn" | "roleManagedByScim">>;
type Permitting = Result<void, Refusal<"roleNotFound" | "roleBuiltIn" | "permissionUnknown">>;
type Deletion = Result<void, Refusal<"roleNotFound" | "roleBuiltIn" | "roleManagedByScim" | "roleIsDefault">>;
type Linking = Result<void, Refusal<"roleNotFound" | "roleManagedByScim" | "roleIsMappingTarget">>;

/** Creates a custom role; returns its id. `name` must be trimmed and not blank. */
export function createRole(
  database: Database,
  context: WriteContext,
  { name, permissions }: { readonly name: string; readonly permissions: readonly string[] },
): Promise<Creation> {
  const { organizationId, now } = context;
  const attempt = { kind: "role.created", subject: { kind: "role", id: null, name } } as const;
  return inOrganization(database, context, attempt, (uow) =>
    uniquely(name, async (): Promise<Creation> => {
      const named = nameRole(name);
      if (!named.ok) return named;
      const chosen = choosePermissions(permissions);
      if (!chosen.ok) return chosen;
      const role = { id: newId(), name, permissions: [...chosen.value] };
      const nature = { kind: "custom", isScimCreated: false, isLinked: false } as const;
      const dates = { createdAt: now, updatedAt: now };
      await uow.db
        .insertInto("role")
        .values({ organizationId, ...role, nameKey: foldText(name), ...nature, ...dates })
        .execute();
      uow.log({ kind: "role.created", subject: subjectOf(role), after: { name, permissions: role.permissions } });
      return ok(role.id);
    }),
  );
}

/** Renames a custom role of the owners; roles of the directory keep their names (AR-60). */
export function renameRole(
  database: Database,
  context: WriteContext,
  { roleId, name }: { readonly roleId: string; readonly name: string },
): Promise<Renaming> {
  return onRole(database, context, { roleId, kind: "role.renamed" }, (uow, role) =>
    uniquely(name, async (): Promise<Renaming> => {
      const allowed = checkOwnerEdit(role);
      if (!allowed.ok || name === role.name) return allowed;
      const named = nameRole(name);
      if (!named.ok) return named;
      await changeRole(uow, roleId, { name, nameKey: foldText(name) });
      const subject = subjectOf({ id: roleId, name });
      uow.log({ kind: "role.renamed", subject, before: { name: role.name }, after: { name } });
      return ok(undefined);
    }),
  );
}

/** Sets the permissions of a custom role, also of the directory's (AR-60). */
export function setRolePermissions(
  database: Database,
  context: WriteContext,
  { roleId, permissions }: { readonly roleId: string; readonly permissions: readonly string[] },
): Promise<Permitting> {
  const kind = "role.permissions_changed";
  return onRole(database, context, { roleId, kind }, async (uow, role): Promise<Permitting> => {
    const allowed = checkPermissionsEdit(role);
    if (!allowed.ok) return allowed;
    const chosen = choosePermissions(permissions);
    if (!chosen.ok) return chosen;
    const [before, after] = [{ permissions: role.permissions }, { permissions: [...chosen.value] }];
    if (JSON.stringify(before) === JSON.stringify(after)) return ok(undefined);
    // A SCIM Group has no permissions, so that neither its date nor its version changes.
    await updateRole(uow, roleId).set(after).execute();
    uow.log({ kind, subject: subjectOf(role), before, after });
    return ok(undefined);
  });
}

/**
 * Deletes a custom role of the owners. Its people stay; a person without another role gets the default role. Ends
 * mappings to it, so SCIM writes must be blocked.
 */
export function deleteOwnRole(database: Database, context: WriteContext, roleId: string): Promise<Deletion> {
  const attempt = { roleId, kind: "role.deleted", locksOut: true } as const;
  return onRole(database, context, attempt, async (uow, role): Promise<Deletion> => {
    const { defaultRoleId } = await readProvisioning(uow, context.organizationId);
    const allowed = checkOwnerDeletion(role, defaultRoleId);
    if (!allowed.ok) return allowed;
    const members = await dropAllGrants(uow, { ...context, defaultRoleId }, role);
    await changeRole(uow, roleId, { deletedAt: context.now });
    uow.log({ kind: "role.deleted", subject: subjectOf(role), before: { name: role.name, members } });
    return ok(undefined);
  });
}

/**
 * Links an existing role to the directory, or unlinks it: members of a linked role follow the provider's group of that
 * name. A role created by the directory cannot be unlinked, and the target of a mapping cannot be linked; unlinking
 * ends the role's own mapping. `roleId` must be a UUID.
 */
export function setRoleLinked(
  database: Database,
  context: WriteContext,
  { roleId, isLinked }: { readonly roleId: string; readonly isLinked: boolean },
): Promise<Linking> {
  const kind = isLinked ? "role.linked" : "role.unlinked";
  const attempt = { kind, subject: subjectOf({ id: roleId, name: "" }), locksOut: !isLinked } as const;
  return inOrganization(database, context, attempt, async (uow): Promise<Linking> => {
    const role = await findRole(uow, context.organizationId, roleId);
    if (role === null) return err({ kind: "roleNotFound", roleId });
    if (role.isScimCreated) return err({ kind: "roleManagedByScim", name: role.name });
    if (role.isLinked === isLinked) return ok(undefined);
    if (isLinked && (await isMappingTarget(uow, context.organizationId, roleId))) {
      return err({ kind: "roleIsMappingTarget", name: role.name });
    }
    // The directory may give its id to another group.
    await changeRole(uow, roleId, isLinked ? { isLinked } : { isLinked, externalId: null });
    uow.log({ kind, subject: subjectOf(role), before: { isLinked: role.isLinked }, after: { isLinked } });
    if (!isLinked && (await endMappingsOf(uow, context, role))) await treatEverybody(uow);
    return ok(undefined);
  });
}

async function isMappingTarget({ db }: Queryable, organizationId: string, roleId: string): Promise<boolean> {
  const mapping = await db
    .selectFrom("group_mapping")
    .where("organizationId", "=", organizationId)
    .where("targetId", "=", roleId)
    .select("groupId")
    .limit(1)
    .executeTakeFirst();
  return mapping !== undefined;
}

type HeldRole = NonNullable<Awaited<ReturnType<typeof holdRole>>>;

/** Reads the role and locks it for the rest of the transaction. */
function holdRole(uow: UnitOfWork, roleId: string) {
  const role = existingRoles(uow, uow.organizationId).where("r.id", "=", roleId).select("r.permissions");
  return role.forNoKeyUpdate().executeTakeFirst();
}

/** Like `inOrganization`, for a write to one role, which is locked. */
function onRole<T, E extends RuleError>(
  database: Database,
  context: WriteContext,
  act: { readonly roleId: string; readonly kind: ChangeKind; readonly locksOut?: boolean },
  work: (uow: UnitOfWork, role: HeldRole) => Promise<Result<T, E>>,
): Promise<Result<T, E | Refusal<"roleNotFound">>> {
  const { roleId, ...attempt } = act;
  const subject = subjectOf({ id: roleId, name: "" });
  return inOrganization(
    database,
    context,
    { ...attempt, subject },
    async (uow): Promise<Result<T, E | Refusal<"roleNotFound">>> => {
      const role = await holdRole(uow, roleId);
      return role === undefined ? err({ kind: "roleNotFound", roleId }) : work(uow, role);
    },
  );
}

const updateRole = ({ db, organizationId }: UnitOfWork, roleId: string) =>
  db.updateTable("role").where("organizationId", "=", organizationId).where("id", "=", roleId);

/** Changes a role's columns that the SCIM Group shows. */
function changeRole(uow: UnitOfWork, roleId: string, values: Updateable<Tables["role"]>) {
  return updateRole(uow, roleId)
    .set((eb) => ({ ...values, version: eb("version", "+", 1), updatedAt: uow.now }))
    .execute();
}

/** The index also detects a concurrent use of the name. */
async function uniquely<T, E extends RuleError>(
  name: string,
  work: () => Promise<Result<T, E>>,
): Promise<Result<T, E | Refusal<"roleNameTaken">>> {
  try {
    return await work();
  } catch (cause) {
    if (violatedUnique(cause) !== "role_name_unique") throw cause;
    return err({ kind: "roleNameTaken", name });
  }
}

const subjectOf = ({ id, name }: { readonly id: string; readonly name: string }) =>
  ({ kind: "role", id, name }) as const;
