/** The name of the violated constraint (SQLSTATE 23505), or undefined for any other error. */
export function violatedUnique(cause: unknown): string | undefined {
  if (typeof cause !== "object" || cause === null) return undefined;
  const code = "code" in cause ? cause.code : undefined;
  const constraint = "constraint" in cause ? cause.constraint : undefined;
  return code === "23505" && typeof constraint === "string" ? constraint : undefined;
}
