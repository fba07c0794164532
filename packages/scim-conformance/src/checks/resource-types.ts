import { expectSame, expectThat, listSchema } from "../assertion.ts";
import { check, checksOf, type Chapter, type CheckRow } from "../check.ts";
import { at, shown } from "../json.ts";
import { discoveryList, eachListed, expectLocation, expectSchema, ignoresPaging } from "./discovery.ts";
import { refuses } from "./write-kinds.ts";

const path = "/ResourceTypes";

const descriptionFaults = ["an endpoint without its slash", "a resource type under another name"] as const;

const chapter: Chapter = { clause: "RFC 7643 section 6" };

/** The resource types of the service (RFC 7643 section 6, RFC 7644 section 4). */
export const resourceTypeChecks = checksOf(chapter, {
  "resource-types-are-a-list": check("GET /ResourceTypes is a ListResponse that holds all of them.")
    .clause("RFC 7644 section 4")
    .run(async (target) => {
      const { response, all } = await discoveryList(target, path);
      expectThat(response, all.length > 0, "should hold at least one resource type");
    })
    .faults("discovery that counts one too many", "discovery without the list's schema"),
  "resource-types-are-complete": check("Each resource type has its own schema, a name, an endpoint and a schema URI.")
    .run(
      eachListed(path, (response, type) => {
        const schemas = ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"];
        expectSame(response, `in ${shown(type["name"])} the schemas`, type["schemas"], schemas);
        for (const [name, pattern] of Object.entries({ name: /./, endpoint: /^\/./, schema: /^urn:/ })) {
          const value = type[name];
          const holds = typeof value === "string" && pattern.test(value);
          expectThat(response, holds, `should give each type a ${name} like ${String(pattern)}, not ${shown(value)}`);
        }
      }),
    )
    .faults("an endpoint without its slash"),
  "resource-types-have-user": describes("User").faults(...descriptionFaults),
  "resource-types-have-group": describes("Group").faults(...descriptionFaults, "a list without its last resource type"),
  "resource-types-can-be-read-by-id": check("GET /ResourceTypes/{name} is the same as in the list.")
    .clause("RFC 7644 section 4")
    .run(async (target) => {
      const { all } = await discoveryList(target, path);
      for (const type of all) {
        const one = await target.read(`${path}/${String(type["id"] ?? type["name"])}`);
        expectSame(one, "what the list holds", one.body, type);
      }
    })
    .faults("discovery by id that says less than the list"),
  "resource-types-unknown-is-404": check("A resource type that does not exist is 404.")
    .clause("RFC 7644 section 3.12")
    .run(refuses([404], (target) => target.get(`${path}/Toaster`)))
    .faults("an empty 200 for a resource that does not exist"),
  "resource-types-filter-is-403": check("A filter on ResourceTypes is 403, so that no client takes it for applied.")
    .clause("RFC 7644 section 4")
    .run(refuses([403], (target) => target.get(path, { filter: 'name eq "User"' })))
    .faults("a filter on discovery that is ignored"),
  "resource-types-ignore-paging": check("Paging parameters on ResourceTypes are ignored.")
    .clause("RFC 7644 section 4")
    .run(ignoresPaging(path))
    .faults("discovery that is cut by count"),
  "resource-types-have-meta": check("Each resource type names its resource type and its location.")
    .clause("RFC 7643 section 3.1")
    .run(
      eachListed(path, (response, type) => {
        expectSame(response, "a meta.resourceType", at(type, "meta.resourceType"), "ResourceType");
        expectLocation(response, type, `${path}/${String(type["id"] ?? type["name"])}`);
      }),
    )
    .faults("resource types without meta"),
  "resource-types-name-known-schemas": check("The schema and extensions of each resource type are listed in /Schemas.")
    .run(async (target) => {
      const { response, all } = await discoveryList(target, path);
      const known = (await discoveryList(target, "/Schemas")).all.map(({ id }) => id);
      for (const type of all) {
        const extensions = type["schemaExtensions"] ?? [];
        expectThat(response, Array.isArray(extensions), "should hold schemaExtensions as an array");
        const named = [type["schema"], ...extensions.map((one) => at(one, "schema"))];
        const unknown = named.filter((schema) => !known.includes(schema));
        expectSame(response, "the schemas and extensions missing from /Schemas", unknown, []);
        const isTyped = extensions.every((one) => typeof at(one, "required") === "boolean");
        expectThat(response, isTyped, "should say of each extension if it is required");
      }
    })
    .faults("a resource type with an extension outside /Schemas"),
  "resource-types-endpoints-answer": check("Each endpoint that is named can be queried.")
    .run(async (target) => {
      const { all } = await discoveryList(target, path);
      for (const type of all) expectSchema(await target.get(String(type["endpoint"]), { count: 0 }), listSchema);
    })
    .faults("an endpoint that is named and not there"),
  "resource-types-are-those-of-resources": check("The meta.resourceType of a resource names a resource type.")
    .clause("RFC 7643 section 3.1")
    .run(async (target) => {
      const { response, all } = await discoveryList(target, path);
      const resources = [await target.get(target.person(1).path), await target.get(target.group(1).path)];
      const named = all.map(({ name }) => name);
      const unknown = resources
        .map(({ body }) => at(body, "meta.resourceType"))
        .filter((type) => !named.includes(type));
      expectSame(response, "the resource types missing from /ResourceTypes", unknown, []);
    })
    .faults("people of an unknown resource type"),
});

function describes(name: "User" | "Group"): CheckRow {
  return check(`The resource type ${name} has the endpoint /${name}s and the core ${name} schema.`).run(
    async (target) => {
      const { response, all } = await discoveryList(target, path);
      const type = all.find((candidate) => candidate["name"] === name);
      expectSame(response, `the endpoint of ${name}`, type?.["endpoint"], `/${name}s`);
      expectSame(response, `the schema of ${name}`, type?.["schema"], `urn:ietf:params:scim:schemas:core:2.0:${name}`);
    },
  );
}
