import type { Check } from "../check.ts";
import { authenticationChecks } from "./authentication.ts";

/** The chapters about reading, in the order of a run. */
export const readChecks: readonly Check[] = [...authenticationChecks];
