import { type SelfCheckProvider, selfCheckProviders } from "@rollcall/domain";

/** Which provider to play; other screens link here with the one that they know of. */
export function readChecksSearch(search: Readonly<Record<string, unknown>>): {
  readonly provider?: SelfCheckProvider;
} {
  const provider = selfCheckProviders.find((known) => known === search["provider"]);
  return provider === undefined ? {} : { provider };
}
