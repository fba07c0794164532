import { resolve } from "node:path";
import { migrate, openDatabase } from "@rollcall/db";
import { startLocalPostgres } from "@rollcall/local-postgres";
import { runToEnd, startChild, untilReady } from "./child.ts";
import { seedDemo, type Demo } from "./demo.ts";
import { dataDirOf, root } from "./environment.ts";

const readyTimeoutMs = 60_000;
const environment = process.env;
const apiPort = environment["API_PORT"] ?? "4000";
const scimPort = environment["SCIM_PORT"] ?? "4001";
const scimUrl = `http://127.0.0.1:${scimPort}/scim_v2`;

/** `pnpm start`: the console is built while the database comes up; then both services run until somebody stops us. */
async function start(): Promise<void> {
  const building = runToEnd("turbo", ["run", "build", "--filter=@rollcall/admin", "--output-logs=errors-only"], {
    cwd: root,
  });
  const postgres = await openPostgres();
  try {
    // Both are waited for, whatever becomes of the other: a migration is not cut off because the console does not build.
    const outcomes = await Promise.allSettled([building, migrate(postgres.url)]);
    for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
    await serve(postgres.url);
  } finally {
    await postgres.stop();
  }
}

async function openPostgres(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const given = environment["DATABASE_URL"];
  if (given !== undefined && given !== "") return { url: given, stop: () => Promise.resolve() };
  return startLocalPostgres({ dataDir: dataDirOf(environment), log: say });
}

async function serve(databaseUrl: string): Promise<void> {
  const childEnvironment = { LOG_LEVEL: "warn", PUBLIC_SCIM_URL: scimUrl, ...environment, DATABASE_URL: databaseUrl };
  const children = [
    startChild("The SCIM service", resolve(root, "apps/scim/src/main.ts"), childEnvironment),
    startChild("The API", resolve(root, "apps/api/src/main.ts"), childEnvironment),
  ];
  const ended = Promise.race(children.map((child) => child.ended));
  const asked = stopAsked();
  try {
    const ready = Promise.all([
      untilReady(`http://127.0.0.1:${scimPort}/readyz`, readyTimeoutMs),
      untilReady(`http://127.0.0.1:${apiPort}/readyz`, readyTimeoutMs),
    ]);
    const early = await Promise.race([ready, ended, asked]);
    if (typeof early === "string") return fail(early);
    if (early === undefined) return;
    await announce(databaseUrl);
    const late = await Promise.race([ended, asked]);
    if (late !== undefined) fail(late);
  } finally {
    await Promise.all(children.map((child) => child.stop()));
  }
}

async function announce(databaseUrl: string): Promise<void> {
  say(`Console and API  ${environment["PUBLIC_APP_URL"] ?? `http://127.0.0.1:${apiPort}`}`);
  say(`SCIM base URL    ${environment["PUBLIC_SCIM_URL"] ?? scimUrl}`);
  if (environment["SEED_DEMO"] !== "0") {
    const database = await openDatabase(databaseUrl, { poolSize: 2 });
    try {
      const demo = await seedDemo(database, scimUrl);
      if (demo !== undefined) introduce(demo);
    } finally {
      await database.close();
    }
  }
  say("Rollcall is running. Stop it with Ctrl+C.");
}

function introduce(demo: Demo): void {
  say("\nA demo organization (Acme) was made; this is shown once:");
  say(`  sign in as   ${demo.ownerEmail}`);
  say(`  password     ${demo.ownerPassword ?? "(as before)"}`);
  say(`  SCIM token   ${demo.token}`);
  say(`  try          pnpm rollcall simulate okta --base ${scimUrl} --token ${demo.token} --domain acme.example\n`);
}

/** Resolves when somebody asks us to stop. */
function stopAsked(): Promise<undefined> {
  return new Promise((done) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => done(undefined));
  });
}

function fail(reason: string): void {
  process.stderr.write(`${reason}\n`);
  process.exitCode = 1;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

await start();
