import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export type Ports = { readonly api: string; readonly scim: string };

/** Stores the servers' ports, for commands that run beside them with other settings. */
export function keepPorts(dataDir: string, { api, scim }: Ports): void {
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(fileIn(dataDir), `${api} ${scim}\n`);
}

/** The servers' ports: from the environment, else from the last `start`, else 4000 and 4001. */
export function portsOf(environment: NodeJS.ProcessEnv, dataDir: string): Ports {
  const [api = "4000", scim = "4001"] = /^(\d+) (\d+)$/.exec(keptIn(dataDir))?.slice(1) ?? [];
  return { api: environment["API_PORT"] ?? api, scim: environment["SCIM_PORT"] ?? scim };
}

function keptIn(dataDir: string): string {
  try {
    return readFileSync(fileIn(dataDir), "utf8").trim();
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return "";
    throw cause;
  }
}

function fileIn(dataDir: string): string {
  return join(dataDir, "ports");
}
