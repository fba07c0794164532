import type { Breakage } from "../breakage.ts";

/** A file of breakages for each file of writing checks. */
export const writeBreakages: readonly Breakage[] = [];
