import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The secret key of a developer's machine, beside the local database; undefined if there is none. */
export function readLocalSecretKey(dataDir: string): string | undefined {
  try {
    return readFileSync(fileIn(dataDir), "utf8").trim();
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return undefined;
    throw cause;
  }
}

/** Creates that key at the first start, readable by its owner only. */
export function ensureLocalSecretKey(dataDir: string): string {
  const known = readLocalSecretKey(dataDir);
  if (known !== undefined) return known;
  mkdirSync(dataDir, { recursive: true });
  const key = randomBytes(32).toString("base64");
  writeFileSync(fileIn(dataDir), `${key}\n`, { mode: 0o600, flag: "wx" });
  return key;
}

function fileIn(dataDir: string): string {
  return join(dataDir, "secret-key");
}
