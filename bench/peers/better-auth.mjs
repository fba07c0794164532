// Better Auth with its SCIM plugin, on its own tables.
import { createServer } from "node:http";
import { scim } from "@better-auth/scim";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { toNodeHandler } from "better-auth/node";
import pg from "pg";

const { DATABASE_URL, BENCH_PORT, BENCH_TOKEN } = process.env;
const options = {
  baseURL: `http://127.0.0.1:${BENCH_PORT}`,
  secret: "bench-bench-bench-bench-bench-bench-bench",
  database: new pg.Pool({ connectionString: DATABASE_URL, max: 10 }),
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  plugins: [
    scim({ connections: [{ id: "bench", credentials: [{ type: "bearer", id: "bench", token: BENCH_TOKEN }] }] }),
  ],
};
const { runMigrations } = await getMigrations(options);
await runMigrations();
const handle = toNodeHandler(betterAuth(options));
createServer((req, res) => {
  if (req.url === "/readyz") return res.end("ok");
  req.url = req.url.replace("/scim_v2", "/api/auth/scim/v2");
  return handle(req, res);
}).listen(Number(BENCH_PORT), "127.0.0.1");
process.once("SIGTERM", () => process.exit(0));
