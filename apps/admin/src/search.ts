/** Readers of the URL's search part. What is missing or invalid is left out, so that a damaged link still opens. */
export type Search = Readonly<Record<string, unknown>>;

type Reader = (value: unknown) => unknown;
type Read<Readers> = {
  readonly [Name in keyof Readers]?: Readers[Name] extends (value: unknown) => infer Value
    ? Exclude<Value, undefined>
    : never;
};

const pageMax = 1_000_000;

/** The parameters that have a reader, in the order of the readers. */
export function readSearch<Readers extends Readonly<Record<string, Reader>>>(
  search: Search,
  readers: Readers,
): Read<Readers>;
export function readSearch(search: Search, readers: Readonly<Record<string, Reader>>): Search {
  const values = Object.entries(readers).map(([name, read]) => [name, read(search[name])] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

/** One of the known values. */
export const oneOf =
  <Value extends string>(known: readonly Value[]) =>
  (value: unknown): Value | undefined =>
    known.find((one) => one === value);

/** Counts from 1; undefined for the first page. */
export function readPage(value: unknown): number | undefined {
  const isPage = typeof value === "number" && Number.isInteger(value) && value > 1 && value <= pageMax;
  return isPage ? value : undefined;
}

export const readBoolean = (value: unknown): boolean | undefined => (typeof value === "boolean" ? value : undefined);

/** A switch that is off by default. */
export const readTrue = (value: unknown): true | undefined => (value === true ? true : undefined);

/** The router reads `?search=42` as a number; it is a text here. */
export function readText(value: unknown): string | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const text = String(value).trim();
  return text === "" ? undefined : text;
}

/** A search term, cut at `lengthMax` characters. */
export const readTerm =
  (lengthMax = 200) =>
  (value: unknown): string | undefined =>
    readText(value)?.slice(0, lengthMax);

/** A UUID. */
export function readId(value: unknown): string | undefined {
  const text = readText(value);
  return text !== undefined && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? text : undefined;
}

/** A time in ISO 8601, in UTC. */
export function readMoment(value: unknown): string | undefined {
  const ms = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}

/** Where to go after signing in: a path of the console only, never the address of another site. */
export function readNext(value: unknown): string | undefined {
  const isOurs = typeof value === "string" && /^\/(?![/\\])/.test(value) && !value.startsWith("/sign-in");
  return isOurs ? value : undefined;
}

/** The secret of a mail's link; "" if it is missing, which the server refuses. */
export function readTokenSearch(search: Search): { readonly token: string } {
  return { token: readText(search["token"]) ?? "" };
}

/** The column that a list is sorted by, and the direction. */
export type Order<Key extends string = string> = { readonly sort: Key; readonly desc: boolean };

/** The order in the address, `?sort=name&desc=true`, without its default values. */
export type SortSearch<Key extends string> = { readonly sort?: Key; readonly desc?: boolean };

/** The columns that a list can be sorted by, and the default order. */
type Sorting<Key extends string> = { readonly keys: readonly Key[]; readonly usual: Order<Key> };

/** The sorting by these columns, by default by `sort`. */
export function sortingBy<Key extends string>(
  keys: readonly Key[],
  sort: NoInfer<Key>,
  { desc = false } = {},
): Sorting<Key> {
  return { keys, usual: { sort, desc } };
}

/** Leaves out unknown and default values, so that each order has one address. */
export function readSortSearch<Key extends string>(search: Search, { keys, usual }: Sorting<Key>): SortSearch<Key> {
  const sort = oneOf(keys)(search["sort"]) ?? usual.sort;
  const desc = readBoolean(search["desc"]) ?? isUsuallyDesc(sort, usual);
  return {
    ...(sort === usual.sort ? {} : { sort }),
    ...(desc === isUsuallyDesc(sort, usual) ? {} : { desc }),
  };
}

/** The order with its default values. */
export function orderOf<Key extends string>(search: SortSearch<Key>, { usual }: Sorting<Key>): Order<Key> {
  const sort = search.sort ?? usual.sort;
  return { sort, desc: search.desc ?? isUsuallyDesc(sort, usual) };
}

function isUsuallyDesc<Key extends string>(sort: Key, usual: Order<Key>): boolean {
  return sort === usual.sort && usual.desc;
}
