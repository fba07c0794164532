import type { IssuedLife } from "../scim-token/scim-token.ts";
import type { RequestFailures } from "./request-failures.ts";

/** By precedence: the first that applies is the state. */
export const healthStates = [
  "off",
  "noToken",
  "stopped",
  "refused",
  "waiting",
  "failing",
  "ending",
  "quiet",
  "healthy",
] as const;
/** Where the next step is taken; the console has a link for each. */
export const healthPlaces = ["provisioning", "guide", "tokens", "guard", "requests", "failedRequests"] as const;
type Place = (typeof healthPlaces)[number];

export type HealthFacts = {
  readonly isEnabled: boolean;
  readonly enabledAt: Date | null;
  /** When provisioning was last turned off; null if it never was. */
  readonly disabledAt: Date | null;
  readonly tokens: readonly HealthToken[];
  readonly guard: {
    /** Since when the guard holds removals; null if it does not. */
    readonly latchedAt: Date | null;
    /** Changes awaiting an owner's decision. */
    readonly held: number;
    readonly limit: number;
  };
  /** The newest authenticated requests, the newest first. */
  readonly requests: readonly HealthRequest[];
  /** The newest requests with the public part of a known token and a wrong secret, the newest first. */
  readonly unauthenticated: readonly HealthRequest[];
};
export type HealthToken = IssuedLife & {
  readonly id: string;
  readonly name: string;
  readonly lastUsedAt: Date | null;
};
export type HealthRequest = {
  readonly at: Date;
  readonly tokenId: string;
  readonly method: string;
  readonly status: number;
  readonly detail: string | null;
};

export type Health = {
  readonly state: (typeof healthStates)[number];
  /** One or two sentences. */
  readonly cause: string;
  /** The start; for `quiet` the last request, for `healthy` the first of the known run without a failure. */
  readonly since: Date | null;
  readonly next: { readonly text: string; readonly place: Place };
  /** Among the requests since provisioning was turned on. */
  readonly failures: RequestFailures;
};
