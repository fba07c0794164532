import { oneOf, readPage, readSearch, readSortSearch, readTerm, type Search, type Sorting } from "../../search.ts";

export type RoleSort = "name" | "members";
export const roleSorting = {
  keys: ["name", "members"],
  usual: { sort: "name", desc: false },
} as const satisfies Sorting<RoleSort>;

const readers = { page: readPage, search: readTerm(), source: oneOf(["builtIn", "directory", "hand"]) };

/** `source`: who made the role or decides about its members; `matrixPage`: the page of the permission matrix. */
export type RolesSearch = ReturnType<typeof readRolesSearch>;
export type RoleSource = NonNullable<RolesSearch["source"]>;

export const readRolesSearch = (search: Search) => ({
  ...readSearch(search, readers),
  ...readSortSearch(search, roleSorting),
  ...readSearch(search, { matrixPage: readPage }),
});

export type HolderSort = "name" | "status";
export const holderSorting = {
  keys: ["name", "status"],
  usual: { sort: "name", desc: false },
} as const satisfies Sorting<HolderSort>;

/** The state of the list of a role's members. */
export type RoleSearch = ReturnType<typeof readRoleSearch>;

export const readRoleSearch = (search: Search) => ({
  ...readSearch(search, { page: readPage, search: readTerm() }),
  ...readSortSearch(search, holderSorting),
});
