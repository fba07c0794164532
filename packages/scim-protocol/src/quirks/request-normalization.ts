import type { AttributeDefinition } from "../schema/attribute-characteristics.ts";
import { isJsonObject, type JsonObject, memberOfAnyCase, ownMember } from "../json-object.ts";
import { keepPlusSigns } from "../filter/plus-sign.ts";
import type { QuirkId, QuirkOf } from "./provider-quirks.ts";
import { problemOfJson } from "../strict-json.ts";

/**
 * Returns the RFC's form, or the same value if it has that form already, so that a changed identity reveals a
 * deviation.
 */
type Normalizer<T, Context> = (value: T, context: Context) => T;

// One record per stage: a row of the table without its normalizer does not compile, nor does a normalizer without its
// row.
const authorization = ordered<QuirkOf<"authorization">, Normalizer<string, undefined>>({
  "bare-token": (header) => (/^\S+$/.test(header) && !/^bearer$/i.test(header) ? `Bearer ${header}` : header),
});
const address = ordered<QuirkOf<"address">, Normalizer<string, undefined>>({
  "doubled-slash": (sent) =>
    sent.includes("//") ? sent.replace(/^\/[^?]*/, (path) => path.replaceAll(/\/{2,}/g, "/")) : sent,
});
const query = ordered<QuirkOf<"query">, Normalizer<string, undefined>>({
  "plus-for-itself": keepPlusSigns,
  "plus-as-space": (text) => (text.includes("+") ? text.replaceAll("+", "%20") : text),
});
const body = ordered<QuirkOf<"body">, Normalizer<JsonObject, string>>({
  "schemas-missing": (message, urn) =>
    isAbsent(memberOfAnyCase(message, "schemas")) ? withMember(message, "schemas", [urn]) : message,
  "draft-schemas-listed": withSchemaOfDraft,
  "more-schemas-listed": withOwnSchemaOnly,
  "id-null": (message) => (memberOfAnyCase(message, "id") === null ? withoutMember(message, "id") : message),
});
const operation = ordered<QuirkOf<"operation">, Normalizer<JsonObject, undefined>>({
  "capitalised-op": (sent) => {
    const op = memberOfAnyCase(sent, "op");
    const name = typeof op === "string" ? op.toLowerCase() : op;
    return op === name ? sent : withMember(sent, "op", name);
  },
});
const resourceValue = ordered<QuirkOf<"resourceValue">, Normalizer<unknown, undefined>>({
  "object-as-text": (sent) => (typeof sent === "string" ? (readObject(sent) ?? sent) : sent),
});
const patchValue = ordered<
  QuirkOf<"patchValue">,
  Normalizer<unknown, Pick<AttributeDefinition, "multiValued" | "type">>
>({
  "value-in-list": (sent, { multiValued }) => {
    const only = multiValued ? undefined : onlyItem(sent);
    return isAbsent(only) || Array.isArray(only) || isWrapped(only) ? sent : only;
  },
  "text-in-list": (sent, { multiValued, type }) => {
    const only = multiValued || type === "complex" ? undefined : onlyItem(sent);
    return isWrapped(only) ? only["value"] : sent;
  },
});
const value = ordered<QuirkOf<"value">, Normalizer<unknown, AttributeDefinition>>({
  "boolean-as-text": (sent, { type }) => {
    const word = type === "boolean" && typeof sent === "string" ? sent.toLowerCase() : undefined;
    return word === "true" || word === "false" ? word === "true" : sent;
  },
  "list-of-bare-values": (sent, { multiValued }) => (multiValued ? toListOfObjects(sent) : sent),
});

const resource = ordered<QuirkOf<"resource">, Normalizer<JsonObject, Present>>({
  "deletion-mark": (written, present) => {
    const { userName, active = present.active } = written;
    if (active !== false || typeof userName !== "string" || !/^[0-9a-f]{32}/i.test(userName)) return written;
    return userName.slice(32).toLowerCase() === present.userName.toLowerCase()
      ? { ...written, userName: present.userName }
      : written;
  },
});

/** The User before the request. */
type Present = { readonly userName: string; readonly active: boolean };

/** The value of an Authorization header, trimmed. Deviations are added to `quirks`, as in all of these functions. */
export function normalizeAuthorization(header: string, quirks: Set<QuirkId>): string {
  return run(authorization, header, undefined, quirks);
}

/** The address of a request after its host, still encoded, with its query. */
export function normalizeAddress(sent: string, quirks: Set<QuirkId>): string {
  return run(address, sent, undefined, quirks);
}

/** The query of an address, still encoded and without its question mark. */
export function normalizeQuery(text: string, quirks: Set<QuirkId>): string {
  return run(query, text, undefined, quirks);
}

/** The outermost object of a body, whose schema should be `urn`; its values are not changed. */
export function normalizeBody(message: JsonObject, urn: string, quirks: Set<QuirkId>): JsonObject {
  return run(body, message, urn, quirks);
}

/** One operation of a PATCH; its value is not changed. */
export function normalizeOperation(sent: JsonObject, quirks: Set<QuirkId>): JsonObject {
  return run(operation, sent, undefined, quirks);
}

/**
 * The value of an attribute in a body; neither null nor undefined. Linear, and a list in the RFC's form is not copied.
 */
export function normalizeValue(sent: unknown, definition: AttributeDefinition, quirks: Set<QuirkId>): unknown {
  return run(value, sent, definition, quirks);
}

