import { expectSame, expectThat, listSchema } from "../assertion.ts";
import { checksOf, type Chapter, type CheckRow } from "../check.ts";
import { at, shown } from "../json.ts";
import type { FaultName } from "../testing/faults.ts";
import { discoveryList, eachListed, expectLocation, expectSchema, ignoresPaging } from "./discovery.ts";
import { refuses } from "./write-kinds.ts";

const path = "/ResourceTypes";

const chapter: Chapter = { clause: "RFC 7643 section 6" };

/** The resource types of the service (RFC 7643 section 6, RFC 7644 section 4). */
export const resourceTypeChecks = checksOf(chapter, {
  "resource-types-are-a-list": {
    clause: "RFC 7644 section 4",
    title: "GET /ResourceTypes is a ListResponse that holds all of them.",
    run: async (target) => {
      const { response, all } = await discoveryList(target, path);
      expectThat(response, all.length > 0, "should hold at least one resource type");
    },
    faults: ["discovery that counts one too many", "discovery without the list's schema"],
  },
  "resource-types-are-complete": {
    title: "Each resource type has the schema of a ResourceType, a name, an endpoint and a schema URI.",
    run: eachListed(path, (response, type) => {
      const schemas = ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"];
      expectSame(response, `in ${shown(type["name"])} the schemas`, type["schemas"], schemas);
      for (const [name, pattern] of Object.entries({ name: /./, endpoint: /^\/./, schema: /^urn:/ })) {
        const value = type[name];
        const holds = typeof value === "string" && pattern.test(value);
        expectThat(response, holds, `should give each type a ${name} like ${String(pattern)}, not ${shown(value)}`);
      }
    }),
    faults: ["an endpoint without its slash"],
  },
  "resource-types-have-user": describes("User", [
    "an endpoint without its slash",
    "a resource type under another name",
  ]),
  "resource-types-have-group": describes("Group", [
    "an endpoint without its slash",
    "a resource type under another name",
    "a list that forgets its last resource type",
  ]),
  "resource-types-can-be-read-by-id": {
    clause: "RFC 7644 section 4",
    title: "GET /ResourceTypes/{name} is the same as in the list.",
    run: async (target) => {
      const { all } = await discoveryList(target, path);
      for (const type of all) {
        const one = await target.read(`${path}/${String(type["id"] ?? type["name"])}`);
        expectSame(one, "what the list holds", one.body, type);
      }
    },
    faults: ["discovery by id that says less than the list"],
  },
  "resource-types-unknown-is-404": {
    clause: "RFC 7644 section 3.12",
    title: "A resource type that does not exist is 404.",
    run: refuses([404], (target) => target.get(`${path}/Toaster`)),
    faults: ["an empty answer for what does not exist"],
  },
  "resource-types-filter-is-403": {
    clause: "RFC 7644 section 4",
    title: "A filter on ResourceTypes is 403, so that no client takes it for applied.",
    run: refuses([403], (target) => target.get(path, { filter: 'name eq "User"' })),
    faults: ["a filter on discovery that is ignored"],
  },
  "resource-types-ignore-paging": {
    clause: "RFC 7644 section 4",
    title: "Paging parameters on ResourceTypes are ignored.",
    run: ignoresPaging(path),
    faults: ["discovery that is cut by count"],
  },
  "resource-types-have-meta": {
    clause: "RFC 7643 section 3.1",
    title: "Each resource type names its resource type and its location.",
    run: eachListed(path, (response, type) => {
      expectSame(response, "a meta.resourceType", at(type, "meta.resourceType"), "ResourceType");
      expectLocation(response, type, `${path}/${String(type["id"] ?? type["name"])}`);
    }),
    faults: ["resource types without meta"],
  },
  "resource-types-name-known-schemas": {
    title: "The schema and the extensions of each resource type are listed in /Schemas.",
    run: async (target) => {
      const { response, all } = await discoveryList(target, path);
      const known = (await discoveryList(target, "/Schemas")).all.map(({ id }) => id);
      for (const type of all) {
        const extensions = type["schemaExtensions"] ?? [];
        expectThat(response, Array.isArray(extensions), "should hold schemaExtensions as an array");
        const named = [type["schema"], ...extensions.map((one) => at(one, "schema"))];
        const unknown = named.filter((schema) => !known.includes(schema));
        expectSame(response, "among its schemas and extensions outside /Schemas", unknown, []);
        const isTyped = extensions.every((one) => typeof at(one, "required") === "boolean");
        expectThat(response, isTyped, "should say of each extension if it is required");
      }
    },
    faults: ["a resource type with an extension that nobody can look up"],
  },
  "resource-types-endpoints-answer": {
    title: "Each endpoint that is named can be queried.",
    run: async (target) => {
      const { all } = await discoveryList(target, path);
      for (const type of all) expectSchema(await target.get(String(type["endpoint"]), { count: 0 }), listSchema);
    },
    faults: ["an endpoint that is named and not there"],
  },
  "resource-types-are-those-of-resources": {
    clause: "RFC 7643 section 3.1",
    title: "The meta.resourceType of people and groups is the name of a resource type.",
    run: async (target) => {
      const { response, all } = await discoveryList(target, path);
      const resources = [await target.get(target.person(1).path), await target.get(target.group(1).path)];
      const named = all.map(({ name }) => name);
      const unknown = resources
        .map(({ body }) => at(body, "meta.resourceType"))
        .filter((type) => !named.includes(type));
      expectSame(response, "among the types in use without a name here", unknown, []);
    },
    faults: ["people of a type that nobody has named"],
  },
});

function describes(name: "User" | "Group", faults: readonly FaultName[]): CheckRow {
  return {
    title: `The resource type ${name} has the endpoint /${name}s and the core ${name} schema.`,
    run: async (target) => {
      const { response, all } = await discoveryList(target, path);
      const type = all.find((candidate) => candidate["name"] === name);
      expectSame(response, `the endpoint of ${name}`, type?.["endpoint"], `/${name}s`);
      expectSame(response, `the schema of ${name}`, type?.["schema"], `urn:ietf:params:scim:schemas:core:2.0:${name}`);
    },
    faults,
  };
}
