import {
  type AttributeDefinition,
  defineAttribute,
  findSubAttribute,
  type ResourceTypeDefinition,
} from "../schema/attribute-characteristics.ts";
import { type AttributePath, printAttributePath, resolveAttribute } from "../schema/attribute-notation.ts";
import { parseDateTime } from "../schema/date-time.ts";
import { badRequest, quote, type ScimError } from "../error.ts";
import { type Comparison, type FilterSyntax, type FilterValue, parseFilterSyntax } from "./filter-grammar.ts";
import { describeToken, type Token } from "./filter-lexer.ts";
import { type Filter, matchesFilter } from "./filter-matching.ts";
import { isManager } from "./manager-filter.ts";
import type { QuirkId } from "../quirks/provider-quirks.ts";
import { err, ok, type Result } from "../result.ts";

/**
 * Parses a filter (RFC 7644 section 3.4.2.2). Bounds: 8192 characters, 200 comparisons, brackets 30 deep. `others` are
 * the further resource types of the same query: attributes that only they have count as absent here (section 3.4.2.1).
 * Known deviations are added to `quirks`. Errors: 400 invalidFilter, also for an unsupported attribute or operator; the
 * detail names it and its position.
 */
export function parseFilter(
  text: string,
  resourceType: ResourceTypeDefinition,
  quirks: Set<QuirkId> = new Set(),
  others: readonly ResourceTypeDefinition[] = [],
): Result<Filter, ScimError> {
  const syntax = parseFilterSyntax(text);
  if (!syntax.ok) return refuse(`The filter cannot be read: ${syntax.error}.`);
  return resolveFilter(syntax.value, (condition) => {
    if (isSchemas(condition.name, resourceType)) return resolveSchemas(condition, resourceType, quirks);
    if (resourceType.name === "User" && isManager(condition.name.text)) return ok(whereAbsent(condition));
    const owner = [resourceType, ...others].find((type) => hasAttribute(type, condition.name)) ?? resourceType;
    const resolved = resolveCondition(condition, (name) => resolveInResource(name, owner), quirks);
    return resolved.ok && owner !== resourceType ? ok(whereAbsent(condition)) : resolved;
  });
}

/** Resolves the filter inside the brackets of `attribute[...]`. Errors: 400 invalidFilter. */
export function resolveValueFilter(
  syntax: FilterSyntax,
  attribute: AttributeDefinition,
  quirks: Set<QuirkId>,
): Result<Filter, ScimError> {
  return resolveFilter(
    syntax,
    conditionsBy((name) => resolveInValue(name, attribute), quirks),
  );
}

type ResolveName = (name: Token) => Result<AttributePath, ScimError>;
/** A part of a filter that names an attribute. */
type Condition = Extract<FilterSyntax, { readonly name: Token }>;
type ResolveCondition = (condition: Condition) => Result<Filter, ScimError>;

const conditionsBy =
  (resolveName: ResolveName, quirks: Set<QuirkId>): ResolveCondition =>
  (condition) =>
    resolveCondition(condition, resolveName, quirks);

function resolveFilter(syntax: FilterSyntax, resolve: ResolveCondition): Result<Filter, ScimError> {
  switch (syntax.kind) {
    case "and":
    case "or": {
      const left = resolveFilter(syntax.left, resolve);
      if (!left.ok) return left;
      const right = resolveFilter(syntax.right, resolve);
      return right.ok ? ok({ kind: syntax.kind, left: left.value, right: right.value }) : right;
    }
    case "not": {
      const operand = resolveFilter(syntax.operand, resolve);
      return operand.ok ? ok({ kind: "not", operand: operand.value }) : operand;
    }
    case "present":
    case "comparison":
    case "valuePath":
      return resolve(syntax);
  }
}

function resolveCondition(
  condition: Condition,
  resolveName: ResolveName,
  quirks: Set<QuirkId>,
): Result<Filter, ScimError> {
  const path = resolveName(condition.name);
  if (!path.ok) return path;
  switch (condition.kind) {
    case "present":
      return ok({ kind: "present", path: path.value });
    case "comparison":
      return resolveComparison(path.value, condition.operator, condition.value, quirks);
    case "valuePath":
      if (condition.isJoined === true) quirks.add("filter-on-part-of-values");
      return resolveValuePath(path.value, condition.filter, quirks);
  }
}

