/** Reads a text from the values of the change log; undefined if it is missing, blank or of another type. */
export function textIn(values: unknown, key: string): string | undefined {
  const value = valueIn(values, key);
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

export function valueIn(values: unknown, key: string): unknown {
  return typeof values === "object" && values !== null
    ? Object.entries(values).find(([name]) => name === key)?.[1]
    : undefined;
}