/** As `normalizeValue`, for the value of a PATCH operation, which has more known deviations. */
export function normalizePatchValue(sent: unknown, definition: AttributeDefinition, quirks: Set<QuirkId>): unknown {
  return normalizeValue(run(patchValue, sent, definition, quirks), definition, quirks);
}

/** The value of a PATCH operation without a path, which should be an object of attributes. */
export function normalizeResourceValue(sent: unknown, quirks: Set<QuirkId>): unknown {
  return run(resourceValue, run(patchValue, sent, { multiValued: false, type: "complex" }, quirks), undefined, quirks);
}

/** The User that a PUT or PATCH would result in, in the schema's form. */
export function normalizeUser(written: JsonObject, present: Present, quirks: Set<QuirkId>): JsonObject {
  return run(resource, written, present, quirks);
}

/** The deviation for an unsupported attribute that is left out; `name` as sent, before any dot. */
export function quirkOfDropped(name: string): QuirkOf<"reader"> {
  if (/^urn:/i.test(name)) return "extension-not-kept";
  return name.toLowerCase() === "password" ? "password-pushed" : "attribute-not-kept";
}

/** Is the value null or an empty list (RFC 7643 section 2.5)? */
export function isUnassigned(sent: unknown): boolean {
  return isAbsent(sent) || (Array.isArray(sent) && sent.length === 0);
}

/** The same for one attribute: an empty list is a value of a multi-valued one. */
export function hasNoValue(sent: unknown, { multiValued }: AttributeDefinition): boolean {
  return multiValued ? isAbsent(sent) : isUnassigned(sent);
}

function ordered<Id extends QuirkId, F>(normalizers: Readonly<Record<Id, F>>): readonly (readonly [Id, F])[] {
  const isId = (key: string): key is Id => Object.hasOwn(normalizers, key);
  return Object.keys(normalizers)
    .filter(isId)
    .map((id) => [id, normalizers[id]] as const);
}

function run<T, Context>(
  normalizers: readonly (readonly [QuirkId, Normalizer<T, Context>])[],
  sent: T,
  context: Context,
  quirks: Set<QuirkId>,
): T {
  let current = sent;
  for (const [id, normalize] of normalizers) {
    const next = normalize(current, context);
    if (next !== current) quirks.add(id);
    current = next;
  }
  return current;
}

function withOwnSchemaOnly(message: JsonObject, urn: string): JsonObject {
  const schemas = memberOfAnyCase(message, "schemas");
  const isOwn = (item: unknown): boolean => typeof item === "string" && item.toLowerCase() === urn.toLowerCase();
  if (!Array.isArray(schemas) || schemas.every(isOwn) || !schemas.some(isOwn)) return message;
  return withMember(message, "schemas", [urn]);
}

const draftCore = /^urn:scim:schemas:core:[12]\.0(?::(.+))?$/i;
const extension = /^urn:(?:ietf:params:)?scim:schemas:extension:/i;

/** Next to extensions the core URN of a draft means the type's own schema, unless another type follows in it. */
function withSchemaOfDraft(message: JsonObject, urn: string): JsonObject {
  const schemas = memberOfAnyCase(message, "schemas");
  const ownType = urn.slice(urn.lastIndexOf(":") + 1).toLowerCase();
  const isDraftCore = (item: unknown): boolean => {
    const found = typeof item === "string" ? draftCore.exec(item) : null;
    return found !== null && (found[1] ?? ownType).toLowerCase() === ownType;
  };
  const isFitting = (item: unknown): boolean => isDraftCore(item) || (typeof item === "string" && extension.test(item));
  if (!Array.isArray(schemas) || !schemas.some(isDraftCore) || !schemas.every(isFitting)) return message;
  return withMember(message, "schemas", [urn]);
}

/** The item of a list of one. */
function onlyItem(sent: unknown): unknown {
  return Array.isArray(sent) && sent.length === 1 ? sent[0] : undefined;
}

function isWrapped(sent: unknown): sent is { readonly value: unknown } {
  return isJsonObject(sent) && Object.hasOwn(sent, "value");
}

/** The object in a JSON text; undefined for any other text, and for one that is invalid as a body. */
function readObject(text: string): JsonObject | undefined {
  if (!text.trimStart().startsWith("{") || problemOfJson(text) !== undefined) return undefined;
  try {
    const read: unknown = JSON.parse(text);
    return isJsonObject(read) ? read : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A single value becomes a list of one, and a text the value of an object. A null is dropped, unless nothing is left
 * then.
 */
function toListOfObjects(sent: unknown): unknown {
  if (!Array.isArray(sent)) return isJsonObject(sent) || typeof sent === "string" ? [toObject(sent)] : sent;
  if (sent.every((item) => typeof item !== "string" && item !== null)) return sent;
  const said = sent.filter((item) => item !== null);
  return said.length === 0 ? sent : said.map(toObject);
}

function toObject(item: unknown): unknown {
  return typeof item === "string" ? { value: item } : item;
}

/** A copy with that member under this name and no other spelling of it. Never sets a prototype. */
function withMember(object: JsonObject, name: string, member: unknown): JsonObject {
  return Object.fromEntries([...Object.entries(withoutMember(object, name)), [name, member]]);
}

function withoutMember(object: JsonObject, name: string): JsonObject {
  const others = Object.keys(object).filter((key) => key.toLowerCase() !== name);
  return Object.fromEntries(others.map((key) => [key, ownMember(object, key)]));
}

function isAbsent(sent: unknown): boolean {
  return sent === undefined || sent === null;
}
