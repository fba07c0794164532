/** A JSON object with unknown members. */
export type JsonObject = { readonly [key: string]: unknown };

/** True for JSON objects only, neither null nor an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object's own member of that name. Inherited names such as `constructor` are absent. */
export function ownMember(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** The own member of that name in any letter case (RFC 7643 section 2.1); of several spellings the last one. */
export function memberOfAnyCase(object: JsonObject, name: string): unknown {
  const wanted = name.toLowerCase();
  const key = Object.keys(object).findLast((candidate) => candidate.toLowerCase() === wanted);
  return key === undefined ? undefined : ownMember(object, key);
}

/** Compares two JSON values. The order of an object's members does not matter, the order of an array does. */
export function isSameJson(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => isSameJson(item, right[index]));
  }
  if (!isJsonObject(left) || !isJsonObject(right)) return false;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && isSameJson(left[key], right[key]))
  );
}
