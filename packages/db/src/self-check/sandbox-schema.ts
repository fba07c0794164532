import { randomBytes } from "node:crypto";
import { sql } from "kysely";
import type { Database } from "../store/database.ts";
import { migrationsList, statementsOf } from "../migrations/index.ts";
import { readCheckRole } from "../store/server-role.ts";
import { databaseIn, quoted, type RoledSchema } from "./schema-database.ts";

/** A run ends after a minute; older schemas were left by a killed process. */
const ageMaxS = 10 * 60;
const namePattern = /^rollcall_check_(\d{10,12})_[0-9a-f]{8}$/;

/**
 * Creates a schema with empty copies of all tables, or nothing on an error. Its name contains the time. Owned by the
 * role of the self-check, if any (`readCheckRole`).
 */
export async function makeSandboxSchema(database: Database, now: Date): Promise<RoledSchema> {
  const schema = `rollcall_check_${Math.floor(now.getTime() / 1000)}_${randomBytes(4).toString("hex")}`;
  const role = await readCheckRole(database.sql);
  const owner = role === null ? "" : ` authorization ${quoted(role)}`;
  await sql.raw(`create schema ${quoted(schema)}${owner}`).execute(database.sql.db);
  try {
    await databaseIn(database, { schema, role }).transaction(async (tx) => {
      for (const { name } of migrationsList) {
        // Nobody uses these tables yet, so that their indexes need not be made concurrently, which needs no transaction.
        for (const text of statementsOf(name)) await sql.raw(text.replaceAll(" concurrently ", " ")).execute(tx.db);
      }
    });
    return { schema, role };
  } catch (cause) {
    await dropSandboxSchema(database, schema);
    throw cause;
  }
}

export async function dropSandboxSchema(database: Database, schema: string): Promise<void> {
  if (!namePattern.test(schema)) throw new Error(`${schema} is not the schema of a sandbox.`);
  await sql.raw(`drop schema if exists ${quoted(schema)} cascade`).execute(database.sql.db);
}

/** Drops the next sandbox left by a killed process; several processes may do this. False: there is none. */
export async function dropNextLeftSandbox(database: Database, now: Date): Promise<boolean> {
  const { rows } = await sandboxes.execute(database.sql.db);
  const left = rows.find(({ name }) => isLeft(name, now));
  if (left === undefined) return false;
  await dropSandboxSchema(database, left.name);
  return true;
}

function isLeft(name: string, now: Date): boolean {
  const madeAtS = namePattern.exec(name)?.[1];
  return madeAtS !== undefined && now.getTime() / 1000 - Number(madeAtS) > ageMaxS;
}

/** PostgreSQL's catalog is not in the model. */
const sandboxes = sql<{ name: string }>`select nspname as name from pg_namespace
  where nspname like ${sql.lit("rollcall\\_check\\_%")} order by nspname limit 100`;
