import { ENTERPRISE_USER_SCHEMA } from "../schema/schema-uris.ts";

const names: ReadonlySet<string> = new Set(
  ["manager", "manager.value", "manager.$ref", "manager.displayName"]
    .flatMap((name) => [name, `${ENTERPRISE_USER_SCHEMA}:${name}`])
    .map((name) => name.toLowerCase()),
);

/**
 * Does a filter of people ask for their manager? Nobody has one here, so the condition counts as one on an absent
 * attribute (RFC 7644 section 3.4.2.1). Entra asks `id eq "…" and manager eq "…"` before each change of a manager and gives
 * the person up if it is refused (E-DOC, example 4). Any other attribute that is not supported is refused: somebody who
 * matches people by it has to hear that it does not work.
 */
export function isManager(name: string): boolean {
  return names.has(name.toLowerCase());
}
