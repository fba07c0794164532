import "@rollcall/local-postgres/vitest-global-setup";
import { scratchDatabase } from "@rollcall/local-postgres";
import { afterAll, expect, inject, test } from "vitest";
import { rollcall, rollcallIn, type Ran } from "./testing/run-command.ts";

const run = (...args: readonly string[]): Promise<Ran> => rollcall(scratch.url, ...args);

const scratch = await scratchDatabase(inject("postgresUrl"));
afterAll(() => scratch.drop());

async function json(...args: readonly string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await run(...args, "--json");
  expect([code, stdout.split("\n").length], stderr).toEqual([0, 2]);
  return JSON.parse(stdout);
}

async function newOrganization(name: string): Promise<string> {
  const made = await json("org", "create", "--name", name, "--owner-email", `ada@${name.toLowerCase()}.example`);
  return String(made["organizationId"]);
}

// The contract of design section 5: other programs read these shapes, and nothing else on standard output.
test("an organization is created on an empty database; its owner's password is shown once", async () => {
  expect(await json("org", "create", "--name", "Acme", "--owner-email", "ada@acme.example")).toEqual({
    organizationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    ownerEmail: "ada@acme.example",
    ownerPassword: expect.stringMatching(/^\S{16,}$/),
  });
  const again = await json("org", "create", "--name", "Bcme", "--owner-email", "ADA@acme.example");
  expect(again).toMatchObject({ ownerEmail: "ada@acme.example", ownerPassword: null });
});

test("a domain, provisioning and tokens", async () => {
  const org = await newOrganization("Ccme");
  expect(await json("domain", "verify", "--org", org, "--domain", "Ccme.example")).toMatchObject({ verified: true });
  const enable = ["provisioning", "enable", "--org", org] as const;
  expect(await json(...enable, "--acknowledge-no-sso", "--guard", "off")).toMatchObject({ enabled: true });
  const issued = await json("token", "issue", "--org", org, "--name", "Okta");
  expect(issued).toEqual({
    tokenId: expect.any(String),
    token: expect.stringMatching(/^rcl_[0-9A-Za-z]{50}$/),
    expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
  });
  const { stdout } = await run("token", "list", "--org", org, "--json");
  expect(JSON.parse(stdout)).toMatchObject([{ id: issued["tokenId"], name: "Okta", status: "ACTIVE" }]);
  expect(stdout).not.toContain(String(issued["token"]).slice(16));
  expect(await json("token", "revoke", "--org", org, "--token", String(issued["tokenId"]))).toMatchObject({
    revoked: true,
  });
  const listed = (await run("token", "list", "--org", org)).stdout;
  expect(listed).toContain("REVOKED");
  expect(listed).not.toContain("[object");
});

test("AR-73: provisioning without single sign-on needs an acknowledgement", async () => {
  const org = await newOrganization("Dcme");
  const { code, stdout, stderr } = await run("provisioning", "enable", "--org", org, "--json");
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(/^Refused: no single sign-on is set up .* \(ssoUnacknowledged\)$/m);
});

test.each([
  ["an unknown organization", ["token", "issue", "--org", "nobody", "--name", "x", "--json"], "no organization"],
  ["an unknown command", ["tokens"], "unknown command"],
  ["a missing option", ["org", "create", "--json"], "required option"],
  ["a bad email", ["org", "create", "--name", "X", "--owner-email", "nobody", "--json"], "not a valid address"],
])("%s exits with 1 and a message, and prints no JSON", async (_, args, sentence) => {
  const { code, stdout, stderr } = await run(...args);
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toContain(sentence);
  expect(stderr).not.toContain("    at ");
});

// The email that told the owner about the token above waits in the queue.
test("doctor counts the secrets that are stored without a key", async () => {
  const { findings } = JSON.parse((await rollcall(scratch.url, "doctor", "--json")).stdout);
  expect(findings[1]).toMatchObject({
    check: "secrets",
    ok: false,
    detail: expect.stringMatching(/^1 are in plain text .* set ROLLCALL_SECRET_KEY$/),
  });
});

test("doctor reports that no server responds", async () => {
  const { code, stdout } = await rollcall(scratch.url, "doctor", "--json");
  const { findings } = JSON.parse(stdout);
  expect(findings[0]).toMatchObject({ check: "database", ok: true });
  expect(code).toBe(findings.every(({ ok }: { readonly ok: boolean }) => ok) ? 0 : 1);
});

// A script must notice that the server is not running, in each part of the simulation.
test.each([
  ["okta", [], ["header-auth"]],
  ["okta", ["--mode", "both"], ["header-auth", "wizard"]],
  ["entra", [], ["default", "aadOptscim062020", "validator"]],
  ["entra", ["--dialect", "aadOptscim062020"], ["aadOptscim062020", "validator"]],
])("simulate %s %j exits with 1 after a wrong response", async (provider, args, parts) => {
  const target = ["--base", "http://127.0.0.1:1/scim_v2", "--token", "t"];
  const { code, stdout } = await run("simulate", provider, ...target, ...args);
  expect(code).toBe(1);
  const lines = parts.flatMap((part) => [`FAIL ${part}  `, `${part}: 1 steps, 1 failed`]);
  expect(stdout.trim().split("\n")).toEqual(lines.map((line) => expect.stringContaining(line)));
});

test("the second factor of a person who has lost it is reset", async () => {
  await newOrganization("Lost");
  expect(await json("account", "reset-two-factor", "--email", "Ada@lost.example")).toEqual({
    email: "Ada@lost.example",
    reset: true,
  });
  const { code, stderr } = await run("account", "reset-two-factor", "--email", "nobody@lost.example");
  expect([code, stderr]).toEqual([1, expect.stringContaining("There is no account with the address")]);
});

test("a name of white space alone is refused", async () => {
  const { code, stderr } = await run("org", "create", "--name", " ", "--owner-email", "ada@ycme.example");
  expect([code, stderr]).toEqual([1, expect.stringContaining("It must not be empty.")]);
});

// A command on another database, or with another key, would say that all is done.
test("in production a command needs the servers' database and key, and says so on loopback", async () => {
  const own = { NODE_ENV: "production", DATA_DIR: "/nonexistent", DATABASE_URL: "", ROLLCALL_SECRET_KEY: "" };
  const settings = { ...own, HOST: "0.0.0.0" };
  const args = ["org", "create", "--name", "Zcme", "--owner-email", "ada@zcme.example"] as const;
  const withoutDatabase = await rollcallIn(settings, ...args);
  expect([withoutDatabase.code, withoutDatabase.stderr]).toEqual([1, expect.stringContaining("DATABASE_URL: ")]);
  const withoutKey = await rollcallIn({ ...settings, DATABASE_URL: scratch.url }, ...args);
  expect([withoutKey.code, withoutKey.stderr]).toEqual([1, expect.stringContaining("ROLLCALL_SECRET_KEY: ")]);
  const onLoopback = await rollcallIn({ ...own, DATABASE_URL: scratch.url }, ...args);
  expect([onLoopback.code, onLoopback.stderr]).toEqual([0, expect.stringContaining("ROLLCALL_SECRET_KEY: ")]);
});
