import {
  expectError,
  expectMember,
  expectSame,
  expectSameSet,
  expectStatus,
  expectThat,
  listSchema,
} from "../assertion.ts";
import type { Check } from "../check.ts";
import { at, isObject, shown } from "../json.ts";
import { discoveryList, expectLocation, expectSchema } from "./discovery.ts";

const clause = "RFC 7643 section 6";
const path = "/ResourceTypes";

/** The kinds of resource that the service has (RFC 7643 section 6, RFC 7644 section 4). */
export const resourceTypeChecks: readonly Check[] = [
  {
    id: "resource-types-are-a-list",
    clause: "RFC 7644 section 4",
    title: "GET /ResourceTypes answers a ListResponse that holds all of them.",
    run: async (target) => {
      const { answer, all } = await discoveryList(target, path);
      expectThat(answer, all.length > 0, "should hold at least one resource type");
    },
  },
  {
    id: "resource-types-are-complete",
    clause,
    title: "Each resource type has the schema of a ResourceType, a name, an endpoint and a schema URI.",
    run: async (target) => {
      const { answer, all } = await discoveryList(target, path);
      for (const type of all) {
        const schemas = ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"];
        expectSame(answer, `in ${shown(type["name"])} the schemas`, type["schemas"], schemas);
        for (const [name, pattern] of Object.entries({ name: /./, endpoint: /^\/./, schema: /^urn:/ })) {
          const value = type[name];
          const holds = typeof value === "string" && pattern.test(value);
          expectThat(answer, holds, `should give each type a ${name} like ${String(pattern)}, not ${shown(value)}`);
        }
      }
    },
  },
  ...(["User", "Group"] as const).map((name): Check => ({
    id: `resource-types-have-${name.toLowerCase()}`,
    clause,
    title: `The resource type ${name} stands at /${name}s and has the core ${name} schema.`,
    run: async (target) => {
      const { answer, all } = await discoveryList(target, path);
      const type = all.find((candidate) => candidate["name"] === name);
      expectSame(answer, `the endpoint of ${name}`, type?.["endpoint"], `/${name}s`);
      expectSame(answer, `the schema of ${name}`, type?.["schema"], `urn:ietf:params:scim:schemas:core:2.0:${name}`);
    },
  })),
  {
    id: "resource-types-can-be-read-by-id",
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
  },
  {
    id: "resource-types-unknown-is-404",
    clause: "RFC 7644 section 3.12",
    title: "A resource type that does not exist is 404.",
    run: async (target) => expectError(await target.get(`${path}/Toaster`), 404),
  },
  {
    id: "resource-types-filter-is-403",
    clause: "RFC 7644 section 4",
    title: "A filter on ResourceTypes is 403, so that nobody believes it was applied.",
    run: async (target) => expectError(await target.get(path, { filter: 'name eq "User"' }), 403),
  },
  {
    id: "resource-types-ignore-paging",
    clause: "RFC 7644 section 4",
    title: "Paging parameters on ResourceTypes are ignored.",
    run: async (target) => {
      const { all } = await discoveryList(target, path);
      const paged = await target.get(path, { startIndex: 2, count: 0 });
      expectSchema(paged, listSchema);
      expectMember(paged, "Resources", all);
    },
  },
  {
    id: "resource-types-have-meta",
    clause: "RFC 7643 section 3.1",
    title: "Each resource type names its own kind and its location.",
    run: async (target) => {
      const { answer, all } = await discoveryList(target, path);
      for (const type of all) {
        expectSame(answer, "a meta.resourceType", at(type, "meta.resourceType"), "ResourceType");
        expectLocation(answer, type, `${path}/${String(type["id"] ?? type["name"])}`);
      }
    },
  },
  {
    id: "resource-types-name-known-schemas",
    clause,
    title: "The schema and the extensions of each resource type are listed in /Schemas.",
    run: async (target) => {
      const { answer, all } = await discoveryList(target, path);
      const known = (await discoveryList(target, "/Schemas")).all.map(({ id }) => id);
      for (const type of all) {
        const extensions = type["schemaExtensions"] ?? [];
        expectThat(answer, Array.isArray(extensions), "should hold schemaExtensions as an array");
        for (const schema of [type["schema"], ...extensions.map((one) => at(one, "schema"))])
          expectThat(answer, known.includes(schema), `should not name ${shown(schema)}, which /Schemas does not hold`);
        for (const one of extensions)
          expectThat(
            answer,
            typeof at(one, "required") === "boolean",
            "should say of each extension if it is required",
          );
      }
    },
  },
  {
    id: "resource-types-endpoints-answer",
    clause,
    title: "Each endpoint that is named can be queried.",
    run: async (target) => {
      const { all } = await discoveryList(target, path);
      for (const type of all) expectSchema(await target.get(String(type["endpoint"]), { count: 0 }), listSchema);
    },
  },
  {
    id: "resource-types-are-those-of-resources",
    clause: "RFC 7643 section 3.1",
    title: "The meta.resourceType of people and groups is the name of a resource type.",
    run: async (target) => {
      const { answer, all } = await discoveryList(target, path);
      const people = await target.get(`/Users/${target.cast.person(1).id}`);
      const group = await target.get(`/Groups/${target.cast.group(1).id}`);
      const used = [people, group].map(({ body }) => String(at(body, "meta.resourceType")));
      const named = all.filter(isObject).map(({ name }) => String(name));
      expectSameSet(
        answer,
        "among its names those in use",
        used.filter((name) => named.includes(name)),
        used,
      );
    },
  },
];
