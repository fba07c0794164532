/**
 * The ceiling of this machine: SCIM's User calls on node:http and node-postgres, written by hand, one statement a request.
 * It shows what a service could reach at best; it is measured against and never shipped.
 * Environment: DATABASE_URL (an empty database), BENCH_PORT, BENCH_TOKEN.
 */
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Pool } from "pg";
import { notFound, people, refusal, type Reply, tokenHash } from "./people.ts";
import { schema } from "./schema.ts";

const bodyBytesMax = 1_000_000;
const prefix = "/scim_v2/Users";
const port = Number(needed("BENCH_PORT"));
const pool = new Pool({ connectionString: needed("DATABASE_URL"), max: 10, connectionTimeoutMillis: 10_000 });
pool.on("error", (cause) => console.error(cause.message));
const users = people(pool, `http://127.0.0.1:${port}/scim_v2`);

await prepare();
createServer((req, res) => void answer(req, res)).listen({ host: "127.0.0.1", port });

async function prepare(): Promise<void> {
  const organization = randomUUID();
  await pool.query(schema);
  await pool.query("insert into organization values ($1, $2)", [organization, randomUUID()]);
  const hash = tokenHash(`Bearer ${needed("BENCH_TOKEN")}`);
  await pool.query("insert into token values ($1, $2, now() + interval '1 day')", [hash, organization]);
}

async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
  try {
    send(res, await route(req));
  } catch (cause) {
    console.error(cause);
    send(res, refusal(500, "The server failed."));
  }
}

async function route(req: IncomingMessage): Promise<Reply> {
  const url = req.url ?? "/";
  if (url === "/readyz") return [200, {}];
  if (!url.startsWith(prefix)) return notFound;
  const token = tokenHash(req.headers.authorization);
  const queryAt = url.indexOf("?");
  const id = url.slice(prefix.length + 1, queryAt < 0 ? undefined : queryAt);
  const isCollection = url.length === prefix.length || queryAt === prefix.length;
  switch (`${req.method} ${isCollection ? "Users" : "User"}`) {
    case "GET Users":
      return users.find(token, new URLSearchParams(url.slice(queryAt + 1)).get("filter") ?? "");
    case "POST Users":
      return users.create(token, await bodyOf(req));
    case "GET User":
      return users.get(token, id);
    case "PUT User":
    case "PATCH User":
      return users.change(token, id, await bodyOf(req));
    default:
      return notFound;
  }
}

function bodyOf(req: IncomingMessage): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    req.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > bodyBytesMax) req.destroy(new Error("the body is too long"));
    });
    req.on("error", reject);
    req.on("end", () => {
      try {
        resolve(JSON.parse(Buffer.concat(chunks).toString("utf8")));
      } catch (cause) {
        reject(cause);
      }
    });
  });
}

function send(res: ServerResponse, [status, body]: Reply): void {
  const payload = Buffer.from(JSON.stringify(body));
  res.writeHead(status, { "content-type": "application/scim+json", "content-length": payload.length });
  res.end(payload);
}

function needed(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === "") throw new Error(`${name} is not set.`);
  return value;
}
