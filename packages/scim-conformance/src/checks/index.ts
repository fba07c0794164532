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
import { creatingResourcesChecks } from "./creating-resources.ts";
import { creatingToleranceChecks } from "./creating-tolerance.ts";
import { creatingUsersChecks } from "./creating-users.ts";
import { patchAddChecks } from "./patch-add.ts";
import { patchRefusalsChecks } from "./patch-refusals.ts";
import { patchRemoveChecks } from "./patch-remove.ts";
import { patchReplaceChecks } from "./patch-replace.ts";
import { patchRequestsChecks } from "./patch-requests.ts";
import { replacingResourcesChecks } from "./replacing-resources.ts";
import { replacingRulesChecks } from "./replacing-rules.ts";
import { deletingResourcesChecks } from "./deleting-resources.ts";
import { writtenMetaChecks } from "./written-meta.ts";
import { writeErrorsChecks } from "./write-errors.ts";
import { versionsChecks } from "./versions.ts";
import { preconditionsChecks } from "./preconditions.ts";
import { bulkOperationsChecks } from "./bulk-operations.ts";
import { bulkIdentifiersChecks } from "./bulk-identifiers.ts";
import { bulkLimitsChecks } from "./bulk-limits.ts";

/** Every check, in the order of a run: the chapters about reading, then those about writing. */
export const checks: readonly Check[] = [
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
  ...creatingResourcesChecks,
  ...creatingToleranceChecks,
  ...creatingUsersChecks,
  ...replacingResourcesChecks,
  ...replacingRulesChecks,
  ...patchRequestsChecks,
  ...patchRefusalsChecks,
  ...patchAddChecks,
  ...patchRemoveChecks,
  ...patchReplaceChecks,
  ...deletingResourcesChecks,
  ...writtenMetaChecks,
  ...writeErrorsChecks,
  ...versionsChecks,
  ...preconditionsChecks,
  ...bulkOperationsChecks,
  ...bulkIdentifiersChecks,
  ...bulkLimitsChecks,
];
