import { oneOf, readPage, readSearch, readSortSearch, readTerm, type Search, type Sorting } from "../../search.ts";

export type DomainSort = "domain" | "members" | "checked";
export const domainSorting = {
  keys: ["domain", "members", "checked"],
  usual: { sort: "domain", desc: false },
} as const satisfies Sorting<DomainSort>;

const readers = { page: readPage, search: readTerm(254), state: oneOf(["pending", "verified", "failing"]) };

export const readDomainsSearch = (search: Search) => ({
  ...readSearch(search, readers),
  ...readSortSearch(search, domainSorting),
});
