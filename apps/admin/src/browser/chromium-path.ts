import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const installed = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"] as const;
const require = createRequire(import.meta.url);
const cache = join(import.meta.dirname, "../../../../node_modules/.cache");
const unpackWaitMs = 60_000;

/** For vitest's `globalSetup`: unpacks Chromium before the workers start, as one would run what another is writing. */
export async function setup(): Promise<void> {
  await chromiumPath();
}

/** The machine's Chromium or Chrome, otherwise the one from npm, which needs the system's libnss3. */
export async function chromiumPath(): Promise<string> {
  const folder = join(cache, `chromium-${packedVersion()}`);
  const unpacked = join(folder, "chromium");
  const path = [...installed, unpacked].find((path) => existsSync(path));
  if (path !== undefined) return path;
  mkdirSync(cache, { recursive: true });
  const unfinished = mkdtempSync(`${folder}-`);
  try {
    // In a process of its own, as the package unpacks into the system's temporary folder and keeps what is there.
    await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", unpack], {
      cwd: import.meta.dirname,
      env: { ...process.env, TMPDIR: unfinished },
      timeout: unpackWaitMs,
    });
    // A folder that another run has made meanwhile is as good.
    if (!existsSync(folder)) renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return unpacked;
}

const unpack = 'const { default: chromium } = await import("@sparticuz/chromium"); await chromium.executablePath();';

function packedVersion(): string {
  const file = join(dirname(require.resolve("@sparticuz/chromium")), "../package.json");
  const content: unknown = JSON.parse(readFileSync(file, "utf8"));
  return String(Reflect.get(Object(content), "version"));
}
