import { reencryptSecrets, type Database, type SecretsReport } from "@rollcall/db";
import { dataDirOf, hostOf, portsOf } from "./data-dir.ts";
import { withDatabase } from "./operator.ts";

type Finding = { readonly check: string; readonly ok: boolean; readonly detail: string };

const waitMs = 3000;

/**
 * Checks the requirements of Rollcall, prints each problem, and exits with 1 if there is one. Secrets that are not
 * encrypted with the current key are encrypted with it.
 */
export async function doctor(options: { readonly json?: boolean }): Promise<void> {
  const ports = portsOf(process.env, dataDirOf(process.env));
  const findings = [...(await databaseFindings()), await server("API", ports.api), await server("SCIM", ports.scim)];
  if (options.json) process.stdout.write(`${JSON.stringify({ ok: findings.every(({ ok }) => ok), findings })}\n`);
  else
    for (const { check, ok, detail } of findings) process.stdout.write(`${ok ? "ok  " : "FAIL"} ${check}: ${detail}\n`);
  if (findings.some(({ ok }) => !ok)) process.exitCode = 1;
}

async function databaseFindings(): Promise<readonly Finding[]> {
  try {
    return await withDatabase(async (database) => {
      await database.ping();
      const answers: Finding = { check: "database", ok: true, detail: "answers, and its schema is up to date" };
      return [answers, await secrets(database)];
    });
  } catch (cause) {
    return [{ check: "database", ok: false, detail: cause instanceof Error ? cause.message : String(cause) }];
  }
}

async function secrets(database: Database): Promise<Finding> {
  const report = await reencryptSecrets(database);
  return { check: "secrets", ok: report.plain + report.unreadable === 0, detail: secretsDetail(report) };
}

function secretsDetail({ keyId, current, encrypted, plain, unreadable }: SecretsReport): string {
  if (keyId === undefined) {
    return plain + unreadable === 0
      ? "none are stored; set ROLLCALL_SECRET_KEY before there are"
      : `${plain} are in plain text and ${unreadable} of a key that is not set; set ROLLCALL_SECRET_KEY`;
  }
  const done = `${current + encrypted} are encrypted with the key ${keyId}, ${encrypted} of them just now`;
  return unreadable === 0 ? done : `${done}; ${unreadable} are of a key that is not set, or damaged`;
}

async function server(name: string, port: string): Promise<Finding> {
  const url = `http://${hostOf(process.env)}:${port}/readyz`;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(waitMs) });
    return { check: `${name} server`, ok: response.ok, detail: `${url} answers ${response.status}` };
  } catch (cause) {
    return {
      check: `${name} server`,
      ok: false,
      detail: `${url} does not answer (${reasonOf(cause)}). Is Rollcall running, and on this port (API_PORT, SCIM_PORT)?`,
    };
  }
}

/** `fetch` puts the reason into its cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (!(cause instanceof Error)) return String(cause);
  return "code" in cause ? String(cause.code) : cause.message;
}
