import type { Search } from "./search.ts";

/** What a list is sorted by, and whether from the end. */
export type Order<Key extends string = string> = { readonly sort: Key; readonly desc: boolean };

/** The same as the address holds it, `?sort=name&desc=true`; what is usual is left out. */
export type SortSearch<Key extends string> = { readonly sort?: Key; readonly desc?: boolean };

/** What a list can be sorted by, and how it stands where the address says nothing. */
export type Sorting<Key extends string> = { readonly keys: readonly Key[]; readonly usual: Order<Key> };

/** Reads and, given what is wanted, writes: what is unknown or usual is left out, so that each order has one address. */
export function readSortSearch<Key extends string>(search: Search, { keys, usual }: Sorting<Key>): SortSearch<Key> {
  const sort = keys.find((key) => key === search["sort"]) ?? usual.sort;
  const desc = typeof search["desc"] === "boolean" ? search["desc"] : isUsuallyDesc(sort, usual);
  return {
    ...(sort === usual.sort ? {} : { sort }),
    ...(desc === isUsuallyDesc(sort, usual) ? {} : { desc }),
  };
}

/** The whole order, for the query and the table. */
export function orderOf<Key extends string>(search: SortSearch<Key>, { usual }: Sorting<Key>): Order<Key> {
  const sort = search.sort ?? usual.sort;
  return { sort, desc: search.desc ?? isUsuallyDesc(sort, usual) };
}

function isUsuallyDesc<Key extends string>(sort: Key, usual: Order<Key>): boolean {
  return sort === usual.sort && usual.desc;
}
