import { appendFileSync, mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { migrate, openDatabase, readSecretKeys, type SecretKey } from "@rollcall/db";
import { isLoopbackHost, isProduction, judgeStart, settingsOf } from "@rollcall/domain";
import { startLocalPostgres } from "@rollcall/local-postgres";
import { runToEnd, startChild, untilReady, type Child } from "./child.ts";
import { dataDirOf, ensureLocalSecretKey, hostOf, root, storePorts } from "./data-dir.ts";
import { seedDemo } from "./demo.ts";

const readyTimeoutMs = 60_000;
const environment = settingsOf(process.env);
const listensOn = environment["HOST"] ?? "127.0.0.1";
/** On loopback this command is for development; anywhere else, and with NODE_ENV=production, it is production. */
const nodeEnv = environment["NODE_ENV"] ?? (isLoopbackHost(listensOn) ? "development" : "production");
const apiPort = environment["API_PORT"] ?? "4000";
const scimPort = environment["SCIM_PORT"] ?? "4001";
const host = hostOf(environment);
const scimUrl = `http://${host}:${scimPort}/scim_v2`;
const dataDir = dataDirOf(environment);
const logFile = resolve(dataDir, "start.log");
/** `pnpm dev`: the servers restart when their code changes, and Vite serves and reloads the console. */
const isWatching = process.argv.includes("--watch");
const viteUrl = "http://127.0.0.1:5173";
const ownUrl = isWatching ? viteUrl : `http://${host}:${apiPort}`;

/** `pnpm start`: builds the console while the database starts; then both services run until they are stopped. */
async function start(): Promise<void> {
  const judged = judgeStart({ nodeEnv, listensOn }, { databaseUrl: environment["DATABASE_URL"] });
  if (!judged.ok) return fail(judged.error);
  for (const line of judged.value) process.stderr.write(`${line}\n`);
  const building = isWatching ? undefined : buildConsole();
  const postgres = await openPostgres();
  try {
    // Waits for both, even if one fails: a failing console build must not cut off a migration.
    const outcomes = await Promise.allSettled([
      building,
      migrate(environment["DATABASE_MIGRATION_URL"] ?? postgres.url, { info: logLine, warn: logLine }, postgres.url),
    ]);
    for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
    await serve(postgres.url);
  } finally {
    await postgres.stop();
  }
}

function buildConsole(): Promise<void> {
  return runToEnd("turbo", ["run", "build", "--filter=@rollcall/admin", "--output-logs=errors-only"], { cwd: root });
}

async function openPostgres(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const given = environment["DATABASE_URL"];
  if (given !== undefined) return { url: given, stop: () => Promise.resolve() };
  return startLocalPostgres({ dataDir, log: logLine });
}

async function serve(databaseUrl: string): Promise<void> {
  const env = {
    LOG_LEVEL: "warn",
    PUBLIC_SCIM_URL: scimUrl,
    PUBLIC_APP_URL: ownUrl,
    ...(isWatching ? { DEVELOPER_MAILBOX: "1" } : {}),
    ...(isProduction(nodeEnv) ? {} : { ROLLCALL_SECRET_KEY: ensureLocalSecretKey(dataDir) }),
    ...environment,
    NODE_ENV: nodeEnv,
    DATABASE_URL: databaseUrl,
  };
  const watch = isWatching ? ["--watch", "--watch-preserve-output"] : [];
  const children = [
    startChild("The SCIM service", [...watch, resolve(root, "apps/scim/src/main.ts")], { env }),
    startChild("The API", [...watch, resolve(root, "apps/api/src/main.ts")], { env }),
    ...(isWatching ? [startVite(env)] : []),
  ];
  const ended = Promise.race(children.map((child) => child.ended));
  const stopped = stopRequested();
  try {
    const ready = Promise.all([
      untilReady(`http://${host}:${scimPort}/readyz`, readyTimeoutMs),
      untilReady(`http://${host}:${apiPort}/readyz`, readyTimeoutMs),
    ]);
    const early = await Promise.race([ready, ended, stopped]);
    if (typeof early === "string") return fail(early);
    if (early === undefined) return;
    storePorts(dataDir, { api: apiPort, scim: scimPort });
    await announce(databaseUrl, readSecretKeys(env));
    const late = await Promise.race([ended, stopped]);
    if (late !== undefined) fail(late);
  } finally {
    await Promise.all(children.map((child) => child.stop()));
  }
}

function startVite(env: NodeJS.ProcessEnv): Child {
  const cwd = resolve(root, "apps/admin");
  const port = new URL(viteUrl).port;
  const args = [resolve(cwd, "node_modules/vite/bin/vite.js"), "--port", port, "--strictPort", "--logLevel=warn"];
  return startChild("Vite", args, { env, cwd });
}

async function announce(databaseUrl: string, secretKeys: readonly SecretKey[]): Promise<void> {
  const appUrl = environment["PUBLIC_APP_URL"] ?? ownUrl;
  printLine(`Console and API  ${appUrl}`);
  printLine(`SCIM base URL    ${environment["PUBLIC_SCIM_URL"] ?? scimUrl}`);
  printLine(`Log              ${logFile}`);
  if (!isProduction(nodeEnv) && environment["SMTP_URL"] === undefined) printLine(`Mails            ${mailsAt(appUrl)}`);
  if (!isProduction(nodeEnv) && environment["SEED_DEMO"] !== "0") {
    const database = await openDatabase(databaseUrl, { poolSize: 2, secretKeys });
    try {
      const demo = await seedDemo(database, { appUrl, scimUrl });
      for (const line of demo) printLine(line);
    } finally {
      await database.close();
    }
  }
  printLine("Rollcall is running. Stop it with Ctrl+C.");
}

/**
 * Emails hold links that sign people in and are visible to anybody who reaches the address, so showing them must be
 * requested.
 */
function mailsAt(appUrl: string): string {
  const isShown = isWatching || environment["DEVELOPER_MAILBOX"] === "1";
  return isShown ? `${appUrl}/developer/mail` : "kept, not sent; start with DEVELOPER_MAILBOX=1 to read them";
}

/** Resolves when a stop is requested. A second request, by a terminal and by a process manager, is ignored. */
function stopRequested(): Promise<undefined> {
  return new Promise((done) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => done(undefined));
  });
}

function fail(reason: string): void {
  process.stderr.write(`${reason}\n`);
  process.exitCode = 1;
}

/** Appends to the log file, which holds the database's startup and the migrations. */
function logLine(line: string): void {
  mkdirSync(dataDir, { recursive: true });
  appendFileSync(logFile, `${new Date().toISOString()} ${line}\n`);
}

function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

await start();
