import { type AttributeDefinition, findSubAttribute, isWritable } from "./attribute-characteristics.ts";
import { parseDateTime } from "./date-time.ts";
import { badRequest, type ScimError } from "../error.ts";
import { isJsonObject, isSameJson, type JsonObject, ownMember } from "../json-object.ts";
import type { QuirkId } from "../quirks/provider-quirks.ts";
import { hasNoValue, isUnassigned, quirkOfDropped } from "../quirks/request-normalization.ts";
import { err, ok, type Result } from "../result.ts";
import { foldText, problemOfText } from "./text-comparison.ts";

/** The most characters (Unicode code points) that a text value may have. */
export const textLengthMax = 1024;

type Parsed<T> = Result<T, ScimError>;

/**
 * Validates a value in the RFC's form (see normalizeValue) and converts it to the schema's. `value` is neither null nor
 * undefined; `name` is the attribute's name in the detail; deviations are added to `quirks`. Errors: 400 invalidValue.
 */
export function parseValue(
  definition: AttributeDefinition,
  value: unknown,
  name: string,
  quirks: Set<QuirkId>,
): Parsed<unknown> {
  if (definition.multiValued) return parseElements(definition, value, name, quirks);
  switch (definition.type) {
    case "boolean":
      return parseBoolean(value, name);
    case "complex":
      return parseComplex(definition, value, name, quirks);
    case "dateTime":
      if (typeof value === "string" && parseDateTime(value) !== undefined) return ok(value);
      return refuse(`${name} must be a date such as "2026-01-31T08:00:00Z".`);
    case "string":
    case "reference":
      return parseText(definition, value, name);
  }
}

/**
 * Keeps the writable parts of a complex value in the schema's spelling. Unknown, unwritable and null parts are dropped.
 * Errors: 400 invalidValue if it is not an object or one of its parts has the wrong type.
 */
export function parseComplex(
  definition: AttributeDefinition,
  value: unknown,
  name: string,
  quirks: Set<QuirkId>,
): Parsed<JsonObject> {
  if (!isJsonObject(value)) return refuse(`${name} must be an object, not ${describeKind(value)}.`);
  const parts: { [name: string]: unknown } = {};
  for (const key of Object.keys(value)) {
    const part = findSubAttribute(definition, key);
    const raw = ownMember(value, key);
    if (part === undefined && !isUnassigned(raw)) quirks.add(quirkOfDropped(key));
    if (part === undefined || !isWritable(part) || hasNoValue(raw, part)) continue;
    const parsed = parseValue(part, raw, `${name}.${part.name}`, quirks);
    if (!parsed.ok) return parsed;
    parts[part.name] = parsed.value;
  }
  return ok(parts);
}

/**
 * Validates the values of a multi-valued attribute, a list of objects. Repeated ones count once. Errors: 400
 * invalidValue.
 */
export function parseElements(
  definition: AttributeDefinition,
  value: unknown,
  name: string,
  quirks: Set<QuirkId>,
): Parsed<readonly JsonObject[]> {
  if (!Array.isArray(value)) return refuse(`${name} must be a list of objects, not ${describeKind(value)}.`);
  const items: readonly unknown[] = value;
  const required = (definition.subAttributes ?? []).filter((part) => part.required);
  const elements: JsonObject[] = [];
  for (const item of items) {
    // A null counts as an object without parts.
    const element = parseComplex(definition, item ?? {}, name, quirks);
    if (!element.ok) return element;
    const missing = required.find((part) => ownMember(element.value, part.name) === undefined);
    if (missing !== undefined) return refuse(`Each of ${name} must have a ${missing.name}.`);
    elements.push(element.value);
  }
  return ok(withoutKnown(definition, [], elements));
}

