import { type AttributeDefinition, findSubAttribute } from "./attribute-characteristics.ts";
import { parseComplex, parseElements, parseValue } from "./attribute-value.ts";
import { badRequest, type ScimError } from "./error-response-handling.ts";
import { isJsonObject, type JsonObject, ownMember } from "./json-object.ts";
import { type PatchPath, printPatchPath } from "./patch-path.ts";
import { err, ok, type Result } from "./result.ts";

/**
 * One change of one target, checked. `value` is in the schema's form: an array of objects for a whole multi-valued
 * attribute, an object for a complex one (the parts to set) or for `attribute[filter]`, else a text or boolean. For
 * `remove` it is undefined, unless it lists the values of a multi-valued attribute to remove, as Entra does.
 */
export type PatchOperation = {
  readonly op: "add" | "replace" | "remove";
  readonly path: PatchPath;
  readonly value: unknown;
};

type Operations = Result<readonly PatchOperation[], ScimError>;

/**
 * Checks one operation on one target. None comes back if there is nothing to do (the resource's own id, `add` of null); two may, if an object sets some parts and clears others. Errors: 400 invalidValue, mutability, invalidPath.
 */
export function checkOperation(
  op: PatchOperation["op"],
  path: PatchPath,
  value: unknown,
  resourceId: string | undefined,
): Operations {
  const target = path.subAttribute ?? path.attribute;
  const name = printPatchPath(path);
  if (path.attribute.name === "id") return checkId(op, value, resourceId);
  if (target.mutability === "readOnly") {
    return refuse("mutability", `${name} is read-only and cannot be ${op === "remove" ? "removed" : "changed"}.`);
  }
  if (path.subAttribute !== undefined && path.attribute.multiValued && path.filter === undefined) {
    const example = `${path.attribute.name}[value eq "…"]`;
    return refuse("invalidPath", `${name} could mean several values; select them with a filter such as ${example}.`);
  }
  if (op === "remove") return checkRemoval(path, target, name, value);
  if (value === undefined) return refuse("invalidValue", `The operation "${op}" on ${name} has no value.`);
  if (value === null) return op === "replace" ? checkRemoval(path, target, name, undefined) : ok([]);
  if (target.type === "complex" && (path.filter !== undefined || !target.multiValued)) {
    return checkParts(op, path, target, value);
  }
  const parsed = parseValue(target, target.multiValued ? value : unwrapValue(value), name);
  return parsed.ok ? ok([{ op, path, value: parsed.value }]) : parsed;
}

/** Older Entra sends a plain text as `[{"$ref": null, "value": "text"}]`. */
function unwrapValue(value: unknown): unknown {
  const only: unknown = Array.isArray(value) && value.length === 1 ? value[0] : undefined;
  return isJsonObject(only) && Object.hasOwn(only, "value") ? only["value"] : value;
}

/** Okta and authentik send a resource's own id along. */
function checkId(op: PatchOperation["op"], value: unknown, resourceId: string | undefined): Operations {
  if (op === "remove") return refuse("mutability", "id is given by the service and cannot be removed.");
  if (value === null || value === undefined || resourceId === undefined || value === resourceId) return ok([]);
  return refuse("mutability", "id is given by the service and cannot be changed.");
}

function checkRemoval(path: PatchPath, target: AttributeDefinition, name: string, value: unknown): Operations {
  if (target.required) return refuse("mutability", `${name} is required and cannot be removed.`);
  const isList = target.multiValued && path.filter === undefined && value !== undefined && value !== null;
  if (!isList) return ok([{ op: "remove", path, value: undefined }]);
  const elements = parseElements(target, value, name);
  return elements.ok ? ok([{ op: "remove", path, value: elements.value }]) : elements;
}

/** Sets parts of a complex value. A part that `replace` names as null is cleared, as a null attribute is. */
function checkParts(op: "add" | "replace", path: PatchPath, target: AttributeDefinition, value: unknown): Operations {
  const parts = parseComplex(target, value, printPatchPath(path));
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
  return [...new Set(parts)].filter((part) => part.mutability !== "readOnly");
}

function refuse(scimType: "invalidValue" | "mutability" | "invalidPath", detail: string): Operations {
  return err(badRequest(scimType, detail));
}
