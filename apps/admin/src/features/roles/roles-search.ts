import { oneOf, readPage, readSearch, readSortSearch, readTerm, type Search, sortingBy } from "../../search.ts";

export const roleSorting = sortingBy(["name", "members"], "name");
export type RoleSort = (typeof roleSorting)["keys"][number];

const readers = { page: readPage, search: readTerm(), source: oneOf(["builtIn", "directory", "hand"]) };

/** `source`: who made the role or decides about its members; `matrixPage`: the page of the permission matrix. */
export type RolesSearch = ReturnType<typeof readRolesSearch>;
export type RoleSource = NonNullable<RolesSearch["source"]>;

export const readRolesSearch = (search: Search) => ({
  ...readSearch(search, readers),
  ...readSortSearch(search, roleSorting),
  ...readSearch(search, { matrixPage: readPage }),
});

export const holderSorting = sortingBy(["name", "status"], "name");
export type HolderSort = (typeof holderSorting)["keys"][number];

/** The state of the list of a role's members. */
export type RoleSearch = ReturnType<typeof readRoleSearch>;

export const readRoleSearch = (search: Search) => ({
  ...readSearch(search, { page: readPage, search: readTerm() }),
  ...readSortSearch(search, holderSorting),
});
