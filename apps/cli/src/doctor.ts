import { openConfigured } from "./environment.ts";

type Finding = { readonly check: string; readonly ok: boolean; readonly detail: string };

const waitMs = 3000;

/** Looks at what Rollcall needs to run, says what is wrong, and exits with 1 if anything is. */
export async function doctor(options: { readonly json?: boolean }): Promise<void> {
  const findings = [await database(), await server("API", apiUrl()), await server("SCIM", scimUrl())];
  if (options.json) process.stdout.write(`${JSON.stringify({ ok: findings.every(({ ok }) => ok), findings })}\n`);
  else
    for (const { check, ok, detail } of findings) process.stdout.write(`${ok ? "ok  " : "FAIL"} ${check}: ${detail}\n`);
  if (findings.some(({ ok }) => !ok)) process.exitCode = 1;
}

async function database(): Promise<Finding> {
  try {
    const open = await openConfigured(process.env);
    await open.database.ping();
    await open.close();
    return { check: "database", ok: true, detail: "answers, and its schema is up to date" };
  } catch (cause) {
    return { check: "database", ok: false, detail: cause instanceof Error ? cause.message : String(cause) };
  }
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
