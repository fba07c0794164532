import type { GroupMapping } from "@rollcall/domain";
import { listMappings, setMappings } from "../role-mapping/group-mappings.ts";
import { createRole } from "../role/role-edit.ts";
import type { Database } from "../store/database.ts";
import { addRole, changeRole, deleteRole, type RoleOutcome } from "../scim/role-write.ts";
import { newTenant, person, type Tenant } from "./scim-database.ts";

type Step = "add" | "remove" | "set";

/** A tenant with the owners' roles Senior and Junior, to which groups can be mapped. */
export type MappingScene = {
  readonly tenant: Tenant;
  readonly senior: string;
  readonly junior: string;
  person(name: string): Promise<string>;
  group(name: string, memberIds: readonly string[]): Promise<string>;
  push(groupId: string, kind: Step, memberIds: readonly string[]): Promise<void>;
  tryPush(groupId: string, kind: Step, memberIds: readonly string[]): Promise<RoleOutcome>;
  deleteGroup(groupId: string): Promise<void>;
  /** Saves the complete list in this order. */
  map(...pairs: readonly (readonly [groupId: string, targetId: string])[]): Promise<void>;
};

export async function mappingScene(database: Database, name: string): Promise<MappingScene> {
  const domain = `${name.toLowerCase()}.example`;
  const tenant = await newTenant(database, name, { domain });
  const asks = tenant.request;
  const role = async (roleName: string): Promise<string> => {
    const made = await createRole(database, tenant.context, { name: roleName, permissions: [] });
    if (!made.ok) throw new Error(made.error.kind);
    return made.value;
  };
  const tryPush: MappingScene["tryPush"] = (groupId, kind, memberIds) =>
    changeRole(database, asks, groupId, { members: [{ kind, memberIds }] });
  return {
    tenant,
    senior: await role("Senior"),
    junior: await role("Junior"),
    person: async (local) => (await tenant.add(person(`${local}@${domain}`, { displayName: local }))).id,
    group: async (groupName, memberIds) =>
      savedId(await addRole(database, asks, { name: groupName, externalId: null, memberIds })),
    tryPush,
    push: async (...step) => void savedId(await tryPush(...step)),
    deleteGroup: async (groupId) => void savedId(await deleteRole(database, asks, groupId)),
    async map(...pairs) {
      const mappings = pairs.map(([groupId, targetId]): GroupMapping => ({ groupId, targetId }));
      const basis = await listMappings(database.sql, tenant.organizationId);
      const saved = await setMappings(database, tenant.context, { mappings, basis });
      if (!saved.ok) throw new Error(saved.error.kind);
    },
  };
}

function savedId(outcome: RoleOutcome): string {
  if (outcome.kind !== "saved") throw new Error(`Not saved: ${JSON.stringify(outcome)}`);
  return outcome.roleId;
}
