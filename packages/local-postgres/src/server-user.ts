import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The user that runs the server. PostgreSQL refuses to run as root. */
export type ServerUser = { readonly name: string; readonly uid: number; readonly gid: number };

/**
 * The user that runs the server in place of root: `postgres` if it exists, else `nobody`. `undefined` if this process
 * does not run as root.
 */
export async function serverUser(): Promise<ServerUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ["postgres", "nobody"]) {
    const [uid, gid] = await Promise.all([idOf("-u", name), idOf("-g", name)]);
    if (uid !== undefined && uid > 0 && gid !== undefined) return { name, uid, gid };
  }
  throw new Error(
    "PostgreSQL does not run as root, and this system has neither a user postgres nor nobody. " +
      "Run as an ordinary user, or set DATABASE_URL to your own PostgreSQL server.",
  );
}

/**
 * Whether `user` may enter (a directory) or run (a file) `path`, or read it (`-r`). The kernel decides, so that ACLs
 * count too.
 */
export async function mayReach(user: ServerUser | undefined, flag: "-x" | "-r", path: string): Promise<boolean> {
  if (user === undefined) return true;
  const options = { uid: user.uid, gid: user.gid, cwd: "/", timeout: 5_000 };
  return run("/bin/sh", ["-c", `test ${flag} "$1"`, "sh", path], options).then(
    () => true,
    () => false,
  );
}

async function idOf(flag: "-u" | "-g", name: string): Promise<number | undefined> {
  const told = await run("id", [flag, name], { timeout: 5_000 }).catch(() => undefined);
  const id = Number(told?.stdout.trim());
  return told === undefined || !Number.isSafeInteger(id) ? undefined : id;
}

/**
 * The environment without libpq's and PostgreSQL's variables, which would change how the server runs, and with locale
 * C.
 */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith("PG") && !name.startsWith("LC_"));
  return { ...Object.fromEntries(kept), LC_ALL: "C", LANG: "C" };
}
