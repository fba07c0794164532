import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLocalPostgres } from "../packages/local-postgres/src/index.ts";
import { migrate, schemaDifference } from "../packages/db/src/store/migrate.ts";

/** `pnpm migration NAME`: writes the migration from what the migrations so far make to the model of today. */
const [, , name = ""] = process.argv;
if (!/^[a-z]+(-[a-z]+)*$/.test(name))
  throw new Error("pnpm migration NAME: words in small letters, joined by hyphens.");
const folder = await mkdtemp(join(tmpdir(), "rollcall-migration-"));
await chmod(folder, 0o755);
const server = await startLocalPostgres({ dataDir: folder });
try {
  await migrate(server.url);
  const difference = await schemaDifference(server.url);
  if (difference === "") process.stdout.write("The migrations make the model of today: nothing to do.\n");
  else await write(difference);
} finally {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}

async function write(difference: string): Promise<void> {
  const path = join(
    import.meta.dirname,
    "../packages/db/src/migrations",
    `${new Date().toISOString().slice(0, 10)}-${name}.sql`,
  );
  const statements = difference.replaceAll(/\n{2,}/g, "\n\n");
  await writeFile(path, `-- Made by \`pnpm migration ${name}\`.\n\n${statements}\n`, { flag: "wx" });
  process.stdout.write(`${path}: read it, and add it to index.ts.\n`);
}
