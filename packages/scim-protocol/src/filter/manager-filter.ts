import { ENTERPRISE_USER_SCHEMA } from "../schema/schema-uris.ts";

const names: ReadonlySet<string> = new Set(
  ["manager", "manager.value", "manager.$ref", "manager.displayName"]
    .flatMap((name) => [name, `${ENTERPRISE_USER_SCHEMA}:${name}`])
    .map((name) => name.toLowerCase()),
);

/**
 * Does a filter of users compare the manager? The attribute is not supported, so the condition counts as one on an
 * absent attribute (RFC 7644 section 3.4.2.1). Entra sends `id eq "…" and manager eq "…"` before each change of a
 * manager and skips the user if it is refused (E-DOC, example 4). Any other unsupported attribute is refused: a client
 * that matches users by it must learn that it does not work.
 */
export function isManager(name: string): boolean {
  return names.has(name.toLowerCase());
}
