import { randomBytes } from "node:crypto";
import type { SelfCheckProvider } from "@rollcall/domain";
import {
  type Exchange,
  type LifeCycleStep,
  playEntraLifeCycle,
  playEntraValidator,
  playOktaLifeCycle,
} from "@rollcall/idp-simulator";

type Target = {
  readonly baseUrl: string;
  readonly token: string;
  /** The domain of the test users' addresses. */
  readonly domain: string | undefined;
  readonly log: (exchange: Exchange) => void;
  readonly onStep: (part: string, step: LifeCycleStep) => void;
};

const callTimeoutMs = 10_000;

/**
 * Plays every known request of the provider, part by part: Okta's two kinds of app, or Entra's two dialects and
 * Microsoft's SCIM Validator. A 429 is not retried: it fails its step.
 */
export async function playProvider(provider: SelfCheckProvider, target: Target): Promise<void> {
  const { onStep, ...wire } = target;
  const line = { ...wire, timeoutMs: callTimeoutMs, retryWaitMaxMs: 0 };
  const inPart = (part: string) => (step: LifeCycleStep) => onStep(part, step);
  if (provider === "okta") {
    await playOktaLifeCycle({ ...line, mode: "wizard", onStep: inPart("Okta, app from the wizard") });
    await playOktaLifeCycle({ ...line, mode: "header-auth", onStep: inPart("Okta, app with header authentication") });
    return;
  }
  // The same two people in all parts: more than five would count as a mass removal.
  const run = randomBytes(4).toString("hex");
  await playEntraLifeCycle({ ...line, run, dialect: "aadOptscim062020", onStep: inPart("Entra, by the standard") });
  await playEntraLifeCycle({ ...line, run, dialect: "default", onStep: inPart("Entra, its older dialect") });
  await playEntraValidator({ ...line, run, onStep: inPart("Microsoft SCIM Validator") });
}
