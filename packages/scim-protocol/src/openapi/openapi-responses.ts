import type { JsonObject } from "../json-object.ts";
import { type JsonSchema, refTo } from "./openapi-attributes.ts";
import { mediaType } from "../schema/schema-uris.ts";

/** The error responses of an operation, by status. Each is an Error of RFC 7644 section 3.12. */
const refusals = {
  400: "The request is malformed or cannot be fulfilled; scimType says why.",
  401: "The SCIM token is missing or invalid.",
  403: "Provisioning is turned off, or a rule of the organization forbids this.",
  404: "There is no such resource in this organization.",
  409: "Conflicts with an existing resource: a name in use, or a role or person that must stay.",
  412: "The resource is no longer at the version that the precondition names.",
  413: "The body is larger than 4 MiB, or holds too much for one request.",
  415: "The body is not JSON in UTF-8.",
  429: "Too many requests, or too many people would lose access at once; nothing was changed.",
  500: "A fault of the service.",
  501: "Defined by the protocol but not supported by this service.",
  503: "The service is temporarily unavailable, as while its database restarts; the same request may succeed later.",
} as const;

export type RefusalStatus = keyof typeof refusals;

const headerNames: Readonly<Record<string, string>> = {
  RequestId: "X-Request-Id",
  RetryAfter: "Retry-After",
  WwwAuthenticate: "WWW-Authenticate",
};

const headers: JsonObject = {
  RequestId: {
    description: "The id of this request in every log.",
    required: true,
    schema: { type: "string", format: "uuid" },
  },
  Location: { description: "The URI of the new resource.", required: true, schema: { type: "string", format: "uri" } },
  ETag: {
    description: "The weak entity-tag of the resource, as in meta.version.",
    required: true,
    schema: { type: "string", pattern: '^W/"[^"]*"$' },
  },
  RetryAfter: { description: "Whole seconds.", required: true, schema: { type: "integer", minimum: 1 } },
  WwwAuthenticate: { description: "Bearer.", required: true, schema: { type: "string" } },
};

/** The shared headers and error responses of the document. */
export const componentResponses: { readonly headers: JsonObject; readonly responses: JsonObject } = {
  headers,
  responses: Object.fromEntries(
    Object.entries(refusals).map(([status, description]) => [
      nameOf(status),
      {
        description,
        headers: headersOf(
          ...(status === "401" ? ["WwwAuthenticate"] : []),
          ...(status === "429" || status === "503" ? ["RetryAfter"] : []),
        ),
        content: contentOf(refTo("Error")),
      },
    ]),
  ),
};

/** The error responses of an operation as references, by status. */
export function refusalResponses(statuses: readonly RefusalStatus[]): JsonObject {
  return Object.fromEntries(
    statuses.map((status) => [String(status), { $ref: `#/components/responses/${nameOf(status)}` }]),
  );
}

/** A success; without a schema it has no body. */
export function success(description: string, schema?: JsonSchema, ...more: readonly string[]): JsonObject {
  return { description, headers: headersOf(...more), ...(schema === undefined ? {} : { content: contentOf(schema) }) };
}

export function contentOf(schema: JsonSchema): JsonObject {
  return { [mediaType]: { schema } };
}

function headersOf(...names: readonly string[]): JsonObject {
  return Object.fromEntries(
    ["RequestId", ...names].map((name) => [headerNames[name] ?? name, { $ref: `#/components/headers/${name}` }]),
  );
}

function nameOf(status: string | number): string {
  return `Refused${status}`;
}
