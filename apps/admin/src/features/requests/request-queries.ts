import { keepPreviousData } from "@tanstack/react-query";
import type { inferOutput } from "@trpc/tanstack-react-query";
import { api, refreshQueries } from "../../api.ts";
import type { RequestsSearch } from "./requests-search.ts";

export type RequestEntry = inferOutput<typeof api.requests.list>["requests"][number];
export type RequestOfEntry = inferOutput<typeof api.requests.ofEntry>;
export type RequestDetail = inferOutput<typeof api.requests.get>;

const batchSize = 50;
const foundMax = 10;
const pollMs = 5000;

/** The filters as the API names them, for the list and for exports. */
export const requestFilters = ({ follow: _follow, ...filters }: RequestsSearch) => filters;

export const requestsQuery = (search: RequestsSearch) =>
  api.requests.list.infiniteQueryOptions(
    { limit: batchSize, ...requestFilters(search) },
    { getNextPageParam: (last) => last.nextCursor, placeholderData: keepPreviousData },
  );

/**
 * At most 50 requests newer than the first one on screen. Refetched when the stream reports new ones; without
 * a stream every five seconds while the page is visible.
 */
export const newRequestsQuery = (search: RequestsSearch, after: string | undefined, isLive: boolean) =>
  api.requests.list.queryOptions(
    { limit: batchSize, ...requestFilters(search), ...(after === undefined ? {} : { after }) },
    { refetchInterval: isLive ? false : pollMs, staleTime: 0 },
  );

/** Refetches the new requests; the list itself is unchanged. */
export const askForNewRequests = (): void => void refreshQueries(api.requests.list.queryFilter());

/** Never cached: a request is logged shortly after its entry. */
export const requestOfEntryQuery = (entryId: string) =>
  api.requests.ofEntry.queryOptions({ entryId }, { staleTime: 0, gcTime: 0 });

export const requestQuery = (id: string) => api.requests.get.queryOptions({ id });

/** People whose name or address contains the text. */
export const peopleQuery = (search: string) =>
  api.members.list.queryOptions(
    { search, page: 1, pageSize: foundMax },
    { enabled: search.trim().length > 1, placeholderData: keepPreviousData },
  );
