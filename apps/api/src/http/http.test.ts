import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { request, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, describe, expect, test } from "vitest";
import { readConfig } from "../config.ts";
import { openBrowser } from "../testing/test-browser.ts";
import { startTestConsole } from "../testing/test-console.ts";
import { useTestConsole } from "../testing/test-hooks.ts";

const consoleDir = await mkdtemp(join(tmpdir(), "rollcall-console-"));
await mkdir(join(consoleDir, "assets"));
await writeFile(join(consoleDir, "index.html"), "<!doctype html><title>Rollcall</title>");
await writeFile(join(consoleDir, "assets", "main-abc.js"), "export {};");
await writeFile(join(consoleDir, "assets", "large-abc.js"), "export {};".repeat(1000));
afterAll(() => rm(consoleDir, { recursive: true }));
const home = await useTestConsole({ consoleDir, trustProxy: 1 });
const acme = await home.organization("Acme");

describe("a write from another site", () => {
  const signOutWith = async (headers: Record<string, string>): Promise<number> => {
    const browser = await openBrowser(home.url).signIn(acme);
    const cookie = browser.cookie()?.split(";")[0] ?? "";
    const response = await fetch(`${home.url}/trpc/session.signOut`, {
      method: "POST",
      headers: { cookie, "content-type": "application/json", ...headers },
      body: "{}",
    });
    const isStillIn = (await browser.api.session.current.query()) !== null;
    expect(isStillIn).toBe(response.status !== 200);
    return response.status;
  };

  // Cross-site request forgery: the cookie alone must never be enough for a write.
  test.each([
    ["another site's Origin", { origin: "https://evil.example" }, 403],
    ["another port's Origin", { origin: "http://127.0.0.1:1" }, 403],
    ["the Origin null", { origin: "null" }, 403],
    ["another site's Origin and our header", { origin: "https://evil.example", "x-rollcall-client": "console" }, 403],
    ["neither Origin nor our header", {}, 403],
    ["the public address as Origin", { origin: "https://console.example" }, 200],
    ["no Origin but our header", { "x-rollcall-client": "console" }, 200],
  ])("with %s is accepted or refused %#", async (_name, headers, status) => {
    expect(await signOutWith({ ...headers })).toBe(status);
  });

  test("of the requested host is our own", async () => {
    expect(await signOutWith({ origin: home.url })).toBe(200);
  });
});

// For the first load over a slow connection.
test("the console's files are compressed, the API's responses are not", async () => {
  const packingOf = async (path: string): Promise<string | null> =>
    (await fetch(`${home.url}${path}`, { headers: { "accept-encoding": "gzip" } })).headers.get("content-encoding");
  expect(await packingOf("/assets/large-abc.js")).toBe("gzip");
  expect(await packingOf("/trpc/session.current")).toBeNull();
});

describe("every response", () => {
  test.each(["/", "/healthz", "/trpc/session.current", "/trpc/nothing.here", "/assets/none.js"])(
    "carries a request id and the security headers: %s",
    async (path) => {
      const response = await fetch(home.url + path);
      expect(response.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
      expect(response.headers.get("content-security-policy")).toContain("script-src 'self';");
      expect(response.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
      expect(response.headers.get("x-content-type-options")).toBe("nosniff");
      expect(response.headers.has("x-powered-by")).toBe(false);
      await response.arrayBuffer();
    },
  );

  test("of a procedure names the request in its error as well, and is never cached", async () => {
    const response = await fetch(`${home.url}/trpc/provisioning.get`);
    const requestId = response.headers.get("x-request-id");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.json()).toMatchObject({ error: { message: "Sign in first.", data: { requestId } } });
  });

  test("to a body that is too large or no JSON is a plain refusal", async () => {
    const post = (body: string): Promise<Response> =>
      fetch(`${home.url}/trpc/session.signIn`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-rollcall-client": "test" },
        body,
      });
    expect((await post(JSON.stringify({ email: "a@b.example", password: "x".repeat(100_000) }))).status).toBe(413);
    expect((await post("{")).status).toBe(400);
  });

  test("to an input that does not fit names its fields", async () => {
    const { status, body } = await openBrowser(home.url).call("mutation", "session.signIn", {
      email: "",
      password: "x",
    });
    expect(status).toBe(400);
    expect(body).toMatchObject({
      error: { message: "Please check what you entered.", data: { fieldErrors: { email: expect.any(String) } } },
    });
    expect(JSON.stringify(body)).not.toContain("stack");
    const nul = { email: "a\u0000@b.example", password: "x" };
    expect(await openBrowser(home.url).call("mutation", "session.signIn", nul)).toMatchObject({ status: 400 });
  });
});

