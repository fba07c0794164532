import { readPageSearch, readText, type Search } from "../../search.ts";
import { readSortSearch, type Sorting } from "../../sort-search.ts";

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

/**
 * `drift`: which list is open, the first where it is left out; `search`, `sort` and `desc` are that list's; `page` counts
 * from 1.
 */
export type HealthSearch = {
  readonly drift?: DriftKind;
  readonly page?: number;
  readonly search?: string;
  readonly sort?: PeopleSort | HolderSort;
  readonly desc?: boolean;
};

export function readHealthSearch(search: Search): HealthSearch {
  const drift = driftKinds.find((kind) => kind === search["drift"]);
  const term = readText(search["search"])?.slice(0, 200);
  return {
    ...readPageSearch(search),
    ...(drift === undefined ? {} : { drift }),
    ...(term === undefined ? {} : { search: term }),
    ...(drift === "holders" ? readSortSearch(search, holderSorting) : readSortSearch(search, peopleSorting)),
  };
}

/** The order of the list of people, and of the list of grants, as the address asks for it. */
export const peopleSortOf = ({ sort, desc }: HealthSearch) => readSortSearch({ sort, desc }, peopleSorting);
export const holderSortOf = ({ sort, desc }: HealthSearch) => readSortSearch({ sort, desc }, holderSorting);
