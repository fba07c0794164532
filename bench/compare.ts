/**
 * Our SCIM service against the ceiling of this machine: the same calls to both, alternately, on one PostgreSQL with fsync.
 * `pnpm bench [--rounds 5] [--seconds 4] [--users 10000] [--connections 8] [--seed 42] [--only ceiling] [--peers]`
 * Ends with 1 when a ratio is under its floor or any answer was wrong.
 */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { scratchDatabase, startLocalPostgres } from "@rollcall/local-postgres";
import { Client } from "pg";
import { installPeers, peerNames, startCeiling, startPeer } from "./host-target.ts";
import { readOptions, type Options } from "./options.ts";
import { failuresOf, type Series, tableOf } from "./report.ts";
import { startRollcall } from "./rollcall-target.ts";
import { type ScenarioName, seedUsers } from "./scenario.ts";
import { type ScimClient, scimClient } from "./scim-client.ts";
import type { StartTarget, Target } from "./target.ts";
import { measure, type Measured } from "./window.ts";

type Contender = { readonly target: Target; readonly client: ScimClient };

const starters: readonly (readonly [name: string, start: StartTarget])[] = [
  ["ceiling", startCeiling],
  ["rollcall", startRollcall],
];
const peers = peerNames.map((name) => [name, startPeer(name)] as const);
const warmUpSeconds = 2;

/** What was started, the last first: each is undone however we end. */
const cleanUps: (() => Promise<void>)[] = [];
let cleaning: Promise<void> | undefined;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.once(signal, () => void cleanUp().then(() => process.exit(130)));

try {
  process.exitCode = await main(readOptions(process.argv.slice(2)));
} catch (cause) {
  // An end by a signal makes every call fail; then there is nothing to tell.
  if (cleaning === undefined) console.error(cause instanceof Error ? cause.message : cause);
  process.exitCode = 1;
} finally {
  await cleanUp();
}

async function main(options: Options): Promise<number> {
  const contenders = await startAll(options);
  const failures: string[] = [];
  for (const scenario of ["lookup", "okta-mix"] as const) {
    const all = await alternate(scenario, contenders, options);
    console.log(`\n${tableOf(scenario, all)}`);
    failures.push(...failuresOf(scenario, seriesOf(all, "ceiling"), seriesOf(all, "rollcall")));
  }
  const ratios = options.only === undefined ? "no ratio is under its floor" : "one target alone has no ratio";
  console.log(failures.length === 0 ? `\nEvery answer was right, ${ratios}.` : `\nFAILED\n${failures.join("\n")}`);
  return failures.length === 0 ? 0 : 1;
}

async function startAll(options: Options): Promise<readonly Contender[]> {
  const folder = await mkdtemp(join(tmpdir(), "rollcall-bench-"));
  cleanUps.push(() => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }));
  await chmod(folder, 0o755);
  const postgres = await startLocalPostgres({ dataDir: join(folder, "data") });
  cleanUps.push(postgres.stop);
  if (options.peers) await installPeers();
  const all = options.peers ? [...starters, ...peers] : starters;
  const chosen = all.filter(([name]) => options.only === undefined || options.only === name);
  if (chosen.length === 0) throw new Error(`--only is one of ${all.map(([name]) => name).join(", ")}.`);
  const contenders: Contender[] = [];
  for (const [name, start] of chosen) {
    const { url } = await scratchDatabase(postgres.url);
    const target = await start(url, folder);
    cleanUps.push(() => target.stop());
    const client = scimClient(target.base, target.authorization, options.connections);
    console.error(`Seeding ${options.users} users into ${name} …`);
    await seedUsers(client, options.users, options.connections);
    await settle(url);
    contenders.push({ target, client });
  }
  return contenders;
}

/** Both start with fresh statistics and nothing left to be written, so that no clean-up of the seeding falls into a window. */
async function settle(databaseUrl: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    await client.query("vacuum (analyze)");
    await client.query("checkpoint");
  } finally {
    await client.end();
  }
}

/** The rounds: each target once a round, in turn the one or the other first. */
async function alternate(
  scenario: ScenarioName,
  contenders: readonly Contender[],
  options: Options,
): Promise<readonly Series[]> {
  const rounds = new Map<string, Measured[]>(contenders.map(({ target }) => [target.name, []]));
  for (const contender of contenders) {
    const { errors, samples } = await drive(scenario, contender, warmUpSeconds, "warm", options);
    if (errors > 0)
      throw new Error(
        `${scenario}: ${contender.target.name} gave ${errors} wrong answers at the warm-up: ${samples.join("; ")}`,
      );
  }
  for (let round = 0; round < options.rounds; round += 1) {
    for (const contender of round % 2 === 0 ? contenders : contenders.toReversed()) {
      const measured = await drive(scenario, contender, options.seconds, `r${round}`, options);
      rounds.get(contender.target.name)?.push(measured);
      console.error(
        `${scenario} round ${round + 1} ${contender.target.name}: ${measured.requestsPerSecond.toFixed(0)} requests/s, ${measured.errors} errors`,
      );
    }
  }
  return [...rounds].map(([target, measured]) => ({ target, rounds: measured }));
}

function drive(
  scenario: ScenarioName,
  { target, client }: Contender,
  seconds: number,
  round: string,
  options: Options,
): Promise<Measured> {
  const { connections, seed, users } = options;
  return measure(scenario, target.pid, seconds, { client, connections, seed, seededUsers: users, round });
}

function seriesOf(all: readonly Series[], target: string): Series | undefined {
  return all.find((series) => series.target === target);
}

function cleanUp(): Promise<void> {
  cleaning ??= (async () => {
    for (const undo of cleanUps.toReversed()) await undo().catch((cause: unknown) => console.error(cause));
  })();
  return cleaning;
}
