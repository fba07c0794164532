import { reencryptSecrets, type Database, type SecretsReport } from "@rollcall/db";
import { openConfigured } from "./environment.ts";

type Finding = { readonly check: string; readonly ok: boolean; readonly detail: string };

const waitMs = 3000;

/**
 * Looks at what Rollcall needs to run, says what is wrong, and exits with 1 if anything is. Secrets that are not encrypted
 * with the current key are encrypted with it.
 */
export async function doctor(options: { readonly json?: boolean }): Promise<void> {
  const findings = [...(await database()), await server("API", apiUrl()), await server("SCIM", scimUrl())];
  if (options.json) process.stdout.write(`${JSON.stringify({ ok: findings.every(({ ok }) => ok), findings })}\n`);
  else
    for (const { check, ok, detail } of findings) process.stdout.write(`${ok ? "ok  " : "FAIL"} ${check}: ${detail}\n`);
  if (findings.some(({ ok }) => !ok)) process.exitCode = 1;
}

async function database(): Promise<readonly Finding[]> {
  try {
    const open = await openConfigured(process.env);
    try {
      await open.database.ping();
      return [
        { check: "database", ok: true, detail: "answers, and its schema is up to date" },
        await secrets(open.database),
      ];
    } finally {
      await open.close();
    }
  } catch (cause) {
    return [{ check: "database", ok: false, detail: cause instanceof Error ? cause.message : String(cause) }];
  }
}

async function secrets(database: Database): Promise<Finding> {
  const report = await reencryptSecrets(database);
  return { check: "secrets", ok: report.plain + report.unreadable === 0, detail: wordsOf(report) };
}

function wordsOf({ keyId, current, encrypted, plain, unreadable }: SecretsReport): string {
  if (keyId === undefined) {
    return plain + unreadable === 0
      ? "none are stored; set ROLLCALL_SECRET_KEY before there are"
      : `${plain} are in plain text and ${unreadable} of a key that is not set; set ROLLCALL_SECRET_KEY`;
  }
  const done = `${current + encrypted} are encrypted with the key ${keyId}, ${encrypted} of them just now`;
  return unreadable === 0 ? done : `${done}; ${unreadable} are of a key that is not set, or damaged`;
}

async function server(name: string, url: string): Promise<Finding> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(waitMs) });
    return { check: `${name} server`, ok: answer.ok, detail: `${url} answers ${answer.status}` };
  } catch (cause) {
    return {
      check: `${name} server`,
      ok: false,
      detail: `${url} does not answer (${cause instanceof Error ? cause.message : String(cause)})`,
    };
  }
}

function apiUrl(): string {
  return `http://127.0.0.1:${process.env["API_PORT"] ?? "4000"}/readyz`;
}

function scimUrl(): string {
  return `http://127.0.0.1:${process.env["SCIM_PORT"] ?? "4001"}/readyz`;
}
