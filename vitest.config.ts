import { defineConfig } from "vitest/config";

const localPostgres = "./packages/local-postgres/src/vitest-global-setup.ts";

/** A room's tests; `needsPostgres` shares one throw-away server with all other rooms of the run. */
function room(path: string, needsPostgres: boolean): object {
  return {
    test: {
      name: path.split("/").at(-1) ?? path,
      root: path,
      include: ["**/*.test.ts"],
      exclude: ["**/node_modules/**", "**/*.browser.test.ts"],
      testTimeout: 30_000,
      hookTimeout: 60_000,
      ...(needsPostgres ? { globalSetup: `${import.meta.dirname}/${localPostgres}` } : {}),
    },
  };
}

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      room("scripts", false),
      room("packages/scim-protocol", false),
      room("packages/domain", false),
      room("packages/db", true),
      room("packages/local-postgres", true),
      room("packages/idp-simulator", false),
      room("packages/scim-conformance", false),
      room("apps/scim", true),
      room("apps/api", true),
      room("apps/cli", true),
      room("bench", false),
      "apps/admin/vitest.config.ts",
    ],
  },
});
