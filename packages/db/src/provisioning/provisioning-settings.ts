import { chooseDefaultRole, type Refusal } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { sql } from "kysely";
import { noticeOwners } from "../account/security-notice.ts";
import { mailTemplate } from "../mail/mail-text.ts";
import type { RoleRow } from "../role/role-columns.ts";
import type { Database } from "../store/database.ts";
import type { Queryable } from "../store/queryable.ts";
import { inOrganization, type UnitOfWork } from "../store/unit-of-work.ts";
import type { WriteContext } from "../store/write-context.ts";
import { existingRoles, findRole, loadProvisioning } from "./provisioning-row.ts";

export const provisioningSubject = { kind: "provisioning", id: null, name: "Provisioning" } as const;

export type DefaultRoleRefusal = Refusal<"defaultRoleRequired" | "ownerRoleUnconfirmed" | "roleNotFound">;

type DefaultRoleInput = { readonly roleId: string | null; readonly confirmOwnerRole?: boolean | undefined };

/** Sets the role of people created from now on; existing people keep theirs. `roleId` must be a UUID. */
export function setDefaultRole(
  database: Database,
  context: WriteContext,
  input: DefaultRoleInput,
): Promise<Result<void, DefaultRoleRefusal>> {
  const attempt = { kind: "provisioning.default_role_changed", subject: provisioningSubject } as const;
  return inOrganization(database, context, attempt, (uow) => saveDefault(uow, input));
}

/** The active members who have the current default role as the default and keep it; the first five by name. */
export type DefaultRoleKeepers = { readonly role: string; readonly count: number; readonly names: readonly string[] };

/** By `setDefaultRole`, nobody gains or loses a role: returns who keeps the current one. Null: nobody. */
export async function previewDefaultRole(
  queryable: Queryable,
  organizationId: string,
  roleId: string,
): Promise<Result<DefaultRoleKeepers | null, Refusal<"roleNotFound">>> {
  const role = await existingRoles(queryable, organizationId).where("r.id", "=", roleId).executeTakeFirst();
  if (role === undefined) return err({ kind: "roleNotFound", roleId });
  return ok((await readKeepers(queryable, organizationId)) ?? null);
}

function readKeepers({ db }: Queryable, organizationId: string) {
  return db
    .selectFrom("provisioning as p")
    .innerJoin("role as r", (on) =>
      on.onRef("r.organizationId", "=", "p.organizationId").onRef("r.id", "=", "p.defaultRoleId"),
    )
    .innerJoin("role_grant as g", (on) =>
      on
        .onRef("g.organizationId", "=", "r.organizationId")
        .onRef("g.roleId", "=", "r.id")
        .on("g.source", "=", "default"),
    )
    .innerJoin("member as m", (on) =>
      on.onRef("m.organizationId", "=", "g.organizationId").onRef("m.id", "=", "g.memberId"),
    )
    .where("p.organizationId", "=", organizationId)
    .where("m.isDeleted", "=", false)
    .where("m.active", "=", true)
    .groupBy(["r.id", "r.name"])
    .select((eb) => ["r.name as role", eb.fn.countAll<number>().as("count")])
    .select(sql<string[]>`(array_agg(m.name order by m.name_key, m.id))[1:5]`.as("names"))
    .executeTakeFirst();
}

async function saveDefault(
  uow: UnitOfWork,
  { roleId, confirmOwnerRole = false }: DefaultRoleInput,
): Promise<Result<void, DefaultRoleRefusal>> {
  const role = roleId === null ? null : await findRole(uow, uow.organizationId, roleId);
  if (role === null && roleId !== null) return err({ kind: "roleNotFound", roleId });
  return applyDefaultRole(uow, role, confirmOwnerRole);
}

/** As `setDefaultRole`, in a unit of work. */
export async function applyDefaultRole(
  uow: UnitOfWork,
  role: RoleRow | null,
  isOwnerConfirmed: boolean,
): Promise<Result<void, Refusal<"defaultRoleRequired" | "ownerRoleUnconfirmed">>> {
  const chosen = chooseDefaultRole(role, isOwnerConfirmed);
  if (!chosen.ok) return chosen;
  const settings = await loadProvisioning(uow);
  const { defaultRoleId } = chosen.value;
  const formerId = settings.defaultRoleId;
  if (formerId === defaultRoleId) return ok(undefined);
  const former = formerId === null ? null : await findRole(uow, uow.organizationId, formerId);
  uow.em.assign(settings, { defaultRoleId, updatedAt: uow.now });
  uow.log({
    kind: "provisioning.default_role_changed",
    subject: provisioningSubject,
    before: { roleId: formerId, role: former?.name ?? null },
    after: { roleId: defaultRoleId, role: role?.name ?? null },
  });
  // People who get it by a request of the provider cause no mail each.
  if (role?.kind === "owner") {
    await noticeOwners(uow, uow, {
      kind: "newOwner",
      subject: mailTemplate`New people become owners of your organization`,
      predicate: mailTemplate`chose ${role.name} as the default role. From now on, everybody whom your identity provider adds becomes an owner of your organization`,
    });
  }
  return ok(undefined);
}

/** Sets whether managed people are removed in the directory only, or by owners as well. */
export async function setRemovalPolicy(
  database: Database,
  context: WriteContext,
  onlyDirectoryRemoves: boolean,
): Promise<void> {
  const attempt = { kind: "provisioning.removal_changed", subject: provisioningSubject } as const;
  await inOrganization(database, context, attempt, async (uow) => {
    const settings = await loadProvisioning(uow);
    const before = { onlyDirectoryRemoves: settings.onlyDirectoryRemoves };
    if (before.onlyDirectoryRemoves === onlyDirectoryRemoves) return ok(undefined);
    uow.em.assign(settings, { onlyDirectoryRemoves, updatedAt: uow.now });
    uow.log({ ...attempt, before, after: { onlyDirectoryRemoves } });
    return ok(undefined);
  });
}
