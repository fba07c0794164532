import { randomBytes } from "node:crypto";
import { scratchDatabase } from "@rollcall/local-postgres";
import { setup as startPostgres, teardown as stopPostgres } from "@rollcall/local-postgres/vitest-global-setup";
import type { TestProject } from "vitest/node";
import { migrate } from "../store/migrate.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** The name of a database with the current schema and no rows; see `migratedDatabase`. */
    templateDatabase: string;
  }
}

const nameVariable = "ROLLCALL_TEST_TEMPLATE";
let drop = async (): Promise<void> => undefined;

/**
 * For vitest's `globalSetup`. Starts PostgreSQL for the tests and provides `templateDatabase`, which is migrated once
 * per run and shared by the projects that name this file.
 */
export async function setup(project: TestProject): Promise<void> {
  const postgresUrl = await startPostgres(project);
  const made = process.env[nameVariable];
  if (made !== undefined) return project.provide("templateDatabase", made);
  const name = `template_${randomBytes(8).toString("hex")}`;
  const template = await scratchDatabase(postgresUrl, { name });
  drop = () => template.drop();
  await migrate(template.url);
  process.env[nameVariable] = name;
  return project.provide("templateDatabase", name);
}

export async function teardown(): Promise<void> {
  delete process.env[nameVariable];
  await drop();
  await stopPostgres();
}
