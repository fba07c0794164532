import {
  type AttributeDefinition,
  findSubAttribute,
  type ResourceTypeDefinition,
} from "../schema/attribute-characteristics.ts";
import { resolveAttribute, withoutOwnUrn } from "../schema/attribute-notation.ts";
import { badRequest, quote, type ScimError } from "../error.ts";
import type { Filter } from "../filter/filter-matching.ts";
import { resolveValueFilter } from "../filter/filter.ts";
import { parsePathSyntax, type PathSyntax } from "../filter/filter-grammar.ts";
import type { QuirkId } from "../quirks/provider-quirks.ts";
import { quirkOfDropped } from "../quirks/request-normalization.ts";
import { err, ok, type Result } from "../result.ts";

/**
 * The target of one PATCH operation: an attribute, a part of a single-valued complex one, or the values of a
 * multi-valued one (or a part of them) that `filter` selects. The filter's paths name sub-attributes (see
 * AttributePath).
 */
export type PatchPath = {
  readonly attribute: AttributeDefinition;
  readonly filter?: Filter;
  readonly subAttribute?: AttributeDefinition;
};

/**
 * Parses a path (RFC 7644 section 3.5.2, figure 7). Undefined for a well-formed path to an ignored attribute: one that
 * the RFC gives the type and we do not support, one of an extension, or a derived one. Errors: 400 invalidPath for a
 * malformed path or an unknown name, 400 mutability for one that no client may write, 400 invalidFilter for a value
 * filter that does not fit the attribute.
 */
export function parsePatchPath(
  text: string,
  resourceType: ResourceTypeDefinition,
  quirks: Set<QuirkId>,
): Result<PatchPath | undefined, ScimError> {
  const syntax = parsePathSyntax(text);
  if (!syntax.ok) return refuse(`The path ${quote(text)} cannot be read: ${syntax.error}.`);
  const named = resolveAttribute(syntax.value.name.text, resourceType);
  if (named.kind === "ignored") return dropped(syntax.value.name.text, resourceType, quirks);
  if (named.kind !== "supported") return err(problemOfName(named.kind, text, resourceType));
  const { attribute, subAttribute } = named.path;
  if (attribute.derived === true || subAttribute?.derived === true) {
    quirks.add("read-only-in-patch");
    return ok(undefined);
  }
  if (syntax.value.filter === undefined) return ok(named.path);
  if (subAttribute !== undefined || !attribute.multiValued) {
    return refuse(`The path ${quote(text)} selects with [...] from ${attribute.name}, which has one value only.`);
  }
  return resolveSelection(syntax.value, syntax.value.filter, attribute, text, quirks);
}

/** Does the path name an attribute or a core schema that only another resource type may have? */
export function isForeignPath(text: string, resourceType: ResourceTypeDefinition): boolean {
  const syntax = parsePathSyntax(text);
  return syntax.ok && resolveAttribute(syntax.value.name.text, resourceType).kind === "foreign";
}

/** The path for a detail; a filter is shown as `[…]`. */
export function printPatchPath(path: PatchPath): string {
  const selection = path.filter === undefined ? "" : "[…]";
  return `${path.attribute.name}${selection}${path.subAttribute === undefined ? "" : `.${path.subAttribute.name}`}`;
}

function problemOfName(
  kind: "readOnly" | "foreign" | "unknown",
  text: string,
  { name, schema }: ResourceTypeDefinition,
): ScimError {
  if (kind === "readOnly")
    return badRequest(
      "mutability",
      `The path ${quote(text)} is read-only: add or remove members of the groups instead.`,
    );
  const detail = `The path ${quote(text)} names no attribute of a ${name} that SCIM knows.`;
  return badRequest("invalidPath", kind === "unknown" ? detail : `${detail} A ${name} has those of ${schema.id}.`);
}

function dropped(name: string, resourceType: ResourceTypeDefinition, quirks: Set<QuirkId>): Result<undefined, never> {
  const local = withoutOwnUrn(name, resourceType);
  // An explicit `schemas` follows the RFC: every resource has it, and here it never changes.
  if (local.toLowerCase() !== "schemas") quirks.add(quirkOfDropped(local));
  return ok(undefined);
}

function resolveSelection(
  syntax: PathSyntax,
  filterSyntax: NonNullable<PathSyntax["filter"]>,
  attribute: AttributeDefinition,
  text: string,
  quirks: Set<QuirkId>,
): Result<PatchPath | undefined, ScimError> {
  const filter = resolveValueFilter(filterSyntax, attribute, quirks);
  if (!filter.ok) return filter;
  if (syntax.subAttribute === undefined) return ok({ attribute, filter: filter.value });
  const subAttribute = findSubAttribute(attribute, syntax.subAttribute);
  if (subAttribute !== undefined) return ok({ attribute, filter: filter.value, subAttribute });
  return refuse(`The path ${quote(text)} names a part of ${attribute.name} that SCIM does not know.`);
}

function refuse(detail: string): { readonly ok: false; readonly error: ScimError } {
  return err(badRequest("invalidPath", detail));
}
