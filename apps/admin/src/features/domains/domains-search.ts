import { readPageSearch, readText, type Search } from "../../search.ts";
import { readSortSearch, type Sorting, type SortSearch } from "../../sort-search.ts";

const states = ["pending", "verified", "failing"] as const;

export type DomainSort = "domain" | "members" | "checked";
export const domainSorting = {
  keys: ["domain", "members", "checked"],
  usual: { sort: "domain", desc: false },
} as const satisfies Sorting<DomainSort>;

export type DomainsSearch = SortSearch<DomainSort> & {
  readonly page?: number;
  readonly search?: string;
  readonly state?: (typeof states)[number];
};

export function readDomainsSearch(search: Search): DomainsSearch {
  const term = readText(search["search"])?.slice(0, 254);
  const state = states.find((known) => known === search["state"]);
  return {
    ...readPageSearch(search),
    ...(term === undefined ? {} : { search: term }),
    ...(state === undefined ? {} : { state }),
    ...readSortSearch(search, domainSorting),
  };
}
