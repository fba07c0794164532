import { isUuid, readRole } from "@rollcall/db";
import { toGroup } from "@rollcall/domain";
import { applyPatch, groupResourceType, type PatchOperation } from "@rollcall/scim-protocol";
import type { Call, Reply } from "./call.ts";
import { changesInPlace } from "./group-patch.ts";

/**
 * The refusal of operations that would change members where they stand: 400 noTarget where a filter selects nobody, 400
 * mutability where it selects somebody, as who a member is cannot be changed. Undefined where nothing would change, or
 * where somebody else refuses: a caller who is not let in, a group that is not there. The group is read before the write,
 * so a member who comes or goes in between can make no more difference than which of the two is said.
 */
export async function refuseInPlace(call: Call, operations: readonly PatchOperation[]): Promise<Reply | undefined> {
  const changes = changesInPlace(operations);
  if (changes.length === 0 || !isUuid(call.id)) return undefined;
  const query = { id: call.id, withMembers: true };
  const { caller, found } = await readRole(call.database.sql, call.credential, query, call.now);
  if (found === null) return undefined;
  const patched = applyPatch(toGroup(found, call.baseUrl), changes, groupResourceType);
  return patched.ok ? undefined : { caller, result: patched };
}
