import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { isQuirkId, providerExpectations, providerQuirks } from "@rollcall/scim-protocol";
import { describe, expect, test } from "vitest";
import { noticedQuirks } from "../testing/noticed-quirks.ts";
import { useScim } from "../testing/scim-fixture.ts";
import { startScim } from "../testing/test-harness.ts";
import { playQuirk, readQuirk } from "./quirk.ts";

const folder = new URL("fixtures/quirks/", import.meta.url);
const fixtures = readdirSync(folder)
  .filter((file) => file.endsWith(".json"))
  .sort()
  .map((file) => file.slice(0, -".json".length));
const quirkIds = Object.keys(providerQuirks).filter(isQuirkId);
const rows: readonly (readonly [name: string, fixtures: readonly string[]])[] = [
  ...quirkIds.map((id) => [id, providerQuirks[id].fixtures] as const),
  ...providerExpectations.map((row) => [row.expects, row.fixtures] as const),
];

const { scim: shared } = await useScim();

// The files name the source of each recorded known deviation (docs/idp-wire.md). The deviation that the table lists for a file
// must be detected when it is played: owners see it as a badge.
test.each(fixtures)("%s", async (fixture) => {
  const quirk = readQuirk(readFileSync(new URL(`${fixture}.json`, folder), "utf8"));
  const scim = quirk.fresh ? await startScim() : shared;
  try {
    const variables = new Map([
      ["token", scim.token],
      ["random", randomBytes(5).toString("hex")],
    ]);
    await noticedQuirks(scim);
    expect(await playQuirk(quirk, scim.baseUrl, variables)).toEqual([]);
    const promised = quirkIds.filter((id) => providerQuirks[id].fixtures.some((name) => name === fixture));
    expect(await noticedQuirks(scim)).toEqual(expect.arrayContaining(promised));
  } finally {
    if (quirk.fresh) await scim.stop();
  }
});

// Every row of the table must be played, and every fixture must have a row.
describe("the table and the fixtures belong together", () => {
  test.each(rows)("%s is proved by fixtures that are there", (_name, named) => {
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((fixture) => !fixtures.includes(fixture))).toEqual([]);
  });

  test.each(fixtures)("%s has a row", (fixture) => {
    expect(rows.filter(([, named]) => named.includes(fixture)).length).toBeGreaterThan(0);
  });
});
