/**
 * Folds a text for case-insensitive comparison: NFC, lower case, NFC again, as a lower-case form may compose anew. Keys
 * that must be unique in any case (userName, a group's displayName) are folded with it too.
 */
export function foldText(text: string): string {
  return text.normalize("NFC").toLowerCase().normalize("NFC");
}

/**
 * Orders two texts by Unicode code points, as PostgreSQL does with COLLATE "C" on UTF-8. Below 0 means `left` comes
 * first. JavaScript's own `<` orders by UTF-16 units and puts an emoji before U+FF5E.
 */
export function compareText(left: string, right: string): number {
  const shared = Math.min(left.length, right.length);
  for (let index = 0; index < shared; index += 1) {
    const leftUnit = left.charCodeAt(index);
    const rightUnit = right.charCodeAt(index);
    if (leftUnit !== rightUnit) return rankOfUnit(leftUnit) - rankOfUnit(rightUnit);
  }
  return left.length - right.length;
}

/** The first problem that PostgreSQL or UTF-8 has with the text; undefined if there is none. */
export function problemOfText(text: string): string | undefined {
  if (text.includes("\u0000")) return "a NUL character";
  // With the flag `u` a well-formed pair is one character, so only half a pair matches; without it the test is faster.
  if (/[\ud800-\udfff]/.test(text) && /\p{Surrogate}/u.test(text)) return "half of a surrogate pair";
  return undefined;
}

/** Surrogates stand for code points above U+FFFF, so they rank behind U+E000 to U+FFFF. */
function rankOfUnit(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
