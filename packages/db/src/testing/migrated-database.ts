import "./vitest-global-setup.ts";
import { scratchDatabase, type ScratchDatabase } from "@rollcall/local-postgres";
import { inject } from "vitest";

/** Argon2id's minimum: a sign-in takes 0.1 ms instead of 50. For tests only. */
export const passwordCost = { memory: 8, passes: 1, parallelism: 1 } as const;

/** A temporary database with the current schema, copied from the run's template. For tests only. */
export function migratedDatabase(): Promise<ScratchDatabase> {
  return scratchDatabase(inject("postgresUrl"), { template: inject("templateDatabase") });
}