test("the built console serves every screen's address, and caches hashed files forever", async () => {
  for (const path of ["/", "/settings/provisioning", "/roles/0190f3a0"]) {
    const response = await fetch(home.url + path);
    expect(response.headers.get("content-type")).toMatch(/^text\/html/);
    expect(response.headers.get("cache-control")).toBe("no-cache");
    expect(await response.text()).toContain("Rollcall");
  }
  const asset = await fetch(`${home.url}/assets/main-abc.js`);
  expect(asset.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  expect((await fetch(`${home.url}/assets/gone.js`)).status).toBe(404);
  expect((await fetch(`${home.url}/assets/..%2f..%2f..%2fetc/passwd`)).status).toBeGreaterThanOrEqual(400);
  expect((await fetch(home.url, { method: "POST" })).status).toBe(404);
});

// If the provider is given the console's port, a page with 200 would look like a valid response.
test.each(["GET", "POST"])("%s of a SCIM address is 404 here and names where SCIM is", async (method) => {
  for (const path of ["/scim_v2/Users", "/scim/v2/ServiceProviderConfig"]) {
    const response = await fetch(home.url + path, { method });
    expect([response.status, await response.text()]).toEqual([404, expect.stringMatching(/SCIM is served at http/)]);
  }
});

// DNS rebinding: pages whose own name resolves to this machine must be refused.
describe("a request for an unknown host", () => {
  const get = (path: string, headers: Record<string, string>): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      request(home.url + path, { headers }, resolve)
        .on("error", reject)
        .end();
    });

  test.each(["/", "/trpc/session.current", "/metrics", "/sso/x/start", "/export/members.csv", "/live/requests"])(
    "is 421 at %s",
    async (path) => {
      const response = await get(path, { host: "evil.example" });
      expect([response.statusCode, JSON.parse(await text(response))]).toEqual([
        421,
        { error: expect.stringContaining("https://console.example"), requestId: response.headers["x-request-id"] },
      ]);
    },
  );

  test("is plain text for a browser", async () => {
    const response = await get("/", { host: "evil.example", accept: "text/html,*/*;q=0.8" });
    expect(response.headers["content-type"]).toMatch(/^text\/plain/);
    expect(await text(response)).toMatch(/^Rollcall does not answer for this host/);
  });

  test.each([
    ["/healthz", "evil.example"],
    ["/readyz", "evil.example"],
    ["/trpc/session.current", "console.example"],
    ["/trpc/session.current", "localhost"],
  ])("is none at %s for %s", async (path, host) => {
    const response = await get(path, { host });
    expect(response.statusCode).toBe(200);
    response.resume();
  });
});

describe("for the operator", () => {
  test("/healthz and /readyz say that all is well", async () => {
    for (const path of ["/healthz", "/readyz"]) {
      const response = await fetch(home.url + path);
      expect([response.status, await response.json()]).toEqual([200, { status: "ok" }]);
    }
  });

  test("/metrics measures requests by area, never by path", async () => {
    await fetch(`${home.url}/some/secret/path`);
    const printed = await (await fetch(`${home.url}/metrics`)).text();
    expect(printed).toMatch(/http_request_duration_seconds_count\{area="console",method="GET",status="200"\} [1-9]/);
    expect(printed).toContain("process_cpu_seconds_total");
    expect(printed).not.toContain("secret");
  });

  test.each([
    ["127.0.0.1", undefined, undefined, 200],
    ["127.0.0.1", "0123456789abcdef", undefined, 401],
    ["0.0.0.0", "0123456789abcdef", "Bearer 0123456789abcdeF", 401],
    ["0.0.0.0", "0123456789abcdef", "Basic 0123456789abcdef", 401],
    ["0.0.0.0", "0123456789abcdef", "Bearer 0123456789abcdef", 200],
    ["0.0.0.0", undefined, "Bearer ", 404],
  ])(
    "/metrics of a server on %s with the token %s returns for %s the status %i",
    async (HOST, token, authorization, status) => {
      const environment = { DATABASE_URL: "postgres://x", NODE_ENV: "test", HOST, METRICS_TOKEN: token };
      const { metricsAccess } = readConfig(environment);
      const elsewhere = await startTestConsole({ metricsAccess });
      const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
      const response = await fetch(`${elsewhere.url}/metrics`, { headers });
      expect([response.status, response.headers.get("www-authenticate")]).toEqual([
        status,
        status === 401 ? "Bearer" : null,
      ]);
      const text = await response.text();
      expect(text.includes("process_cpu_seconds_total")).toBe(status === 200);
      if (status !== 200) expect(text).toContain("METRICS_TOKEN");
      await elsewhere.close();
    },
  );

  test("the log has a line a request, without passwords, cookies or queries", async () => {
    const browser = await openBrowser(home.url).signIn(acme);
    await browser.api.members.list.query({ search: "confidential-search", page: 1, pageSize: 10 });
    const lines = home.logLines.join("");
    expect(lines).toContain('"path":"/trpc/members.list"');
    for (const secret of [
      acme.ownerPassword,
      "confidential-search",
      browser.cookie()?.split(".")[2]?.split(";")[0] ?? "",
    ]) {
      expect(secret).not.toBe("");
      expect(lines).not.toContain(secret);
    }
  });
});

