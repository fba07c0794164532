import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { providerQuirks } from "../packages/scim-protocol/src/index.ts";
import { providerQuirksPage } from "./provider-quirks-page.ts";

// A row that is added or changed must be in the page too (run `pnpm quirks`).
test("docs/provider-quirks.md is what the table gives", () => {
  const page = readFileSync(resolve(import.meta.dirname, "../docs/provider-quirks.md"), "utf8");
  expect(page).toBe(providerQuirksPage());
});

test("every row has a section with its tolerance and its proof", () => {
  const page = providerQuirksPage();
  for (const [id, { tolerance, fixtures }] of Object.entries(providerQuirks)) {
    expect(page).toContain(`### ${id}: `);
    expect(page).toContain(tolerance);
    for (const fixture of fixtures) expect(page).toContain(`\`${fixture}\``);
  }
});
