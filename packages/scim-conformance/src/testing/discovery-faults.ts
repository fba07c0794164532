import type { JsonObject } from "../json.ts";
import {
  requestOf,
  changeBody,
  changingBody,
  changingList,
  changingResources,
  eachObject,
  error,
  setStatus,
  status,
  when,
  withInner,
  without,
  type Fault,
  type Faults,
} from "./fault.ts";
import { withoutParameter } from "./fault-kinds.ts";

const config = requestOf("GET", /^\/ServiceProviderConfig$/);

const types = requestOf("GET", /^\/ResourceTypes/);
const lists = requestOf("GET", /^\/(?:ResourceTypes|Schemas)$/);

const schemas = requestOf("GET", /^\/Schemas/);

/** Schemas whose attributes and sub-attributes are changed. */
function attributes(change: (attribute: JsonObject) => JsonObject): Fault {
  const deep = (attribute: JsonObject): JsonObject => {
    const { subAttributes, ...own } = change(attribute);
    return subAttributes === undefined ? own : { ...own, subAttributes: eachObject(subAttributes, deep) };
  };
  return changingResources(schemas, (schema) => ({ ...schema, attributes: eachObject(schema["attributes"], deep) }));
}

/** The attribute of this name changed, the others left as they are. */
function only(name: string, change: (attribute: JsonObject) => JsonObject): Fault {
  return attributes((attribute) => (attribute["name"] === name ? change(attribute) : attribute));
}

export const discoveryFaults = {
  "a configuration in a list": changingBody(config, (body) => ({ ...body, Resources: [body] })),
  "a configuration of another schema": changingBody(config, (body) => ({ ...body, schemas: ["urn:none"] })),
  "a configuration without sort": changingBody(config, (body) => without(body, "sort")),
  "a limit as a text": changingBody(config, (body) => withInner(body, "filter", "maxResults", "100")),
  "an authentication scheme of a type of its own": changingBody(config, (body) => ({
    ...body,
    authenticationSchemes: eachObject(body["authenticationSchemes"], (scheme) => ({ ...scheme, type: "token" })),
  })),
  "a configuration without meta": changingBody(config, (body) => without(body, "meta")),
  "a default way of paging that is not offered": changingBody(config, (body) => ({
    ...body,
    pagination: { cursor: false, index: true, defaultPaginationMethod: "cursor" },
  })),
  "a filter on discovery that is ignored": withoutParameter("filter"),
  "paging parameters on discovery that are refused": when(
    ({ request }) => request.query.has("startIndex"),
    () => error(400, "invalidValue"),
  ),
  "a POST to discovery that is read as a GET": {
    request: (request) => (request.method === "POST" ? { ...request, method: "GET", text: "" } : request),
  },
  "a Bulk endpoint that is there without being advertised": {
    response: (exchange) =>
      exchange.request.path === "/Bulk"
        ? { ...error(200), text: '{"Operations":[]}' }
        : changeBody((body) => ("bulk" in body ? withInner(body, "bulk", "supported", false) : body))(exchange),
  },
  "discovery that counts one too many": changingBody(lists, (body) => ({ ...body, totalResults: 99 })),
  "discovery without the list's schema": changingBody(lists, (body) => without(body, "schemas")),
  "an endpoint without its slash": changingResources(types, (type) => ({
    ...type,
    endpoint: String(type["endpoint"]).slice(1),
  })),
  "a resource type under another name": changingResources(types, (type) => ({
    ...type,
    name: `My${String(type["name"])}`,
  })),
  "a list without its last resource type": changingBody(types, ({ Resources, ...body }) => ({
    ...body,
    totalResults: 1,
    Resources: eachObject(Resources, (type) => type).slice(0, 1),
  })),
  "discovery by id that says less than the list": changingResources(
    requestOf("GET", /^\/(?:ResourceTypes|Schemas)\/./),
    (one) => without(one, "description"),
  ),
  "an empty 200 for a resource that does not exist": when(status(404), setStatus(200)),
  "discovery that is cut by count": changingList(
    ({ request }) => request.query.get("count") === "0",
    () => [],
  ),
  "resource types without meta": changingResources(types, (type) => without(type, "meta")),
  "a resource type with an extension outside /Schemas": changingResources(types, (type) => ({
    ...type,
    schemaExtensions: [{ schema: "urn:none", required: false }],
  })),
  "an endpoint that is named and not there": when(requestOf("GET", /^\/Groups$/), setStatus(404)),
  "people of an unknown resource type": changingResources(requestOf("GET", /^\/Users/), (user) =>
    withInner(user, "meta", "resourceType", "Person"),
  ),
  "a schema whose id is no URN": changingResources(schemas, (schema) => ({ ...schema, id: String(schema["name"]) })),
  "a schema without attributes": changingResources(schemas, (schema) => ({ ...schema, attributes: [] })),
  "schemas without meta": changingResources(schemas, (schema) => without(schema, "meta")),
  "a userName that is case-exact": only("userName", (attribute) => ({ ...attribute, caseExact: true })),
  "a userName that two people may have": only("userName", (attribute) => ({ ...attribute, uniqueness: "none" })),
  "an attribute that the schema does not know": only("active", (attribute) => ({ ...attribute, name: "enabled" })),
  "a sub-attribute that the schema does not know": only("givenName", (attribute) => ({
    ...attribute,
    name: "firstName",
  })),
  "a name with a blank": only("displayName", (attribute) => ({ ...attribute, name: "display name" })),
  "a type that the RFC does not know": only("active", (attribute) => ({ ...attribute, type: "bool" })),
  "a mutability in small letters": only("givenName", (attribute) => ({ ...attribute, mutability: "readwrite" })),
  "an attribute that does not say when it is returned": only("active", (attribute) => without(attribute, "returned")),
  "a uniqueness that is a boolean": only("userName", (attribute) => ({ ...attribute, uniqueness: true })),
  "booleans as texts in a schema": only("value", (attribute) => ({ ...attribute, multiValued: "false" })),
  "a complex attribute without parts": only("name", (attribute) => without(attribute, "subAttributes")),
  "a reference without its types": only("$ref", (attribute) => without(attribute, "referenceTypes")),
  "canonical values as one text": only("type", (attribute) => ({ ...attribute, canonicalValues: "work, home" })),
  "a password that is returned": only("displayName", (attribute) => ({ ...attribute, name: "password" })),
} satisfies Faults;
