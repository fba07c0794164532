import { Client, escapeIdentifier } from "pg";

const connectTimeoutMs = 10_000;
const statementTimeoutMs = 60_000;

/** Runs `work` on a new connection to `url`, then closes it. Statement timeout: 60 s. */
export async function onConnection<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + 1_000,
  });
  // The query fails when the server disconnects; without a listener the event would end this process.
  client.on("error", () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Whether the server at `url` keeps its data in `clusterDir`. False if it rejects the connection. */
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

export async function ensureDatabase(url: string): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  await onConnection(withDatabase(url, "postgres"), async (client) => {
    const found = await client.query("select 1 from pg_database where datname = $1", [name]);
    if (found.rowCount === 0) await client.query(`create database ${escapeIdentifier(name)}`);
  });
}

export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${encodeURIComponent(database)}`;
  return changed.href;
}
