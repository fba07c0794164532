import type {
  AttributeDefinition,
  ResourceTypeDefinition,
  SchemaDefinition,
  ScimResource,
} from "./schema/attribute-characteristics.ts";
import { bulkOperationsMax, bulkPayloadSizeMax } from "./bulk/bulk-request.ts";
import { cursorTimeoutS, defaultPageSize, pageSizeMax } from "./paging.ts";
import { type ListResponse, listResponse } from "./list-response.ts";
import { allResourceTypes } from "./schema/resource-types.ts";
import { RESOURCE_TYPE_SCHEMA, SCHEMA_SCHEMA, SERVICE_PROVIDER_CONFIG_SCHEMA } from "./schema/schema-uris.ts";

/** `baseUrl` is the public address of the service without a slash at its end, such as `https://host/scim_v2`. */
export type DiscoveryOptions = { readonly baseUrl: string };

/** The response to `GET /ServiceProviderConfig` (RFC 7643 section 5, RFC 9865 section 4). */
export function serviceProviderConfig({ baseUrl }: DiscoveryOptions): ScimResource {
  return {
    schemas: [SERVICE_PROVIDER_CONFIG_SCHEMA],
    patch: { supported: true },
    bulk: { supported: true, maxOperations: bulkOperationsMax, maxPayloadSize: bulkPayloadSizeMax },
    filter: { supported: true, maxResults: pageSizeMax },
    changePassword: { supported: false },
    sort: { supported: true },
    etag: { supported: true },
    pagination: {
      cursor: true,
      index: true,
      defaultPaginationMethod: "index",
      defaultPageSize,
      maxPageSize: pageSizeMax,
      cursorTimeout: cursorTimeoutS,
    },
    authenticationSchemes: [
      {
        type: "oauthbearertoken",
        name: "Bearer token",
        description: "A SCIM token of the organization in the Authorization header.",
        specUri: "https://www.rfc-editor.org/info/rfc6750",
        primary: true,
      },
    ],
    meta: { resourceType: "ServiceProviderConfig", location: `${baseUrl}/ServiceProviderConfig` },
  };
}

/** The response to `GET /ResourceTypes`. */
export function resourceTypes(options: DiscoveryOptions): ListResponse {
  return wholeList(allResourceTypes.map((resourceType) => printResourceType(resourceType, options)));
}

/** The response to `GET /ResourceTypes/{id}`; undefined means 404. */
export function resourceTypeById(id: string, options: DiscoveryOptions): ScimResource | undefined {
  const found = allResourceTypes.find((resourceType) => resourceType.name.toLowerCase() === id.toLowerCase());
  return found && printResourceType(found, options);
}

/** The response to `GET /Schemas`. */
export function schemas(options: DiscoveryOptions): ListResponse {
  return wholeList(allResourceTypes.map((resourceType) => printSchema(resourceType.schema, options)));
}

/** The response to `GET /Schemas/{id}`; `id` is the schema's URN in any letter case. Undefined means 404. */
export function schemaById(id: string, options: DiscoveryOptions): ScimResource | undefined {
  const found = allResourceTypes.find(({ schema }) => schema.id.toLowerCase() === id.toLowerCase());
  return found && printSchema(found.schema, options);
}

function wholeList(resources: readonly ScimResource[]): ListResponse {
  return listResponse(resources, { totalResults: resources.length, startIndex: 1 });
}

function printResourceType(resourceType: ResourceTypeDefinition, { baseUrl }: DiscoveryOptions): ScimResource {
  return {
    schemas: [RESOURCE_TYPE_SCHEMA],
    id: resourceType.name,
    name: resourceType.name,
    description: resourceType.description,
    endpoint: resourceType.endpoint,
    schema: resourceType.schema.id,
    schemaExtensions: [],
    meta: { resourceType: "ResourceType", location: `${baseUrl}/ResourceTypes/${resourceType.name}` },
  };
}

function printSchema(schema: SchemaDefinition, { baseUrl }: DiscoveryOptions): ScimResource {
  return {
    schemas: [SCHEMA_SCHEMA],
    id: schema.id,
    name: schema.name,
    description: schema.description,
    attributes: schema.attributes.map(printAttribute),
    meta: { resourceType: "Schema", location: `${baseUrl}/Schemas/${schema.id}` },
  };
}

/** Prints the characteristics of RFC 7643 section 7, without our own, such as `derived`. */
function printAttribute(attribute: AttributeDefinition): ScimResource {
  const { subAttributes, canonicalValues, referenceTypes } = attribute;
  return {
    name: attribute.name,
    type: attribute.type,
    multiValued: attribute.multiValued,
    description: attribute.description,
    required: attribute.required,
    caseExact: attribute.caseExact,
    mutability: attribute.mutability,
    returned: attribute.returned,
    uniqueness: attribute.uniqueness,
    ...(canonicalValues && { canonicalValues }),
    ...(referenceTypes && { referenceTypes }),
    ...(subAttributes && { subAttributes: subAttributes.map(printAttribute) }),
  };
}
