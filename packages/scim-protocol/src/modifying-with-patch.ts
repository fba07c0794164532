import type { ResourceTypeDefinition } from "./attribute-characteristics.ts";
import { isOwnSchema } from "./attribute-notation.ts";
import { badRequest, type ScimError } from "./error-response-handling.ts";
import { isJsonObject, type JsonObject, memberOfAnyCase, ownMember } from "./json-object.ts";
import { isWithSchema } from "./parse-resource.ts";
import { checkOperation, type PatchOperation } from "./patch-operation.ts";
import { parsePatchPath, type PatchPath } from "./patch-path.ts";
import { err, ok, type Result } from "./result.ts";
import { PATCH_OP } from "./schema-uris.ts";

/** The most operations that one PATCH may have. */
export const patchOperationsMax = 1000;

type Operations = Result<readonly PatchOperation[], ScimError>;
type Context = { readonly resourceType: ResourceTypeDefinition; readonly resourceId: string | undefined };

/**
 * Reads the body of a PATCH (RFC 7644 section 3.5.2) into operations with one target each: those without a path are
 * expanded, dotted and URN keys resolved, and what nobody supports, what we derive ourselves and an equal `id` dropped; so
 * is what is readOnly in an object without a path, while a path to it is refused. The list may be empty: a request with
 * nothing for us is fine. With `resourceId` another `id` is refused.
 * Errors: 400 invalidSyntax, invalidPath, invalidFilter, invalidValue, noTarget (remove without a path), mutability; the
 * detail begins with the number of the operation.
 */
export function parsePatchRequest(
  body: unknown,
  resourceType: ResourceTypeDefinition,
  resourceId?: string,
): Operations {
  const requested = readOperations(body);
  if (!requested.ok) return requested;
  const operations: PatchOperation[] = [];
  for (const [index, operation] of requested.value.entries()) {
    const read = readOperation(operation, { resourceType, resourceId });
    if (!read.ok) return err({ ...read.error, detail: `PATCH operation ${index + 1}: ${read.error.detail}` });
    for (const one of read.value) operations.push(one);
  }
  return ok(operations);
}

function readOperations(body: unknown): Result<readonly unknown[], ScimError> {
  if (!isJsonObject(body)) return refuse("invalidSyntax", "The body must be a JSON object.");
  if (!isWithSchema(memberOfAnyCase(body, "schemas"), PATCH_OP)) {
    return refuse("invalidSyntax", `"schemas" must be an array that holds ${PATCH_OP}.`);
  }
  const operations = memberOfAnyCase(body, "operations");
  if (Array.isArray(operations) && operations.length > 0 && operations.length <= patchOperationsMax) {
    return ok(operations);
  }
  return refuse("invalidSyntax", `"Operations" must be an array of 1 to ${patchOperationsMax} operations.`);
}

function readOperation(operation: unknown, context: Context): Operations {
  if (!isJsonObject(operation)) return refuse("invalidSyntax", "An operation must be an object.");
  const op = readOp(memberOfAnyCase(operation, "op"));
  if (op === undefined) return refuse("invalidSyntax", 'Its "op" must be "add", "replace" or "remove".');
  const path = memberOfAnyCase(operation, "path");
  const value = memberOfAnyCase(operation, "value");
  if (path !== undefined && path !== null) {
    if (typeof path !== "string") return refuse("invalidPath", 'Its "path" must be a text.');
    if (isOwnSchema(path, context.resourceType)) return readWholeResource(op, value, context);
    const parsed = parsePatchPath(path, context.resourceType);
    return parsed.ok ? readTarget(op, parsed.value, value, context) : parsed;
  }
  return readWholeResource(op, value, context);
}

function readOp(op: unknown): PatchOperation["op"] | undefined {
  const name = typeof op === "string" ? op.toLowerCase() : undefined;
  return name === "add" || name === "replace" || name === "remove" ? name : undefined;
}

function readTarget(
  op: PatchOperation["op"],
  path: PatchPath | undefined,
  value: unknown,
  context: Context,
): Operations {
  return path === undefined ? ok([]) : checkOperation(op, path, value, context.resourceId);
}

/** An operation without a path: each member of its value names a target. */
function readWholeResource(op: PatchOperation["op"], value: unknown, context: Context): Operations {
  if (op === "remove") return refuse("noTarget", 'The operation "remove" needs a path that says what to remove.');
  if (!isJsonObject(value))
    return refuse("invalidValue", `The operation "${op}" without a path needs an object as value.`);
  const operations: PatchOperation[] = [];
  for (const [key, member] of membersOfResource(value, context.resourceType)) {
    const path = parsePatchPath(key, context.resourceType);
    // A key that nobody knows is dropped, as in POST and PUT; only an explicit path must mean something.
    if (!path.ok && path.error.scimType === "invalidPath") continue;
    if (!path.ok) return path;
    if (path.value !== undefined && isReadOnly(path.value)) continue;
    const read = readTarget(op, path.value, member, context);
    if (!read.ok) return read;
    for (const one of read.value) operations.push(one);
  }
  return ok(operations);
}

/** Whole resources come back as they were read, so that what is readOnly in them is no wish; of an `id` see checkOperation. */
function isReadOnly({ attribute, subAttribute }: PatchPath): boolean {
  return (subAttribute ?? attribute).mutability === "readOnly" && attribute.name !== "id";
}

/** The members of the value, and of an object under the schema's own URN as if it stood outside. */
function membersOfResource(
  value: JsonObject,
  resourceType: ResourceTypeDefinition,
): readonly (readonly [string, unknown])[] {
  return Object.keys(value).flatMap((key) => {
    const member = ownMember(value, key);
    if (!isOwnSchema(key, resourceType) || !isJsonObject(member)) return [[key, member] as const];
    return Object.keys(member).map((inner) => [inner, ownMember(member, inner)] as const);
  });
}

function refuse(
  scimType: "invalidSyntax" | "invalidPath" | "invalidValue" | "noTarget",
  detail: string,
): { readonly ok: false; readonly error: ScimError } {
  return err(badRequest(scimType, detail));
}
