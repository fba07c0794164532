import { openDatabase, type Database } from "../store/database.ts";
import { migratedDatabase, passwordCost } from "./migrated-database.ts";
import type { WriteContext } from "../store/write-context.ts";
import { operatorContext } from "../organization/operator.ts";
import { createOrganization, type CreatedOrganization } from "../organization/organization.ts";

export type ConsoleDatabase = {
  readonly database: Database;
  close(): Promise<void>;
};

/** The time of a test; ids of the log carry the real one, so that it cannot be made up. */
export const now = new Date();
export const operator = { kind: "operator", id: null, name: "operator" } as const;

/** A migrated database of its own. */
export async function openConsoleDatabase(): Promise<ConsoleDatabase> {
  const scratch = await migratedDatabase();
  const database = await openDatabase(scratch.url);
  return {
    database,
    async close() {
      await database.close();
      await scratch.drop();
    },
  };
}

/** An organization, its owner's sign-in and its operator as the author of writes. */
export async function newOrganization(
  database: Database,
  name: string,
): Promise<CreatedOrganization & { readonly context: WriteContext }> {
  const ownerEmail = `owner@${name.toLowerCase()}.example`;
  const made = await createOrganization(database, { name, ownerEmail, passwordCost, actor: operator, now });
  const context = await operatorContext(database, made.organizationId, now);
  if (context === undefined) throw new Error("There is no such organization.");
  return { ...made, context };
}
