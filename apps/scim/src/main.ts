import { forgetOld, migrate, openDatabase } from "@rollcall/db";
import { pino } from "pino";
import { readConfig } from "./config.ts";
import { createHttpServer } from "./http-server.ts";
import { requestRecorder } from "./request-recorder.ts";
import { createScim } from "./server.ts";

const closeTimeoutMs = 5000;
const forgetEveryMs = 3_600_000;

const config = readConfig(process.env);
const log = pino({ level: config.logLevel, base: { service: "scim" } });
for (const warning of config.warnings) log.warn(warning);
await migrate(config.migrationUrl, (line) => log.info(line), config.databaseUrl);
const database = await openDatabase(config.databaseUrl, { poolSize: config.poolSize, secretKeys: config.secretKeys });
const recorder = requestRecorder(database, log);
const { publicUrl, hosts, rateLimit, metricsAccess } = config;
const server = createHttpServer(createScim({ database, log, recorder, publicUrl, hosts, rateLimit, metricsAccess }));
server.listen(config.port, config.host, () => log.info({ url: publicUrl }, "The SCIM service is ready."));

const forgetting = setInterval(() => {
  forgetOld(database.sql, new Date()).catch((cause: unknown) =>
    log.error({ err: cause }, "What is kept no longer could not be deleted; it is tried again in an hour."),
  );
}, forgetEveryMs);

async function close(): Promise<void> {
  clearInterval(forgetting);
  const forced = setTimeout(() => server.closeAllConnections(), closeTimeoutMs);
  server.closeIdleConnections();
  await new Promise((resolve) => server.close(resolve));
  clearTimeout(forced);
  await recorder.close();
  await database.close();
}
// `disconnect`: the start command that made us is gone, even by `kill -9`.
for (const signal of ["SIGTERM", "SIGINT", "disconnect"] as const) {
  process.once(signal, () => {
    close().catch((cause: unknown) => {
      log.error({ err: cause }, "The SCIM service did not close in order.");
      process.exitCode = 1;
    });
  });
}
// Nothing is said over the channel to the start command, so it keeps nobody alive.
process.channel?.unref();
