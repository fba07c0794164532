import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** The repository's root: relative folders are resolved from there, whatever the current directory. */
export const root = resolve(import.meta.dirname, "../../..");

/** The folder of the local PostgreSQL and of the files below: `DATA_DIR`, by default `.data` in the repository. */
export function dataDirOf(environment: NodeJS.ProcessEnv): string {
  return resolve(root, environment["DATA_DIR"] ?? ".data");
}

/** The secret key of a developer's machine; undefined if there is none. */
export function readLocalSecretKey(dataDir: string): string | undefined {
  return read(dataDir, "secret-key");
}

/** Creates that key at the first start, readable by its owner only. */
export function ensureLocalSecretKey(dataDir: string): string {
  const existing = readLocalSecretKey(dataDir);
  if (existing !== undefined) return existing;
  mkdirSync(dataDir, { recursive: true });
  const key = randomBytes(32).toString("base64");
  writeFileSync(join(dataDir, "secret-key"), `${key}\n`, { mode: 0o600, flag: "wx" });
  return key;
}

type Ports = { readonly api: string; readonly scim: string };

/** Stores the servers' ports, for commands that run beside them with other settings. */
export function storePorts(dataDir: string, { api, scim }: Ports): void {
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(join(dataDir, "ports"), `${api} ${scim}\n`);
}

/** The servers' ports: from the environment, else from the last `start`, else 4000 and 4001. */
export function portsOf(environment: NodeJS.ProcessEnv, dataDir: string): Ports {
  const [api = "4000", scim = "4001"] = /^(\d+) (\d+)$/.exec(read(dataDir, "ports") ?? "")?.slice(1) ?? [];
  return { api: environment["API_PORT"] ?? api, scim: environment["SCIM_PORT"] ?? scim };
}

/** The host by which this machine reaches its servers: `HOST`, or loopback where they listen on every address. */
export function hostOf(environment: NodeJS.ProcessEnv): string {
  const host = environment["HOST"] ?? "";
  if (host === "::") return "[::1]";
  if (host === "" || host === "0.0.0.0") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}

/** A file's content without surrounding white space; undefined if there is no such file. */
function read(dataDir: string, file: "secret-key" | "ports"): string | undefined {
  try {
    return readFileSync(join(dataDir, file), "utf8").trim();
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return undefined;
    throw cause;
  }
}
