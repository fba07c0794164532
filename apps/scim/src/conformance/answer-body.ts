import type { Answered } from "./breakage.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

/** A refusal as an honest service words it. */
export function refusal(status: number, scimType?: string): Answered {
  const schemas = ["urn:ietf:params:scim:api:messages:2.0:Error"];
  const text = JSON.stringify({ schemas, status: String(status), scimType, detail: "This is refused by a breakage." });
  return { status, headers: { "content-type": "application/scim+json" }, text };
}

/** The answer with another body; one that is no JSON object is left as it is. */
export function withBody(answered: Answered, change: (body: JsonObject) => unknown): Answered {
  const body: unknown = answered.text === "" ? undefined : JSON.parse(answered.text);
  return isObject(body) ? { ...answered, text: JSON.stringify(change(body)) } : answered;
}

/** The answer with every resource changed: those of a list, or the one that it is. Refusals are left as they are. */
export function withResources(answered: Answered, change: (resource: JsonObject) => JsonObject): Answered {
  if (answered.status >= 300) return answered;
  return withBody(answered, (body) =>
    isList(body) ? { ...body, Resources: eachObject(body["Resources"], change) } : change(body),
  );
}

/** The answer with another list of resources, all else as it was; what is no list is left as it is. */
export function withList(
  answered: Answered,
  change: (resources: readonly JsonObject[]) => readonly JsonObject[],
): Answered {
  return withBody(answered, (body) =>
    isList(body) ? { ...body, Resources: change(objectsIn(body["Resources"])) } : body,
  );
}

/** A list that has found nobody. */
export function emptied(answered: Answered): Answered {
  return withBody(answered, (body) => ({ ...body, totalResults: 0, itemsPerPage: 0, Resources: [] }));
}

/** The object without some of its members. */
export function without(object: JsonObject, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
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

function isList(body: JsonObject): boolean {
  return Array.isArray(body["Resources"]);
}

function objectsIn(given: unknown): readonly JsonObject[] {
  return Array.isArray(given) ? given.filter(isObject) : [];
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
