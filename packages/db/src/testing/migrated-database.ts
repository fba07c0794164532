import "./vitest-global-setup.ts";
import { scratchDatabase, type ScratchDatabase } from "@rollcall/local-postgres";
import { inject } from "vitest";

/** A database of its own with the present schema: a copy of the run's template. For tests only. */
export function migratedDatabase(): Promise<ScratchDatabase> {
  return scratchDatabase(inject("postgresUrl"), { template: inject("templateDatabase") });
}
