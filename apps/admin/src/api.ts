import type { AppRouter } from "@rollcall/api";
import { hashKey, MutationCache, QueryCache, QueryClient, type QueryFilters } from "@tanstack/react-query";
import { createTRPCClient, httpBatchLink } from "@trpc/client";
import { createTRPCOptionsProxy } from "@trpc/tanstack-react-query";
import { readApiError } from "./api-error.ts";
import { isConnectionLost, noteConnection, onConnection } from "./connection.ts";
import { proofLink } from "./features/proof/proof-link.ts";

const retriesMax = 2;
const passing: ReadonlySet<string | null> = new Set([null, "SERVICE_UNAVAILABLE"]);

const awayMs = 60_000;
let lastInputAt = performance.now();

for (const kind of ["pointerdown", "keydown", "wheel", "touchstart"] as const) {
  window.addEventListener(kind, () => (lastInputAt = performance.now()), { passive: true, capture: true });
}

/** Has there been no input for a minute? Automatic requests then do not keep the session alive. */
function isAway(): boolean {
  return performance.now() - lastInputAt > awayMs;
}

const sessionFilter = () => api.session.current.queryFilter();

const isOut = (error: unknown): boolean => passing.has(readApiError(error).code);

/**
 * Refetches the session when a request finds it ended, or the server unreachable or without its database: the
 * shell then opens the sign-in screen, or says that the connection is lost.
 */
function noticeFailure(error: unknown): void {
  if (isOut(error) || readApiError(error).code === "UNAUTHORIZED") void queryClient.invalidateQueries(sessionFilter());
}

let owner: string | undefined;

/** Removes the data of another person or organization: another tab may have changed the session. */
function forgetOthers(): void {
  const session = queryClient.getQueryData(api.session.current.queryKey());
  const next = `${session?.account.id ?? ""} ${session?.organization?.id ?? ""}`;
  if (owner !== undefined && owner !== next) queryClient.removeQueries({ predicate: (query) => !isSession(query) });
  owner = next;
}

const isSession = ({ queryHash }: { readonly queryHash: string }): boolean =>
  queryHash === hashKey(api.session.current.queryKey());

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onSuccess: (_, query) => {
      if (!isSession(query)) return;
      noteConnection(true);
      forgetOthers();
    },
    onError: (error, query) => {
      if (isSession(query)) noteConnection(!isOut(error));
      else noticeFailure(error);
    },
  }),
  mutationCache: new MutationCache({ onError: noticeFailure }),
  defaultOptions: {
    // The browser's network state says nothing about the server; only a request does.
    mutations: { networkMode: "always" },
    queries: {
      networkMode: "always",
      refetchOnReconnect: true,
      staleTime: 10_000,
      // Only an unreachable or temporarily unavailable server is worth a retry.
      retry: (failures, error) => failures < retriesMax && isOut(error),
    },
  },
});

const headers = (): Record<string, string> => ({
  "x-rollcall-client": "1",
  "x-rollcall-organization": queryClient.getQueryData(api.session.current.queryKey())?.organization?.id ?? "",
  ...(isAway() ? { "x-rollcall-away": "1" } : {}),
});

const client = createTRPCClient<AppRouter>({
  links: [proofLink, httpBatchLink({ url: "/trpc", headers })],
});

export const api = createTRPCOptionsProxy<AppRouter>({ client, queryClient });

/**
 * Refetches the matching queries that are on screen and marks the others as stale. TanStack Query reuses a pending first
 * load, which may have read the state before a change, so that one is fetched once more.
 */
export async function refreshQueries(filters: QueryFilters = {}): Promise<void> {
  const fetching = queryClient.getQueryCache().findAll({ ...filters, fetchStatus: "fetching" });
  const loading = fetching.filter(({ state }) => state.status === "pending");
  await queryClient.invalidateQueries(filters);
  await queryClient.invalidateQueries({ predicate: (query) => loading.includes(query) });
}

/** After a change that appears on many screens, the session included. */
export const refreshAll = (): Promise<void> => refreshQueries();

// Queries may have failed or changed while disconnected.
onConnection(() => {
  if (!isConnectionLost()) void refreshAll();
});
window.addEventListener("offline", () => void queryClient.invalidateQueries(sessionFilter()));
