import "@rollcall/local-postgres/vitest-global-setup";
import { afterAll, expect, inject, test } from "vitest";
import { startDeployment } from "./testing/deployment.ts";
import { rollcall, type Ran } from "./testing/run-command.ts";

const deployment = await startDeployment(inject("postgresUrl"));
afterAll(() => deployment.close());

function conformance(...args: readonly string[]): Promise<Ran> {
  const { databaseUrl, base, token } = deployment;
  return rollcall(databaseUrl, "conformance", "--base", base, "--token", token, ...args);
}

// A run from outside, on an unchanged deployment. That all checks pass, also under the guard, is proven in apps/scim.
test("prints one line per check and a count, and leaves no test data", async () => {
  const { code, stdout } = await conformance("--only", "filter-");
  expect(stdout).not.toMatch(/^FAIL|^left behind/m);
  expect(stdout).toMatch(/^ok {3}RFC 7644 section 3\.4\.2\.2 {2}filter-eq-ignores-case: \S.*\.$/m);
  expect(stdout).toMatch(/\n\d+ passed, 0 failed, \d+ skipped\n$/);
  expect(code).toBe(0);
  const { base, token } = deployment;
  const listed = await fetch(`${base}/Users`, { headers: { authorization: `Bearer ${token}` } });
  expect(await listed.json()).toMatchObject({ totalResults: 1 });
});

// A repeated run must not put an organization's removals on hold.
test("without a token each run uses a new organization and prints its name", async () => {
  const { databaseUrl, base } = deployment;
  for (let runs = 0; runs < 2; runs++) {
    const { code, stdout, stderr } = await rollcall(databaseUrl, "conformance", "--base", base, "--only", "config-");
    expect(stderr).toMatch(/^This run uses the new organization "Test run \S+Z" \([0-9a-f-]{36}\)\.$/m);
    expect(stdout).toMatch(/\n\d+ passed, 0 failed, \d+ skipped\n$/);
    expect(code).toBe(0);
  }
});

test("runs a part of the checks and prints JSON", async () => {
  const { code, stdout } = await conformance("--only", "config-", "--json");
  expect([code, stdout.split("\n").length]).toEqual([0, 2]);
  const report = JSON.parse(stdout);
  expect(report).toMatchObject({ failed: 0, leftBehind: [] });
  expect(report.checks[0]).toMatchObject({ id: "config-is-one-resource", outcome: "passed" });
  expect(report.checks).toHaveLength(report.passed + report.skipped);
});

test.each([
  ["a wrong token", ["--token", "rcl_wrong"]],
  ["an address without a server", ["--base", "http://127.0.0.1:9/scim_v2"]],
])("%s exits with 1 and a message", async (_, args) => {
  const { code, stdout, stderr } = await conformance(...args);
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(/^The run cannot go on: .*GET http/);
  expect(stderr).not.toContain("    at ");
});

test("exits with 1 for a prefix that no check has", async () => {
  const { code, stdout } = await conformance("--only", "nothing-of-this-kind");
  expect([code, stdout]).toEqual([1, "0 passed, 0 failed, 0 skipped\n"]);
});
