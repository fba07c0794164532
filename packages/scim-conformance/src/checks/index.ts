import type { Check } from "../check.ts";
import { readChecks } from "./read-checks.ts";
import { writeChecks } from "./write-checks.ts";

/** Every check, in the order of a run. */
export const checks: readonly Check[] = [...readChecks, ...writeChecks];
