import { forgetOld, migrate, openDatabase } from "@rollcall/db";
import { pino } from "pino";
import { readConfig } from "./config.ts";
import { createHttpServer } from "./http/http-server.ts";
import { requestRecorder } from "./request-log/request-recorder.ts";
import { createScim } from "./server.ts";
import { stopOnSignal } from "./http/stopping.ts";

const forgetEveryMs = 3_600_000;

const config = readConfig(process.env);
// Lines are written together, every 100 ms: a write for each one takes a twelfth of a look-up's CPU time.
const logFile = pino.destination({ minLength: 4096, periodicFlush: 100, sync: true });
process.once("exit", () => logFile.flushSync());
const log = pino({ level: config.logLevel, base: { service: "scim" } }, logFile);
for (const warning of config.warnings) log.warn(warning);
await migrate(config.migrationUrl, log, config.databaseUrl);
const database = await openDatabase(config.databaseUrl, { poolSize: config.poolSize, secretKeys: config.secretKeys });
const recorder = requestRecorder(database, log);
const stopping = new AbortController();
const { publicUrl, hosts, rateLimit, trustProxy, metricsAccess } = config;
const app = createScim({
  database,
  log,
  recorder,
  publicUrl,
  hosts,
  rateLimit,
  trustProxy,
  metricsAccess,
  stopping: stopping.signal,
});
const server = createHttpServer(app);

const forgetting = setInterval(() => {
  forgetOld(database.sql, new Date()).catch((cause: unknown) =>
    log.error({ err: cause }, "Expired data could not be deleted; it is tried again in an hour."),
  );
}, forgetEveryMs);

stopOnSignal({
  server,
  stopping,
  database,
  log,
  stopWork: async () => clearInterval(forgetting),
  finish: async () => {
    await recorder.close();
    await database.close();
  },
});
server.listen(config.port, config.host, () => log.info({ url: publicUrl }, "The SCIM service is ready."));
