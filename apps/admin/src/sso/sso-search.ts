import { readSsoProblem, type SsoProblem } from "@rollcall/domain";
import { readNextSearch } from "../search.ts";

type Search = Readonly<Record<string, unknown>>;

/** `sso`: why a sign-in by single sign-on has come back. */
export function readSignInSearch(search: Search): { readonly next?: string; readonly sso?: SsoProblem } {
  const problem = readSsoProblem(search["sso"]);
  return { ...readNextSearch(search), ...(problem === undefined ? {} : { sso: problem }) };
}

/** `test`: the test of the connection whose report is looked at. */
export function readTestSearch(search: Search): { readonly test?: string } {
  const { test } = search;
  return typeof test === "string" && /^_[0-9a-f]{40}$/.test(test) ? { test } : {};
}
