import { readPageSearch, readText, type Search } from "../../search.ts";
import { readSortSearch, type Sorting, type SortSearch } from "../../sort-search.ts";

const roleSources = ["builtIn", "directory", "hand"] as const;
export type RoleSource = (typeof roleSources)[number];

export type RoleSort = "name" | "members";
export const roleSorting = {
  keys: ["name", "members"],
  usual: { sort: "name", desc: false },
} as const satisfies Sorting<RoleSort>;

/** `source`: who made a role or decides about it; `matrixPage`: which page of the permission matrix is shown. */
export type RolesSearch = SortSearch<RoleSort> & {
  readonly page?: number;
  readonly search?: string;
  readonly source?: RoleSource;
  readonly matrixPage?: number;
};

export function readRolesSearch(search: Search): RolesSearch {
  const term = readText(search["search"])?.slice(0, 200);
  const { page: matrixPage } = readPageSearch({ page: search["matrixPage"] });
  const source = roleSources.find((known) => known === search["source"]);
  return {
    ...readPageSearch(search),
    ...(term === undefined ? {} : { search: term }),
    ...(source === undefined ? {} : { source }),
    ...readSortSearch(search, roleSorting),
    ...(matrixPage === undefined ? {} : { matrixPage }),
  };
}

export type HolderSort = "name" | "status";
export const holderSorting = {
  keys: ["name", "status"],
  usual: { sort: "name", desc: false },
} as const satisfies Sorting<HolderSort>;

export type RoleSearch = SortSearch<HolderSort> & { readonly page?: number; readonly search?: string };

/** Of the page of one role: which of its members are shown. */
export function readRoleSearch(search: Search): RoleSearch {
  const term = readText(search["search"])?.slice(0, 200);
  return {
    ...readPageSearch(search),
    ...(term === undefined ? {} : { search: term }),
    ...readSortSearch(search, holderSorting),
  };
}
