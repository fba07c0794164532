import { randomBytes } from "node:crypto";
import { escapeIdentifier } from "pg";
import { onConnection, withDatabase } from "./connection.ts";

/** A temporary database. `drop` also ends open connections; a second `drop` does nothing. */
export type ScratchDatabase = { readonly url: string; drop(): Promise<void> };

/**
 * Creates a database on the server of `url`, whose role needs CREATEDB: an empty one, or a copy of the database
 * `template`, which must have no connections (after 5 s PostgreSQL reports SQLSTATE 55006). `name` defaults to a random
 * one.
 */
export async function scratchDatabase(
  url: string,
  options: { readonly template?: string; readonly name?: string } = {},
): Promise<ScratchDatabase> {
  const name = options.name ?? `scratch_${randomBytes(8).toString("hex")}`;
  const maintenance = withDatabase(url, "postgres");
  const template = options.template ?? "template0";
  await onConnection(maintenance, (client) =>
    client.query(`create database ${escapeIdentifier(name)} template ${escapeIdentifier(template)}`),
  );
  return {
    url: withDatabase(url, name),
    async drop() {
      await onConnection(maintenance, (client) =>
        client.query(`drop database if exists ${escapeIdentifier(name)} with (force)`),
      );
    },
  };
}
