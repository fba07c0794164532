import type { Check } from "../check.ts";
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

/** The chapters about writing: a file each. */
export const writeChecks: readonly Check[] = [
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
