/** The provisioning clients whose wire is known. "Entra" is its default dialect, without the flag `aadOptscim062020`. */
export type ProviderClient =
  | "Okta OIN"
  | "Okta AIW"
  | "Entra"
  | "Entra with aadOptscim062020"
  | "OneLogin"
  | "JumpCloud"
  | "Ping"
  | "authentik"
  | "Keycloak"
  | "Salesforce"
  | "SCIM-SDK"
  /** Reported in public without the client's name. */
  | "Other";

/**
 * Where a habit is met. Before the reader of that stage there is a normalizer which turns it into the RFC's form; what has
 * none (a name that is left out, a filter's own words) is noted by the `reader` itself.
 */
export type QuirkStage =
  | "address"
  | "authorization"
  | "query"
  | "body"
  | "operation"
  | "value"
  | "patchValue"
  | "resourceValue"
  | "resource"
  | "reader";

/** A habit that departs from the RFC, or that the RFC lets a service refuse, and what Rollcall makes of it. */
export type ProviderQuirk = {
  readonly stage: QuirkStage;
  /** A few words for a badge, such as "true and false as text". */
  readonly label: string;
  readonly clients: readonly ProviderClient[];
  /** One sentence about the request. */
  readonly sends: string;
  /** When it was first seen or documented, as far as a source says so. */
  readonly since: string;
  /** One sentence, for an owner too: what is done with it. */
  readonly tolerance: string;
  /** The clause that it departs from or stretches. */
  readonly clause: string;
  /** The section and key of docs/idp-wire.md. */
  readonly source: string;
  /** The files in apps/scim/src/okta/fixtures/quirks that prove it, without `.json`; at least one. */
  readonly fixtures: readonly [string, ...string[]];
};

/** What a client needs within the RFC, where the RFC leaves the service a choice. Nothing to tolerate, so no badge. */
export type ProviderExpectation = {
  readonly clients: readonly ProviderClient[];
  readonly expects: string;
  readonly answer: string;
  readonly clause: string;
  readonly source: string;
  readonly fixtures: readonly [string, ...string[]];
};
