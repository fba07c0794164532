/**
 * Starts or attaches to the server of DATA_DIR, prints its URL as a line of JSON, and stops when its standard input
 * ends. `node hold-server.ts DATA_DIR`
 */
import { startLocalPostgres } from "../index.ts";

const dataDir = process.argv[2];
if (dataDir === undefined) throw new Error("Usage: hold-server.ts DATA_DIR");
const { url, attached, stop } = await startLocalPostgres({ dataDir, settings: { fsync: "off" } });
process.stdout.write(`${JSON.stringify({ url, attached })}\n`);
process.stdin.resume();
process.stdin.once("end", () => void stop().then(() => process.exit(0)));
