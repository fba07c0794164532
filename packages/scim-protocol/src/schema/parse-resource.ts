import { findAttribute, type ResourceTypeDefinition, type ScimResource } from "./attribute-characteristics.ts";
import { parseValue } from "./attribute-value.ts";
import { badRequest, type ScimError } from "../error.ts";
import { isJsonObject, memberOfAnyCase, ownMember } from "../json-object.ts";
import type { QuirkId } from "../quirks/provider-quirks.ts";
import {
  hasNoValue,
  isUnassigned,
  normalizeBody,
  normalizePatchValue,
  normalizeValue,
  quirkOfDropped,
} from "../quirks/request-normalization.ts";
import { err, ok, type Result } from "../result.ts";

/**
 * Reads the body of a POST or PUT (RFC 7643 section 3, RFC 7644 sections 3.3 and 3.5.1). The result has `schemas` and
 * the writable attributes, in the schema's spelling; unknown and readOnly attributes and those without a value (null,
 * or [] of a single-valued attribute) are left out. `members: []` differs from absent `members`. Known deviations are
 * normalized and added to `quirks`. Errors: 400 invalidSyntax if it is not an object or its `schemas` are of another
 * type, 400 invalidValue for a wrong type or a missing required attribute.
 */
export function parseResource(
  sent: unknown,
  resourceType: ResourceTypeDefinition,
  quirks: Set<QuirkId> = new Set(),
): Result<ScimResource, ScimError> {
  if (!isJsonObject(sent)) return err(badRequest("invalidSyntax", "The body must be a JSON object."));
  const body = normalizeBody(sent, resourceType.schema.id, quirks);
  const schemas = memberOfAnyCase(body, "schemas");
  if (!isWithSchema(schemas, resourceType.schema.id)) {
    return err(badRequest("invalidSyntax", `"schemas" must be an array that holds ${resourceType.schema.id}.`));
  }
  const attributes: [string, unknown][] = [["schemas", [resourceType.schema.id]]];
  for (const key of Object.keys(body)) {
    const definition = findAttribute(resourceType.attributes, key);
    const raw = ownMember(body, key);
    if (definition === undefined && key.toLowerCase() !== "schemas" && !isUnassigned(raw))
      quirks.add(quirkOfDropped(key));
    if (definition === undefined || definition.mutability === "readOnly" || hasNoValue(raw, definition)) continue;
    const value = parseValue(definition, normalizeValue(raw, definition, quirks), definition.name, quirks);
    if (!value.ok) return value;
    // A complex value without parts counts as no value.
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

/** Is the attribute in the body, even without a value (RFC 7643 section 2.5)? */
export function namesAttribute(body: unknown, name: string): boolean {
  return isJsonObject(body) && memberOfAnyCase(body, name) !== undefined;
}

/**
 * The value of one attribute of a body, whatever else is in it, read as leniently as that of a PATCH; undefined: none, or a
 * wrong one.
 */
export function attributeOf(body: unknown, resourceType: ResourceTypeDefinition, name: string): unknown {
  const definition = findAttribute(resourceType.attributes, name);
  const raw = isJsonObject(body) ? memberOfAnyCase(body, name) : undefined;
  if (definition === undefined || hasNoValue(raw, definition)) return undefined;
  const quirks = new Set<QuirkId>();
  const value = parseValue(definition, normalizePatchValue(raw, definition, quirks), name, quirks);
  return value.ok ? value.value : undefined;
}

/** Do the `schemas` of a body hold the URN and nothing else, in any letter case? */
export function isWithSchema(schemas: unknown, urn: string): boolean {
  const wanted = urn.toLowerCase();
  if (!Array.isArray(schemas) || schemas.length === 0) return false;
  return schemas.every((item) => typeof item === "string" && item.toLowerCase() === wanted);
}
