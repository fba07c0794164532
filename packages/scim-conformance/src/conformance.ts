import { createFixtures } from "./fixtures.ts";
import { checks } from "./checks/index.ts";
import { discoverFeatures } from "./feature.ts";
import { openClient } from "./http-client.ts";
import { runChecks, type CheckResult } from "./run-checks.ts";

export type ConformanceOptions = {
  /** The SCIM base URL of any deployment. */
  readonly baseUrl: string;
  readonly token: string;
  /** The domain of the five people's addresses. */
  readonly domain: string;
  /** The prefix of their names. */
  readonly label?: string | undefined;
  /** Runs only the checks whose id has this prefix. */
  readonly only?: string | undefined;
  readonly onResult: (result: CheckResult) => void;
  /** Ends the run after the current check; the fixtures are removed all the same. */
  readonly signal?: AbortSignal | undefined;
};

export type ConformanceOutcome = {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** The people and groups that could not be removed, one line each. */
  readonly leftBehind: readonly string[];
};

const defaultLabel = "rollcall-conformance";

/**
 * Runs the conformance checks against a service and removes the fixtures. Throws if ServiceProviderConfig cannot be read
 * or the fixtures cannot be created.
 */
export async function runConformance(options: ConformanceOptions): Promise<ConformanceOutcome> {
  const { only = "", signal, domain, label = defaultLabel } = options;
  const client = openClient(options);
  const features = await discoverFeatures(client);
  const fixtures = await createFixtures({ client, domain, label });
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const onResult = (result: CheckResult): void => {
    counts[result.outcome] += 1;
    options.onResult(result);
  };
  const chosen = checks.filter(({ id }) => id.startsWith(only));
  let leftBehind: readonly string[] = [];
  try {
    await runChecks({ client, features, fixtures, checks: chosen, onResult, signal });
  } finally {
    leftBehind = await fixtures.remove();
  }
  return { ...counts, leftBehind };
}
