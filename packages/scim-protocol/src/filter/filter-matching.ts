import type { AttributeDefinition, ScimResource } from "../schema/attribute-characteristics.ts";
import type { AttributePath } from "../schema/attribute-notation.ts";
import { parseDateTime } from "../schema/date-time.ts";
import type { Comparison, FilterValue } from "./filter-grammar.ts";
import { isJsonObject, ownMember } from "../json-object.ts";
import { compareText, foldText } from "../schema/text-comparison.ts";

/**
 * A filter over supported attributes, its values of the right type: a boolean for boolean attributes, a text for all
 * others (a dateTime as `2026-01-31T08:00:00.000Z`), or null, which only `eq` and `ne` take and which means "not
 * present". A comparison never names a complex attribute: `members eq "x"` becomes `members.value eq "x"`. A value path
 * is over a multi-valued attribute, and the paths inside it name sub-attributes (see AttributePath). A constant is the
 * value of a condition on an attribute that only another resource type of the same query has.
 */
export type Filter =
  | {
      readonly kind: "comparison";
      readonly path: AttributePath;
      readonly operator: Comparison;
      readonly value: FilterValue;
    }
  | { readonly kind: "present"; readonly path: AttributePath }
  | { readonly kind: "constant"; readonly value: boolean }
  | { readonly kind: "and" | "or"; readonly left: Filter; readonly right: Filter }
  | { readonly kind: "not"; readonly operand: Filter }
  | { readonly kind: "valuePath"; readonly attribute: AttributeDefinition; readonly filter: Filter };

/** Folds a text; see foldText. */
type Fold = (text: string) => string;

/**
 * Evaluates a filter; every translation to a query language must have the same meaning. A comparison matches if any
 * value of a multi-valued attribute does; `ne` is the exact opposite of `eq`, so it holds if the attribute is absent.
 * Texts compare folded (see foldText) unless the attribute is caseExact, by code points; dates compare as instants. For
 * filters over many resources, `fold` remembers what it has folded (see rememberingFold).
 */
export function matchesFilter(filter: Filter, resource: ScimResource, fold: Fold = foldText): boolean {
  switch (filter.kind) {
    case "and":
      return matchesFilter(filter.left, resource, fold) && matchesFilter(filter.right, resource, fold);
    case "or":
      return matchesFilter(filter.left, resource, fold) || matchesFilter(filter.right, resource, fold);
    case "not":
      return !matchesFilter(filter.operand, resource, fold);
    case "constant":
      return filter.value;
    case "present":
      return valuesAt(filter.path, resource).some((value) => isPresent(value));
    case "comparison":
      return matchesComparison(filter, resource, fold);
    case "valuePath":
      return asList(ownMember(resource, filter.attribute.name)).some(
        (value) => isJsonObject(value) && matchesFilter(filter.filter, value, fold),
      );
  }
}

/** The most comparisons and presence tests that a filter makes on one resource. */
export function countTerms(filter: Filter): number {
  switch (filter.kind) {
    case "and":
    case "or":
      return countTerms(filter.left) + countTerms(filter.right);
    case "not":
      return countTerms(filter.operand);
    case "valuePath":
      return countTerms(filter.filter);
    case "constant":
    case "present":
    case "comparison":
      return 1;
  }
}

/**
 * Returns a foldText that folds each text once, for many comparisons of the same texts. It holds all of them while it
 * lives.
 */
export function rememberingFold(): Fold {
  const foldedByText = new Map<string, string>();
  return (text) => {
    const known = foldedByText.get(text);
    if (known !== undefined) return known;
    const folded = foldText(text);
    foldedByText.set(text, folded);
    return folded;
  };
}

type ComparisonFilter = Extract<Filter, { readonly kind: "comparison" }>;

function matchesComparison(filter: ComparisonFilter, resource: ScimResource, fold: Fold): boolean {
  const { path, operator, value: expected } = filter;
  if (operator === "ne") return !matchesComparison({ ...filter, operator: "eq" }, resource, fold);
  const values = valuesAt(path, resource);
  if (expected === null) return !values.some((value) => isPresent(value));
  const target = path.subAttribute ?? path.attribute;
  return values.some((value) => compareValue(target, operator, value, expected, fold));
}

function compareValue(
  target: AttributeDefinition,
  operator: Comparison,
  actual: unknown,
  expected: string | number | boolean,
  fold: Fold,
): boolean {
  if (typeof actual !== "string" || typeof expected !== "string") return operator === "eq" && actual === expected;
  if (target.type === "dateTime") {
    const [actualMs, expectedMs] = [parseDateTime(actual), parseDateTime(expected)];
    return actualMs !== undefined && expectedMs !== undefined && isInOrder(operator, actualMs - expectedMs);
  }
  return target.caseExact
    ? compareTexts(operator, actual, expected)
    : compareTexts(operator, fold(actual), fold(expected));
}

function compareTexts(operator: Comparison, actual: string, expected: string): boolean {
  if (operator === "co") return actual.includes(expected);
  if (operator === "sw") return actual.startsWith(expected);
  if (operator === "ew") return actual.endsWith(expected);
  return isInOrder(operator, compareText(actual, expected));
}

/** `difference` is below 0 if the resource's value comes first. */
function isInOrder(operator: Comparison, difference: number): boolean {
  switch (operator) {
    case "eq":
      return difference === 0;
    case "gt":
      return difference > 0;
    case "ge":
      return difference >= 0;
    case "lt":
      return difference < 0;
    case "le":
      return difference <= 0;
    case "ne":
    case "co":
    case "sw":
    case "ew":
      return false;
  }
}

function valuesAt(path: AttributePath, resource: ScimResource): readonly unknown[] {
  const values = asList(ownMember(resource, path.attribute.name));
  const { subAttribute } = path;
  if (subAttribute === undefined) return values;
  return values.map((value) => (isJsonObject(value) ? ownMember(value, subAttribute.name) : undefined));
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** RFC 7644 section 3.4.2.2, `pr`: a non-empty value, or a complex one with at least one such part. */
function isPresent(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return false;
  if (Array.isArray(value)) return value.some((item) => isPresent(item));
  return !isJsonObject(value) || Object.values(value).some((member) => isPresent(member));
}
