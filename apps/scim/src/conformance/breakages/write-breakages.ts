import type { Breakage } from "../breakage.ts";
import { creatingBreakages } from "./creating.ts";
import { creatingRulesBreakages } from "./creating-rules.ts";
import { patchAnswersBreakages } from "./patch-answers.ts";
import { patchEffectsBreakages } from "./patch-effects.ts";
import { replacingBreakages } from "./replacing.ts";
import { replacingRulesBreakages } from "./replacing-rules.ts";

/** A file of breakages for each file of writing checks. */
export const writeBreakages: readonly Breakage[] = [
  ...creatingBreakages,
  ...creatingRulesBreakages,
  ...replacingBreakages,
  ...replacingRulesBreakages,
  ...patchEffectsBreakages,
  ...patchAnswersBreakages,
];
