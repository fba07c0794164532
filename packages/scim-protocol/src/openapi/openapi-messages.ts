import type { ResourceTypeDefinition } from "../schema/attribute-characteristics.ts";
import { cursorErrorKeywords, errorKeywords } from "../error.ts";
import type { JsonObject } from "../json-object.ts";
import { patchOperationsMax } from "../patch/patch.ts";
import {
  closedObject,
  type JsonSchema,
  refTo,
  resourceRequestSchema,
  resourceSchema,
  schemasOf,
} from "./openapi-attributes.ts";
import { discoverySchemas } from "./openapi-discovery.ts";
import type { OfferedFeatures } from "./openapi-features.ts";
import { listOf, size, text, texts, uri } from "./openapi-values.ts";
import { ERROR, LIST_RESPONSE, PATCH_OP } from "../schema/schema-uris.ts";

/** Every schema of the document by its name; `listName` and `requestName` give the names of related ones. */
export function componentSchemas(
  resourceTypes: readonly ResourceTypeDefinition[],
  features: OfferedFeatures,
): Readonly<Record<string, JsonSchema>> {
  const schemas: Record<string, JsonSchema> = {};
  for (const resourceType of resourceTypes) {
    schemas[resourceType.name] = resourceSchema(resourceType);
    schemas[requestName(resourceType.name)] = resourceRequestSchema(resourceType);
    schemas[listName(resourceType.name)] = listSchema(refTo(resourceType.name), features);
  }
  const anyResource = { anyOf: resourceTypes.map(({ name }) => refTo(name)) };
  return {
    ...schemas,
    [listName("Resource")]: listSchema(anyResource, features),
    ...discoverySchemas,
    [listName("ResourceType")]: listSchema(refTo("ResourceType"), features),
    [listName("Schema")]: listSchema(refTo("Schema"), features),
    PatchRequest: patchRequestSchema,
    SearchRequest: searchRequestSchema,
    Error: errorSchema(features),
    ...(features.bulk ? { BulkRequest: bulkRequestSchema, BulkResponse: bulkResponseSchema } : {}),
  };
}

export function listName(name: string): string {
  return `${name}List`;
}

export function requestName(name: string): string {
  return `${name}Request`;
}

/** RFC 7644 section 3.12. */
function errorSchema({ cursor }: OfferedFeatures): JsonSchema {
  const keywords = [...errorKeywords, ...(cursor ? cursorErrorKeywords : [])];
  return closedObject(
    {
      schemas: schemasOf(ERROR),
      status: { type: "string", pattern: "^[45][0-9]{2}$", description: "The HTTP status, as a text." },
      scimType: { type: "string", enum: keywords },
      detail: { type: "string", minLength: 1, description: "A sentence for the provider's administrator." },
    },
    ["schemas", "status", "detail"],
  );
}

/** RFC 7644 section 3.4.2; a page requested by cursor has no startIndex. */
function listSchema(items: JsonSchema, { cursor }: OfferedFeatures): JsonSchema {
  return closedObject(
    {
      schemas: schemasOf(LIST_RESPONSE),
      totalResults: { ...size, description: "How many match, on this page or not." },
      startIndex: { type: "integer", minimum: 1 },
      itemsPerPage: size,
      Resources: listOf(items),
      ...(cursor ? { nextCursor: text, previousCursor: text } : {}),
    },
    ["schemas", "totalResults", "itemsPerPage", "Resources", ...(cursor ? [] : ["startIndex"])],
  );
}

/** RFC 7644 section 3.5.2. */
const patchRequestSchema: JsonObject = {
  type: "object",
  properties: {
    schemas: { ...schemasOf(PATCH_OP), items: text },
    Operations: {
      type: "array",
      maxItems: patchOperationsMax,
      items: {
        type: "object",
        properties: {
          op: { type: "string", pattern: "^(?:[Aa][Dd][Dd]|[Rr][Ee][Pp][Ll][Aa][Cc][Ee]|[Rr][Ee][Mm][Oo][Vv][Ee])$" },
          path: { type: ["string", "null"], description: 'Such as displayName or members[value eq "…"].' },
          value: { description: "What to add or set; for a removal from members also those to take out." },
        },
        required: ["op"],
      },
    },
  },
  required: ["Operations"],
};

/** RFC 7644 section 3.4.3. */
const searchRequestSchema: JsonObject = {
  type: "object",
  properties: {
    schemas: texts,
    attributes: texts,
    excludedAttributes: texts,
    filter: text,
    sortBy: text,
    sortOrder: { enum: ["ascending", "descending"] },
    startIndex: { type: "integer" },
    count: { type: "integer" },
    cursor: text,
  },
};

const bulkMethod = { type: "string", enum: ["POST", "PUT", "PATCH", "DELETE"] };

/** RFC 7644 section 3.7. */
const bulkRequestSchema: JsonObject = {
  type: "object",
  properties: {
    schemas: texts,
    failOnErrors: { type: "integer", minimum: 0, description: "0 sets no limit." },
    Operations: {
      type: "array",
      items: {
        type: "object",
        properties: {
          method: bulkMethod,
          bulkId: text,
          version: text,
          path: text,
          data: { type: ["object", "array"] },
        },
        required: ["method", "path"],
      },
    },
  },
  required: ["Operations"],
};

const bulkResponseSchema = closedObject(
  {
    schemas: texts,
    Operations: listOf(
      closedObject(
        {
          location: uri,
          method: bulkMethod,
          bulkId: text,
          version: text,
          status: { type: "string", pattern: "^[2-5][0-9]{2}$" },
          response: { type: "object" },
        },
        ["method", "status"],
      ),
    ),
  },
  ["schemas", "Operations"],
);
