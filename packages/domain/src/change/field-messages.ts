/** The fields of a person whose change the log names, as it names them. */
const fieldNames: Readonly<Record<string, string>> = {
  userName: "userName",
  externalId: "external id",
  givenName: "given name",
  familyName: "family name",
  displayName: "display name",
  name: "name",
};

/** The changed fields of a log entry, in brackets; empty where it names none. */
export function fieldWords(after: unknown): string {
  const keys = typeof after === "object" && after !== null ? Object.keys(after) : [];
  const words = keys.flatMap((key) => fieldNames[key] ?? []);
  return words.length === 0 ? "" : ` (${words.join(", ")})`;
}
