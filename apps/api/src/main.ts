import { migrate, openDatabase } from "@rollcall/db";
import { pino } from "pino";
import { readConfig } from "./config.ts";
import { createApi } from "./create-api.ts";
import { startDomainWorker } from "./domain-worker.ts";
import { startMailSender } from "./mail-sender.ts";
import { invitationLink } from "./invitations.ts";
import { playRun } from "./self-check/self-check-run.ts";
import { createSelfChecks } from "./self-check/self-checks.ts";
import { startTwinWorker } from "./self-check/twin-worker.ts";
import { createXmlReader } from "./sso/xml-reader.ts";
import { startGuardWorker, startInviteWorker, startTokenWorker } from "./notice-workers.ts";
import { txtLookup } from "./txt-lookup.ts";

const closeTimeoutMs = 3000;

const config = readConfig(process.env);
const log = pino({ level: config.logLevel, base: { service: "api" } });
for (const warning of config.warnings) log.warn(warning);
await migrate(config.migrationUrl, (line) => log.info(line), config.databaseUrl);
const database = await openDatabase(config.databaseUrl, { poolSize: config.poolSize, secretKeys: config.secretKeys });
const { smtpUrl, mailFrom: from } = config;
const mails = smtpUrl === undefined ? undefined : startMailSender({ database, smtpUrl, from, log });
const workers = [
  startDomainWorker({ database, lookup: txtLookup(config.dnsServers), log }),
  startTokenWorker({ database, log }),
  startGuardWorker({ database, log }),
  startInviteWorker({ database, log, linkTo: invitationLink({ config }) }),
  startTwinWorker({ database, log }),
];
const { publicScimUrl } = config;
const selfChecks = createSelfChecks({ database, log, play: (run) => playRun({ database, publicScimUrl }, run) });
const xmlReader = createXmlReader();
const closing = new AbortController();
const api = createApi({ database, config, log, selfChecks, xmlReader, closing: closing.signal });
const server = api.listen(config.port, config.host, (cause) => {
  if (cause === undefined) log.info({ url: config.publicAppUrl }, "The console is ready.");
  else throw cause;
});
// Bodies are small; a request that is not here by then never comes. Idle connections outlive a proxy's.
server.requestTimeout = 30_000;
server.headersTimeout = 20_000;
server.keepAliveTimeout = 75_000;

async function close(): Promise<void> {
  closing.abort();
  const forced = setTimeout(() => server.closeAllConnections(), closeTimeoutMs);
  server.closeIdleConnections();
  await new Promise((resolve) => server.close(resolve));
  clearTimeout(forced);
  await selfChecks.close();
  await xmlReader.close();
  await Promise.all([mails?.close(), ...workers.map((worker) => worker.close())]);
  await database.close();
}
// `disconnect`: the start command that made us is gone, even by `kill -9`.
for (const signal of ["SIGTERM", "SIGINT", "disconnect"] as const) {
  process.once(signal, () => {
    close().catch((cause: unknown) => {
      log.error({ err: cause }, "The API did not close in order.");
      process.exitCode = 1;
    });
  });
}
// Nothing is said over the channel to the start command, so it keeps nobody alive.
process.channel?.unref();
