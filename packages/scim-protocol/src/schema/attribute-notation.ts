import {
  type AttributeDefinition,
  findAttribute,
  findSubAttribute,
  type ResourceTypeDefinition,
} from "./attribute-characteristics.ts";
import { allResourceTypes } from "./resource-types.ts";

/**
 * A supported attribute, or one of its sub-attributes. Inside a value filter `attribute` is a sub-attribute of the
 * filtered attribute, and there is no `subAttribute`.
 */
export type AttributePath = { readonly attribute: AttributeDefinition; readonly subAttribute?: AttributeDefinition };

/**
 * What a name stands for: an attribute that we support; one of the type or of an extension that we do not (`ignored`), or
 * that no client may write either (`readOnly`); one of another resource type or of a core schema that does not exist
 * (`foreign`); or nothing.
 */
export type NamedAttribute =
  | { readonly kind: "supported"; readonly path: AttributePath }
  | { readonly kind: "ignored" | "readOnly" | "foreign" | "unknown" };

const namePattern = /^[a-z][a-z0-9_-]*$/i;
const urnPattern = /^urn:[^:\s]+(?::[^:\s]+)+$/i;
/** A schema of the core, however the rest of it is spelt. Extensions of whatever name are no part of it. */
const corePattern = /^urn:(?:ietf|scim):(?!(?:params:scim:)?schemas:extension:)(?:[^:]*:)*core[^:]*(?::|$)/i;

/**
 * Resolves `attribute`, `attribute.subAttribute` or either behind a schema's URN, all in any letter case
 * (RFC 7644 section 3.10). Any URN that is no core one counts as a known extension that is ignored.
 */
export function resolveAttribute(name: string, resourceType: ResourceTypeDefinition): NamedAttribute {
  if (isOwnSchema(name, resourceType)) return { kind: "unknown" };
  const local = withoutOwnUrn(name, resourceType);
  if (/^urn:/i.test(local)) return { kind: kindOfUrn(local) };
  const [attributeName = "", subAttributeName, ...rest] = local.split(".");
  if (rest.length > 0 || (subAttributeName !== undefined && !isName(subAttributeName))) return { kind: "unknown" };
  const attribute = findAttribute(resourceType.attributes, attributeName);
  if (attribute === undefined) return { kind: kindOfUnsupported(attributeName, resourceType) };
  if (subAttributeName === undefined) return { kind: "supported", path: { attribute } };
  const subAttribute = findSubAttribute(attribute, subAttributeName);
  if (subAttribute !== undefined) return { kind: "supported", path: { attribute, subAttribute } };
  // Entra sends whatever is mapped: parts of a derived attribute are ignored just as the attribute itself is.
  const isIgnored = attribute.derived === true || resourceType.notKept.writable.has(local.toLowerCase());
  return { kind: isIgnored ? "ignored" : "unknown" };
}

function kindOfUrn(urn: string): "ignored" | "foreign" | "unknown" {
  if (corePattern.test(urn)) return "foreign";
  return urnPattern.test(urn) ? "ignored" : "unknown";
}

function kindOfUnsupported(
  name: string,
  { notKept }: ResourceTypeDefinition,
): "ignored" | "readOnly" | "foreign" | "unknown" {
  const lowerCased = name.toLowerCase();
  if (notKept.writable.has(lowerCased)) return "ignored";
  if (notKept.readOnly.has(lowerCased)) return "readOnly";
  return allResourceTypes.some(({ attributes }) => findAttribute(attributes, name) !== undefined)
    ? "foreign"
    : "unknown";
}

/** Is this the URN of the resource type's own schema, in any letter case and with no attribute behind it? */
export function isOwnSchema(name: string, resourceType: ResourceTypeDefinition): boolean {
  return name.toLowerCase() === resourceType.schema.id.toLowerCase();
}

/** May this be the name of an attribute or sub-attribute (RFC 7643 section 2.1)? */
export function isName(text: string): boolean {
  return text === "$ref" || namePattern.test(text);
}

/** The path as an administrator reads it, such as `name.givenName`. */
export function printAttributePath(path: AttributePath): string {
  return path.subAttribute === undefined ? path.attribute.name : `${path.attribute.name}.${path.subAttribute.name}`;
}

/** The name without the URN of the resource type's own schema in front of it. */
export function withoutOwnUrn(name: string, resourceType: ResourceTypeDefinition): string {
  const prefix = `${resourceType.schema.id.toLowerCase()}:`;
  return name.toLowerCase().startsWith(prefix) ? name.slice(prefix.length) : name;
}
