import "@rollcall/local-postgres/vitest-global-setup";
import { afterAll, expect, inject, test } from "vitest";
import { startDeployment } from "./testing/deployment.ts";
import { rollcall, type Ran } from "./testing/run-command.ts";

const deployment = await startDeployment(inject("postgresUrl"));
afterAll(() => deployment.close());

// Each run removes access or a role from two people of its own, and the limit is five people within 15 minutes.
test("a third run in one organization stops at mass-removal protection and says what to do", async () => {
  const { databaseUrl, base, token } = deployment;
  const simulate = (provider: string): Promise<Ran> =>
    rollcall(databaseUrl, "simulate", provider, "--base", base, "--token", token);
  for (const provider of ["entra", "okta"]) expect(await simulate(provider)).toMatchObject({ code: 0, stderr: "" });
  for (const [provider, part] of [
    ["okta", "header-auth"],
    ["entra", "default"],
  ] as const) {
    const { code, stdout, stderr } = await simulate(provider);
    expect([code, stdout.match(/^FAIL .*Removals are on hold/m)?.length]).toEqual([1, 1]);
    expect(stdout).toMatch(new RegExp(`\\n${part}: \\d+ steps, 2 failed\\n$`));
    expect(stderr).toContain("Provisioning > Mass-removal protection");
  }
});
