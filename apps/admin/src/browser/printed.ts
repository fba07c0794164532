/** The text under `key` of an answer that was read as JSON; undefined where there is none. */
export function textIn(value: unknown, key: string): string | undefined {
  const found: unknown = typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
  return typeof found === "string" ? found : undefined;
}

/** The same where it must be there. */
export function requiredText(value: unknown, key: string): string {
  const found = textIn(value, key);
  if (found === undefined) throw new Error(`There is no ${key} in what was printed.`);
  return found;
}
