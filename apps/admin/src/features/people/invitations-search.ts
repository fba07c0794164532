import { oneOf, readPage, readSearch, readSortSearch, readTerm, type Search, type Sorting } from "../../search.ts";

export type InvitationSort = "email" | "sent" | "expires";
export const invitationSorting = {
  keys: ["email", "sent", "expires"],
  usual: { sort: "sent", desc: true },
} as const satisfies Sorting<InvitationSort>;

const readers = { page: readPage, search: readTerm(), state: oneOf(["open", "suspended", "expired"]) };

const readInvitations = (search: Search) => ({
  ...readSearch(search, readers),
  ...readSortSearch(search, invitationSorting),
});
export type InvitationsSearch = ReturnType<typeof readInvitations>;

/** The second list of the members' screen has a parameter of its own: `?invitations={"page":2}`. */
export function readInvitationsSearch(value: unknown): { readonly invitations?: InvitationsSearch } {
  if (typeof value !== "object" || value === null) return {};
  const invitations = readInvitations({ ...value });
  return Object.keys(invitations).length === 0 ? {} : { invitations };
}
