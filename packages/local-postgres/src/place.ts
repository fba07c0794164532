import { createHash } from "node:crypto";
import { mkdir, readFile, realpath, rename, stat, writeFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { outsideFolder } from "./outside-folder.ts";
import { mayReach, serverUser, type ServerUser } from "./server-user.ts";

/** The paths of the server of one DATA_DIR, absolute and without symbolic links. */
export type Place = {
  readonly dataDir: string;
  readonly clusterDir: string;
  readonly passwordFile: string;
  readonly portFile: string;
  readonly logFile: string;
};

/** The paths that an earlier start used, or `undefined` if `dataDir` was never used. Changes nothing. */
export async function knownPlace(dataDir: string): Promise<Place | undefined> {
  const path = await realpath(dataDir).catch(() => undefined);
  if (path === undefined) return undefined;
  const clusterDir = (await pointedTo(path)) ?? join(path, "postgres");
  return (await exists(clusterDir)) ? placeAt(path, clusterDir) : undefined;
}

/** Creates `dataDir` if missing; returns its real path. */
export async function createDataDir(dataDir: string): Promise<string> {
  await mkdir(dataDir, { recursive: true }).catch((cause: unknown) => {
    throw new Error(`Cannot create ${dataDir}. Set DATA_DIR to a writable folder.`, { cause });
  });
  return realpath(dataDir);
}

/**
 * Decides where the data of `dataDir` (from `createDataDir`) is kept: in its folder `postgres`, or, when root starts
 * the server below folders that the server's user cannot enter, in a folder outside that is named by a hash of the path
 * and recorded in `postgres.location`. Also returns the user that runs the server: the owner of existing data. Must be
 * called under the lock.
 */
export async function decidePlace(
  dataDir: string,
): Promise<{ readonly place: Place; readonly user: ServerUser | undefined }> {
  const user = await serverUser();
  const known = await knownPlace(dataDir);
  if (known !== undefined) return { place: known, user: await ownerOf(known.clusterDir, user) };
  if (await mayReach(user, "-x", dataDir)) return { place: placeAt(dataDir, join(dataDir, "postgres")), user };
  const hash = createHash("sha256").update(dataDir).digest("hex").slice(0, 16);
  const folder = join(await outsideFolder(), `data-${hash}`);
  if (!(await mayReach(user, "-x", await outsideFolder()))) {
    throw new Error(
      `The user ${user?.name} cannot enter ${dataDir}. Set DATA_DIR to a folder that every user can enter.`,
    );
  }
  // Data without `postgres.location` belongs to a DATA_DIR that was removed. It is kept, but not used.
  if (await exists(folder)) await rename(folder, `${folder}.removed-${Date.now()}`);
  await mkdir(folder, { mode: 0o755 });
  const clusterDir = join(folder, "postgres");
  await writeFile(join(dataDir, "postgres.location"), `${clusterDir}\n`);
  return { place: placeAt(dataDir, clusterDir), user };
}

function placeAt(dataDir: string, clusterDir: string): Place {
  return {
    dataDir,
    clusterDir,
    passwordFile: join(dataDir, "postgres.password"),
    portFile: join(dataDir, "postgres.port"),
    logFile: join(dataDir, "postgres.log"),
  };
}

async function pointedTo(dataDir: string): Promise<string | undefined> {
  const text = await readFile(join(dataDir, "postgres.location"), "utf8").catch(() => undefined);
  const path = text?.trim();
  return path !== undefined && isAbsolute(path) ? path : undefined;
}

/** Root runs the server as the owner of its data; any other user must be that owner. */
async function ownerOf(clusterDir: string, user: ServerUser | undefined): Promise<ServerUser | undefined> {
  const { uid, gid } = await stat(clusterDir);
  if (process.getuid === undefined) return user;
  if (user === undefined && uid !== process.getuid()) {
    throw new Error(
      `The database in ${clusterDir} belongs to the user ${uid}. Start it as that user, or set DATA_DIR to another folder.`,
    );
  }
  if (user === undefined || uid === user.uid || uid === 0) return user;
  return { name: String(uid), uid, gid };
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
