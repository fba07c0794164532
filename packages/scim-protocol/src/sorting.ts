import { findSubAttribute, type ResourceTypeDefinition } from "./schema/attribute-characteristics.ts";
import { type AttributePath, resolveAttribute } from "./schema/attribute-notation.ts";
import { badRequest, quote, type ScimError } from "./error.ts";
import { err, ok, type Result } from "./result.ts";

/** The order of a list. The path never ends at a complex attribute: sorting by `emails` becomes `emails.value`. */
export type Sort = { readonly path: AttributePath; readonly descending: boolean };

/**
 * Reads the sorting parameters (RFC 7644 section 3.4.2.3); undefined if there is no `sortBy`. A multi-valued attribute
 * can be sorted by only if one of its values is the primary one. `others` are the further resource types of the same
 * query: attributes that only they have do not sort here. Errors: 400 invalidValue for an unknown name or order.
 */
export function parseSort(
  query: { readonly sortBy?: string | undefined; readonly sortOrder?: string | undefined },
  resourceType: ResourceTypeDefinition,
  others: readonly ResourceTypeDefinition[] = [],
): Result<Sort | undefined, ScimError> {
  const order = (query.sortOrder ?? "").trim().toLowerCase();
  if (!["", "ascending", "descending"].includes(order)) {
    return err(badRequest("invalidValue", 'sortOrder must be "ascending" or "descending".'));
  }
  const name = (query.sortBy ?? "").trim();
  if (name === "") return ok(undefined);
  const path = sortableAttribute(name, resourceType);
  if (path !== undefined) return ok({ path, descending: order === "descending" });
  if (others.some((other) => sortableAttribute(name, other) !== undefined)) return ok(undefined);
  return err(badRequest("invalidValue", `This service cannot sort a ${resourceType.name} by ${quote(name)}.`));
}

function sortableAttribute(name: string, resourceType: ResourceTypeDefinition): AttributePath | undefined {
  const named = resolveAttribute(name, resourceType);
  return named.kind === "supported" ? sortablePath(named.path) : undefined;
}

function sortablePath(path: AttributePath): AttributePath | undefined {
  if (path.subAttribute?.isOpaque === true) return undefined;
  if (path.attribute.multiValued && findSubAttribute(path.attribute, "primary") === undefined) return undefined;
  if (path.subAttribute !== undefined || path.attribute.type !== "complex") return path;
  const value = findSubAttribute(path.attribute, "value");
  return value === undefined ? undefined : { attribute: path.attribute, subAttribute: value };
}
