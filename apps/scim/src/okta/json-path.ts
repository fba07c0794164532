/**
 * Reads `Resources[0].emails[0].value` from a JSON value; undefined if absent. Names with dots or brackets (URNs) are
 * written as `["urn:…"]`.
 */
export function valueAt(value: unknown, path: string): unknown {
  let current = value;
  for (const [, quoted, index, name] of path.matchAll(/\["([^"]*)"\]|\[(\d+)\]|([^.[\]]+)/g)) {
    if (typeof current !== "object" || current === null) return undefined;
    const key = quoted ?? index ?? name ?? "";
    current = Object.hasOwn(current, key) ? Object.getOwnPropertyDescriptor(current, key)?.value : undefined;
  }
  return current;
}

/** Replaces each `{{name}}` with its variable. Errors: throws for an unknown name. */
export function fillIn(
  text: string,
  variables: ReadonlyMap<string, string>,
  encode: (value: string) => string = (value) => value,
): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_all, name: string) => {
    const value = variables.get(name);
    if (value === undefined) throw new Error(`No variable ${name}: the step that saves it has failed or is missing.`);
    return encode(value);
  });
}
