import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Migration } from "@mikro-orm/migrations";

/** In the order of creation. An applied migration must not change. */
export const migrationsList = [
  migration("2026-11-29-first-model"),
  migration("2026-11-29-first-model-by-hand"),
  migration("2026-11-29-kept-counts"),
  migration("2026-11-30-kept-grants"),
  migration("2026-11-30-kept-counts-of-old-rows"),
  migration("2026-11-30-member-name", { isTransactional: false }),
  migration("2026-11-30-people-job"),
  migration("2026-11-30-member-inactive", { isTransactional: false }),
  migration("2026-11-30-people-job-mappings"),
  migration("2026-11-30-deleted-without-grants"),
  migration("2026-11-30-provider-sightings"),
  migration("2026-11-30-sightings-of-old-rows", { isTransactional: false }),
  migration("2026-11-30-deleted-without-exemptions"),
  migration("2026-11-30-kept-counts-of-access"),
  migration("2026-11-30-access-of-old-rows"),
  migration("2026-11-30-empty-tenant-setting", { isTransactional: false }),
];

/**
 * Reads the SQL file of that name; each statement ends with a semicolon at the end of a line. A migration waits at most
 * 0.5 s for a lock, because every other statement on the table waits behind it; `migrate` then tries again. Not
 * transactional: for indexes made concurrently, which wait without holding up others, and for many tables. Such a
 * migration must be repeatable.
 */
function migration(
  name: string,
  { isTransactional } = { isTransactional: true },
): {
  readonly name: string;
  readonly class: new (...args: ConstructorParameters<typeof Migration>) => Migration;
} {
  return {
    name,
    class: class extends Migration {
      override up(): void {
        if (isTransactional) this.addSql("set local lock_timeout = '500ms'");
        for (const statement of statementsOf(name)) this.addSql(statement);
      }
      override isTransactional(): boolean {
        return isTransactional;
      }
    },
  };
}

/** The statements of a migration in order. Throws if the file is missing. */
export function statementsOf(name: string): readonly string[] {
  const text = readFileSync(join(import.meta.dirname, `${name}.sql`), "utf8").replaceAll(/^--.*\n/gm, "");
  return text.split(/;\s*(?:\n|$)/).filter((statement) => statement.trim() !== "");
}
