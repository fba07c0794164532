import type { Check } from "../check.ts";
import { authenticationChecks } from "./authentication.ts";
import { cursorPagingChecks } from "./cursor-paging.ts";
import { errorChecks } from "./errors.ts";
import { filterGroupChecks } from "./filter-groups.ts";
import { filterLogicChecks } from "./filter-logic.ts";
import { filterOperatorChecks, malformedFilterChecks } from "./filter-operators.ts";
import { filterValueChecks } from "./filter-values.ts";
import { listResponseChecks } from "./list-response.ts";
import { mediaTypeChecks } from "./media-types.ts";
import { pagingChecks } from "./paging.ts";
import { projectionChecks } from "./projection.ts";
import { readingChecks } from "./reading.ts";
import { resourceTypeChecks } from "./resource-types.ts";
import { schemaAttributeChecks } from "./schema-attributes.ts";
import { schemaChecks } from "./schemas.ts";
import { searchChecks } from "./search.ts";
import { serviceProviderConfigChecks } from "./service-provider-config.ts";
import { sortingChecks } from "./sorting.ts";

/** The chapters about reading, in the order of a run. */
export const readChecks: readonly Check[] = [
  ...serviceProviderConfigChecks,
  ...resourceTypeChecks,
  ...schemaChecks,
  ...schemaAttributeChecks,
  ...authenticationChecks,
  ...errorChecks,
  ...mediaTypeChecks,
  ...readingChecks,
  ...listResponseChecks,
  ...pagingChecks,
  ...cursorPagingChecks,
  ...filterOperatorChecks,
  ...malformedFilterChecks,
  ...filterLogicChecks,
  ...filterValueChecks,
  ...filterGroupChecks,
  ...sortingChecks,
  ...projectionChecks,
  ...searchChecks,
];
