import type { MemberSort } from "../../queries.ts";
import {
  oneOf,
  readBoolean,
  readPage,
  readSearch,
  readSortSearch,
  readText,
  type Search,
  sortingBy,
} from "../../search.ts";
import { readInvitationsSearch } from "./invitations-search.ts";

export const memberSorting = sortingBy<MemberSort>(["name", "status", "changed"], "name");

const readers = {
  page: readPage,
  search: readText,
  status: oneOf(["active", "inactive", "awaiting"]),
  managed: readBoolean,
  roleId: readText,
  /** The address of a person who is looked for and is no member. */
  why: readText,
};

/** `invitations`: the state of the list of invitations. */
export type MembersSearch = ReturnType<typeof readMembersSearch>;

export const readMembersSearch = (search: Search) => ({
  ...readSearch(search, readers),
  ...readSortSearch(search, memberSorting),
  ...readInvitationsSearch(search["invitations"]),
});
