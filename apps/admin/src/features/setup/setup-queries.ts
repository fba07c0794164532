import type { inferOutput } from "@trpc/tanstack-react-query";
import { api } from "../../api.ts";
import { refresh } from "../../queries.ts";

export type Setup = inferOutput<typeof api.setup.get>;
export type SetupRequest = NonNullable<Setup["evidence"]["firstRequest"]>;
export type SetupEvent = NonNullable<Setup["evidence"]["firstUser"]>;
export type StepId = Setup["steps"][number]["id"];
export type CheckId = Setup["steps"][number]["checks"][number]["id"];
export type CheckState = Setup["steps"][number]["checks"][number]["state"];
export type Provider = NonNullable<Setup["progress"]>["provider"];

const pollMs = 2000;

export const setupQuery = api.setup.get.queryOptions();
/** Polled, also while another tab is active. */
export const liveSetupQuery = api.setup.get.queryOptions(undefined, {
  refetchInterval: pollMs,
  refetchIntervalInBackground: true,
});

export const chooseProviderMutation = api.setup.choose.mutationOptions({ onSuccess: refresh });
export const restartSetupMutation = api.setup.restart.mutationOptions({ onSuccess: refresh });
export const finishSetupMutation = api.setup.finish.mutationOptions({ onSuccess: refresh });

export function stateIn(setup: Setup, check: CheckId): CheckState {
  const checks = setup.steps.flatMap((step) => step.checks);
  return checks.find(({ id }) => id === check)?.state ?? "open";
}
