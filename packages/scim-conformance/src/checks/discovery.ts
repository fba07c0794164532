import { arrayAt, errorSchema, expectMember, expectThat, listSchema } from "../assertion.ts";
import type { Check } from "../check.ts";
import type { ScimResponse } from "../http-client.ts";
import { at, isObject, shown, type JsonObject } from "../json.ts";
import type { Target } from "../target.ts";

/** Reads /ResourceTypes or /Schemas, which must be a complete ListResponse (RFC 7644 section 3.4.2). */
export async function discoveryList(
  target: Target,
  path: string,
): Promise<{ response: ScimResponse; all: readonly JsonObject[] }> {
  const response = await target.get(path);
  expectSchema(response, listSchema);
  const all = arrayAt(response, "Resources").filter(isObject);
  expectMember(response, "totalResults", all.length);
  return { response, all };
}

/** Expects a 200 whose body has this schema. */
export function expectSchema(response: ScimResponse, schema: string): void {
  expectThat(response, response.status === 200, "should answer 200");
  const schemas = at(response.body, "schemas");
  const holds = Array.isArray(schemas) && schemas.includes(schema);
  expectThat(response, holds, `should have the schema ${schema}, but has ${shown(schemas)}`);
}

/** Expects any SCIM error with a 4xx or 501. */
export function expectRefused(response: ScimResponse): void {
  const isRefusal = (response.status >= 400 && response.status < 500) || response.status === 501;
  const schemas = at(response.body, "schemas");
  const isScim = Array.isArray(schemas) && schemas.includes(errorSchema);
  expectThat(response, isRefusal && isScim, "should be refused with a 4xx or 501 and a SCIM error");
}

/** Expects that each of the methods is refused at each of the paths. */
export function refusesMethods(
  paths: readonly string[],
  methods: readonly ("POST" | "PUT" | "PATCH" | "DELETE")[],
): Check["run"] {
  return async (target) => {
    for (const path of paths)
      for (const method of methods)
        expectRefused(await target.send({ method, path, ...(method === "DELETE" ? {} : { body: {} }) }));
  };
}

/** Expects a meta.location with this end; its host may differ from that of the request. */
export function expectLocation(response: ScimResponse, resource: unknown, end: string): void {
  const location = at(resource, "meta.location");
  const holds = typeof location === "string" && URL.canParse(location) && location.endsWith(end);
  expectThat(response, holds, `should hold a meta.location that ends with ${end}, but holds ${shown(location)}`);
}

/** Checks each resource of /ResourceTypes or /Schemas. */
export function eachListed(path: string, expectOf: (response: ScimResponse, one: JsonObject) => void): Check["run"] {
  return async (target) => {
    const { response, all } = await discoveryList(target, path);
    for (const one of all) expectOf(response, one);
  };
}

/** Expects that /ResourceTypes or /Schemas is the same with paging parameters. */
export function ignoresPaging(path: string): Check["run"] {
  return async (target) => {
    const { all } = await discoveryList(target, path);
    const paged = await target.get(path, { startIndex: 2, count: 0 });
    expectSchema(paged, listSchema);
    expectMember(paged, "Resources", all);
  };
}
