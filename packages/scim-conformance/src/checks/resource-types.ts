import { expectError, expectSame, expectSameSet, expectStatus, expectThat, listSchema } from "../assertion.ts";
import { at, isObject, shown } from "../json.ts";
import { checksOf, type Chapter, type CheckRow } from "../check.ts";
import { type FaultName } from "../testing/faults.ts";
import { discoveryList, eachListed, expectLocation, expectSchema, ignoresPaging } from "./discovery.ts";

const path = "/ResourceTypes";

const chapter: Chapter = { clause: "RFC 7643 section 6" };

/** The kinds of resource that the service has (RFC 7643 section 6, RFC 7644 section 4). */
export const resourceTypeChecks = checksOf(chapter, {
  "resource-types-are-a-list": {
    clause: "RFC 7644 section 4",
    title: "GET /ResourceTypes answers a ListResponse that holds all of them.",
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
    title: "GET /ResourceTypes/{name} answers the same as the list holds.",
    run: async (target) => {
      const { all } = await discoveryList(target, path);
      for (const type of all) {
        const one = await target.get(`${path}/${String(type["id"] ?? type["name"])}`);
        expectStatus(one, 200);
        expectSame(one, "what the list holds", one.body, type);
      }
    },
    faults: ["discovery by id that says less than the list"],
  },
  "resource-types-unknown-is-404": {
    clause: "RFC 7644 section 3.12",
    title: "A resource type that does not exist is 404.",
    run: async (target) => expectError(await target.get(`${path}/Toaster`), 404),
    faults: ["an empty answer for what does not exist"],
  },
  "resource-types-filter-is-403": {
    clause: "RFC 7644 section 4",
    title: "A filter on ResourceTypes is 403, so that nobody believes it was applied.",
    run: async (target) => expectError(await target.get(path, { filter: 'name eq "User"' }), 403),
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
    title: "Each resource type names its own kind and its location.",
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
        for (const schema of [type["schema"], ...extensions.map((one) => at(one, "schema"))])
          expectThat(
            response,
            known.includes(schema),
            `should not name ${shown(schema)}, which /Schemas does not hold`,
          );
        for (const one of extensions)
          expectThat(
            response,
            typeof at(one, "required") === "boolean",
            "should say of each extension if it is required",
          );
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
      const people = await target.get(`/Users/${target.cast.person(1).id}`);
      const group = await target.get(`/Groups/${target.cast.group(1).id}`);
      const used = [people, group].map(({ body }) => String(at(body, "meta.resourceType")));
      const named = all.filter(isObject).map(({ name }) => String(name));
      expectSameSet(
        response,
        "among its names those in use",
        used.filter((name) => named.includes(name)),
        used,
      );
    },
    faults: ["people of a type that nobody has named"],
  },
});

function describes(name: "User" | "Group", faults: readonly FaultName[]): CheckRow {
  return {
    title: `The resource type ${name} stands at /${name}s and has the core ${name} schema.`,
    run: async (target) => {
      const { response, all } = await discoveryList(target, path);
      const type = all.find((candidate) => candidate["name"] === name);
      expectSame(response, `the endpoint of ${name}`, type?.["endpoint"], `/${name}s`);
      expectSame(response, `the schema of ${name}`, type?.["schema"], `urn:ietf:params:scim:schemas:core:2.0:${name}`);
    },
    faults,
  };
}
