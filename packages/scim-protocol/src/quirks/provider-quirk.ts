/** The known provisioning clients. "Entra" is its default dialect, without the flag `aadOptscim062020`. */
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
 * Where a deviation occurs. A normalizer before the reader of that stage converts it to the RFC's form; those without a
 * normalizer (an omitted name, a filter's own syntax) are recorded by the `reader` itself.
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

/** A known deviation from the RFC, or an input that the RFC lets a service refuse, and how Rollcall handles it. */
export type ProviderQuirk = {
  readonly stage: QuirkStage;
  /** A short label for a badge, such as "true and false as text". */
  readonly label: string;
  readonly clients: readonly ProviderClient[];
  /** One sentence about the request. */
  readonly sends: string;
  /** When it was first seen or documented, as far as a source says so. */
  readonly since: string;
  /** One sentence, also for owners: how it is handled. */
  readonly tolerance: string;
  /** The section that it departs from or stretches. */
  readonly clause: string;
  /** The section and key of docs/idp-wire.md. */
  readonly source: string;
  /** The files in apps/scim/src/okta/fixtures/quirks that test it, without `.json`; at least one. */
  readonly fixtures: readonly [string, ...string[]];
};

/**
 * A client's requirement within the RFC, where the RFC leaves the service a choice. It is no deviation, so it has no
 * badge.
 */
export type ProviderExpectation = {
  readonly clients: readonly ProviderClient[];
  readonly expects: string;
  readonly answer: string;
  readonly clause: string;
  readonly source: string;
  readonly fixtures: readonly [string, ...string[]];
};
