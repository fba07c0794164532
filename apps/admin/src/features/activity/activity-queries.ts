import { changeKinds } from "@rollcall/domain";
import { keepPreviousData } from "@tanstack/react-query";
import { api } from "../../api.ts";
import type { ActivitySearch } from "./activity-search.ts";

const batchSize = 50;

/** The filters of the screen's address as the API names them, for the list and for exports. */
export const activityFilters = ({ refused, kind, ...search }: ActivitySearch) => {
  const known = changeKinds.find((one) => one === kind);
  return {
    ...search,
    ...(known === undefined ? {} : { kind: known }),
    ...(refused === true ? { outcome: "refused" as const } : {}),
  };
};

/** The previous results stay on screen while the next ones load. */
export const activityQuery = (search: ActivitySearch) =>
  api.activity.list.infiniteQueryOptions(
    { limit: batchSize, ...activityFilters(search) },
    { getNextPageParam: (last) => last.nextCursor, placeholderData: keepPreviousData },
  );
