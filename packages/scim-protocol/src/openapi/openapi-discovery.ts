import { closedObject, type JsonSchema, refTo, schemasOf } from "./openapi-attributes.ts";
import { listOf, size, text, texts, uri } from "./openapi-values.ts";
import { RESOURCE_TYPE_SCHEMA, SCHEMA_SCHEMA, SERVICE_PROVIDER_CONFIG_SCHEMA } from "../schema/schema-uris.ts";

const flag = { type: "boolean" };
const date = { type: "string", format: "date-time" };
const supported = closedObject({ supported: flag }, ["supported"]);
const meta = closedObject({ resourceType: text, location: uri, created: date, lastModified: date, version: text }, [
  "resourceType",
  "location",
]);

/** RFC 7643 section 5 and RFC 9865 section 4. */
const serviceProviderConfig = closedObject(
  {
    schemas: schemasOf(SERVICE_PROVIDER_CONFIG_SCHEMA),
    documentationUri: uri,
    patch: supported,
    bulk: closedObject({ supported: flag, maxOperations: size, maxPayloadSize: size }, [
      "supported",
      "maxOperations",
      "maxPayloadSize",
    ]),
    filter: closedObject({ supported: flag, maxResults: size }, ["supported", "maxResults"]),
    changePassword: supported,
    sort: supported,
    etag: supported,
    pagination: closedObject(
      {
        cursor: flag,
        index: flag,
        defaultPaginationMethod: { enum: ["cursor", "index"] },
        defaultPageSize: size,
        maxPageSize: size,
        cursorTimeout: size,
      },
      ["cursor", "index"],
    ),
    authenticationSchemes: listOf(
      closedObject({ type: text, name: text, description: text, specUri: uri, documentationUri: uri, primary: flag }, [
        "type",
        "name",
        "description",
      ]),
    ),
    meta,
  },
  ["schemas", "patch", "bulk", "filter", "changePassword", "sort", "etag", "authenticationSchemes"],
);

/** RFC 7643 section 6. */
const resourceType = closedObject(
  {
    schemas: schemasOf(RESOURCE_TYPE_SCHEMA),
    id: text,
    name: text,
    description: text,
    endpoint: { type: "string", format: "uri-reference" },
    schema: uri,
    schemaExtensions: listOf(closedObject({ schema: uri, required: flag }, ["schema", "required"])),
    meta,
  },
  ["schemas", "name", "endpoint", "schema"],
);

/** RFC 7643 section 7. */
const schema = closedObject(
  {
    schemas: schemasOf(SCHEMA_SCHEMA),
    id: uri,
    name: text,
    description: text,
    attributes: listOf(refTo("SchemaAttribute")),
    meta,
  },
  ["schemas", "id", "attributes"],
);

const schemaAttribute = closedObject(
  {
    name: text,
    type: { enum: ["string", "boolean", "decimal", "integer", "dateTime", "binary", "reference", "complex"] },
    multiValued: flag,
    description: text,
    required: flag,
    canonicalValues: texts,
    caseExact: flag,
    mutability: { enum: ["readOnly", "readWrite", "immutable", "writeOnly"] },
    returned: { enum: ["always", "never", "default", "request"] },
    uniqueness: { enum: ["none", "server", "global"] },
    referenceTypes: texts,
    subAttributes: listOf(refTo("SchemaAttribute")),
  },
  ["name", "type", "multiValued", "required", "mutability", "returned"],
);

/** The documents of RFC 7644 section 4 by their names. */
export const discoverySchemas: Readonly<Record<string, JsonSchema>> = {
  ServiceProviderConfig: serviceProviderConfig,
  ResourceType: resourceType,
  Schema: schema,
  SchemaAttribute: schemaAttribute,
};