// Sign-in attempts on many accounts from one address are limited, also behind a trusted proxy.
test("an address may fail 100 times in 15 minutes, and others are not held up", async () => {
  const signIn = (email: string, ip: string): Promise<Response> =>
    fetch(`${home.url}/trpc/session.signIn`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-rollcall-client": "test", "x-forwarded-for": ip },
      body: JSON.stringify({ email, password: "wrong" }),
    });
  const statuses = [];
  for (let batch = 0; batch < 11; batch++) {
    const responses = Array.from({ length: 10 }, (_, index) =>
      signIn(`u${batch}-${index}@attempt.example`, "203.0.113.7"),
    );
    statuses.push(...(await Promise.all(responses)).map(({ status }) => status));
  }
  expect(statuses.filter((status) => status === 401)).toHaveLength(100);
  expect(statuses.filter((status) => status === 429)).toHaveLength(10);
  expect((await signIn("u@attempt.example", "203.0.113.8")).status).toBe(401);
});

describe("the configuration", () => {
  test.each([
    [undefined, false],
    ["0", false],
    ["true", true],
    ["2", 2],
    ["loopback, 10.0.0.0/8", "loopback, 10.0.0.0/8"],
  ])("TRUST_PROXY=%s means %s", (setting, expected) => {
    const { trustProxy } = readConfig({
      DATABASE_URL: "postgres://x",
      ...(setting === undefined ? {} : { TRUST_PROXY: setting }),
    });
    expect(trustProxy).toBe(expected);
  });

  test.each([
    [{ DATABASE_URL: "postgres://u:secret@/db?host=/run" }, "DATABASE_URL: must be postgres://"],
    [{ TRUST_PROXY: "yes" }, "TRUST_PROXY: must be the number of proxies"],
    [{ PREPARED_STATEMENTS: "false" }, "PREPARED_STATEMENTS: "],
    [{ PUBLIC_SCIM_URL: "ftp://s.example" }, "PUBLIC_SCIM_URL: "],
    [{ PUBLIC_APP_URL: "javascript:alert" }, "PUBLIC_APP_URL: "],
    [{ MAIL_FROM: "nobody" }, "MAIL_FROM: must be an address"],
  ])("%j is refused by its name, and shows no password", (settings, line) => {
    const read = () => readConfig({ DATABASE_URL: "postgres://x", ...settings });
    expect(read).toThrow(`\n${line}`);
    expect(read).not.toThrow("secret");
  });

  test("takes an empty value for none", () => {
    const config = readConfig({ DATABASE_URL: "postgres://x", HOST: "", API_PORT: "", SMTP_URL: "", LOG_LEVEL: "" });
    expect(config).toMatchObject({ host: "127.0.0.1", port: 4000, smtpUrl: undefined, logLevel: "info" });
  });

  test("names what is missing, and takes slashes off the addresses", () => {
    expect(() => readConfig({})).toThrow(/DATABASE_URL/);
    expect(() => readConfig({ DATABASE_URL: "postgres://x", METRICS_TOKEN: "short" })).toThrow(/METRICS_TOKEN/);
    const config = readConfig({
      DATABASE_URL: "postgres://x",
      PUBLIC_SCIM_URL: "https://s.example/scim_v2/",
      API_PORT: "4100",
    });
    expect(config).toMatchObject({ publicScimUrl: "https://s.example/scim_v2", publicAppUrl: "http://127.0.0.1:4100" });
  });
});
