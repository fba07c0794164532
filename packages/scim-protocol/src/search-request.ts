import { badRequest, type ScimError } from "./error.ts";
import { isJsonObject, memberOfAnyCase } from "./json-object.ts";
import { type ParameterName, parameterNames, problemOfParameter } from "./query-parameter-names.ts";
import { err, ok, type Result } from "./result.ts";
import { SEARCH_REQUEST } from "./schema/schema-uris.ts";

/** The parameters of a query as in a URL; lists of names with commas between them. */
export type QueryParameters = Readonly<Partial<Record<ParameterName, string>>>;

/** The most names in a list of attributes. */
const namesMax = 500;

/**
 * Reads a SearchRequest (RFC 7644 section 3.4.3, RFC 9865 section 3). Names in any letter case; null counts as absent;
 * other members are ignored. Errors: 400 invalidSyntax for a body that is not a SearchRequest, 400 invalidValue for a
 * parameter of the wrong type and for a name that is a near miss of one. Values are validated as for a query in the
 * URL.
 */
export function parseSearchRequest(body: unknown): Result<QueryParameters, ScimError> {
  if (!isJsonObject(body)) return err(badRequest("invalidSyntax", "The body must be a JSON object, a SearchRequest."));
  const schemas = memberOfAnyCase(body, "schemas");
  if (!Array.isArray(schemas) || !schemas.some((schema) => isSearchRequest(schema))) {
    return err(badRequest("invalidSyntax", `schemas must be a list with ${SEARCH_REQUEST} in it.`));
  }
  for (const name of Object.keys(body)) {
    const problem = isKnown(name) ? undefined : problemOfParameter(name);
    if (problem !== undefined) return err(problem);
  }
  const parameters: Partial<Record<ParameterName, string>> = {};
  for (const name of parameterNames) {
    const value = memberOfAnyCase(body, name);
    if (value === undefined || value === null) continue;
    const text = parameterText(name, value);
    if (text === undefined) return err(badRequest("invalidValue", `${name} must be ${expectation(name)}.`));
    parameters[name] = text;
  }
  return ok(parameters);
}

function isKnown(name: string): boolean {
  return parameterNames.some((known) => known.toLowerCase() === name.toLowerCase());
}

function isSearchRequest(schema: unknown): boolean {
  return typeof schema === "string" && schema.toLowerCase() === SEARCH_REQUEST.toLowerCase();
}

/** The value as in a URL; undefined for one of the wrong type. */
function parameterText(name: ParameterName, value: unknown): string | undefined {
  switch (name) {
    case "attributes":
    case "excludedAttributes":
      return isListOfNames(value) ? value.join(",") : undefined;
    case "startIndex":
    case "count":
      return Number.isSafeInteger(value) ? String(value) : undefined;
    case "filter":
    case "sortBy":
    case "sortOrder":
    case "cursor":
      return typeof value === "string" ? value : undefined;
  }
}

function isListOfNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length <= namesMax && value.every((name) => typeof name === "string");
}

function expectation(name: ParameterName): string {
  if (name === "attributes" || name === "excludedAttributes") return `a list of at most ${namesMax} attribute names`;
  return name === "startIndex" || name === "count" ? "an integer" : "a text";
}
