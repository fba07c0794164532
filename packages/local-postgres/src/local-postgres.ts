import { stat, writeFile } from "node:fs/promises";
import { binariesFor } from "./binaries.ts";
import { createCluster } from "./cluster.ts";
import { ensureDatabase, servesCluster } from "./connection.ts";

import { withStartLock } from "./start-lock.ts";
import { launch } from "./launch.ts";
import { addClient, detach, lockTimeoutMs, removeClient } from "./clients.ts";
import { createPassword, readPassword } from "./password.ts";
import { createDataDir, decidePlace, knownPlace, type Place } from "./place.ts";
import { type Postmaster, removeStalePidFile, settled, stopPostmaster } from "./postmaster.ts";
import type { ServerUser } from "./server-user.ts";
import { startWatcher } from "./watch.ts";

const settleTimeoutMs = 60_000;

/** `dataDir`: the folder for all data. `settings` override the server's; they apply only if this call starts it. */
export type LocalPostgresOptions = {
  readonly dataDir: string;
  readonly settings?: Readonly<Record<string, string>>;
  /** Receives a sentence about each step. No secrets. */
  readonly log?: (line: string) => void;
};

export type LocalPostgres = {
  /** `postgres://rollcall:<password>@127.0.0.1:<port>/rollcall`. Contains the password: do not log. */
  readonly url: string;
  readonly port: number;
  /** True if the server was already running. */
  readonly attached: boolean;
  /**
   * Removes this client and stops the server if it was the last one; returns when it has stopped. A second call does
   * nothing.
   */
  readonly stop: () => Promise<void>;
};

/**
 * Starts PostgreSQL on the data in `dataDir`, or attaches to the running server. Creates the data, its password and the
 * database `rollcall` if missing. The server stops with the last client: by `stop()`, by exit or by `kill -9`. Throws
 * after a bounded time, with the end of the server's log.
 */
export async function startLocalPostgres(options: LocalPostgresOptions): Promise<LocalPostgres> {
  const dataDir = await createDataDir(options.dataDir);
  return withStartLock(dataDir, lockTimeoutMs, async () => {
    const { place, user } = await decidePlace(dataDir);
    const password = await passwordFor(place);
    const entry = await addClient(dataDir);
    const watcher = startWatcher(dataDir, place.clusterDir, entry);
    let postmaster: Postmaster | undefined;
    try {
      const running = await attach(place, password);
      postmaster = running ?? (await start(place, password, user, options));
      const url = urlOf(postmaster.port, password);
      await ensureDatabase(url);
      await writeFile(place.portFile, `${postmaster.port}\n`);
      const stop = once(() => detach(dataDir, place.clusterDir, entry, 0).finally(() => watcher.dismiss()));
      return { url, port: postmaster.port, attached: running !== undefined, stop };
    } catch (cause) {
      const { isEmpty } = await removeClient(dataDir, entry);
      if (isEmpty && postmaster !== undefined) await stopPostmaster(postmaster);
      watcher.dismiss();
      throw cause;
    }
  });
}

/** The URL of the server that runs in `dataDir`, if any. Does not start the server or keep it running. */
export async function runningLocalPostgres(dataDir: string): Promise<string | undefined> {
  const place = await knownPlace(dataDir);
  const password = place && (await readPassword(place.passwordFile));
  if (place === undefined || password === undefined) return undefined;
  const postmaster = await settled(place.clusterDir, settleTimeoutMs);
  if (postmaster === undefined) return undefined;
  const url = urlOf(postmaster.port, password);
  return (await servesCluster(url, place.clusterDir)) ? url : undefined;
}

async function attach(place: Place, password: string): Promise<Postmaster | undefined> {
  const running = await settled(place.clusterDir, settleTimeoutMs);
  if (running === undefined) return undefined;
  if (await servesCluster(urlOf(running.port, password), place.clusterDir)) return running;
  // It may be stopping; then a new server is started.
  const later = await settled(place.clusterDir, settleTimeoutMs);
  if (later === undefined) return undefined;
  throw new Error(
    `A PostgreSQL server (process ${later.pid}) runs in ${place.clusterDir} but rejects the stored password. Stop it, or set DATA_DIR to another folder.`,
  );
}

async function start(
  place: Place,
  password: string,
  user: ServerUser | undefined,
  options: LocalPostgresOptions,
): Promise<Postmaster> {
  const log = options.log ?? ((): void => undefined);
  const settings = options.settings ?? {};
  const binaries = await binariesFor(user);
  if (!(await exists(place.clusterDir))) {
    log(`Creating a database in ${place.clusterDir}${user === undefined ? "" : ` for the user ${user.name}`}.`);
    await createCluster(binaries.initdb, place.clusterDir, password, user, settings["fsync"] !== "off");
  }
  await removeStalePidFile(place.clusterDir);
  const postmaster = await launch(place, binaries.postgres, user, settings);
  log(`PostgreSQL runs on 127.0.0.1:${postmaster.port}, its data is in ${place.clusterDir}.`);
  return postmaster;
}

async function passwordFor(place: Place): Promise<string> {
  if ((await exists(place.clusterDir)) && (await readPassword(place.passwordFile)) === undefined) {
    throw new Error(
      `${place.passwordFile} is missing, but ${place.clusterDir} needs it. Restore it, or set DATA_DIR to another folder.`,
    );
  }
  return createPassword(place.passwordFile);
}

const urlOf = (port: number, password: string): string => `postgres://rollcall:${password}@127.0.0.1:${port}/rollcall`;

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= work());
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
