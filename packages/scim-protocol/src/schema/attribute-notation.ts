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
 * The meaning of a name: a supported attribute; an unsupported one of the type or of an extension (`ignored`), or one
 * that clients may not write either (`readOnly`); one of another resource type or of an unknown core schema
 * (`foreign`); or nothing.
 */
export type NamedAttribute =
  | { readonly kind: "supported"; readonly path: AttributePath }
  | { readonly kind: "ignored" | "readOnly" | "foreign" | "unknown" };

const namePattern = /^[a-z][a-z0-9_-]*$/i;
const urnPattern = /^urn:[^:\s]+(?::[^:\s]+)+$/i;
/** A core schema, in any spelling of the rest. Extensions of any name are not included. */
const corePattern = /^urn:(?:ietf|scim):(?!(?:params:scim:)?schemas:extension:)(?:[^:]*:)*core[^:]*(?::|$)/i;

/**
 * Resolves `attribute`, `attribute.subAttribute` or either after a schema's URN, all in any letter case (RFC 7644
 * section 3.10). Any URN that is not a core one counts as a known extension that is ignored.
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
  // Entra sends whatever is mapped: parts of a derived attribute are ignored like the attribute itself.
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

/** Is this the URN of the resource type's own schema, in any letter case and without an attribute after it? */
export function isOwnSchema(name: string, resourceType: ResourceTypeDefinition): boolean {
  return name.toLowerCase() === resourceType.schema.id.toLowerCase();
}

/** Is this a valid name of an attribute or sub-attribute (RFC 7643 section 2.1)? */
export function isName(text: string): boolean {
  return text === "$ref" || namePattern.test(text);
}

/** The path for a detail, such as `name.givenName`. */
export function printAttributePath(path: AttributePath): string {
  return path.subAttribute === undefined ? path.attribute.name : `${path.attribute.name}.${path.subAttribute.name}`;
}

/** The name without the URN of the resource type's own schema before it. */
export function withoutOwnUrn(name: string, resourceType: ResourceTypeDefinition): string {
  const prefix = `${resourceType.schema.id.toLowerCase()}:`;
  return name.toLowerCase().startsWith(prefix) ? name.slice(prefix.length) : name;
}
