import { isWritable, type ResourceTypeDefinition } from "../schema/attribute-characteristics.ts";
import { isName, isOwnSchema } from "../schema/attribute-notation.ts";
import { badRequest, type ScimError } from "../error.ts";
import { isJsonObject, type JsonObject, memberOfAnyCase, ownMember } from "../json-object.ts";
import { isWithSchema } from "../schema/parse-resource.ts";
import { checkOperation, listUnderName, type PatchContext, type PatchOperation } from "./patch-operation.ts";
import { isForeignPath, parsePatchPath, type PatchPath } from "./patch-path.ts";
import type { QuirkId } from "../quirks/provider-quirks.ts";
import {
  isUnassigned,
  normalizeBody,
  normalizeOperation,
  normalizeResourceValue,
  quirkOfDropped,
} from "../quirks/request-normalization.ts";
import { err, ok, type Result } from "../result.ts";
import { PATCH_OP } from "../schema/schema-uris.ts";

/** The most operations in one PATCH. */
export const patchOperationsMax = 1000;
/** The most characters of all paths of one PATCH, including the names in a value without a path: each is parsed. */
const pathLengthMax = 262_144;

type Operations = Result<readonly PatchOperation[], ScimError>;

/**
 * Reads the body of a PATCH (RFC 7644 section 3.5.2) into operations with one target each. Operations without a path
 * are expanded and dotted and URN keys resolved; unsupported and derived attributes and an equal `id` are dropped.
 * Read-only attributes are dropped from an object without a path, while a path to one is refused. The list may be
 * empty. With `resourceId` another `id` is refused. Known deviations are normalized and added to `quirks`. Errors: 400
 * invalidSyntax, invalidPath, invalidFilter, invalidValue, noTarget (remove without a path), mutability, each with a
 * detail that begins with the number of the operation; 400 tooMany for paths too long to be parsed in one request.
 */
export function parsePatchRequest(
  body: unknown,
  resourceType: ResourceTypeDefinition,
  resourceId?: string,
  quirks: Set<QuirkId> = new Set(),
): Operations {
  const requested = readOperations(body, quirks);
  if (!requested.ok) return requested;
  if (lengthOfPaths(requested.value, resourceType) > pathLengthMax) {
    const detail = `The paths of the operations have more than ${pathLengthMax} characters in all. Send fewer operations in one request; nothing was changed.`;
    return err(badRequest("tooMany", detail));
  }
  const operations: PatchOperation[] = [];
  for (const [index, operation] of requested.value.entries()) {
    const read = readOperation(operation, { resourceType, resourceId, quirks });
    if (!read.ok) return err({ ...read.error, detail: `PATCH operation ${index + 1}: ${read.error.detail}` });
    for (const one of read.value) operations.push(one);
  }
  return ok(operations);
}

/** The valid operations on one attribute in the body of a PATCH, whatever else is in it. */
export function patchOperationsOn(
  body: unknown,
  resourceType: ResourceTypeDefinition,
  name: string,
): readonly PatchOperation[] {
  const context: PatchContext = { resourceType, resourceId: undefined, quirks: new Set(), only: name };
  const requested = readOperations(body, context.quirks);
  if (!requested.ok) return [];
  return requested.value.flatMap((operation) => {
    const read = readOperation(operation, context);
    return read.ok ? read.value.filter(({ path }) => path.attribute.name === name) : [];
  });
}

