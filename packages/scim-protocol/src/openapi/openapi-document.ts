import type { JsonObject } from "../json-object.ts";
import { type OfferedFeatures, offeredFeatures } from "./openapi-features.ts";
import { componentSchemas, listName } from "./openapi-messages.ts";
import {
  bulkOperation,
  createOperation,
  deleteOperation,
  discoveryOperation,
  listOperation,
  notOfferedOperation,
  type Operation,
  readOperation,
  searchOperation,
  writeOperation,
} from "./openapi-operations.ts";
import { componentParameters } from "./openapi-parameters.ts";
import { componentResponses } from "./openapi-responses.ts";
import { allResourceTypes } from "../schema/resource-types.ts";
import { type DiscoveryOptions, serviceProviderConfig } from "../discovery.ts";

/** A path below the base with one of its methods; `path` writes a parameter as `:id`. Not offered means 501. */
export type ServedRoute = { readonly path: string; readonly method: string; readonly isOffered: boolean };

/**
 * Describes the service in OpenAPI 3.1, from its routes, the attribute data and its ServiceProviderConfig, given as
 * `features`. Throws for an unknown route.
 */
export function openApiDocument(
  routes: readonly ServedRoute[],
  options: DiscoveryOptions,
  features: OfferedFeatures = offeredFeatures(serviceProviderConfig(options)),
): JsonObject {
  const paths: Record<string, Record<string, Operation>> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, "{$1}");
    const method = route.method.toLowerCase();
    paths[path] = { ...paths[path], [method]: operationOf(route, method, features) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Rollcall SCIM 2.0",
      version: "2.0",
      description:
        "The service provider's side of RFC 7643, RFC 7644 and RFC 9865. Every response except this document is application/scim+json. In addition to the responses listed per operation, a malformed HTTP request is refused with 400, 405, 408, 417 or 431, also as a SCIM error.",
    },
    servers: [{ url: options.baseUrl }],
    security: [{ bearer: [] }, { bareToken: [] }],
    tags: [...new Set(Object.values(paths).flatMap(tagsOf))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer", description: "A SCIM token of the organization." },
        bareToken: {
          type: "apiKey",
          in: "header",
          name: "Authorization",
          description: "The token alone, as Okta's Header Auth sends it.",
        },
      },
      schemas: componentSchemas(allResourceTypes, features),
      parameters: componentParameters,
      ...componentResponses,
    },
  };
}

function operationOf({ path, isOffered }: ServedRoute, method: string, features: OfferedFeatures): Operation {
  if (!isOffered) return notOfferedOperation(method, path);
  const known = resourceOperation(path, method, features) ?? otherOperation(`${method} ${path}`, features);
  if (known === undefined) throw new Error(`The OpenAPI document does not know what ${method} ${path} does.`);
  return known;
}

function resourceOperation(path: string, method: string, features: OfferedFeatures): Operation | undefined {
  const type = allResourceTypes.find(({ endpoint }) => path === endpoint || path.startsWith(`${endpoint}/`));
  if (type === undefined) return undefined;
  switch (`${method} ${path.slice(type.endpoint.length)}`) {
    case "get ":
      return listOperation(type.name, features);
    case "post ":
      return createOperation(type, features);
    case "post /.search":
      return searchOperation(type.name);
    case "get /:id":
      return readOperation(type, features);
    case "put /:id":
      return writeOperation(type, "put", features);
    case "patch /:id":
      return writeOperation(type, "patch", features);
    case "delete /:id":
      return deleteOperation(type, features);
    default:
      return undefined;
  }
}

function otherOperation(route: string, features: OfferedFeatures): Operation | undefined {
  switch (route) {
    case "get /ServiceProviderConfig":
      return discoveryOperation(
        "readServiceProviderConfig",
        "Read the features that the service supports",
        "ServiceProviderConfig",
        false,
      );
    case "get /ResourceTypes":
      return discoveryOperation("listResourceTypes", "List the resource types", listName("ResourceType"), false);
    case "get /ResourceTypes/:id":
      return discoveryOperation("readResourceType", "Read a resource type", "ResourceType", true);
    case "get /Schemas":
      return discoveryOperation("listSchemas", "List the schemas", listName("Schema"), false);
    case "get /Schemas/:id":
      return discoveryOperation("readSchema", "Read a schema", "Schema", true);
    case "get /":
      return listOperation("Resource", features);
    case "post /.search":
      return searchOperation("Resource");
    case "post /Bulk":
      return bulkOperation();
    default:
      return undefined;
  }
}

function tagsOf(operations: Readonly<Record<string, Operation>>): readonly unknown[] {
  return Object.values(operations).flatMap(({ tags }) => (Array.isArray(tags) ? tags : []));
}
