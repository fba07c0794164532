type Outer<T> = { readonly [K in keyof T]: T[K] | null };

/**
 * Returns a function that extracts the `fields` from a row of an outer join, without the caller's columns; null if the
 * join has no match.
 */
export function foundIn<T extends { readonly id: string }>(
  fields: readonly `${string}.${keyof T & string}`[],
): (row: Outer<T> | undefined) => T | null {
  const names = fields.map((field) => field.slice(field.indexOf(".") + 1));
  const isFound = (found: object): found is T => "id" in found && found.id !== null;
  return (row) => {
    if (row === undefined) return null;
    const found = Object.fromEntries(names.map((name) => [name, Reflect.get(row, name)]));
    return isFound(found) ? found : null;
  };
}