/** `schemas` is not an attribute of a schema, but every resource has it, with the one value of its type. */
function isSchemas(name: Token, resourceType: ResourceTypeDefinition): boolean {
  return [`${resourceType.schema.id}:schemas`, "schemas"].some(
    (known) => known.toLowerCase() === name.text.toLowerCase(),
  );
}

function resolveSchemas(
  condition: Condition,
  resourceType: ResourceTypeDefinition,
  quirks: Set<QuirkId>,
): Result<Filter, ScimError> {
  if (condition.kind === "present") return ok({ kind: "constant", value: true });
  if (condition.kind === "valuePath")
    return refuse("The filter cannot select values of schemas with [...]: they are texts.");
  const attribute = defineAttribute("schemas", "");
  const comparison = resolveComparison({ attribute }, condition.operator, condition.value, quirks);
  if (!comparison.ok) return comparison;
  return ok({ kind: "constant", value: matchesFilter(comparison.value, { schemas: [resourceType.schema.id] }) });
}

function hasAttribute(resourceType: ResourceTypeDefinition, name: Token): boolean {
  return resolveAttribute(name.text, resourceType).kind === "supported";
}

/** The value of a condition on an absent attribute; see matchesFilter. */
function whereAbsent(condition: Condition): Filter {
  const isTrue = condition.kind === "comparison" && condition.operator === (condition.value === null ? "eq" : "ne");
  return { kind: "constant", value: isTrue };
}

function resolveValuePath(path: AttributePath, syntax: FilterSyntax, quirks: Set<QuirkId>): Result<Filter, ScimError> {
  const { attribute } = path;
  if (path.subAttribute !== undefined || attribute.type !== "complex") {
    return refuse(
      `The filter cannot select values of ${printAttributePath(path)} with [...]: it has no sub-attributes.`,
    );
  }
  if (attribute.multiValued) {
    const filter = resolveValueFilter(syntax, attribute, quirks);
    return filter.ok ? ok({ kind: "valuePath", attribute, filter: filter.value }) : filter;
  }
  // With a single value, `name[givenName eq "x"]` equals `name.givenName eq "x"`.
  const resolveName: ResolveName = (name) => {
    const inner = resolveInValue(name, attribute);
    return inner.ok ? ok({ attribute, subAttribute: inner.value.attribute }) : inner;
  };
  return resolveFilter(syntax, conditionsBy(resolveName, quirks));
}

function resolveComparison(
  path: AttributePath,
  operator: Comparison,
  value: FilterValue,
  quirks: Set<QuirkId>,
): Result<Filter, ScimError> {
  const target = path.subAttribute ?? path.attribute;
  if (target.type === "complex") {
    const valueOfTarget = findSubAttribute(target, "value");
    if (valueOfTarget !== undefined)
      return resolveComparison({ ...path, subAttribute: valueOfTarget }, operator, value, quirks);
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
  if (typeof typed === "boolean" && typed !== value) quirks.add("boolean-text-in-filter");
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
  if (named.kind === "supported") return refuseOpaque(named.path);
  const known = resourceType.attributes.map((attribute) => attribute.name).join(", ");
  return refuse(`This service cannot filter a ${resourceType.name} by ${describeToken(name)}. It knows ${known}.`);
}

function resolveInValue(name: Token, attribute: AttributeDefinition): Result<AttributePath, ScimError> {
  const definition = findSubAttribute(attribute, name.text);
  if (definition !== undefined) return refuseOpaque({ attribute: definition });
  const known = attribute.subAttributes?.map((candidate) => candidate.name).join(", ");
  return refuse(`${attribute.name} has no part ${describeToken(name)} to filter by. It knows ${known}.`);
}

/** A version can only be compared by If-Match and If-None-Match (RFC 7644 section 3.14). */
function refuseOpaque(path: AttributePath): Result<AttributePath, ScimError> {
  const target = path.subAttribute ?? path.attribute;
  if (target.isOpaque !== true) return ok(path);
  return refuse(`This service cannot filter by ${printAttributePath(path)}.`);
}

function refuse(detail: string): { readonly ok: false; readonly error: ScimError } {
  return err(badRequest("invalidFilter", detail));
}
