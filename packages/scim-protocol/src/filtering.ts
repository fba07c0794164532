import {
  type AttributeDefinition,
  findSubAttribute,
  type ResourceTypeDefinition,
} from "./attribute-characteristics.ts";
import { type AttributePath, printAttributePath, resolveAttribute } from "./attribute-notation.ts";
import { parseDateTime } from "./date-time.ts";
import { badRequest, quote, type ScimError } from "./error-response-handling.ts";
import { type Comparison, type FilterSyntax, type FilterValue, parseFilterSyntax } from "./filter-grammar.ts";
import { describeToken, type Token } from "./filter-lexer.ts";
import { decideManager } from "./manager-filter.ts";
import { err, ok, type Result } from "./result.ts";

/**
 * A filter over supported attributes, its values of the right type: a boolean for boolean attributes, a text for all
 * others (a dateTime as `2026-01-31T08:00:00.000Z`), or null, which only `eq` and `ne` take and which means "not present".
 * A comparison never names a complex attribute: `members eq "x"` arrives as `members.value eq "x"`. A value path is over a
 * multi-valued attribute, and the paths inside it name sub-attributes (see AttributePath).
 */
export type Filter =
  | {
      readonly kind: "comparison";
      readonly path: AttributePath;
      readonly operator: Comparison;
      readonly value: FilterValue;
    }
  | { readonly kind: "present"; readonly path: AttributePath }
  | { readonly kind: "and" | "or"; readonly left: Filter; readonly right: Filter }
  | { readonly kind: "not"; readonly operand: Filter }
  | { readonly kind: "valuePath"; readonly attribute: AttributeDefinition; readonly filter: Filter };

/**
 * Reads a filter (RFC 7644 section 3.4.2.2). Bounds: 8192 characters, 200 comparisons, brackets 30 deep.
 * Errors: 400 invalidFilter, for an attribute or operator that is not supported too; the detail names it and its place.
 */
export function parseFilter(text: string, resourceType: ResourceTypeDefinition): Result<Filter, ScimError> {
  const syntax = parseFilterSyntax(text);
  if (!syntax.ok) return refuse(`The filter cannot be read: ${syntax.error}.`);
  const decided = resourceType.name === "User" ? decideManager(syntax.value) : syntax.value;
  return resolveFilter(decided, (name) => resolveInResource(name, resourceType));
}

/** Resolves the filter inside the brackets of `attribute[...]`. Errors: 400 invalidFilter. */
export function resolveValueFilter(syntax: FilterSyntax, attribute: AttributeDefinition): Result<Filter, ScimError> {
  return resolveFilter(syntax, (name) => resolveInValue(name, attribute));
}

type ResolveName = (name: Token) => Result<AttributePath, ScimError>;

function resolveFilter(syntax: FilterSyntax, resolveName: ResolveName): Result<Filter, ScimError> {
  switch (syntax.kind) {
    case "and":
    case "or": {
      const left = resolveFilter(syntax.left, resolveName);
      if (!left.ok) return left;
      const right = resolveFilter(syntax.right, resolveName);
      return right.ok ? ok({ kind: syntax.kind, left: left.value, right: right.value }) : right;
    }
    case "not": {
      const operand = resolveFilter(syntax.operand, resolveName);
      return operand.ok ? ok({ kind: "not", operand: operand.value }) : operand;
    }
    case "present": {
      const path = resolveName(syntax.name);
      return path.ok ? ok({ kind: "present", path: path.value }) : path;
    }
    case "comparison": {
      const path = resolveName(syntax.name);
      return path.ok ? resolveComparison(path.value, syntax.operator, syntax.value) : path;
    }
    case "valuePath": {
      const path = resolveName(syntax.name);
      return path.ok ? resolveValuePath(path.value, syntax.filter) : path;
    }
  }
}

