/**
 * Whether a person has typed the text that they see. Compared by the one key for names (docs/design.md section 3, rule
 * 14), because other characters that look the same cannot be typed.
 */
export function isTyped(typed: string | undefined, expected: string): boolean {
  return typed !== undefined && keyOf(typed) === keyOf(expected);
}

/** A name as it is seen: NFKC without ignorable code points, with blanks trimmed and collapsed. */
export function visibleName(name: string): string {
  const seen = name.normalize("NFKC").replaceAll(/\p{Default_Ignorable_Code_Point}/gu, "");
  return seen.replaceAll(blanks, " ").trim();
}

/** Includes the Braille blank, which Unicode counts as a symbol. */
const blanks = /[\s\u2800]+/gu;

function keyOf(name: string): string {
  return visibleName(name).toLowerCase();
}
