import {
  type AttributeDefinition,
  findAttribute,
  findSubAttribute,
  type ResourceTypeDefinition,
} from "./attribute-characteristics.ts";
import { isRfcAttribute, isRfcSubAttribute } from "./unsupported-attributes.ts";

/**
 * A supported attribute, or one of its sub-attributes. Inside a value filter `attribute` is a sub-attribute of the
 * filtered attribute, and there is no `subAttribute`.
 */
export type AttributePath = { readonly attribute: AttributeDefinition; readonly subAttribute?: AttributeDefinition };

/** What a name stands for: something we support, something that is well known but not supported, or nothing. */
export type NamedAttribute =
  | { readonly kind: "supported"; readonly path: AttributePath }
  | { readonly kind: "ignored" }
  | { readonly kind: "unknown" };

const namePattern = /^[a-z][a-z0-9_-]*$/i;
const urnPattern = /^urn:[^:\s]+(?::[^:\s]+)+$/i;

/**
 * Resolves `attribute`, `attribute.subAttribute` or either behind a schema's URN, all in any letter case
 * (RFC 7644 section 3.10). Any URN but the resource type's own counts as a known extension that is ignored.
 */
export function resolveAttribute(name: string, resourceType: ResourceTypeDefinition): NamedAttribute {
  if (isOwnSchema(name, resourceType)) return { kind: "unknown" };
  const local = withoutOwnUrn(name, resourceType);
  if (/^urn:/i.test(local)) return { kind: urnPattern.test(local) ? "ignored" : "unknown" };
  const [attributeName = "", subAttributeName, ...rest] = local.split(".");
  if (rest.length > 0 || (subAttributeName !== undefined && !isName(subAttributeName))) return { kind: "unknown" };
  const attribute = findAttribute(resourceType.attributes, attributeName);
  if (attribute === undefined) return { kind: isRfcAttribute(attributeName) ? "ignored" : "unknown" };
  if (subAttributeName === undefined) return { kind: "supported", path: { attribute } };
  const subAttribute = findSubAttribute(attribute, subAttributeName);
  if (subAttribute !== undefined) return { kind: "supported", path: { attribute, subAttribute } };
  // Entra sends whatever is mapped: parts of a derived attribute are ignored just as the attribute itself is.
  const isIgnored = attribute.derived === true || isRfcSubAttribute(attributeName, subAttributeName);
  return { kind: isIgnored ? "ignored" : "unknown" };
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
