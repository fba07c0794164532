import { readPageSearch } from "../search.ts";

export const driftKinds = ["unlinked", "unconfirmed", "holders"] as const;
export type DriftKind = (typeof driftKinds)[number];
/** The lists of people; the third is one of grants. */
export type PeopleKind = Exclude<DriftKind, "holders">;

/** `drift`: which list is open, the first where it is left out; `page` counts from 1. */
export type HealthSearch = { readonly drift?: DriftKind; readonly page?: number };

export function readHealthSearch(search: Readonly<Record<string, unknown>>): HealthSearch {
  const drift = driftKinds.find((kind) => kind === search["drift"]);
  return { ...readPageSearch(search), ...(drift === undefined ? {} : { drift }) };
}
