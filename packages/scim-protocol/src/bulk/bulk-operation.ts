import type { ResourceTypeDefinition } from "../schema/attribute-characteristics.ts";
import { bulkIdsIn, referredBulkId } from "./bulk-id.ts";
import { badRequest, quote, type ScimError } from "../error.ts";
import { groupResourceType } from "../schema/group-schema.ts";
import { isJsonObject, type JsonObject, memberOfAnyCase } from "../json-object.ts";
import { err, ok, type Result } from "../result.ts";
import { PATCH_OP } from "../schema/schema-uris.ts";
import { userResourceType } from "../schema/user-schema.ts";

const methods = ["POST", "PUT", "PATCH", "DELETE"] as const;
export type BulkMethod = (typeof methods)[number];

/** The target of an operation. `id` is "" for the collection; it may be a reference such as `bulkId:qwerty`. */
export type BulkTarget = { readonly resourceType: ResourceTypeDefinition; readonly id: string };

/** The work of an operation. `references` are the bulkIds that must have an id first. */
export type BulkWork = {
  readonly method: BulkMethod;
  readonly target: BulkTarget;
  readonly version: string | undefined;
  readonly data: unknown;
  readonly references: ReadonlySet<string>;
};

/** One operation as sent: the parts that its result repeats, and the work or its error. */
export type BulkOperation = {
  readonly method: string | undefined;
  readonly bulkId: string | undefined;
  readonly target: BulkTarget | undefined;
  readonly work: Result<BulkWork, ScimError>;
};

/** The longest unknown method that a result repeats. */
const methodLengthMax = 20;

/**
 * Reads one operation of a bulk request (RFC 7644 section 3.7), its names and its method in any letter case. Errors of the
 * work: 400 invalidSyntax, invalidPath (also for what bulk does not reach: /Me, /Bulk, discovery, searches), invalidValue.
 */
export function parseBulkOperation(sent: unknown): BulkOperation {
  if (!isJsonObject(sent)) {
    const work = refuse("invalidSyntax", "A bulk operation must be an object.");
    return { method: undefined, bulkId: undefined, target: undefined, work };
  }
  const [given, bulkId] = [textOf(sent, "method")?.toUpperCase(), textOf(sent, "bulkId")];
  const target = parseTarget(memberOfAnyCase(sent, "path"));
  return {
    method: given !== undefined && given.length <= methodLengthMax ? given : undefined,
    bulkId,
    target: target.ok ? target.value : undefined,
    work: parseWork(sent, given, target),
  };
}

function parseWork(
  sent: JsonObject,
  given: string | undefined,
  target: Result<BulkTarget, ScimError>,
): Result<BulkWork, ScimError> {
  const method = methods.find((known) => known === given);
  if (method === undefined) return refuse("invalidSyntax", `Its "method" must be one of ${methods.join(", ")}.`);
  if (!target.ok) return target;
  const problem = problemOfTarget(method, target.value) ?? problemOfMembers(sent, method);
  if (problem !== undefined) return err(problem);
  const { resourceType, id } = target.value;
  const data = dataOf(sent, method);
  const references = new Set(bulkIdsIn(data, method, resourceType));
  const referred = referredBulkId(id);
  if (referred !== undefined) references.add(referred);
  // A resource that does not exist yet has no version.
  const version = method === "POST" ? undefined : textOf(sent, "version");
  return ok({ method, target: target.value, version, data, references });
}

/** The example of section 3.7.3 has the operations of a PATCH alone in its `data`, where section 3.7 has the whole message. */
function dataOf(sent: JsonObject, method: BulkMethod): unknown {
  const data = method === "DELETE" ? undefined : memberOfAnyCase(sent, "data");
  return method === "PATCH" && Array.isArray(data) ? { schemas: [PATCH_OP], Operations: data } : data;
}

const pathPattern = /^\/?(Users|Groups)(?:\/([^/?#]+))?\/?$/;

/** Parses the path, which is relative to the base URL with a percent-encoded id. */
function parseTarget(path: unknown): Result<BulkTarget, ScimError> {
  if (typeof path !== "string") return refuse("invalidSyntax", 'Its "path" must be a text such as "/Users".');
  const [, collection, id = ""] = pathPattern.exec(path) ?? [];
  if (collection === undefined) {
    const detail = `A bulk operation goes to /Users, /Groups or one of theirs, such as /Users/{id}, not to ${quote(path)}.`;
    return refuse("invalidPath", detail);
  }
  const decoded = decode(id);
  if (decoded === undefined)
    return refuse("invalidPath", `The path ${quote(path)} is not valid percent-encoded UTF-8.`);
  return ok({ resourceType: collection === "Users" ? userResourceType : groupResourceType, id: decoded });
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function problemOfTarget(method: BulkMethod, { resourceType, id }: BulkTarget): ScimError | undefined {
  const { endpoint } = resourceType;
  if (method === "POST" && id !== "") return badRequest("invalidPath", `POST goes to ${endpoint}, without an id.`);
  if (method !== "POST" && id === "") return badRequest("invalidPath", `${method} goes to ${endpoint}/{id}.`);
  return undefined;
}

function problemOfMembers(sent: JsonObject, method: BulkMethod): ScimError | undefined {
  for (const name of ["bulkId", "version"]) {
    const value = memberOfAnyCase(sent, name) ?? undefined;
    if (value === undefined || (typeof value === "string" && value !== "")) continue;
    return badRequest("invalidValue", `Its "${name}" must be a text that is not empty.`);
  }
  if (method === "POST" && textOf(sent, "bulkId") === undefined) {
    return badRequest("invalidValue", "A POST must have a bulkId, by which its result is found.");
  }
  const data = memberOfAnyCase(sent, "data") ?? undefined;
  return method !== "DELETE" && data === undefined
    ? badRequest("invalidValue", `A ${method} must have "data".`)
    : undefined;
}

/** The member if it is a text. Required texts are checked elsewhere. */
function textOf(sent: JsonObject, name: string): string | undefined {
  const value = memberOfAnyCase(sent, name);
  return typeof value === "string" ? value : undefined;
}

function refuse(
  scimType: "invalidSyntax" | "invalidPath" | "invalidValue",
  detail: string,
): { readonly ok: false; readonly error: ScimError } {
  return err(badRequest(scimType, detail));
}
