import type { Check } from "../check.ts";
import { creatingResourcesChecks } from "./creating-resources.ts";
import { creatingToleranceChecks } from "./creating-tolerance.ts";
import { creatingUsersChecks } from "./creating-users.ts";
import { replacingResourcesChecks } from "./replacing-resources.ts";
import { replacingRulesChecks } from "./replacing-rules.ts";

/** The chapters about writing: a file each. */
export const writeChecks: readonly Check[] = [
  ...creatingResourcesChecks,
  ...creatingToleranceChecks,
  ...creatingUsersChecks,
  ...replacingResourcesChecks,
  ...replacingRulesChecks,
];
