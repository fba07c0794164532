import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "..");
const hasPnpm = spawnSync("pnpm", ["--version"]).status === 0;

// Vulnerability scans need a complete bill of materials of what production runs.
test.skipIf(!hasPnpm)(
  "the bill of materials is CycloneDX and names what production runs (needs pnpm on the path)",
  () => {
    const folder = mkdtempSync(join(tmpdir(), "rollcall-bom-"));
    const file = join(folder, "bom.json");
    const made = spawnSync("pnpm", ["run", "bom", "--out", file], { cwd: root, encoding: "utf8" });
    expect(made.status, made.stderr).toBe(0);
    const bom: unknown = JSON.parse(readFileSync(file, "utf8"));
    rmSync(folder, { recursive: true });
    expect(bom).toMatchObject({ bomFormat: "CycloneDX", specVersion: "1.6" });
    const purls = JSON.stringify(bom);
    for (const name of ["express", "pg", "%40node-saml/node-saml"]) expect(purls).toContain(`pkg:npm/${name}@`);
    expect(purls).not.toContain("pkg:npm/vitest@");
  },
  60_000,
);
