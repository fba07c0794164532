import type { MembersFilter, MemberSort } from "../../queries.ts";
import { readPageSearch, readText, type Search } from "../../search.ts";
import { readSortSearch, type Sorting } from "../../sort-search.ts";
import { type InvitationsSearch, readInvitationsSearch } from "./invitations-search.ts";

const memberStatuses = ["active", "inactive", "awaiting"] as const;

export const memberSorting = {
  keys: ["name", "status", "changed"],
  usual: { sort: "name", desc: false },
} as const satisfies Sorting<MemberSort>;

/** `why`: the address of whom an owner asks why they are not here; `invitations`: the state of the list of those. */
export type MembersSearch = Omit<MembersFilter, "page"> & {
  readonly page?: number;
  readonly why?: string;
  readonly invitations?: InvitationsSearch;
};

export function readMembersSearch(search: Search): MembersSearch {
  const term = readText(search["search"]);
  const status = memberStatuses.find((known) => known === search["status"]);
  const roleId = readText(search["roleId"]);
  const why = readText(search["why"]);
  return {
    ...readPageSearch(search),
    ...(term === undefined ? {} : { search: term }),
    ...(status === undefined ? {} : { status }),
    ...(typeof search["managed"] === "boolean" ? { managed: search["managed"] } : {}),
    ...(roleId === undefined ? {} : { roleId }),
    ...(why === undefined ? {} : { why }),
    ...readSortSearch(search, memberSorting),
    ...readInvitationsSearch(search["invitations"]),
  };
}
