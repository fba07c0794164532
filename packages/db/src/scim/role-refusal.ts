import type { Refusal } from "@rollcall/domain";
import { violatedUnique } from "../store/violation.ts";

export type RoleRefusal = Refusal<
  | "roleNotFound"
  | "roleNameTaken"
  | "roleExternalIdTaken"
  | "roleBuiltIn"
  | "roleNotLinked"
  | "roleMadeByHand"
  | "membersUnknown"
  | "groupsAsMembers"
  | "memberFiltersTooCostly"
  | "roleIsDefault"
  | "lastOwner"
  | "guardTripped"
  | "guardRejected"
>;

const loggedIdsMax = 10;

/** The list in a request is unbounded; the log keeps its beginning. */
export function factsOf(refusal: RoleRefusal): object {
  if (refusal.kind !== "membersUnknown") return refusal;
  return { ...refusal, memberIds: refusal.memberIds.slice(0, loggedIdsMax), count: refusal.memberIds.length };
}

/** Maps a violated unique index to a refusal of the name or externalId; rethrows any other error. */
export function refusalOfIndex(
  cause: unknown,
  { name, externalId }: { readonly name: string; readonly externalId?: string | null | undefined },
): RoleRefusal {
  switch (violatedUnique(cause)) {
    case "role_name_unique":
      return { kind: "roleNameTaken", name };
    case "role_external_id_unique":
      return { kind: "roleExternalIdTaken", externalId: externalId ?? "" };
    default:
      throw cause;
  }
}
