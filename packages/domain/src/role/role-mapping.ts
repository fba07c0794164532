import { err, ok, type Result } from "@rollcall/scim-protocol";
import type { Refusal } from "../rule-error.ts";
import { isDirectoryManaged, type Role } from "./role.ts";

/** Whoever the directory has put into the group is given the target role too. */
export type GroupMapping = { readonly groupId: string; readonly targetId: string };

/** An order that nobody can survey is no order. */
export const mappingsMax = 50;

/**
 * The mapping that decides about somebody whom the directory has put into these groups: the first one in the owners'
 * order whose group is among them, and no other. Nobody is in two tiers at once, and the order says which one wins.
 */
export function mappingFor(mappings: readonly GroupMapping[], groupIds: ReadonlySet<string>): GroupMapping | undefined {
  return mappings.find(({ groupId }) => groupIds.has(groupId));
}

/** Can this role be a mapping's group? Only where the directory decides who is in it. */
export function isMappingGroup(role: Pick<Role, "isScimCreated" | "isLinked">): boolean {
  return isDirectoryManaged(role);
}

/**
 * Can a mapping give this role? Only a custom role that owners made here. Never an owners' role, with no confirmation
 * either: the directory would decide who may turn the directory off, and a push could take the last owner away. Never
 * one that the directory manages: two would then decide who is in it.
 */
export function isMappingTarget(role: Pick<Role, "kind" | "isScimCreated" | "isLinked">): boolean {
  return role.kind === "custom" && !isDirectoryManaged(role);
}

type MappingsRefusal = Refusal<"roleNotFound" | "mappingGroupUnfit" | "mappingTargetUnfit" | "mappingGroupTwice">;

/** May owners map these groups in this order? `rolesById` holds the organization's living roles that are named. */
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
