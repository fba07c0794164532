import { spawnSync } from "node:child_process";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { screensPage } from "./screens-page.ts";

/**
 * `pnpm screens`: takes the pictures of docs/screens and of docs/guides anew, by the browser tests that are at these
 * places, and writes the page of the former.
 */
const root = resolve(import.meta.dirname, "..");
const screens = join(root, "docs/screens");
const guides = join(root, "docs/guides/images");
const takeMs = 900_000;
const tests = (...names: readonly string[]): readonly string[] =>
  names.map((name) => `apps/admin/src/browser/${name}.browser.test.ts`);

const taken = [
  takePictures(screens, "SCREENS_DIR", [...tests("states"), "-t", "comes in"]),
  takePictures(guides, "GUIDES_DIR", tests("setup", "person", "requests", "guard")),
];
writeFileSync(join(screens, "README.md"), screensPage());
process.exitCode = Math.max(...taken);

/** Returns the exit code of the tests. */
function takePictures(folder: string, variable: string, args: readonly string[]): number {
  const pictures = (): readonly string[] =>
    readdirSync(folder).flatMap((name) => (name.endsWith(".png") ? [join(folder, name)] : []));
  for (const path of pictures()) rmSync(path);
  const { status } = spawnSync(join(root, "node_modules/.bin/vitest"), ["run", "--project", "admin-browser", ...args], {
    cwd: root,
    env: { ...process.env, [variable]: folder },
    stdio: "inherit",
    timeout: takeMs,
  });
  const options = ["--ext", ".png", "--force", "--strip", "--quality", "70-95", "--"];
  if (spawnSync("pngquant", [...options, ...pictures()]).error !== undefined)
    process.stdout.write("pngquant is not installed: the files are larger than they need be.\n");
  return status ?? 1;
}
