import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MikroORM } from "@mikro-orm/postgresql";
import { startLocalPostgres } from "@rollcall/local-postgres";
import { schemaOptions } from "../model/index.ts";
import { migrate } from "../store/migrate.ts";

/** `pnpm migration NAME`: writes the migration from what the migrations so far make to the model of today. */
const [, , name = ""] = process.argv;
if (!/^[a-z]+(-[a-z]+)*$/.test(name))
  throw new Error("pnpm migration NAME: words in small letters, joined by hyphens.");
const folder = await mkdtemp(join(tmpdir(), "rollcall-migration-"));
await chmod(folder, 0o755);
const server = await startLocalPostgres({ dataDir: folder });
try {
  await migrate(server.url);
  const orm = await MikroORM.init({ ...schemaOptions, clientUrl: server.url, ensureDatabase: false });
  const difference = await orm.schema.getUpdateSchemaSQL({ wrap: false });
  await orm.close();
  if (difference.trim() === "") process.stdout.write("The migrations make the model of today: nothing to do.\n");
  else await write(difference);
} finally {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}

async function write(difference: string): Promise<void> {
  const path = join(import.meta.dirname, `${new Date().toISOString().slice(0, 10)}-${name}.sql`);
  const statements = difference.trim().replaceAll(/\n{2,}/g, "\n\n");
  await writeFile(path, `-- Made by \`pnpm migration ${name}\`.\n\n${statements}\n`, { flag: "wx" });
  process.stdout.write(`${path}: read it, and add it to index.ts.\n`);
}
