import { checks } from "@rollcall/scim-conformance";
import type { Breakage } from "../breakage.ts";
import { withoutParameter } from "../broken-query.ts";
import { authenticationBreakages } from "./authentication.ts";
import { cursorPagingBreakages } from "./cursor-paging.ts";
import { errorBreakages } from "./errors.ts";
import { filterGroupBreakages } from "./filter-groups.ts";
import { filterLogicBreakages } from "./filter-logic.ts";
import { filterBreakages } from "./filters.ts";
import { listBreakages } from "./lists.ts";
import { mediaTypeBreakages } from "./media-types.ts";
import { projectionBreakages } from "./projection.ts";
import { readingBreakages } from "./reading.ts";
import { resourceTypeBreakages } from "./resource-types.ts";
import { schemaBreakages } from "./schemas.ts";
import { searchBreakages } from "./search.ts";
import { serviceProviderConfigBreakages } from "./service-provider-config.ts";
import { sortingBreakages } from "./sorting.ts";

/** The worst of all, and the most common: whoever filters gets everybody. */
const filterIgnored: Breakage = {
  checks: checks.map(({ id }) => id).filter((id) => id.startsWith("filter-")),
  title: "a filter that is ignored",
  request: withoutParameter("filter"),
};

/** About one file of breakages for each file of reading checks. */
export const readBreakages: readonly Breakage[] = [
  ...serviceProviderConfigBreakages,
  ...resourceTypeBreakages,
  ...schemaBreakages,
  ...authenticationBreakages,
  ...errorBreakages,
  ...mediaTypeBreakages,
  ...readingBreakages,
  ...listBreakages,
  ...cursorPagingBreakages,
  ...filterBreakages,
  ...filterLogicBreakages,
  ...filterGroupBreakages,
  filterIgnored,
  ...sortingBreakages,
  ...projectionBreakages,
  ...searchBreakages,
];
