import { playOktaLifeCycle, type LifeCycleStep, type OktaMode } from "@rollcall/idp-simulator";

type SimulateOptions = {
  readonly base: string;
  readonly token: string;
  readonly domain?: string;
  readonly mode: OktaMode | "both";
};

/** Plays Okta's life cycle in one mode or both, prints a line a step, and fails loudly: exit code 1 at a wrong answer. */
export async function simulateOkta(options: SimulateOptions): Promise<void> {
  const modes: readonly OktaMode[] = options.mode === "both" ? ["header-auth", "wizard"] : [options.mode];
  for (const mode of modes) {
    const { base, token, domain } = options;
    const onStep = (step: LifeCycleStep): void => {
      const mark = step.ok ? "ok  " : "FAIL";
      process.stdout.write(`${mark} ${mode}  ${step.name} (${step.durationMs} ms): ${step.detail}\n`);
    };
    const played = await playOktaLifeCycle({ baseUrl: base, token, domain, mode, onStep });
    process.stdout.write(`${mode}: ${played.steps} steps, ${played.failed} failed\n`);
    if (!played.ok) process.exitCode = 1;
  }
}
