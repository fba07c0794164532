import {
  badRequest,
  err,
  normalizeQuery,
  ok,
  problemOfParameter,
  type QuirkId,
  type Result,
  type ScimError,
} from "@rollcall/scim-protocol";

/** Query parameters, each at most once. */
export type Query = Readonly<Record<string, string | undefined>>;

/**
 * Parses the query of an address; known deviations are added to `quirks`. A name without `=` has the value "". Unknown
 * parameters are parsed too, so that no query is half understood. Errors: 400 for percent-encoding that is broken or
 * not UTF-8, for a repeated name, which has no agreed meaning, and for a misspelled known name, which would otherwise
 * list everybody: invalidFilter in a filter, else invalidValue.
 */
export function parseQueryString(address: string, quirks: Set<QuirkId>): Result<Query, ScimError> {
  const query: Record<string, string | undefined> = Object.create(null);
  const start = address.indexOf("?");
  if (start === -1) return ok(query);
  for (const part of normalizeQuery(address.slice(start + 1), quirks).split("&")) {
    if (part === "") continue;
    const middle = part.indexOf("=");
    const name = decoded(middle === -1 ? part : part.slice(0, middle));
    if (name === undefined) return refuse("A query parameter's name is not valid percent-encoded UTF-8.");
    const value = middle === -1 ? "" : decoded(part.slice(middle + 1));
    if (value === undefined)
      return refuse(`The query parameter ${shown(name)} is not valid percent-encoded UTF-8.`, name);
    const problem = problemOfParameter(name);
    if (problem !== undefined) return err(problem);
    if (name in query) return refuse(`The query parameter ${shown(name)} is given more than once.`);
    query[name] = value;
  }
  return ok(query);
}

function decoded(text: string): string | undefined {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function shown(name: string): string {
  return name.slice(0, 100).replaceAll("\0", "").toWellFormed();
}

function refuse(detail: string, name?: string): { readonly ok: false; readonly error: ScimError } {
  return err(badRequest(name === "filter" ? "invalidFilter" : "invalidValue", detail));
}
