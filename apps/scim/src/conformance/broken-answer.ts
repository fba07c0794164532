import { isObject, withBody, type Answered, type JsonObject } from "./breakage.ts";

/** A refusal as an honest service words it. */
export function refusal(status: number, scimType?: string): Answered {
  const schemas = ["urn:ietf:params:scim:api:messages:2.0:Error"];
  const text = JSON.stringify({ schemas, status: String(status), scimType, detail: "This is refused by a breakage." });
  return { status, headers: { "content-type": "application/scim+json" }, text };
}

export function withStatus(answered: Answered, changed: number): Answered {
  return { ...answered, status: changed };
}

/** The answer with another header; undefined takes it away. */
export function withHeader(answered: Answered, name: string, value: string | undefined): Answered {
  const others = Object.entries(answered.headers).filter(([other]) => other !== name);
  return { ...answered, headers: Object.fromEntries(value === undefined ? others : [...others, [name, value]]) };
}

/** A list that has found nobody. */
export function emptied(answered: Answered): Answered {
  return withBody(answered, (body) => ({ ...body, totalResults: 0, itemsPerPage: 0, Resources: [] }));
}

/** The object with a member of a member changed, such as `meta.location`; undefined takes it away. */
export function withInner(object: JsonObject, outer: string, inner: string, value: unknown): JsonObject {
  const held = object[outer];
  return { ...object, [outer]: { ...(isObject(held) ? held : {}), [inner]: value } };
}

/** An array's objects changed, the rest of it left as it is. */
export function eachObject(given: unknown, change: (object: JsonObject) => JsonObject): readonly unknown[] {
  return Array.isArray(given) ? given.map((one: unknown) => (isObject(one) ? change(one) : one)) : [];
}
