import { execFile } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const root = join(import.meta.dirname, "../..");
const sources = ["src", "public", "index.html", "vite.config.ts", "package.json"].map((name) => join(root, name));
const buildWaitMs = 60_000;

/** For vitest's `globalSetup`: builds the console unless `dist` is newer than all sources. */
export async function setup(): Promise<void> {
  const builtMs = statSync(join(root, "dist/index.html"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (Math.max(...sources.map(newestMs)) <= builtMs) return;
  // In a separate process: vitest sets NODE_ENV to "test", which would build React for development.
  await promisify(execFile)(process.execPath, [join(root, "node_modules/vite/bin/vite.js"), "build"], {
    cwd: root,
    env: { ...process.env, NODE_ENV: "production" },
    timeout: buildWaitMs,
  });
}

function newestMs(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  const files = readdirSync(path, { recursive: true, encoding: "utf8" }).filter((name) => !name.startsWith("browser"));
  return Math.max(0, ...files.map((name) => statSync(join(path, name)).mtimeMs));
}
