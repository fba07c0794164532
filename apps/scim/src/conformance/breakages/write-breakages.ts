import type { Breakage } from "../breakage.ts";
import { creatingBreakages } from "./creating.ts";
import { creatingRulesBreakages } from "./creating-rules.ts";
import { patchAnswersBreakages } from "./patch-answers.ts";
import { patchEffectsBreakages } from "./patch-effects.ts";
import { replacingBreakages } from "./replacing.ts";
import { replacingRulesBreakages } from "./replacing-rules.ts";
import { deletingBreakages } from "./deleting.ts";
import { writeErrorsBreakages } from "./write-errors.ts";
import { writtenMetaBreakages } from "./written-meta.ts";
import { bulkBreakages } from "./bulk.ts";
import { preconditionsBreakages } from "./preconditions.ts";
import { versionsBreakages } from "./versions.ts";

/** A file of breakages for each file of writing checks. */
export const writeBreakages: readonly Breakage[] = [
  ...creatingBreakages,
  ...creatingRulesBreakages,
  ...replacingBreakages,
  ...replacingRulesBreakages,
  ...patchEffectsBreakages,
  ...patchAnswersBreakages,
  ...deletingBreakages,
  ...writeErrorsBreakages,
  ...writtenMetaBreakages,
  ...bulkBreakages,
  ...preconditionsBreakages,
  ...versionsBreakages,
];
