import { createServer } from "node:http";
import { migrate, openDatabase } from "@rollcall/db";
import { stopOnSignal } from "@rollcall/scim";
import { pino } from "pino";
import { readConfig } from "./config.ts";
import { createApi } from "./create-api.ts";
import { startDomainWorker } from "./workers/domain-worker.ts";
import { startMailSender } from "./workers/mail-sender.ts";
import { invitationLink } from "./procedures/invitations.ts";
import { playRun } from "./workers/self-check/self-check-run.ts";
import { createSelfChecks } from "./workers/self-check/self-checks.ts";
import { startSandboxWorker } from "./workers/self-check/sandbox-service.ts";
import { createXmlReader } from "./security/saml/xml-reader.ts";
import { startGuardWorker, startInviteWorker, startTokenWorker } from "./workers/notice-workers.ts";
import { startPeopleWorker } from "./workers/people-worker.ts";
import { txtLookup } from "./security/txt-lookup.ts";

const config = readConfig(process.env);
const log = pino({ level: config.logLevel, base: { service: "api" } });
for (const warning of config.warnings) log.warn(warning);
await migrate(config.migrationUrl, log, config.databaseUrl);
const database = await openDatabase(config.databaseUrl, { poolSize: config.poolSize, secretKeys: config.secretKeys });
const { smtpUrl, mailFrom: from } = config;
const workers = [
  ...(smtpUrl === undefined ? [] : [startMailSender({ database, smtpUrl, from, log })]),
  startDomainWorker({ database, lookup: txtLookup(config.dnsServers), log }),
  startTokenWorker({ database, log }),
  startGuardWorker({ database, log }),
  startInviteWorker({ database, log, linkTo: invitationLink({ config }) }),
  startSandboxWorker({ database, log }),
  startPeopleWorker({ database, log }),
];
const { publicScimUrl } = config;
const selfChecks = createSelfChecks({ database, log, play: (run) => playRun({ database, publicScimUrl }, run) });
const xmlReader = createXmlReader();
const stopping = new AbortController();
const server = createServer(
  // Bodies are small, so a slow request is cut off early. keepAliveTimeout exceeds the idle timeout of common proxies.
  { requestTimeout: 30_000, headersTimeout: 20_000, keepAliveTimeout: 75_000 },
  createApi({ database, config, log, selfChecks, xmlReader, stopping: stopping.signal }),
);
stopOnSignal({
  server,
  stopping,
  database,
  log,
  stopWork: () => Promise.all([selfChecks, ...workers].map((work) => work.close())),
  finish: async () => {
    await xmlReader.close();
    await database.close();
  },
});
server.listen(config.port, config.host, () => log.info({ url: config.publicAppUrl }, "The console is ready."));
