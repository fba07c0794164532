import {
  type AttributeDefinition,
  findSubAttribute,
  type ResourceTypeDefinition,
  type ScimResource,
} from "../schema/attribute-characteristics.ts";
import { withoutDescribed, withoutKnown } from "../schema/attribute-value.ts";
import { badRequest, type ScimError } from "../error.ts";
import { countTerms, matchesFilter } from "../filter/filter-matching.ts";
import { isJsonObject, isSameJson, type JsonObject, ownMember } from "../json-object.ts";
import type { PatchOperation } from "./patch-operation.ts";
import { printPatchPath } from "./patch-path.ts";
import { err, ok, type Result } from "../result.ts";

/** The most comparisons of values by the operations of one PATCH, which take about 50 ms. */
const patchComparisonsMax = 200_000;

/**
 * Applies the operations in order and returns the new resource without changing the given one. All or nothing: the
 * first error ends it. If nothing changes, the same object is returned, so that a store can keep `lastModified`. Values
 * are trusted to come from parsePatchRequest. Errors: 400 noTarget if a filter of `add` or `replace` selects nothing,
 * 400 mutability if an immutable part or a required attribute would be changed or removed, 400 tooMany beyond
 * `patchComparisonsMax`.
 */
export function applyPatch(
  resource: ScimResource,
  operations: readonly PatchOperation[],
  resourceType: ResourceTypeDefinition,
): Result<ScimResource, ScimError> {
  let patched = resource;
  let comparisons = 0;
  for (const operation of operations) {
    const { attribute, filter } = operation.path;
    const before = ownMember(patched, attribute.name);
    // The values of a target are compared before and after the operation as well.
    comparisons += asList(before).length * ((filter === undefined ? 0 : countTerms(filter)) + 1);
    if (comparisons > patchComparisonsMax) return err(tooCostly);
    const after = changeAttribute(before, operation);
    if (!after.ok) return after;
    if (!isSameJson(before, after.value)) patched = withMember(patched, attribute.name, after.value);
  }
  const lost = resourceType.attributes.find(
    ({ name, required }) => required && Object.hasOwn(resource, name) && !Object.hasOwn(patched, name),
  );
  // Operations may undo one another, so only the final state is compared.
  if (lost === undefined) return ok(isSameJson(resource, patched) ? resource : patched);
  return err(badRequest("mutability", `${lost.name} is required and cannot be removed.`));
}

const tooCostly = badRequest(
  "tooMany",
  `The operations would make more than ${patchComparisonsMax} comparisons with the values of the resource. Send fewer operations or shorter filters in one request; nothing was changed.`,
);

/** The attribute's value after the operation; undefined if it has none any more. */
function changeAttribute(before: unknown, operation: PatchOperation): Result<unknown, ScimError> {
  const { op, value } = operation;
  const { attribute, filter, subAttribute } = operation.path;
  if (attribute.multiValued && (filter !== undefined || subAttribute !== undefined)) {
    return changeSelected(asList(before), operation);
  }
  if (subAttribute !== undefined) {
    const whole = isJsonObject(before) ? before : {};
    return ok(unlessEmpty(withMember(whole, subAttribute.name, op === "remove" ? undefined : value)));
  }
  if (op === "remove") return ok(removeValues(attribute, before, value));
  if (attribute.multiValued) {
    const elements = asList(value).filter(isJsonObject);
    return ok(op === "replace" ? elements : appendTo(attribute, before, elements));
  }
  return ok(isJsonObject(before) && isJsonObject(value) ? { ...before, ...value } : value);
}

function removeValues(attribute: AttributeDefinition, before: unknown, unwanted: unknown): unknown {
  if (!Array.isArray(unwanted)) return undefined;
  const left = withoutDescribed(attribute, asList(before), unwanted.filter(isJsonObject));
  return left.length === asList(before).length ? before : unlessEmpty(left);
}

function appendTo(attribute: AttributeDefinition, before: unknown, elements: readonly JsonObject[]): unknown {
  const known = asList(before);
  const fresh = withoutKnown(attribute, known, elements);
  return fresh.length === 0 ? before : [...known, ...fresh];
}

function changeSelected(elements: readonly unknown[], operation: PatchOperation): Result<unknown, ScimError> {
  const { op, value, path } = operation;
  const { filter, subAttribute } = path;
  const isSelected = (element: unknown): element is JsonObject =>
    isJsonObject(element) && (filter === undefined || matchesFilter(filter, element));
  if (op === "remove") {
    const left = subAttribute
      ? elements.map((element) => (isSelected(element) ? withMember(element, subAttribute.name, undefined) : element))
      : elements.filter((element) => !isSelected(element));
    return ok(unlessEmpty(left));
  }
  if (!elements.some(isSelected)) {
    return err(
      badRequest("noTarget", `${printPatchPath(path)} selects nothing to ${op}: no value matches the filter.`),
    );
  }
  const change = subAttribute ? { [subAttribute.name]: value } : isJsonObject(value) ? value : {};
  const fixed = elements
    .filter(isSelected)
    .flatMap((element) => changedImmutable(path.attribute, element, change) ?? []);
  if (fixed[0] === undefined) {
    return ok(elements.map((element) => (isSelected(element) ? { ...element, ...change } : element)));
  }
  const name = `${path.attribute.name}.${fixed[0]}`;
  return err(badRequest("mutability", `${name} cannot be changed; remove the value and add another one.`));
}

function changedImmutable(attribute: AttributeDefinition, before: JsonObject, change: JsonObject): string | undefined {
  return Object.keys(change).find(
    (name) =>
      findSubAttribute(attribute, name)?.mutability === "immutable" &&
      !isSameJson(ownMember(before, name), ownMember(change, name)),
  );
}

/** A copy with that member set, or without it for undefined. `name` comes from a definition, never from a client. */
function withMember(object: JsonObject, name: string, value: unknown): JsonObject {
  if (value !== undefined) return { ...object, [name]: value };
  const { [name]: _gone, ...rest } = object;
  return rest;
}

/** An attribute without its last part or value has no value (RFC 7643 section 2.5). */
function unlessEmpty(value: JsonObject | readonly unknown[]): unknown {
  return Object.keys(value).length === 0 ? undefined : value;
}

function asList(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined ? [] : [value];
}
