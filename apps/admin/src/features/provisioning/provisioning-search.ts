import { readPage, readSearch, readSortSearch, readTerm, type Search, type Sorting } from "../../search.ts";

export type TokenSort = "name" | "status" | "created" | "expires" | "used";
export const tokenSorting = {
  keys: ["name", "status", "created", "expires", "used"],
  usual: { sort: "created", desc: true },
} as const satisfies Sorting<TokenSort>;

export type ExemptionSort = "name" | "added";
export const exemptionSorting = {
  keys: ["name", "added"],
  usual: { sort: "name", desc: false },
} as const satisfies Sorting<ExemptionSort>;

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
