import "./vitest-global-setup.ts";
import { scratchDatabase, type ScratchDatabase } from "@rollcall/local-postgres";
import { inject } from "vitest";

/** The lowest that Argon2id takes: a sign-in in 0.1 ms instead of 50. For tests only. */
export const passwordCost = { memory: 8, passes: 1, parallelism: 1 } as const;

/** A database of its own with the present schema: a copy of the run's template. For tests only. */
export function migratedDatabase(): Promise<ScratchDatabase> {
  return scratchDatabase(inject("postgresUrl"), { template: inject("templateDatabase") });
}