function readOperations(sent: unknown, quirks: Set<QuirkId>): Result<readonly unknown[], ScimError> {
  if (!isJsonObject(sent)) return refuse("invalidSyntax", "The body must be a JSON object.");
  const body = normalizeBody(sent, PATCH_OP, quirks);
  const [schemas, operations] = [memberOfAnyCase(body, "schemas"), memberOfAnyCase(body, "operations")];
  if (isEmptyList(schemas) || isEmptyList(operations)) quirks.add("empty-lists-in-patch");
  if (!isEmptyList(schemas) && !isWithSchema(schemas, PATCH_OP)) {
    return refuse("invalidSyntax", `"schemas" must be an array that holds ${PATCH_OP}.`);
  }
  if (Array.isArray(operations) && operations.length <= patchOperationsMax) return ok(operations);
  return refuse("invalidSyntax", `"Operations" must be an array of at most ${patchOperationsMax} operations.`);
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** In characters, of well-formed operations; malformed ones are refused when they are read. */
function lengthOfPaths(operations: readonly unknown[], resourceType: ResourceTypeDefinition): number {
  return operations.filter(isJsonObject).reduce((length, operation) => {
    const path = memberOfAnyCase(operation, "path");
    const own = typeof path === "string" ? path.length : 0;
    const isWhole = typeof path !== "string" || isOwnSchema(path, resourceType);
    return length + own + (isWhole ? lengthOfNames(memberOfAnyCase(operation, "value")) : 0);
  }, 0);
}

/**
 * The length of the names in a value without a path, including those of an object under a schema's URN; of JSON text
 * its own length, and of a list of one that of its item.
 */
function lengthOfNames(value: unknown): number {
  const only: unknown = Array.isArray(value) ? value[0] : value;
  if (typeof only === "string") return only.length;
  if (!isJsonObject(only)) return 0;
  const inner = Object.keys(only).map((name) => ownMember(only, name));
  return [only, ...inner]
    .filter(isJsonObject)
    .flatMap((object) => Object.keys(object))
    .reduce((length, name) => length + name.length, 0);
}

function readOperation(sent: unknown, context: PatchContext): Operations {
  if (!isJsonObject(sent)) return refuse("invalidSyntax", "An operation must be an object.");
  const operation = normalizeOperation(sent, context.quirks);
  const op = readOp(memberOfAnyCase(operation, "op"));
  if (op === undefined) return refuse("invalidSyntax", 'Its "op" must be "add", "replace" or "remove".');
  const path = memberOfAnyCase(operation, "path");
  const value = memberOfAnyCase(operation, "value");
  if (path !== undefined && path !== null) {
    if (typeof path !== "string") return refuse("invalidPath", 'Its "path" must be a text.');
    if (isOwnSchema(path, context.resourceType)) return readWholeResource(op, value, context);
    const parsed = parsePatchPath(path, context.resourceType, context.quirks);
    return parsed.ok ? readTarget(op, parsed.value, value, context) : parsed;
  }
  return readWholeResource(op, value, context);
}

function readOp(op: unknown): PatchOperation["op"] | undefined {
  return op === "add" || op === "replace" || op === "remove" ? op : undefined;
}

function readTarget(
  op: PatchOperation["op"],
  path: PatchPath | undefined,
  value: unknown,
  context: PatchContext,
): Operations {
  return path === undefined ? ok([]) : checkOperation(op, path, value, context);
}

/** An operation without a path: each member of its value names a target. */
function readWholeResource(op: PatchOperation["op"], sent: unknown, context: PatchContext): Operations {
  const value = normalizeResourceValue(sent, context.quirks);
  if (op === "remove") return readRemoval(value, context);
  if (!isJsonObject(value))
    return refuse("invalidValue", `The operation "${op}" without a path needs an object as value.`);
  const operations: PatchOperation[] = [];
  for (const [key, member] of membersOfResource(value, context.resourceType)) {
    if (context.only !== undefined && key.slice(key.lastIndexOf(":") + 1).toLowerCase() !== context.only) continue;
    // An empty value of an unsupported attribute is no deviation: a client may clear attributes that it does not know.
    const noted = isUnassigned(member) ? new Set<QuirkId>() : context.quirks;
    const path = parsePatchPath(key, context.resourceType, noted);
    if (!path.ok) {
      if (!mayBeDropped(key, member, path.error, context.resourceType)) return path;
      noted.add(quirkOfDropped(key));
      continue;
    }
    if (isPathKey(key, member)) context.quirks.add("path-as-key");
    if (path.value !== undefined && isReadOnly(path.value)) continue;
    const read = readTarget(op, path.value, member, context);
    if (!read.ok) return read;
    for (const one of read.value) operations.push(one);
  }
  return ok(operations);
}

/** Without a path a removal has one form: the values to remove under the name of their list. */
function readRemoval(value: unknown, context: PatchContext): Operations {
  const attribute = context.resourceType.attributes.find(
    (candidate) => candidate.multiValued && listUnderName(value, candidate) !== undefined,
  );
  if (attribute !== undefined) return checkOperation("remove", { attribute }, value, context);
  return refuse("noTarget", 'The operation "remove" needs a path that says what to remove.');
}

/**
 * Unknown keys are dropped, as in POST and PUT; only an explicit path must be known. A key of another resource type, of
 * a misspelled core schema, or a read-only one is refused, unless its value is empty.
 */
function mayBeDropped(
  key: string,
  member: unknown,
  { scimType }: ScimError,
  resourceType: ResourceTypeDefinition,
): boolean {
  if (scimType === "invalidFilter") return false;
  return isUnassigned(member) || (scimType === "invalidPath" && !isForeignPath(key, resourceType));
}

/**
 * Does the key extend the RFC's form, which is an attribute's name, or the URN of a schema with its attributes below?
 */
function isPathKey(key: string, member: unknown): boolean {
  return /^urn:/i.test(key) ? !isJsonObject(member) : !isName(key);
}

/**
 * Whole resources are sent back as read, so read-only attributes in them are not an input; for an `id` see
 * checkOperation.
 */
function isReadOnly({ attribute, subAttribute }: PatchPath): boolean {
  return !isWritable(subAttribute ?? attribute) && attribute.name !== "id";
}

/** The members of the value, with those of an object under the schema's own URN. */
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
