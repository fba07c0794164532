import type { RequestResource } from "@rollcall/domain";
import { oneOf, readBoolean, readId, readMoment, readSearch, readTerm, readTrue, type Search } from "../../search.ts";

// Types only: the values would make the rules about requests part of the first load.
const resources = ["Users", "Groups", "Bulk", "Discovery", "Other"] as const satisfies readonly RequestResource[];

const readers = {
  failed: readBoolean,
  outcome: oneOf(["refused", "unauthenticated", "fault"]),
  /** Left out for the newest first. */
  order: oneOf(["oldest", "slowest"]),
  memberId: readId,
  roleId: readId,
  tokenId: readId,
  method: oneOf(["GET", "POST", "PUT", "PATCH", "DELETE"]),
  resource: oneOf(resources),
  since: readMoment,
  until: readMoment,
  text: readTerm(),
  /** New requests are shown at once; for the newest first only. */
  follow: readTrue,
};

const readFilters = (search: Search) => readSearch(search, readers);

/** The filters and the order of the requests in the address. */
export type RequestsSearch = ReturnType<typeof readFilters>;

export function readRequestsSearch(search: Search): RequestsSearch {
  const { follow, ...filters } = readFilters(search);
  return follow === true && filters.order === undefined ? { ...filters, follow } : filters;
}
