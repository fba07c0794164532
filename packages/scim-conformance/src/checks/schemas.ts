import { arrayAt, expectSame, expectThat, objectOf } from "../assertion.ts";
import { check, checksOf, type Chapter } from "../check.ts";
import type { ScimResponse } from "../http-client.ts";
import { at, isObject, shown, type JsonObject } from "../json.ts";
import { groupSchema, userSchema } from "../request-body.ts";
import type { Target } from "../target.ts";
import { discoveryList, eachListed, expectLocation, ignoresPaging } from "./discovery.ts";
import { refuses } from "./write-kinds.ts";

const path = "/Schemas";

const chapter: Chapter = { clause: "RFC 7643 section 7" };

/** The schemas of the resources (RFC 7643 section 7, RFC 7644 section 4). */
export const schemaChecks = checksOf(chapter, {
  "schemas-are-a-list": check("GET /Schemas is a ListResponse with the core User and Group schemas in it.")
    .clause("RFC 7644 section 4")
    .run(async (target) => {
      const { response, all } = await discoveryList(target, path);
      for (const schema of [userSchema, groupSchema])
        expectThat(response, all.map(({ id }) => id).includes(schema), `should hold the schema ${schema}`);
    })
    .faults("discovery that counts one too many", "discovery without the list's schema", "a schema whose id is no URN"),
  "schemas-are-complete": check("Each schema has a URN as its id, a name and attributes.")
    .run(
      eachListed(path, (response, { id, name, attributes }) => {
        const hasUrn = typeof id === "string" && id.startsWith("urn:");
        expectThat(response, hasUrn, `should hold a URN as id, not ${shown(id)}`);
        expectThat(response, typeof name === "string" && name !== "", `should give ${id} a name`);
        expectThat(response, Array.isArray(attributes) && attributes.length > 0, `should give ${id} attributes`);
      }),
    )
    .faults("a schema whose id is no URN", "a schema without attributes"),
  "schemas-can-be-read-by-id": check("GET /Schemas/{urn} is the same as in the list.")
    .clause("RFC 7644 section 4")
    .run(async (target) => {
      const { all } = await discoveryList(target, path);
      for (const schema of all) {
        const one = await target.read(`${path}/${String(schema["id"])}`);
        const { meta: _meta, schemas: _schemas, ...listed } = schema;
        const { meta: _own, schemas: _ownSchemas, ...read } = objectOf(one);
        expectSame(one, "what the list holds", read, listed);
      }
    })
    .faults("discovery by id that says less than the list"),
  "schemas-unknown-is-404": check("A schema that does not exist is 404.")
    .clause("RFC 7644 section 3.12")
    .run(refuses([404], (target) => target.get(`${path}/urn:ietf:params:scim:schemas:core:2.0:Toaster`)))
    .faults("an empty 200 for a resource that does not exist"),
  "schemas-filter-is-403": check("A filter on Schemas is 403, so that no client takes it for applied.")
    .clause("RFC 7644 section 4")
    .run(refuses([403], (target) => target.get(path, { filter: `id eq "${userSchema}"` })))
    .faults("a filter on discovery that is ignored"),
  "schemas-ignore-paging": check("Paging parameters on Schemas are ignored.")
    .clause("RFC 7644 section 4")
    .run(ignoresPaging(path))
    .faults("discovery that is cut by count"),
  "schemas-have-meta": check("Each schema names its resource type and its location.")
    .clause("RFC 7643 section 3.1")
    .run(
      eachListed(path, (response, schema) => {
        expectSame(response, "a meta.resourceType", at(schema, "meta.resourceType"), "Schema");
        expectLocation(response, schema, `${path}/${String(schema["id"])}`);
      }),
    )
    .faults("schemas without meta"),
  "schemas-user-name-is-the-key": check("userName is required, unique in the service and compared in any letter case.")
    .clause("RFC 7643 section 4.1.1")
    .run(async (target) => {
      const response = await target.get(`${path}/${userSchema}`);
      const userName = arrayAt(response, "attributes").find((one) => at(one, "name") === "userName");
      expectSame(response, "a userName that is required", at(userName, "required"), true);
      expectSame(response, "a userName in any letter case", at(userName, "caseExact"), false);
      const uniqueness = at(userName, "uniqueness");
      const isUnique = uniqueness === "server" || uniqueness === "global";
      expectThat(response, isUnique, `should hold a unique userName, not ${shown(uniqueness)}`);
    })
    .faults("a userName that is case-exact", "a userName that two people may have"),
  "schemas-describe-what-is-answered": check("A schema describes every attribute and sub-attribute of its resources.")
    .clause("RFC 7643 section 3.3")
    .run(async (target) => {
      await expectDescribed(target, target.person(1).path, userSchema);
      await expectDescribed(target, target.group(1).path, groupSchema);
    })
    .faults("an attribute that the schema does not know", "a sub-attribute that the schema does not know"),
});

const common = new Set(["schemas", "id", "externalId", "meta"]);

async function expectDescribed(target: Target, resourcePath: string, schema: string): Promise<void> {
  const resource = await target.read(resourcePath);
  const definitions = arrayAt(await target.get(`${path}/${schema}`), "attributes").filter(isObject);
  expectMembersDescribed(resource, objectOf(resource), definitions, "");
}

function expectMembersDescribed(
  response: ScimResponse,
  value: JsonObject,
  known: readonly JsonObject[],
  above: string,
): void {
  for (const [name, inner] of Object.entries(value)) {
    if (above === "" && (common.has(name) || name.startsWith("urn:"))) continue;
    const definition = known.find((candidate) => candidate["name"] === name);
    const isDescribed = definition !== undefined;
    expectThat(response, isDescribed, `should not hold ${above}${name}, which its schema does not describe`);
    const subAttributes = [definition["subAttributes"] ?? []].flat().filter(isObject);
    for (const one of [inner].flat())
      if (isObject(one)) expectMembersDescribed(response, one, subAttributes, `${name}.`);
  }
}
