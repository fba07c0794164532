import { formatCount } from "@rollcall/domain";
import type { Tone } from "../../ui/badge.tsx";
import type { SelfCheck, SelfCheckStep } from "./self-check-queries.ts";

export const stateBadges = {
  running: ["info", "Running"],
  passed: ["good", "Passed"],
  failed: ["bad", "Failed"],
  interrupted: ["warn", "Cut off"],
} as const satisfies Record<SelfCheck["state"], readonly [Tone, string]>;

/** The outcome of the run in one or two sentences. */
export function verdictOf({ state, steps, problem }: SelfCheck, providerName: string): string {
  switch (state) {
    case "running":
      return `The checks are running as ${providerName}.`;
    case "passed":
      return `Everything that ${providerName} would send works with your settings.${notesOf(steps)}`;
    case "failed":
      return `${providerName} would fail with your settings. The steps that failed say why and what to do.`;
    case "interrupted":
      return `${problem ?? "The checks were cut off."} The steps until then are below.`;
  }
}

function notesOf(steps: readonly SelfCheckStep[]): string {
  const count = steps.filter(({ outcome }) => outcome === "noted").length;
  if (count === 0) return "";
  return count === 1 ? " One thing is worth knowing." : ` ${count} things are worth knowing.`;
}

/** `42 steps, 1 failed, 2 notes`. */
export function countsOf(steps: readonly SelfCheckStep[]): string {
  const [failed, noted] = [countOf(steps, "failed"), countOf(steps, "noted")];
  return [
    formatCount(steps.length, "step"),
    ...(failed === 0 ? [] : [`${failed} failed`]),
    ...(noted === 0 ? [] : [formatCount(noted, "note")]),
  ].join(", ");
}

function countOf(steps: readonly SelfCheckStep[], outcome: SelfCheckStep["outcome"]): number {
  return steps.filter((step) => step.outcome === outcome).length;
}

/** `4.2 s`, or `17 ms`. */
export function formatDuration(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`;
}
