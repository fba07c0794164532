import type { AppRouter } from "@rollcall/api";
import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { createTRPCClient, httpBatchLink } from "@trpc/client";
import { createTRPCOptionsProxy } from "@trpc/tanstack-react-query";
import { readApiError } from "./api-error.ts";
import { isAway } from "./presence.ts";
import { proofLink } from "./proof/proof-link.ts";

const retriesMax = 2;
const passing: ReadonlySet<string | null> = new Set([null, "SERVICE_UNAVAILABLE"]);

/** A call that finds the session gone asks who is signed in again; the shell then leads to the sign-in screen. */
function noticeLostSession(error: unknown): void {
  if (readApiError(error).code === "UNAUTHORIZED")
    void queryClient.invalidateQueries(api.session.current.queryFilter());
}

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeLostSession }),
  mutationCache: new MutationCache({ onError: noticeLostSession }),
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // The server's word is final, unless it was not reached or is temporarily unavailable.
      retry: (failures, error) => failures < retriesMax && passing.has(readApiError(error).code),
    },
  },
});

const headers = (): Record<string, string> => ({
  "x-rollcall-client": "1",
  ...(isAway() ? { "x-rollcall-away": "1" } : {}),
});

const client = createTRPCClient<AppRouter>({
  links: [proofLink, httpBatchLink({ url: "/trpc", headers })],
});

export const api = createTRPCOptionsProxy<AppRouter>({ client, queryClient });
