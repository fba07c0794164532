import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { runningLocalPostgres, startLocalPostgres } from "./local-postgres.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** The URL of a PostgreSQL server for tests; create a `scratchDatabase` there, never write to its own database. */
    postgresUrl: string;
  }
}

const folderVariable = "ROLLCALL_TEST_POSTGRES_DIR";
let release: () => Promise<void> = async () => undefined;

/**
 * For vitest's `globalSetup`. Provides `postgresUrl`: `TEST_DATABASE_URL` if set, else a server in a new temporary
 * folder, without fsync. Projects that name this file share one server. Returns the same URL.
 */
export async function setup(project: TestProject): Promise<string> {
  const given = process.env["TEST_DATABASE_URL"];
  if (given !== undefined && given !== "") {
    project.provide("postgresUrl", given);
    return given;
  }
  const dataDir = (process.env[folderVariable] ??= await freshFolder());
  const server = await startLocalPostgres({
    dataDir,
    settings: { fsync: "off", synchronous_commit: "off", full_page_writes: "off" },
  });
  release = async () => {
    await server.stop();
    if ((await runningLocalPostgres(dataDir)) !== undefined) return;
    delete process.env[folderVariable];
    await rm(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  };
  project.provide("postgresUrl", server.url);
  return server.url;
}

export async function teardown(): Promise<void> {
  await release();
}

async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rollcall-test-postgres-"));
  // When run by root, the server's user must be able to enter the folder; secrets in it have their own modes.
  await chmod(folder, 0o755);
  return folder;
}
