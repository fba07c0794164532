import { readSsoProblem, type SsoProblem } from "@rollcall/domain";
import { readNextSearch, readPageSearch, readText } from "../../search.ts";
import { readSortSearch, type Sorting, type SortSearch } from "../../sort-search.ts";

type Search = Readonly<Record<string, unknown>>;

type SignInSearch = { readonly next?: string; readonly sso?: SsoProblem; readonly ended?: true };

/** `sso`: why a sign-in by single sign-on has come back. `ended`: the session ended while the console was open. */
export function readSignInSearch(search: Search): SignInSearch {
  const problem = readSsoProblem(search["sso"]);
  const ended = search["ended"] === true ? { ended: true as const } : {};
  return { ...readNextSearch(search), ...(problem === undefined ? {} : { sso: problem }), ...ended };
}

export type ExemptionSort = "name" | "added";
export const exemptionSorting = {
  keys: ["name", "added"],
  usual: { sort: "name", desc: false },
} as const satisfies Sorting<ExemptionSort>;

/** `test`: the test of the connection whose report is looked at; all else is of the list of who may use a password. */
export type SsoSearch = SortSearch<ExemptionSort> & {
  readonly test?: string;
  readonly search?: string;
  readonly page?: number;
};

export function readSsoSearch(search: Search): SsoSearch {
  const { test } = search;
  const term = readText(search["search"])?.slice(0, 200);
  return {
    ...(typeof test === "string" && /^_[0-9a-f]{40}$/.test(test) ? { test } : {}),
    ...(term === undefined ? {} : { search: term }),
    ...readPageSearch(search),
    ...readSortSearch(search, exemptionSorting),
  };
}
