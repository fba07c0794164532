import { err, ok, type Result } from "@rollcall/scim-protocol";
import type { Refusal } from "../rule-error.ts";

/**
 * No action removes the last owner (docs/design.md section 3, rule 3). `otherActiveOwners` counts the owners who would be left
 * with access and can sign in, read under the organization's lock.
 */
export function checkOwnerRemains(
  isOwner: boolean,
  otherActiveOwners: number,
  name: string,
): Result<void, Refusal<"lastOwner">> {
  return isOwner && otherActiveOwners === 0 ? err({ kind: "lastOwner", name }) : ok(undefined);
}
