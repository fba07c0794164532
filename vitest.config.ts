import { existsSync, statfsSync } from "node:fs";
import { defineConfig } from "vitest/config";
import { SlowProjectsFirst } from "./scripts/slow-projects-first.ts";

// The databases that tests create and drop are in memory where there is room: a disk's file system took a seventh of the run.
const memory = "/dev/shm";
if (existsSync(memory) && freeBytes(memory) > 2 * 1024 ** 3) process.env["TMPDIR"] ??= memory;

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** For two cores: a worker waits for PostgreSQL or its browser a fifth of the time. */
const maxWorkers = 3;
const postgres = `${import.meta.dirname}/packages/db/src/testing/vitest-global-setup.ts`;

/** The tests of a package or app; with `globalSetup`, on the PostgreSQL that all projects of the run share. */
function project(path: string, options: { readonly globalSetup?: string; readonly testTimeout?: number } = {}): object {
  return {
    test: {
      name: path.split("/").at(-1) ?? path,
      root: path,
      include: ["**/*.test.ts"],
      exclude: ["**/node_modules/**", "**/*.browser.test.ts"],
      // Modules are loaded once per worker instead of once per file; no test replaces a module or changes its state.
      isolate: false,
      // Not inherited: the default is one fewer than there are cores.
      maxWorkers,
      expect: { poll: { timeout: 5000 } },
      testTimeout: 30_000,
      hookTimeout: 60_000,
      ...options,
    },
  };
}

export default defineConfig({
  test: {
    maxWorkers,
    sequence: { sequencer: SlowProjectsFirst },
    projects: [
      "apps/admin/vitest.config.ts",
      // Its tests start up to ten programs, one after the other.
      project("apps/cli", { globalSetup: postgres, testTimeout: 90_000 }),
      project("apps/scim", { globalSetup: postgres }),
      project("apps/api", { globalSetup: postgres }),
      project("packages/db", { globalSetup: postgres }),
      project("packages/local-postgres", {
        globalSetup: `${import.meta.dirname}/packages/local-postgres/src/vitest-global-setup.ts`,
      }),
      // Without a database: `pnpm test:unit`.
      project("packages/scim-protocol"),
      project("packages/domain"),
      project("packages/idp-simulator"),
      project("packages/scim-conformance"),
      project("scripts"),
      project("bench"),
    ],
  },
});
