import { resolve } from "node:path";
import { migrate, openDatabase, readSecretKeys, type Database } from "@rollcall/db";
import { startLocalPostgres } from "@rollcall/local-postgres";
import { readLocalSecretKey } from "./local-secret-key.ts";

/** The repository's root: relative folders are resolved from there, whatever the current directory. */
export const root = resolve(import.meta.dirname, "../../..");

export type OpenDatabase = { readonly database: Database; readonly url: string; close(): Promise<void> };

/** The folder of the local PostgreSQL: `DATA_DIR`, by default `.data` in the repository. */
export function dataDirOf(environment: NodeJS.ProcessEnv): string {
  return resolve(root, environment["DATA_DIR"] ?? ".data");
}

/**
 * Opens the servers' database: `DATABASE_URL`, else the local PostgreSQL in `DATA_DIR`, which is started for this
 * command if needed. Migrates the schema first.
 */
export async function openConfigured(environment: NodeJS.ProcessEnv): Promise<OpenDatabase> {
  const given = environment["DATABASE_URL"];
  const local =
    given === undefined || given === "" ? await startLocalPostgres({ dataDir: dataDirOf(environment) }) : undefined;
  const url = local?.url ?? given ?? "";
  await migrate(environment["DATABASE_MIGRATION_URL"] ?? url, undefined, url);
  const ROLLCALL_SECRET_KEY = environment["ROLLCALL_SECRET_KEY"] ?? readLocalSecretKey(dataDirOf(environment));
  const secretKeys = readSecretKeys({ ...environment, ROLLCALL_SECRET_KEY });
  const database = await openDatabase(url, { poolSize: 2, secretKeys });
  return {
    database,
    url,
    close: async () => {
      await database.close();
      await local?.stop();
    },
  };
}
