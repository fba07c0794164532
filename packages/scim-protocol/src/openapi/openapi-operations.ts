import type { ResourceTypeDefinition } from "../schema/attribute-characteristics.ts";
import type { JsonObject } from "../json-object.ts";
import { type JsonSchema, refTo } from "./openapi-attributes.ts";
import type { OfferedFeatures } from "./openapi-features.ts";
import { listName, requestName } from "./openapi-messages.ts";
import { parametersOf } from "./openapi-parameters.ts";
import { contentOf, refusalResponses, type RefusalStatus, success } from "./openapi-responses.ts";

/** One operation as the document describes it. */
export type Operation = JsonObject;

const always: readonly RefusalStatus[] = [400, 401, 403, 429, 500, 503];
const ofBodies: readonly RefusalStatus[] = [413, 415];

/** `POST /Users` and the like (RFC 7644 section 3.3). */
export function createOperation({ name }: ResourceTypeDefinition, features: OfferedFeatures): Operation {
  return {
    operationId: `create${name}`,
    summary: `Create a ${name}`,
    tags: [name],
    parameters: parametersOf.create(),
    requestBody: bodyOf(refTo(requestName(name))),
    responses: {
      201: success(`The new ${name}.`, refTo(name), "Location", ...tagOf(features)),
      ...refusalResponses([...always, 409, ...ofBodies]),
    },
  };
}

/** `GET /Users` and the like (RFC 7644 section 3.4.2). */
export function listOperation(name: string, features: OfferedFeatures): Operation {
  return {
    operationId: `list${name}s`,
    summary: `List ${name}s: filtered, sorted, page by page`,
    tags: [name],
    parameters: parametersOf.list(features),
    responses: { 200: success(`A page of ${name}s.`, refTo(listName(name))), ...refusalResponses(always) },
  };
}

/** `POST …/.search` (RFC 7644 section 3.4.3); `name` is "Resource" for all types at once. */
export function searchOperation(name: string): Operation {
  return {
    operationId: `search${name}s`,
    summary: `List ${name}s with the parameters in the body`,
    tags: [name],
    requestBody: bodyOf(refTo("SearchRequest")),
    responses: {
      200: success("A page of the results.", refTo(listName(name))),
      ...refusalResponses([...always, ...ofBodies]),
    },
  };
}

/** `GET /Users/{id}` and the like (RFC 7644 section 3.4.1). */
export function readOperation({ name }: ResourceTypeDefinition, features: OfferedFeatures): Operation {
  return {
    operationId: `read${name}`,
    summary: `Read a ${name}`,
    tags: [name],
    parameters: parametersOf.read(features),
    responses: {
      200: success(`The ${name}.`, refTo(name), ...tagOf(features)),
      ...(features.etag ? { 304: success("The client already has this version.", undefined, "ETag") } : {}),
      ...refusalResponses([...always, 404, ...(features.etag ? [412 as const] : [])]),
    },
  };
}

/** `PUT` and `PATCH` of one resource (RFC 7644 sections 3.5.1 and 3.5.2); a PATCH may answer without a body. */
export function writeOperation(
  { name }: ResourceTypeDefinition,
  method: "put" | "patch",
  features: OfferedFeatures,
): Operation {
  const isPatch = method === "patch";
  return {
    operationId: `${isPatch ? "patch" : "replace"}${name}`,
    summary: isPatch ? `Change parts of a ${name}, all or none` : `Replace a ${name}`,
    tags: [name],
    parameters: parametersOf.write(features),
    requestBody: bodyOf(refTo(isPatch ? "PatchRequest" : requestName(name))),
    responses: {
      200: success(`The ${name} after the change.`, refTo(name), ...tagOf(features)),
      ...(isPatch ? { 204: success("It was changed.") } : {}),
      ...refusalResponses([...always, 404, 409, ...(features.etag ? [412 as const] : []), ...ofBodies]),
    },
  };
}

/** `DELETE` of one resource (RFC 7644 section 3.6). */
export function deleteOperation({ name }: ResourceTypeDefinition, features: OfferedFeatures): Operation {
  return {
    operationId: `delete${name}`,
    summary: `Delete a ${name}`,
    tags: [name],
    parameters: parametersOf.delete(features),
    responses: {
      204: success("The resource was deleted."),
      ...refusalResponses([...always, 404, 409, ...(features.etag ? [412 as const] : [])]),
    },
  };
}

/** The discovery documents (RFC 7644 section 4). */
export function discoveryOperation(operationId: string, summary: string, schema: string, isById: boolean): Operation {
  return {
    operationId,
    summary,
    tags: ["Discovery"],
    ...(isById ? { parameters: parametersOf.byId() } : {}),
    responses: {
      200: success("The discovery document (RFC 7643, sections 5 to 7).", refTo(schema)),
      ...refusalResponses(isById ? [...always, 404] : always),
    },
  };
}

/** `POST /Bulk` (RFC 7644 section 3.7). */
export function bulkOperation(): Operation {
  return {
    operationId: "bulk",
    summary: "Many writes in one request",
    tags: ["Bulk"],
    requestBody: bodyOf(refTo("BulkRequest")),
    responses: {
      200: success("The result of each operation.", refTo("BulkResponse")),
      ...refusalResponses([...always, 409, ...ofBodies]),
    },
  };
}

/** An operation of the protocol that the service answers with 501. */
export function notOfferedOperation(method: string, path: string): Operation {
  const hasBody = method === "post" || method === "put" || method === "patch";
  return {
    operationId: `${method}${path.replaceAll(/[^A-Za-z]/g, "")}NotOffered`,
    summary: "Not offered",
    tags: ["Not offered"],
    responses: refusalResponses([...always, ...(hasBody ? ofBodies : []), 501]),
  };
}

function tagOf({ etag }: OfferedFeatures): readonly string[] {
  return etag ? ["ETag"] : [];
}

function bodyOf(schema: JsonSchema): JsonObject {
  return { required: true, content: { ...contentOf(schema), "application/json": { schema } } };
}
