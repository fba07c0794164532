import { arrayAt, errorSchema, expectSame, expectThat, listSchema } from "../assertion.ts";
import type { Answer } from "../http-client.ts";
import { at, isObject, shown, type JsonObject } from "../json.ts";
import type { Target } from "../target.ts";

/** Reads a list of discovery, all of it at once, and expects what RFC 7644 section 3.4.2 says of a list. */
export async function discoveryList(
  target: Target,
  path: string,
): Promise<{ answer: Answer; all: readonly JsonObject[] }> {
  const answer = await target.get(path);
  expectSchema(answer, listSchema);
  const all = arrayAt(answer, "Resources").filter(isObject);
  expectSame(answer, "totalResults", at(answer.body, "totalResults"), all.length);
  return { answer, all };
}

/** Expects a 200 whose body has this schema. */
export function expectSchema(answer: Answer, schema: string): void {
  expectThat(answer, answer.status === 200, "should answer 200");
  const schemas = at(answer.body, "schemas");
  const holds = Array.isArray(schemas) && schemas.includes(schema);
  expectThat(answer, holds, `should have the schema ${schema}, but has ${shown(schemas)}`);
}

/** Expects a refusal of any kind: a 4xx or 501 in SCIM's form. */
export function expectRefused(answer: Answer): void {
  const isRefusal = (answer.status >= 400 && answer.status < 500) || answer.status === 501;
  const schemas = at(answer.body, "schemas");
  const isScim = Array.isArray(schemas) && schemas.includes(errorSchema);
  expectThat(answer, isRefusal && isScim, "should be refused with a 4xx or 501 and a SCIM error");
}

/** Expects a location that ends so; the host in front may be another than the one that was called. */
export function expectLocation(answer: Answer, resource: unknown, end: string): void {
  const location = at(resource, "meta.location");
  const holds = typeof location === "string" && URL.canParse(location) && location.endsWith(end);
  expectThat(answer, holds, `should hold a meta.location that ends with ${end}, but holds ${shown(location)}`);
}
