export { freePort } from "./free-port.ts";
export {
  type LocalPostgres,
  type LocalPostgresOptions,
  runningLocalPostgres,
  startLocalPostgres,
} from "./local-postgres.ts";
export { type ScratchDatabase, scratchDatabase } from "./scratch-database.ts";
