import { Client, escapeIdentifier } from "pg";

const connectTimeoutMs = 10_000;
const statementTimeoutMs = 60_000;

/** Runs `work` on a connection of its own to `url` and closes it. A statement may take 60 s. */
export async function onConnection<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + 1_000,
  });
  // A server that goes away meanwhile fails the query; the event alone would end our process.
  client.on("error", () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Is the server behind `url` the one that keeps its data in `clusterDir`? False, too, when it does not let us in. */
export async function servesCluster(url: string, clusterDir: string): Promise<boolean> {
  try {
    return await onConnection(withDatabase(url, "postgres"), async (client) => {
      const { rows } = await client.query<{ data_directory: string }>("show data_directory");
      return rows[0]?.data_directory === clusterDir;
    });
  } catch {
    return false;
  }
}

/** Makes sure that the database of `url` exists. */
export async function ensureDatabase(url: string): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  await onConnection(withDatabase(url, "postgres"), async (client) => {
    const found = await client.query("select 1 from pg_database where datname = $1", [name]);
    if (found.rowCount === 0) await client.query(`create database ${escapeIdentifier(name)}`);
  });
}

/** The same server and role, another database. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${encodeURIComponent(database)}`;
  return changed.href;
}
