import { readPageSearch, readText, type Search } from "../../search.ts";
import { readSortSearch, type Sorting, type SortSearch } from "../../sort-search.ts";

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

/** Which of the people whom the locks leave alone are shown. */
type ExemptSearch = SortSearch<ExemptionSort> & { readonly page?: number; readonly search?: string };

/** The order and page of the tokens, and the state of the screen's second list in a part of its own. */
type ProvisioningSearch = SortSearch<TokenSort> & { readonly page?: number; readonly exempt?: ExemptSearch };

export function readProvisioningSearch(search: Search): ProvisioningSearch {
  const exempt = readExemptSearch(search["exempt"]);
  return {
    ...readPageSearch(search),
    ...readSortSearch(search, tokenSorting),
    ...(Object.keys(exempt).length === 0 ? {} : { exempt }),
  };
}

function readExemptSearch(value: unknown): ExemptSearch {
  if (typeof value !== "object" || value === null) return {};
  const search: Search = { ...value };
  const term = readText(search["search"])?.slice(0, 200);
  return {
    ...readPageSearch(search),
    ...(term === undefined ? {} : { search: term }),
    ...readSortSearch(search, exemptionSorting),
  };
}
