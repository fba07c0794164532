/**
 * The program that outlives the process which uses the server. `node watcher.ts DATA_DIR CLUSTER_DIR ENTRY`
 * Its standard input is a pipe whose other end only that process holds: the pipe ends when the process does, in
 * whatever way, `kill -9` included. Then it departs in its stead.
 */
import { depart } from "./departure.ts";

const graceMs = 2_000;
const [dataDir, clusterDir, id] = process.argv.slice(2);

if (dataDir === undefined || clusterDir === undefined || id === undefined)
  throw new Error("DATA_DIR CLUSTER_DIR ENTRY are wanted");
process.stdin.resume();
process.stdin.once("close", () => {
  depart(dataDir, clusterDir, id, graceMs).then(
    () => process.exit(0),
    () => process.exit(1),
  );
});
