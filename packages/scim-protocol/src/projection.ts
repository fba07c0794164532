import {
  type AttributeDefinition,
  findAttribute,
  type ResourceTypeDefinition,
  type ScimResource,
} from "./schema/attribute-characteristics.ts";
import { type AttributePath, resolveAttribute } from "./schema/attribute-notation.ts";
import { badRequest, type ScimError } from "./error.ts";
import { isJsonObject, ownMember } from "./json-object.ts";
import { err, ok, type Result } from "./result.ts";

/** The attributes of a response: those returned by default, only the named ones, or all but the named ones. */
export type Projection = {
  readonly kind: "default" | "only" | "except";
  readonly paths: readonly AttributePath[];
  readonly resourceType: ResourceTypeDefinition;
};

/** The most characters in a list of attribute names. */
const namesLengthMax = 8192;

/**
 * Reads the query parameters of RFC 7644 section 3.9, names separated by commas. Unknown names are ignored; a parameter
 * without any name counts as absent. Errors: 400 invalidValue if both are given or one is too long.
 */
export function parseProjection(
  query: { readonly attributes?: string | undefined; readonly excludedAttributes?: string | undefined },
  resourceType: ResourceTypeDefinition,
): Result<Projection, ScimError> {
  const only = query.attributes?.trim() ?? "";
  const except = query.excludedAttributes?.trim() ?? "";
  if (only !== "" && except !== "") {
    return err(badRequest("invalidValue", "Give either attributes or excludedAttributes, not both."));
  }
  if (Math.max(only.length, except.length) > namesLengthMax) {
    return err(badRequest("invalidValue", `The list of attributes is longer than ${namesLengthMax} characters.`));
  }
  if (only !== "") return ok({ kind: "only", paths: parsePaths(only, resourceType), resourceType });
  if (except !== "") return ok({ kind: "except", paths: parsePaths(except, resourceType), resourceType });
  return ok({ kind: "default", paths: [], resourceType });
}

/** Projects a resource. `schemas` and attributes that are returned "always" stay in any case. */
export function project(resource: ScimResource, projection: Projection): ScimResource {
  const kept: [string, unknown][] = [];
  const schemas = ownMember(resource, "schemas");
  if (schemas !== undefined) kept.push(["schemas", schemas]);
  for (const attribute of projection.resourceType.attributes) {
    const value = ownMember(resource, attribute.name);
    if (value === undefined || !isAttributeKept(projection, attribute)) continue;
    const shown = projectParts(projection, attribute, value);
    if (shown !== undefined) kept.push([attribute.name, shown]);
  }
  return Object.fromEntries(kept);
}

/** Does the response include this attribute, or a part of it? Lets a store skip loading unused attributes. */
export function isRequested(projection: Projection, attributeName: string): boolean {
  const attribute = findAttribute(projection.resourceType.attributes, attributeName);
  return attribute !== undefined && isAttributeKept(projection, attribute);
}

function parsePaths(names: string, resourceType: ResourceTypeDefinition): readonly AttributePath[] {
  const paths = [...new Set(names.split(","))].flatMap((name) => {
    const named = resolveAttribute(name.trim(), resourceType);
    return named.kind === "supported" ? [named.path] : [];
  });
  // Each path costs another look for every resource of a list, so repeated names are removed.
  return paths.filter(
    ({ attribute, subAttribute }, index) =>
      paths.findIndex((path) => path.attribute === attribute && path.subAttribute === subAttribute) === index,
  );
}

function isAttributeKept(projection: Projection, attribute: AttributeDefinition): boolean {
  const paths = projection.paths.filter((path) => path.attribute === attribute);
  // Excluding a part of an attribute does not exclude the attribute.
  const isNamed = projection.kind === "except" ? paths.some((path) => !path.subAttribute) : paths.length > 0;
  return isKept(projection, attribute, isNamed);
}

function isKept(projection: Projection, definition: AttributeDefinition, isNamed: boolean): boolean {
  switch (definition.returned) {
    case "always":
      return true;
    case "never":
      return false;
    case "request":
      return projection.kind === "only" && isNamed;
    case "default":
      return projection.kind === "default" || (projection.kind === "only") === isNamed;
  }
}

/** Undefined if nothing of a complex value is left. */
function projectParts(projection: Projection, attribute: AttributeDefinition, value: unknown): unknown {
  const parts = projection.paths.filter((path) => path.attribute === attribute && path.subAttribute !== undefined);
  const isWhole = projection.paths.some((path) => path.attribute === attribute && path.subAttribute === undefined);
  if (parts.length === 0 || isWhole) return value;
  const keep = (item: unknown): unknown => (isJsonObject(item) ? keepParts(projection, attribute, item, parts) : item);
  if (Array.isArray(value)) return value.map(keep);
  const shown = keep(value);
  return isJsonObject(shown) && Object.keys(shown).length === 0 ? undefined : shown;
}

function keepParts(
  projection: Projection,
  attribute: AttributeDefinition,
  value: ScimResource,
  parts: readonly AttributePath[],
): ScimResource {
  const kept = (attribute.subAttributes ?? []).filter(
    (part) =>
      Object.hasOwn(value, part.name) &&
      isKept(
        projection,
        part,
        parts.some((path) => path.subAttribute === part),
      ),
  );
  return Object.fromEntries(kept.map((part) => [part.name, value[part.name]]));
}
