import type { SelfCheckProvider } from "@rollcall/domain";
import type { inferOutput } from "@trpc/tanstack-react-query";
import { api, queryClient, refreshQueries } from "../../api.ts";

export type SelfCheck = NonNullable<inferOutput<typeof api.selfCheck.get>["check"]>;
export type SelfCheckStep = SelfCheck["steps"][number];
export type SelfCheckExchange = inferOutput<typeof api.selfCheck.exchanges>["exchanges"][number];

const pollMs = 600;

export const providerNames: Readonly<Record<SelfCheckProvider, string>> = {
  okta: "Okta",
  entra: "Microsoft Entra ID",
};

/** Polled during a run. */
export const selfCheckQuery = api.selfCheck.get.queryOptions(undefined, {
  refetchInterval: ({ state }) => (state.data?.check?.state === "running" ? pollMs : false),
  refetchIntervalInBackground: true,
});

export const exchangesQuery = (checkId: string, position: number) =>
  api.selfCheck.exchanges.queryOptions({ checkId, position }, { staleTime: Infinity });

/** Refetched after an error as well: another owner may have started a run. */
export const startSelfCheckMutation = api.selfCheck.start.mutationOptions({
  onSettled: () => refreshQueries(api.selfCheck.get.queryFilter()),
});

/** The transcript as text, refetched. */
export async function readTranscript(): Promise<string> {
  const { text } = await queryClient.fetchQuery({ ...api.selfCheck.transcript.queryOptions(), staleTime: 0 });
  return text ?? "";
}
