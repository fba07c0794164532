/**
 * Removes the client of a process that has ended. `node watcher.ts DATA_DIR CLUSTER_DIR ENTRY` Only that process holds
 * the other end of standard input, a pipe, which therefore ends with the process, `kill -9` included.
 */
import { detach } from "./clients.ts";

const graceMs = 2_000;
const [dataDir, clusterDir, id] = process.argv.slice(2);

if (dataDir === undefined || clusterDir === undefined || id === undefined)
  throw new Error("Usage: watcher.ts DATA_DIR CLUSTER_DIR ENTRY");
process.stdin.resume();
process.stdin.once("close", () => {
  detach(dataDir, clusterDir, id, graceMs).then(
    () => process.exit(0),
    () => process.exit(1),
  );
});
