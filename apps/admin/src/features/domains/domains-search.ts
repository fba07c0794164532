import { oneOf, readPage, readSearch, readSortSearch, readTerm, type Search, sortingBy } from "../../search.ts";

export const domainSorting = sortingBy(["domain", "members", "checked"], "domain");
export type DomainSort = (typeof domainSorting)["keys"][number];

const readers = { page: readPage, search: readTerm(254), state: oneOf(["pending", "verified", "failing"]) };

export const readDomainsSearch = (search: Search) => ({
  ...readSearch(search, readers),
  ...readSortSearch(search, domainSorting),
});
