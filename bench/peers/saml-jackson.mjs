// The directory sync of @boxyhq/saml-jackson, on its own tables.
import { createServer } from "node:http";
import jackson from "@boxyhq/saml-jackson";

const { DATABASE_URL, BENCH_PORT, BENCH_TOKEN } = process.env;
const origin = `http://127.0.0.1:${BENCH_PORT}`;
const { directorySyncController: sync } = await jackson.default({
  externalUrl: origin,
  samlAudience: origin,
  samlPath: "/saml",
  scimPath: "/scim_v2",
  logger: { info() {}, error: console.error, warn() {} },
  db: { engine: "sql", type: "postgres", url: DATABASE_URL },
  noAnalytics: true,
});
const { data: directory, error } = await sync.directories.create({
  name: "bench",
  tenant: "bench",
  product: "bench",
  type: "okta-scim-v2",
});
if (error) throw new Error(error.message);
const secret = directory.scim.secret;

createServer(async (req, res) => {
  const url = new URL(req.url, origin);
  if (url.pathname === "/readyz") return res.end("ok");
  const [, , resource = "", id] = url.pathname.split("/");
  const chunks = [];
  for await (const chunk of req) chunks.push(chunk);
  const body = chunks.length === 0 ? undefined : JSON.parse(Buffer.concat(chunks).toString("utf8"));
  const { status, data } = await sync.requests.handle({
    method: req.method,
    body,
    directoryId: directory.id,
    resourceType: resource.toLowerCase(),
    resourceId: id,
    apiSecret: req.headers.authorization === `Bearer ${BENCH_TOKEN}` ? secret : "",
    query: {
      count: Number(url.searchParams.get("count") ?? 0),
      startIndex: Number(url.searchParams.get("startIndex") ?? 1),
      filter: url.searchParams.get("filter") ?? undefined,
    },
  });
  res.writeHead(status, { "content-type": "application/scim+json" });
  res.end(data === undefined ? "" : JSON.stringify(data));
}).listen(Number(BENCH_PORT), "127.0.0.1");
process.once("SIGTERM", () => process.exit(0));
