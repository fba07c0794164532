import { findAttribute, type ResourceTypeDefinition, type ScimResource } from "./attribute-characteristics.ts";
import { parseValue } from "./attribute-value.ts";
import { badRequest, type ScimError } from "./error-response-handling.ts";
import { isJsonObject, memberOfAnyCase, ownMember } from "./json-object.ts";
import { err, ok, type Result } from "./result.ts";

/**
 * Reads the body of a POST or PUT (RFC 7643 section 3, RFC 7644 sections 3.3 and 3.5.1). The result has `schemas` and the
 * attributes that a client may write, in the schema's spelling; what is unknown, readOnly or null is left out. `members: []`
 * is kept apart from no `members` at all. Errors: 400 invalidSyntax if it is no object or its `schemas` lack the resource
 * type's URN (no `schemas` at all is fine), 400 invalidValue for a wrong type or a required attribute that is missing.
 */
export function parseResource(body: unknown, resourceType: ResourceTypeDefinition): Result<ScimResource, ScimError> {
  if (!isJsonObject(body)) return err(badRequest("invalidSyntax", "The body must be a JSON object."));
  const schemas = memberOfAnyCase(body, "schemas");
  if (!isWithSchema(schemas, resourceType.schema.id)) {
    return err(badRequest("invalidSyntax", `"schemas" must be an array that holds ${resourceType.schema.id}.`));
  }
  const attributes: [string, unknown][] = [["schemas", [resourceType.schema.id]]];
  for (const key of Object.keys(body)) {
    const definition = findAttribute(resourceType.attributes, key);
    const raw = ownMember(body, key);
    if (definition === undefined || definition.mutability === "readOnly" || raw === null || raw === undefined) continue;
    const value = parseValue(definition, raw, definition.name);
    if (!value.ok) return value;
    // A complex value without parts says no more than no value at all.
    if (isJsonObject(value.value) && Object.keys(value.value).length === 0) continue;
    attributes.push([definition.name, value.value]);
  }
  const resource: ScimResource = Object.fromEntries(attributes);
  const missing = resourceType.attributes.find(
    (definition) => definition.required && ownMember(resource, definition.name) === undefined,
  );
  if (missing === undefined) return ok(resource);
  return err(badRequest("invalidValue", `A ${resourceType.name} must have a ${missing.name}.`));
}

/** Do the `schemas` of a body hold the URN, in any letter case? Clients that leave them out or null are accepted. */
export function isWithSchema(schemas: unknown, urn: string): boolean {
  if (schemas === undefined || schemas === null) return true;
  const wanted = urn.toLowerCase();
  return Array.isArray(schemas) && schemas.some((item) => typeof item === "string" && item.toLowerCase() === wanted);
}
