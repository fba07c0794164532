import { readPage, readSearch, readSortSearch, readTerm, type Search, sortingBy } from "../../search.ts";

export const tokenSorting = sortingBy(["name", "status", "created", "expires", "used"], "created", { desc: true });
export type TokenSort = (typeof tokenSorting)["keys"][number];

export const exemptionSorting = sortingBy(["name", "added"], "name");

/** The order and page of the tokens; `exempt`: the state of the list of exempted people. */
export function readProvisioningSearch(search: Search) {
  const exempt = readExemptSearch(search["exempt"]);
  return {
    ...readSearch(search, { page: readPage }),
    ...readSortSearch(search, tokenSorting),
    ...(Object.keys(exempt).length === 0 ? {} : { exempt }),
  };
}

function readExemptSearch(value: unknown) {
  const search: Search = typeof value === "object" ? { ...value } : {};
  return {
    ...readSearch(search, { page: readPage, search: readTerm() }),
    ...readSortSearch(search, exemptionSorting),
  };
}
