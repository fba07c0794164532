import { chooseDefaultRole, type Refusal } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { z } from "zod";
import { recordChanges } from "../store/change-log.ts";
import type { Database } from "../store/database.ts";
import type { RoleRow } from "../role/role-row.ts";
import type { Queryable } from "../store/queryable.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";
import { inOrganization } from "../store/unit-of-work.ts";
import { findRole, readProvisioning } from "./provisioning-row.ts";
import { rehearse, type RoleEffect } from "../store/rehearsal.ts";

export const provisioningSubject = { kind: "provisioning", id: null, name: "Provisioning" } as const;

export type DefaultRoleRefusal = Refusal<"defaultRoleRequired" | "ownerRoleUnconfirmed" | "roleNotFound">;

type DefaultRoleWish = { readonly roleId: string | null; readonly confirmOwnerRole?: boolean | undefined };

/** Chooses the role of people who are created from now on; nobody's roles change. `roleId` must be a UUID. */
export function setDefaultRole(
  database: Database,
  context: WriteContext,
  wish: DefaultRoleWish,
): Promise<Result<void, DefaultRoleRefusal>> {
  const attempt = { kind: "provisioning.default_role_changed", subject: provisioningSubject } as const;
  return inOrganization(database, context, attempt, (tx) => saveDefault(tx, context, wish));
}

/** `keepers`: who has the former default role because it was the default, and keeps it. */
export type DefaultRolePreview = {
  readonly effects: readonly RoleEffect[];
  readonly keepers: { readonly role: string; readonly count: number; readonly names: readonly string[] } | null;
};

/** What `setDefaultRole` would do to people's roles; an owners' role is taken for confirmed. */
export async function previewDefaultRole(
  database: Database,
  context: WriteContext,
  roleId: string,
): Promise<Result<DefaultRolePreview, DefaultRoleRefusal>> {
  const done = await rehearse(database, context, (tx) => saveDefault(tx, context, { roleId, confirmOwnerRole: true }));
  if (!done.ok) return done;
  const [row] = await database.sql.query(keepersOf, [context.organizationId]);
  return ok({ effects: done.value, keepers: row === undefined ? null : keepersRow.parse(row) });
}

const keepersRow = z.object({ role: z.string(), count: z.number(), names: z.array(z.string()) });

async function saveDefault(
  tx: Queryable,
  context: WriteContext,
  { roleId, confirmOwnerRole = false }: DefaultRoleWish,
): Promise<Result<void, DefaultRoleRefusal>> {
  const role = roleId === null ? null : await findRole(tx, context.organizationId, roleId);
  if (role === null && roleId !== null) return err({ kind: "roleNotFound", roleId });
  return applyDefaultRole(tx, context, role, confirmOwnerRole);
}

/** As `setDefaultRole`, in a transaction under the organization's lock. */
export async function applyDefaultRole(
  tx: Queryable,
  context: WriteContext,
  role: RoleRow | null,
  isOwnerConfirmed: boolean,
): Promise<Result<void, Refusal<"defaultRoleRequired" | "ownerRoleUnconfirmed">>> {
  const chosen = chooseDefaultRole(role, isOwnerConfirmed);
  if (!chosen.ok) return chosen;
  const { organizationId, now } = context;
  const settings = await readProvisioning(tx, organizationId);
  const { defaultRoleId } = chosen.value;
  if (settings.defaultRoleId === defaultRoleId) return ok(undefined);
  await tx.query(saveDefaultRole, [organizationId, defaultRoleId, now]);
  const former = settings.defaultRoleId === null ? null : await findRole(tx, organizationId, settings.defaultRoleId);
  await recordChanges(tx, [
    {
      ...entryOf(context),
      kind: "provisioning.default_role_changed",
      subject: provisioningSubject,
      before: { roleId: settings.defaultRoleId, role: former?.name ?? null },
      after: { roleId: defaultRoleId, role: role?.name ?? null },
    },
  ]);
  return ok(undefined);
}

const keepersOf = {
  name: "default_role_keepers",
  text: `select r.name as role, count(*)::int as count, (array_agg(m.name order by m.name_key, m.id))[1:5] as names
    from provisioning p join role r on r.organization_id = p.organization_id and r.id = p.default_role_id
    join role_grant g on g.organization_id = r.organization_id and g.role_id = r.id and g.source = 'default'
    join member m on m.organization_id = g.organization_id and m.id = g.member_id and not m.is_deleted
      and m.active
    where p.organization_id = $1 group by r.id, r.name`,
};
const saveDefaultRole = {
  name: "provisioning_default_role",
  text: "update provisioning set default_role_id = $2, updated_at = $3 where organization_id = $1",
};
