import {
  oneOf,
  readPage,
  readSearch,
  readSortSearch,
  readTerm,
  type Search,
  type Sorting,
  type SortSearch,
} from "../../search.ts";

export const driftKinds = ["unlinked", "unconfirmed", "holders"] as const;
export type DriftKind = (typeof driftKinds)[number];
/** The lists of people; the third is one of grants. */
export type PeopleKind = Exclude<DriftKind, "holders">;

export type PeopleSort = "name" | "status" | "created" | "seen";
export type HolderSort = "name" | "role";
export const peopleSorting: Sorting<PeopleSort> = {
  keys: ["name", "status", "created", "seen"],
  usual: { sort: "name", desc: false },
};
export const holderSorting: Sorting<HolderSort> = { keys: ["name", "role"], usual: { sort: "role", desc: false } };

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