function resolveValuePath(path: AttributePath, syntax: FilterSyntax): Result<Filter, ScimError> {
  const { attribute } = path;
  if (path.subAttribute !== undefined || attribute.type !== "complex") {
    return refuse(
      `The filter cannot select values of ${printAttributePath(path)} with [...]: it has no sub-attributes.`,
    );
  }
  if (attribute.multiValued) {
    const filter = resolveValueFilter(syntax, attribute);
    return filter.ok ? ok({ kind: "valuePath", attribute, filter: filter.value }) : filter;
  }
  // There is one value only, so `name[givenName eq "x"]` says the same as `name.givenName eq "x"`.
  return resolveFilter(syntax, (name) => {
    const inner = resolveInValue(name, attribute);
    return inner.ok ? ok({ attribute, subAttribute: inner.value.attribute }) : inner;
  });
}

function resolveComparison(path: AttributePath, operator: Comparison, value: FilterValue): Result<Filter, ScimError> {
  const target = path.subAttribute ?? path.attribute;
  if (target.type === "complex") {
    const valueOfTarget = findSubAttribute(target, "value");
    if (valueOfTarget !== undefined)
      return resolveComparison({ ...path, subAttribute: valueOfTarget }, operator, value);
    const examples = target.subAttributes?.map((definition) => `${target.name}.${definition.name}`).join(", ");
    return refuse(`The filter compares ${target.name}, which has several parts; compare one of them: ${examples}.`);
  }
  const name = printAttributePath(path);
  if (!isOperatorFor(target, operator)) {
    return refuse(`The filter operator "${operator}" does not work on ${name}, which is a ${target.type}.`);
  }
  if (value === null) {
    if (operator === "eq" || operator === "ne") return ok({ kind: "comparison", path, operator, value });
    return refuse(`The filter compares ${name} with null; only "eq" and "ne" can do that, not "${operator}".`);
  }
  const typed = convertValue(target, value);
  if (typed !== undefined) return ok({ kind: "comparison", path, operator, value: typed });
  return refuse(
    `The filter compares ${name} with ${typeof value === "string" ? quote(value) : value}; it takes ${expectation(target)}.`,
  );
}

function isOperatorFor(target: AttributeDefinition, operator: Comparison): boolean {
  if (target.type === "boolean") return operator === "eq" || operator === "ne";
  return target.type !== "dateTime" || !["co", "sw", "ew"].includes(operator);
}

function convertValue(target: AttributeDefinition, value: string | number | boolean): string | boolean | undefined {
  if (target.type === "boolean") return toBoolean(value);
  if (typeof value !== "string") return undefined;
  if (target.type !== "dateTime") return value;
  const instant = parseDateTime(value);
  return instant === undefined ? undefined : new Date(instant).toISOString();
}

function toBoolean(value: string | number | boolean): boolean | undefined {
  if (typeof value === "boolean") return value;
  const text = String(value).toLowerCase();
  return text === "true" ? true : text === "false" ? false : undefined;
}

function expectation(target: AttributeDefinition): string {
  if (target.type === "boolean") return "true or false";
  return target.type === "dateTime" ? 'a date such as "2026-01-31T08:00:00Z"' : "a text in double quotes";
}

function resolveInResource(name: Token, resourceType: ResourceTypeDefinition): Result<AttributePath, ScimError> {
  const named = resolveAttribute(name.text, resourceType);
  if (named.kind === "supported") return ok(named.path);
  const known = resourceType.attributes.map((attribute) => attribute.name).join(", ");
  return refuse(`This service cannot filter a ${resourceType.name} by ${describeToken(name)}. It knows ${known}.`);
}

function resolveInValue(name: Token, attribute: AttributeDefinition): Result<AttributePath, ScimError> {
  const definition = findSubAttribute(attribute, name.text);
  if (definition !== undefined) return ok({ attribute: definition });
  const known = attribute.subAttributes?.map((candidate) => candidate.name).join(", ");
  return refuse(`${attribute.name} has no part ${describeToken(name)} to filter by. It knows ${known}.`);
}

function refuse(detail: string): { readonly ok: false; readonly error: ScimError } {
  return err(badRequest("invalidFilter", detail));
}
