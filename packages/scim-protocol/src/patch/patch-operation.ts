import {
  type AttributeDefinition,
  findSubAttribute,
  isWritable,
  type ResourceTypeDefinition,
} from "../schema/attribute-characteristics.ts";
import { parseComplex, parseElements, parseValue } from "../schema/attribute-value.ts";
import { badRequest, type ScimError } from "../error.ts";
import { isJsonObject, type JsonObject, memberOfAnyCase, ownMember } from "../json-object.ts";
import { type PatchPath, printPatchPath } from "./patch-path.ts";
import type { QuirkId } from "../quirks/provider-quirks.ts";
import { normalizePatchValue, normalizeValue } from "../quirks/request-normalization.ts";
import { err, ok, type Result } from "../result.ts";

/**
 * One validated change of one target. `value` is in the schema's form: an array of objects for a whole multi-valued
 * attribute, an object for a complex one (the parts to set) or for `attribute[filter]`, else a text or boolean. For
 * `remove` it is undefined, unless it lists the values of a multi-valued attribute to remove, as Entra does.
 */
export type PatchOperation = {
  readonly op: "add" | "replace" | "remove";
  readonly path: PatchPath;
  readonly value: unknown;
};

type Operations = Result<readonly PatchOperation[], ScimError>;

/** The resource of a PATCH, and the deviations that the request has shown so far. */
export type PatchContext = {
  /** The only attribute to read from an object without a path; default: all. */
  readonly only?: string;
  readonly resourceType: ResourceTypeDefinition;
  readonly resourceId: string | undefined;
  readonly quirks: Set<QuirkId>;
};

/**
 * Validates one operation on one target. Returns none if there is nothing to do (the resource's own id, `add` of null),
 * and two if an object sets some parts and clears others. Errors: 400 invalidValue, mutability, invalidPath.
 */
export function checkOperation(
  op: PatchOperation["op"],
  path: PatchPath,
  value: unknown,
  context: PatchContext,
): Operations {
  const target = path.subAttribute ?? path.attribute;
  const name = printPatchPath(path);
  if (path.attribute.name === "id") return checkId(op, value, context);
  if (!isWritable(target)) {
    const kind = target.mutability === "readOnly" ? "read-only" : target.mutability;
    return refuse("mutability", `${name} is ${kind} and cannot be ${op === "remove" ? "removed" : "changed"}.`);
  }
  if (path.subAttribute !== undefined && path.attribute.multiValued && path.filter === undefined) {
    const example = `${path.attribute.name}[value eq "…"]`;
    return refuse("invalidPath", `${name} could mean several values; select them with a filter such as ${example}.`);
  }
  if (op === "remove") return checkRemoval(path, target, value, context);
  if (value === undefined) return refuse("invalidValue", `The operation "${op}" on ${name} has no value.`);
  if (value === null && target.isAlwaysSet === true) return refuse("invalidValue", `${name} cannot be null.`);
  if (value === null) return op === "replace" ? checkRemoval(path, target, undefined, context) : ok([]);
  if (target.type === "complex" && (path.filter !== undefined || !target.multiValued)) {
    return checkParts(op, path, value, context);
  }
  const parsed = parseValue(target, normalizePatchValue(value, target, context.quirks), name, context.quirks);
  return parsed.ok ? ok([{ op, path, value: parsed.value }]) : parsed;
}

function checkId(op: PatchOperation["op"], value: unknown, { resourceId, quirks }: PatchContext): Operations {
  if (op === "remove") return refuse("mutability", "id is given by the service and cannot be removed.");
  if (value !== null && value !== undefined && resourceId !== undefined && value !== resourceId)
    return refuse("mutability", "id is given by the service and cannot be changed.");
  quirks.add("own-id-in-patch");
  return ok([]);
}

function checkRemoval(path: PatchPath, target: AttributeDefinition, value: unknown, context: PatchContext): Operations {
  const name = printPatchPath(path);
  if (target.required) return refuse("mutability", `${name} is required and cannot be removed.`);
  if (target.isAlwaysSet === true)
    return refuse("mutability", `${name} cannot be removed: it always has a value. Replace it by another one.`);
  const isList = target.multiValued && path.filter === undefined && value !== undefined && value !== null;
  if (!isList) return ok([{ op: "remove", path, value: undefined }]);
  const named = listUnderName(value, target);
  context.quirks.add(named === undefined ? "removal-by-values" : "removal-by-object");
  const list = normalizeValue(named ?? value, target, context.quirks);
  const elements = parseElements(target, list, name, context.quirks);
  return elements.ok ? ok([{ op: "remove", path, value: elements.value }]) : elements;
}

/** The list of an object with nothing else, under the attribute's name: `{"members": […]}`. */
export function listUnderName(value: unknown, { name }: AttributeDefinition): readonly unknown[] | undefined {
  if (!isJsonObject(value) || Object.keys(value).length !== 1) return undefined;
  const list = memberOfAnyCase(value, name);
  return Array.isArray(list) && list.length > 0 ? list : undefined;
}

/** Sets parts of a complex value. A part that `replace` sets to null is cleared, as a null attribute is. */
function checkParts(op: "add" | "replace", path: PatchPath, sent: unknown, { quirks }: PatchContext): Operations {
  const target = path.attribute;
  const value = target.multiValued ? sent : normalizePatchValue(sent, target, quirks);
  const parts = parseComplex(target, value, printPatchPath(path), quirks);
  if (!parts.ok) return parts;
  const operations: PatchOperation[] = [];
  if (Object.keys(parts.value).length > 0) operations.push({ op, path, value: parts.value });
  if (op === "add" || !isJsonObject(value)) return ok(operations);
  for (const subAttribute of clearedParts(target, value)) {
    const partPath = { ...path, subAttribute };
    if (subAttribute.required)
      return refuse("mutability", `${printPatchPath(partPath)} is required and cannot be removed.`);
    operations.push({ op: "remove", path: partPath, value: undefined });
  }
  return ok(operations);
}

function clearedParts(target: AttributeDefinition, value: JsonObject): readonly AttributeDefinition[] {
  const named = Object.keys(value).filter((key) => ownMember(value, key) === null);
  const parts = named.flatMap((key) => findSubAttribute(target, key) ?? []);
  return [...new Set(parts)].filter(isWritable);
}

function refuse(scimType: "invalidValue" | "mutability" | "invalidPath", detail: string): Operations {
  return err(badRequest(scimType, detail));
}
