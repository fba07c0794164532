import type { Check } from "../check.ts";

/** The chapters about writing, in the order of a run. */
export const writeChecks: readonly Check[] = [];
