export { type Fixtures, createFixtures } from "./fixtures.ts";
export type { Check } from "./check.ts";
export { checks } from "./checks/index.ts";
export { type ConformanceOptions, type ConformanceOutcome, runConformance } from "./conformance.ts";
export { discoverFeatures, type Features } from "./feature.ts";
export { type Client, openClient } from "./http-client.ts";
export { type CheckResult, missingFeatures, runChecks } from "./run-checks.ts";
