import { filterLengthMax } from "../filter/filter-grammar.ts";
import type { JsonObject } from "../json-object.ts";
import type { OfferedFeatures } from "./openapi-features.ts";
import { text } from "./openapi-values.ts";
import { defaultPageSize, pageSizeMax } from "../paging.ts";

/** Every parameter of the document by its name there. RFC 7644 sections 3.4.2, 3.9 and 3.14, RFC 9865 section 2. */
export const componentParameters: JsonObject = {
  id: { name: "id", in: "path", required: true, description: "The id of the resource.", schema: text },
  attributes: inQuery("attributes", "Comma-separated names of the attributes to return.", text),
  excludedAttributes: inQuery(
    "excludedAttributes",
    "Comma-separated names of the attributes to leave out; not with attributes.",
    text,
  ),
  filter: inQuery("filter", 'Such as userName eq "pam@example.com".', { ...text, maxLength: filterLengthMax }),
  sortBy: inQuery("sortBy", "The attribute to sort by.", text),
  sortOrder: inQuery("sortOrder", "In any letter case; the default is ascending.", {
    ...text,
    pattern: "^(?:[Aa][Ss][Cc][Ee][Nn][Dd][Ii][Nn][Gg]|[Dd][Ee][Ss][Cc][Ee][Nn][Dd][Ii][Nn][Gg])$",
  }),
  startIndex: inQuery("startIndex", "The first resource of the page, counted from 1; below 1 means 1.", {
    type: "integer",
    default: 1,
  }),
  count: inQuery(
    "count",
    `How many resources at most; below 0 means 0. Above ${pageSizeMax} means ${pageSizeMax}, with a cursor it is 400.`,
    {
      type: "integer",
      default: defaultPageSize,
    },
  ),
  cursor: inQuery("cursor", "The nextCursor of the page before; without a value for the first page.", text, true),
  ifMatch: inHeader("If-Match", "The version that the resource must be at."),
  ifNoneMatch: inHeader("If-None-Match", "The version that the client already has."),
};

const projection = ["attributes", "excludedAttributes"];

/** The parameters of each kind of operation, as references. */
export const parametersOf = {
  list: ({ cursor }: OfferedFeatures): readonly JsonObject[] =>
    refs("filter", "sortBy", "sortOrder", "startIndex", "count", ...(cursor ? ["cursor"] : []), ...projection),
  create: (): readonly JsonObject[] => refs(...projection),
  read: ({ etag }: OfferedFeatures): readonly JsonObject[] =>
    refs("id", ...projection, ...(etag ? ["ifNoneMatch"] : [])),
  write: ({ etag }: OfferedFeatures): readonly JsonObject[] =>
    refs("id", ...projection, ...(etag ? ["ifMatch", "ifNoneMatch"] : [])),
  delete: ({ etag }: OfferedFeatures): readonly JsonObject[] => refs("id", ...(etag ? ["ifMatch", "ifNoneMatch"] : [])),
  byId: (): readonly JsonObject[] => refs("id"),
} as const;

function refs(...names: readonly string[]): readonly JsonObject[] {
  return names.map((name) => ({ $ref: `#/components/parameters/${name}` }));
}

function inQuery(name: string, description: string, schema: JsonObject, allowEmptyValue = false): JsonObject {
  return { name, in: "query", description, schema, ...(allowEmptyValue ? { allowEmptyValue } : {}) };
}

function inHeader(name: string, description: string): JsonObject {
  return { name, in: "header", description, schema: text };
}
