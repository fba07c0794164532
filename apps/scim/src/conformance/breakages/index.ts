import type { Breakage } from "../breakage.ts";
import { readBreakages } from "./read-breakages.ts";
import { writeBreakages } from "./write-breakages.ts";

/** At least one for every check. */
export const breakages: readonly Breakage[] = [...readBreakages, ...writeBreakages];
