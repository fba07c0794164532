import { readSsoProblem } from "@rollcall/domain";
import { readNext, readPage, readSearch, readSortSearch, readTerm, readTrue, type Search } from "../../search.ts";
import { exemptionSorting } from "../provisioning/provisioning-search.ts";

/** `sso`: why single sign-on failed; `ended`: the session ended while the console was open. */
export const readSignInSearch = (search: Search) =>
  readSearch(search, { next: readNext, sso: readSsoProblem, ended: readTrue });

const readTest = (value: unknown): string | undefined =>
  typeof value === "string" && /^_[0-9a-f]{40}$/.test(value) ? value : undefined;

/** `test`: the connection test whose report is shown; the rest belongs to the list of exempted people. */
export const readSsoSearch = (search: Search) => ({
  ...readSearch(search, { test: readTest, search: readTerm(), page: readPage }),
  ...readSortSearch(search, exemptionSorting),
});
