import { keepPreviousData } from "@tanstack/react-query";
import type { inferOutput } from "@trpc/tanstack-react-query";
import { api } from "../../api.ts";

export type TimelineItem = inferOutput<typeof api.person.timeline>["items"][number];
export type Standing = inferOutput<typeof api.person.whyNotHere>;

const batchSize = 30;

export const explainQuery = (id: string) => api.person.explain.queryOptions({ id });
export const whyNotHereQuery = (address: string) => api.person.whyNotHere.queryOptions({ address });
export const timelineQuery = (id: string, refused: boolean) =>
  api.person.timeline.infiniteQueryOptions(
    { id, limit: batchSize, refused },
    { getNextPageParam: (last) => last.nextCursor, placeholderData: keepPreviousData },
  );
