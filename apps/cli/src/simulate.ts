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

/**
 * Plays Okta's life cycle in one mode or both, and prints one line per step. Exit code 1 after a wrong response, and
 * where mass-removal protection ends the run.
 */
export async function simulateOkta(options: Target & { readonly mode: OktaMode | "both" }): Promise<void> {
  const { base: baseUrl, domain } = options;
  const token = await tokenForRun(options.token);
  const modes: readonly OktaMode[] = options.mode === "both" ? ["header-auth", "wizard"] : [options.mode];
  await playParts(
    modes.map((mode): Part => [mode, (onStep) => playOktaLifeCycle({ baseUrl, token, domain, mode, onStep })]),
  );
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
  await playParts([
    ...dialects.map((dialect): Part => [dialect, (onStep) => playEntraLifeCycle({ ...target, dialect, onStep })]),
    ["validator", (onStep) => playEntraValidator({ ...target, onStep })],
  ]);
}

type Part = readonly [name: string, play: (onStep: (step: LifeCycleStep) => void) => Promise<RunResult>];

/** Plays the parts in order. A hold ends the run: the following parts would fail for the same reason. */
async function playParts(parts: readonly Part[]): Promise<void> {
  for (const [part, play] of parts) {
    let isHeld = false;
    const { steps, failed } = await play(({ name, ok, durationMs, detail }) => {
      isHeld ||= !ok && detail.includes("Removals are on hold");
      process.stdout.write(`${ok ? "ok  " : "FAIL"} ${part}  ${name} (${durationMs} ms): ${detail}\n`);
    });
    process.stdout.write(`${part}: ${steps} steps, ${failed} failed\n`);
    if (failed > 0) process.exitCode = 1;
    if (isHeld) return void process.stderr.write(holdNote);
  }
}

const holdNote = `The run was stopped: mass-removal protection holds removals in this organization. Each run removes two more people, and a
few runs within 15 minutes reach the limit. To go on, do one of these:
- In Rollcall, allow all removals for 1 hour under Provisioning > Mass-removal protection, and run the command again.
- Run the command without --token. It then uses a new organization without mass-removal protection.
The test people and the test group of this run remain in the organization.
`;
