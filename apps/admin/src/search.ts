/** Readers of the URL's search part. What is not understood is left out, so that a mangled link still opens. */
export type Search = Readonly<Record<string, unknown>>;

const pageMax = 1_000_000;

/** `refused`: only what was refused. */
export function readMemberSearch(search: Search): { readonly refused?: true } {
  return search["refused"] === true ? { refused: true } : {};
}

/** `page` counts from 1 and is left out where it is 1. */
export function readPageSearch(search: Search): { readonly page?: number } {
  const page = search["page"];
  const isPage = typeof page === "number" && Number.isInteger(page) && page > 1 && page <= pageMax;
  return isPage ? { page } : {};
}

/** Where to go after signing in: a path of ours only, never another site's address. */
export function readNextSearch(search: Search): { readonly next?: string } {
  const next = search["next"];
  const isOurs = typeof next === "string" && /^\/(?![/\\])/.test(next) && !next.startsWith("/sign-in");
  return isOurs ? { next } : {};
}

/** The secret of a mail's link; "" where it is missing, which the server then refuses. */
export function readTokenSearch(search: Search): { readonly token: string } {
  return { token: readText(search["token"]) ?? "" };
}

/** An id of ours; anything else would be refused as a whole. */
export function readId(value: unknown): string | undefined {
  const text = readText(value);
  return text !== undefined && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? text : undefined;
}

/** A moment as the API takes it: ISO 8601 in UTC. */
export function readMoment(value: unknown): string | undefined {
  const ms = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}

/** The router reads `?search=42` as a number; people mean the text. */
export function readText(value: unknown): string | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const text = String(value).trim();
  return text === "" ? undefined : text;
}
