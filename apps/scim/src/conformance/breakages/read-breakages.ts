import type { Breakage } from "../breakage.ts";
import { authenticationBreakages } from "./authentication.ts";

/** A file of breakages for each file of reading checks. */
export const readBreakages: readonly Breakage[] = [...authenticationBreakages];
