import { oneOf, readPage, readSearch, readSortSearch, readTerm, type Search, sortingBy } from "../../search.ts";

export const invitationSorting = sortingBy(["email", "sent", "expires"], "sent", { desc: true });
export type InvitationSort = (typeof invitationSorting)["keys"][number];

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
