import {
  oneOf,
  readPage,
  readSearch,
  readSortSearch,
  readTerm,
  type Search,
  sortingBy,
  type SortSearch,
} from "../../search.ts";

export const driftKinds = ["unlinked", "unconfirmed", "holders"] as const;
export type DriftKind = (typeof driftKinds)[number];
/** The lists of people; the third is one of grants. */
export type PeopleKind = Exclude<DriftKind, "holders">;

export const peopleSorting = sortingBy(["name", "status", "created", "seen"], "name");
export type PeopleSort = (typeof peopleSorting)["keys"][number];
export const holderSorting = sortingBy(["name", "role"], "role");
export type HolderSort = (typeof holderSorting)["keys"][number];

/** `drift`: the open list, the first by default; `search`, `sort` and `desc` belong to that list. */
export type HealthSearch = ReturnType<typeof readFilters> & SortSearch<PeopleSort | HolderSort>;

const readFilters = (search: Search) =>
  readSearch(search, { page: readPage, drift: oneOf(driftKinds), search: readTerm() });

export function readHealthSearch(search: Search): HealthSearch {
  const filters = readFilters(search);
  const isOfGrants = filters.drift === "holders";
  return {
    ...filters,
    ...(isOfGrants ? readSortSearch(search, holderSorting) : readSortSearch(search, peopleSorting)),
  };
}

/** The order of the list of people, and of the list of grants, from the address. */
export const peopleSortOf = ({ sort, desc }: HealthSearch) => readSortSearch({ sort, desc }, peopleSorting);
export const holderSortOf = ({ sort, desc }: HealthSearch) => readSortSearch({ sort, desc }, holderSorting);
