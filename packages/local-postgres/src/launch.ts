import { spawn } from "node:child_process";
import { open, readFile, rename, stat } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

import { freePort, isFree } from "./free-port.ts";
import type { Place } from "./place.ts";
import { findPostmaster, type Postmaster, stopPostmaster } from "./postmaster.ts";
import { cleanEnvironment, type ServerUser } from "./server-user.ts";

const launchTimeoutMs = 60_000;
const logBytesMax = 1_000_000;
const logTailLines = 20;
const portAttempts = 3;

const ownSettings = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "200",
  timezone: "UTC",
  log_timezone: "UTC",
} as const;

type Settings = Readonly<Record<string, string>>;

/**
 * Starts the server on an existing cluster and waits until it accepts connections. It listens on the last port, or on
 * another free one if that is taken. `settings` come before the built-in ones. Throws with the end of the server's log.
 */
export async function launch(
  place: Place,
  postgres: string,
  user: ServerUser | undefined,
  settings: Settings,
): Promise<Postmaster> {
  let port = await rememberedPort(place.portFile);
  for (let attempt = 1; ; attempt += 1) {
    if (port === undefined || !(await isFree(port))) port = await freePort();
    const outcome = await launchOn(port, place, postgres, user, settings);
    if (outcome.ok) return outcome.postmaster;
    const isPortTaken = /could not create any TCP\/IP sockets|Address already in use/.test(outcome.log);
    if (!isPortTaken || attempt === portAttempts)
      throw new Error(`PostgreSQL did not start: ${outcome.reason}. ${place.logFile} ends:\n${outcome.log}`);
    port = undefined;
  }
}

type Outcome =
  | { readonly ok: true; readonly postmaster: Postmaster }
  | { readonly ok: false; readonly reason: string; readonly log: string };

async function launchOn(
  port: number,
  place: Place,
  postgres: string,
  user: ServerUser | undefined,
  settings: Settings,
): Promise<Outcome> {
  await rotateLog(place.logFile);
  const log = await open(place.logFile, "a");
  const logStart = (await log.stat()).size;
  const flags = Object.entries({ ...ownSettings, ...settings, port: String(port) }).flatMap(([name, value]) => [
    "-c",
    `${name}=${value}`,
  ]);
  const child = spawn(postgres, ["-D", place.clusterDir, ...flags], {
    ...(user === undefined ? {} : { uid: user.uid, gid: user.gid }),
    cwd: place.clusterDir,
    // In a session of its own, Ctrl-C reaches only this process, which then stops the server.
    detached: true,
    stdio: ["ignore", log.fd, log.fd],
    env: cleanEnvironment(),
    windowsHide: true,
  });
  let ended: string | undefined;
  child.once("error", (cause) => (ended = cause.message));
  child.once("exit", (code, signal) => (ended = `it ended with ${signal ?? `code ${code}`}`));
  child.unref();
  await log.close();
  const deadline = performance.now() + launchTimeoutMs;
  for (;;) {
    const found = await findPostmaster(place.clusterDir);
    if (found?.status === "ready" && found.pid === child.pid) return { ok: true, postmaster: found };
    const isLate = performance.now() > deadline;
    if (ended !== undefined || isLate) {
      if (ended === undefined && found !== undefined) await stopPostmaster(found);
      return {
        ok: false,
        reason: ended ?? `it was not ready after ${launchTimeoutMs / 1000} s`,
        log: await tail(place.logFile, logStart),
      };
    }
    await delay(5);
  }
}

/** Keeps the log small, with one older file. */
async function rotateLog(logFile: string): Promise<void> {
  const found = await stat(logFile).catch(() => undefined);
  if (found !== undefined && found.size > logBytesMax) await rename(logFile, `${logFile}.old`);
}

async function tail(logFile: string, from: number): Promise<string> {
  const text = (await readFile(logFile)).subarray(from).toString("utf8");
  return text.trim().split("\n").slice(-logTailLines).join("\n");
}

async function rememberedPort(portFile: string): Promise<number | undefined> {
  const port = Number(await readFile(portFile, "utf8").catch(() => ""));
  return Number.isSafeInteger(port) && port > 1023 && port < 65_536 ? port : undefined;
}
