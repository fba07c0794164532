import { err, ok, type Result } from "@rollcall/scim-protocol";
import type { Refusal } from "../rule-error.ts";
import { isDirectoryManaged, type Role } from "./role.ts";

/** Members of the group are given the target role too. */
export type GroupMapping = { readonly groupId: string; readonly targetId: string };

/** Upper bound so that the list stays reviewable. */
export const mappingsMax = 50;

/**
 * The mapping that applies to a member of these groups: the first one in the owners' order whose group is among them,
 * and no other.
 */
export function mappingFor(mappings: readonly GroupMapping[], groupIds: ReadonlySet<string>): GroupMapping | undefined {
  return mappings.find(({ groupId }) => groupIds.has(groupId));
}

/** Only a role whose members the directory manages can be a mapping's group. */
export function isMappingGroup(role: Pick<Role, "isScimCreated" | "isLinked">): boolean {
  return isDirectoryManaged(role);
}

/**
 * Checks whether a mapping can give this role. Only a custom role that owners made can be given. Owner roles cannot,
 * even if confirmed: the directory would decide who may turn it off, and a push could remove the last owner. Roles that
 * the directory manages cannot either: two sources would decide who has them.
 */
export function isMappingTarget(role: Pick<Role, "kind" | "isScimCreated" | "isLinked">): boolean {
  return role.kind === "custom" && !isDirectoryManaged(role);
}

type MappingsRefusal = Refusal<"roleNotFound" | "mappingGroupUnfit" | "mappingTargetUnfit" | "mappingGroupTwice">;

/**
 * Checks the groups of mappings and their order. `rolesById` holds the organization's roles that they name, without
 * deleted ones.
 */
export function chooseMappings(
  input: readonly GroupMapping[],
  rolesById: ReadonlyMap<string, Role>,
): Result<readonly GroupMapping[], MappingsRefusal> {
  const seen = new Set<string>();
  for (const { groupId, targetId } of input) {
    const [group, target] = [rolesById.get(groupId), rolesById.get(targetId)];
    if (group === undefined) return err({ kind: "roleNotFound", roleId: groupId });
    if (target === undefined) return err({ kind: "roleNotFound", roleId: targetId });
    if (!isMappingGroup(group)) return err({ kind: "mappingGroupUnfit", name: group.name });
    if (!isMappingTarget(target)) return err({ kind: "mappingTargetUnfit", name: target.name });
    if (seen.has(groupId)) return err({ kind: "mappingGroupTwice", name: group.name });
    seen.add(groupId);
  }
  return ok(input);
}
