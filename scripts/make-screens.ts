import { spawnSync } from "node:child_process";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { screensPage } from "./screens-page.ts";

/** `pnpm screens`: takes the pictures of docs/screens anew, by the browser test that opens every screen, and writes their page. */
const root = resolve(import.meta.dirname, "..");
const folder = join(root, "docs/screens");
const takeMs = 900_000;

for (const name of readdirSync(folder)) if (name.endsWith(".png")) rmSync(join(folder, name));
const test = ["run", "--project", "admin-browser", "apps/admin/src/browser/states.browser.test.ts", "-t", "comes in"];
const taken = spawnSync(join(root, "node_modules/.bin/vitest"), test, {
  cwd: root,
  env: { ...process.env, SCREENS_DIR: folder },
  stdio: "inherit",
  timeout: takeMs,
});
const pictures = readdirSync(folder).flatMap((name) => (name.endsWith(".png") ? [join(folder, name)] : []));
const made = spawnSync("pngquant", ["--ext", ".png", "--force", "--strip", "--quality", "70-95", "--", ...pictures]);
if (made.error !== undefined)
  process.stdout.write("pngquant is not installed: the files are larger than they need be.\n");
writeFileSync(join(folder, "README.md"), screensPage());
process.exitCode = taken.status ?? 1;
