import { randomBytes } from "node:crypto";
import {
  type EntraDialect,
  type LifeCycleStep,
  type OktaMode,
  playEntraLifeCycle,
  playEntraValidator,
  playOktaLifeCycle,
  type RunResult,
} from "@rollcall/idp-simulator";
import { tokenForRun } from "./operator.ts";

type Target = { readonly base: string; readonly token?: string; readonly domain?: string };

/** Plays Okta's life cycle in one mode or both, and prints one line per step. Exit code 1 after a wrong response. */
export async function simulateOkta(options: Target & { readonly mode: OktaMode | "both" }): Promise<void> {
  const { base: baseUrl, domain } = options;
  const token = await tokenForRun(options.token);
  const modes: readonly OktaMode[] = options.mode === "both" ? ["header-auth", "wizard"] : [options.mode];
  for (const mode of modes) {
    report(mode, await playOktaLifeCycle({ baseUrl, token, domain, mode, onStep: printer(mode) }));
  }
}

/**
 * Plays Entra's life cycle in one dialect or both, and then the requests of Microsoft's SCIM Validator; otherwise as
 * `simulateOkta`. Uses the same two people throughout, so that it does not count as a mass removal.
 */
export async function simulateEntra(options: Target & { readonly dialect: EntraDialect | "both" }): Promise<void> {
  const { base: baseUrl, domain } = options;
  const token = await tokenForRun(options.token);
  const target = { baseUrl, token, domain, run: randomBytes(4).toString("hex") };
  const dialects: readonly EntraDialect[] =
    options.dialect === "both" ? ["default", "aadOptscim062020"] : [options.dialect];
  for (const dialect of dialects) {
    report(dialect, await playEntraLifeCycle({ ...target, dialect, onStep: printer(dialect) }));
  }
  report("validator", await playEntraValidator({ ...target, onStep: printer("validator") }));
}

function printer(part: string): (step: LifeCycleStep) => void {
  return (step) => {
    const mark = step.ok ? "ok  " : "FAIL";
    process.stdout.write(`${mark} ${part}  ${step.name} (${step.durationMs} ms): ${step.detail}\n`);
  };
}

function report(part: string, result: RunResult): void {
  process.stdout.write(`${part}: ${result.steps} steps, ${result.failed} failed\n`);
  if (!result.ok) process.exitCode = 1;
}
