import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startScim } from "../test-harness.ts";
import { playQuirk, readQuirk } from "./quirk.ts";

const folder = new URL("fixtures/quirks/", import.meta.url);
const quirks = readdirSync(folder)
  .filter((file) => file.endsWith(".json"))
  .sort()
  .map((file) => readQuirk(readFileSync(new URL(file, folder), "utf8")));

let shared: Awaited<ReturnType<typeof startScim>>;
beforeAll(async () => {
  shared = await startScim();
});
afterAll(() => shared.stop());

// Guards each recorded habit of Okta, Entra and others; the files say where it was seen (idp-wire.md).
test.each(quirks.map((quirk) => [quirk.name, quirk] as const))("%s", async (_name, quirk) => {
  const scim = quirk.fresh ? await startScim() : shared;
  try {
    const variables = new Map([
      ["token", scim.token],
      ["random", randomBytes(5).toString("hex")],
    ]);
    expect(await playQuirk(quirk, scim.baseUrl, variables)).toEqual([]);
  } finally {
    if (quirk.fresh) await scim.stop();
  }
});
