import { readPageSearch, readText, type Search } from "../../search.ts";
import { readSortSearch, type Sorting, type SortSearch } from "../../sort-search.ts";

const states = ["open", "expired"] as const;

export type InvitationSort = "email" | "sent" | "expires";
export const invitationSorting = {
  keys: ["email", "sent", "expires"],
  usual: { sort: "sent", desc: true },
} as const satisfies Sorting<InvitationSort>;

export type InvitationsSearch = SortSearch<InvitationSort> & {
  readonly page?: number;
  readonly search?: string;
  readonly state?: (typeof states)[number];
};

/** The second list of the members' screen has its state in a part of its own: `?invitations={"page":2}`. */
export function readInvitationsSearch(value: unknown): { readonly invitations?: InvitationsSearch } {
  if (typeof value !== "object" || value === null) return {};
  const search: Search = { ...value };
  const term = readText(search["search"])?.slice(0, 200);
  const state = states.find((known) => known === search["state"]);
  const invitations = {
    ...readPageSearch(search),
    ...(term === undefined ? {} : { search: term }),
    ...(state === undefined ? {} : { state }),
    ...readSortSearch(search, invitationSorting),
  };
  return Object.keys(invitations).length === 0 ? {} : { invitations };
}
