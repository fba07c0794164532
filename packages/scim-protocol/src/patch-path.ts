import {
  type AttributeDefinition,
  findSubAttribute,
  type ResourceTypeDefinition,
} from "./attribute-characteristics.ts";
import { resolveAttribute } from "./attribute-notation.ts";
import { badRequest, quote, type ScimError } from "./error-response-handling.ts";
import { type Filter, resolveValueFilter } from "./filtering.ts";
import { parsePathSyntax, type PathSyntax } from "./filter-grammar.ts";
import { err, ok, type Result } from "./result.ts";
import { isRfcSubAttribute } from "./unsupported-attributes.ts";

/**
 * The target of one PATCH operation: an attribute, a part of a single-valued complex one, or those values of a multi-valued
 * one (or a part of them) that `filter` selects. The filter's paths name sub-attributes (see AttributePath).
 */
export type PatchPath = {
  readonly attribute: AttributeDefinition;
  readonly filter?: Filter;
  readonly subAttribute?: AttributeDefinition;
};

/**
 * Reads a path (RFC 7644 section 3.5.2, figure 7). Undefined for a well-formed path to something that we leave to others:
 * an attribute of the RFC that is not supported, any other URN, or what is derived. Errors: 400 invalidPath for a
 * malformed path or a name that nobody knows, 400 invalidFilter for a value filter that does not fit the attribute.
 */
export function parsePatchPath(
  text: string,
  resourceType: ResourceTypeDefinition,
): Result<PatchPath | undefined, ScimError> {
  const syntax = parsePathSyntax(text);
  if (!syntax.ok) return refuse(`The path ${quote(text)} cannot be read: ${syntax.error}.`);
  const named = resolveAttribute(syntax.value.name.text, resourceType);
  if (named.kind === "ignored") return ok(undefined);
  if (named.kind === "unknown") {
    return refuse(`The path ${quote(text)} names no attribute of a ${resourceType.name} that SCIM knows.`);
  }
  const { attribute, subAttribute } = named.path;
  if (attribute.derived === true || subAttribute?.derived === true) return ok(undefined);
  if (syntax.value.filter === undefined) return ok(named.path);
  if (subAttribute !== undefined || !attribute.multiValued) {
    return refuse(`The path ${quote(text)} selects with [...] from ${attribute.name}, which has one value only.`);
  }
  return resolveSelection(syntax.value, syntax.value.filter, attribute, text);
}

/** The path as an administrator reads it; a filter is shown as `[…]`. */
export function printPatchPath(path: PatchPath): string {
  const selection = path.filter === undefined ? "" : "[…]";
  return `${path.attribute.name}${selection}${path.subAttribute === undefined ? "" : `.${path.subAttribute.name}`}`;
}

function resolveSelection(
  syntax: PathSyntax,
  filterSyntax: NonNullable<PathSyntax["filter"]>,
  attribute: AttributeDefinition,
  text: string,
): Result<PatchPath | undefined, ScimError> {
  const filter = resolveValueFilter(filterSyntax, attribute);
  if (!filter.ok) return filter;
  if (syntax.subAttribute === undefined) return ok({ attribute, filter: filter.value });
  const subAttribute = findSubAttribute(attribute, syntax.subAttribute);
  if (subAttribute !== undefined) return ok({ attribute, filter: filter.value, subAttribute });
  if (isRfcSubAttribute(attribute.name, syntax.subAttribute)) return ok(undefined);
  return refuse(`The path ${quote(text)} names a part of ${attribute.name} that SCIM does not know.`);
}

function refuse(detail: string): { readonly ok: false; readonly error: ScimError } {
  return err(badRequest("invalidPath", detail));
}
