import type { IssuedLife } from "../scim-token/scim-token.ts";
import type { CallFailures } from "./call-failures.ts";

/** In the order in which an owner must hear of them: the first that applies is the state. */
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
export const healthPlaces = ["provisioning", "guide", "tokens", "guard", "calls", "failedCalls"] as const;
type Place = (typeof healthPlaces)[number];

export type HealthFacts = {
  readonly isEnabled: boolean;
  readonly enabledAt: Date | null;
  /** When provisioning was turned off last; null where it never was. */
  readonly disabledAt: Date | null;
  readonly tokens: readonly HealthToken[];
  readonly guard: {
    /** Since when the guard holds; null where it does not. */
    readonly latchedAt: Date | null;
    /** Changes that wait for an owner's decision. */
    readonly held: number;
    readonly limit: number;
  };
  /** The newest calls of known tokens, the newest first. */
  readonly calls: readonly HealthCall[];
  /** The newest that only began like a known token: anybody can make them who knows its public part. */
  readonly strangers: readonly HealthCall[];
};
export type HealthToken = IssuedLife & {
  readonly id: string;
  readonly name: string;
  readonly lastUsedAt: Date | null;
};
export type HealthCall = {
  readonly at: Date;
  readonly tokenId: string;
  readonly method: string;
  readonly status: number;
  readonly detail: string | null;
};

export type Health = {
  readonly state: (typeof healthStates)[number];
  /** Why, in one or two sentences. */
  readonly cause: string;
  /** Since when; for `quiet` the last call, for `healthy` the first call of the unbroken run that is known. */
  readonly since: Date | null;
  readonly next: { readonly words: string; readonly place: Place };
  /** Of the calls since provisioning was turned on; what every screen shows. */
  readonly failures: CallFailures;
};
