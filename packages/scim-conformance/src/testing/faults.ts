import { discoveryFaults } from "./discovery-faults.ts";
import { refusalFaults } from "./refusal-faults.ts";
import { readingFaults } from "./reading-faults.ts";
import { listFaults } from "./list-faults.ts";
import { filterFaults } from "./filter-faults.ts";
import { creatingFaults } from "./creating-faults.ts";
import { replacingFaults } from "./replacing-faults.ts";
import { patchFaults } from "./patch-faults.ts";
import { deletingFaults } from "./deleting-faults.ts";
import { versionFaults } from "./version-faults.ts";
import { bulkFaults } from "./bulk-faults.ts";
import type { Fault, Faults } from "./fault.ts";

/** Every fault, by its name. A check names those by which it is seen to fail. */
export const faults = {
  ...discoveryFaults,
  ...refusalFaults,
  ...readingFaults,
  ...listFaults,
  ...filterFaults,
  ...creatingFaults,
  ...replacingFaults,
  ...patchFaults,
  ...deletingFaults,
  ...versionFaults,
  ...bulkFaults,
} satisfies Faults;

export type FaultName = keyof typeof faults;

export type { Fault };
