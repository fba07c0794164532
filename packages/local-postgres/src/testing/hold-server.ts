/**
 * A program for tests: starts or attaches to the server of DATA_DIR, prints what it got as a line of JSON, and holds it
 * until it is killed, or stops it and ends when its standard input ends. `node hold-server.ts DATA_DIR`
 */
import { startLocalPostgres } from "../index.ts";

const dataDir = process.argv[2];
if (dataDir === undefined) throw new Error("DATA_DIR is wanted");
const { url, attached, stop } = await startLocalPostgres({ dataDir, settings: { fsync: "off" } });
process.stdout.write(`${JSON.stringify({ url, attached })}\n`);
process.stdin.resume();
process.stdin.once("end", () => void stop().then(() => process.exit(0)));