/** Those of `candidates` that neither `known` nor an earlier candidate already contains. */
export function withoutKnown(
  definition: AttributeDefinition,
  known: readonly unknown[],
  candidates: readonly JsonObject[],
): readonly JsonObject[] {
  if (known.length === 0) {
    // Candidates seldom repeat, and a set takes half the time of the map by which they are compared.
    const keys = new Set(candidates.map((candidate) => keyOfElement(definition, candidate)));
    if (keys.size === candidates.length) return candidates;
  }
  const elementsByKey: ElementsByKey = new Map();
  for (const element of known)
    if (isJsonObject(element)) remember(elementsByKey, keyOfElement(definition, element), element);
  const fresh: JsonObject[] = [];
  for (const candidate of candidates) {
    const key = keyOfElement(definition, candidate);
    const sameKey = elementsByKey.get(key);
    if (listOf(sameKey).some((element) => isPartOf(definition, candidate, element))) continue;
    // Most keys are new, and a look-up in a large map is what costs here.
    if (sameKey === undefined) elementsByKey.set(key, candidate);
    else remember(elementsByKey, key, candidate);
    fresh.push(candidate);
  }
  return fresh;
}

/** Those of `elements` that no element of `unwanted` describes. Elements other than objects stay. */
export function withoutDescribed(
  definition: AttributeDefinition,
  elements: readonly unknown[],
  unwanted: readonly JsonObject[],
): readonly unknown[] {
  const unwantedByKey: ElementsByKey = new Map();
  for (const element of unwanted) remember(unwantedByKey, keyOfElement(definition, element), element);
  return elements.filter((element) => {
    if (!isJsonObject(element)) return true;
    const sameKey = unwantedByKey.get(keyOfElement(definition, element));
    return !listOf(sameKey).some((described) => isPartOf(definition, described, element));
  });
}

/** A list only if several elements share a key, as a hundred thousand lists of one take long to create. */
type ElementsByKey = Map<string, JsonObject | JsonObject[]>;

function remember(elementsByKey: ElementsByKey, key: string, element: JsonObject): void {
  const sameKey = elementsByKey.get(key);
  if (sameKey === undefined) elementsByKey.set(key, element);
  else if (Array.isArray(sameKey)) sameKey.push(element);
  else elementsByKey.set(key, [sameKey, element]);
}

function listOf(sameKey: JsonObject | readonly JsonObject[] | undefined): readonly JsonObject[] {
  if (sameKey === undefined) return [];
  return isJsonObject(sameKey) ? [sameKey] : sameKey;
}

/** Elements that can be equal share this key, so that a list of thousands is not compared pair by pair. */
function keyOfElement(definition: AttributeDefinition, element: JsonObject): string {
  const part = findSubAttribute(definition, "value");
  return part === undefined ? "" : String(comparable(part, ownMember(element, "value")));
}

/** Does `whole` contain every part of `part`? */
function isPartOf(definition: AttributeDefinition, part: JsonObject, whole: JsonObject): boolean {
  return Object.keys(part).every((name) => {
    const subAttribute = findSubAttribute(definition, name);
    const [left, right] = [ownMember(part, name), ownMember(whole, name)];
    return isSameJson(comparable(subAttribute, left), comparable(subAttribute, right));
  });
}

function comparable(definition: AttributeDefinition | undefined, value: unknown): unknown {
  return typeof value === "string" && definition?.caseExact !== true ? foldText(value) : value;
}

function parseBoolean(value: unknown, name: string): Parsed<boolean> {
  if (typeof value === "boolean") return ok(value);
  return refuse(`${name} must be true or false, not ${describeKind(value)}.`);
}

function parseText(definition: AttributeDefinition, value: unknown, name: string): Parsed<string> {
  if (typeof value !== "string") return refuse(`${name} must be a text, not ${describeKind(value)}.`);
  const problem = problemOfText(value);
  if (problem !== undefined) return refuse(`${name} holds ${problem}, which cannot be stored.`);
  if (/[\p{Cc}\p{Bidi_Control}]/u.test(value))
    return refuse(`${name} holds a control character, or one that turns the direction of writing around.`);
  if (isLongerThan(value, textLengthMax)) return refuse(`${name} is longer than ${textLengthMax} characters.`);
  if (definition.required && value.trim() === "") return refuse(`${name} must not be empty.`);
  return ok(value);
}

function isLongerThan(text: string, characters: number): boolean {
  // A character takes one or two units, so it is only counted within a narrow band of lengths.
  if (text.length <= characters) return false;
  return text.length > characters * 2 || Array.from(text).length > characters;
}

function describeKind(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "string") return "a text";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

function refuse(detail: string): { readonly ok: false; readonly error: ScimError } {
  return err(badRequest("invalidValue", detail));
}
