import * as fc from "fast-check";
import type { AttributeDefinition, ScimResource } from "../schema/attribute-characteristics.ts";
import { type AttributePath, printAttributePath } from "../schema/attribute-notation.ts";
import type { Filter } from "../filter/filter-matching.ts";
import { userResourceType } from "../schema/user-schema.ts";

/** Prints a filter so that parsing it returns the same tree, with as few brackets as possible. */
export function printFilter(filter: Filter): string {
  switch (filter.kind) {
    case "comparison":
      return `${printAttributePath(filter.path)} ${filter.operator} ${JSON.stringify(filter.value)}`;
    case "present":
      return `${printAttributePath(filter.path)} pr`;
    case "constant":
      return String(filter.value);
    case "not":
      return `not (${printFilter(filter.operand)})`;
    case "valuePath":
      return `${filter.attribute.name}[${printFilter(filter.filter)}]`;
    case "or":
      return `${printFilter(filter.left)} or ${bracketed(filter.right, ["or"])}`;
    case "and":
      return `${bracketed(filter.left, ["or"])} and ${bracketed(filter.right, ["or", "and"])}`;
  }
}

/** Texts that fold, nest and need escaping, few enough to match one another often. */
const text = fc.oneof(
  fc.constantFrom(
    "",
    "a",
    "A",
    "work",
    "WORK",
    "pam@dm.example",
    "Pam@DM.example",
    "é",
    "e\u0301",
    "İ",
    'a"b\\c',
    "😀",
    "~",
  ),
  fc.string({ unit: "grapheme", maxLength: 8 }).filter((value) => !value.includes("\u0000")),
);
const instant = fc
  .date({ min: new Date("2025-12-30T00:00:00Z"), max: new Date("2026-01-02T00:00:00Z"), noInvalidDate: true })
  .map((date) => date.toISOString());

/** A random filter over the User schema. */
export const filterOfUser: fc.Arbitrary<Filter> = treeOf(
  fc.oneof(...userResourceType.attributes.flatMap(pathsOf).map(leafOf), ...valuePathsOf(userResourceType.attributes)),
);

/** A random User, some attributes absent or empty. */
export const userResource: fc.Arbitrary<ScimResource> = fc.record(
  {
    id: text,
    externalId: text,
    userName: text,
    displayName: text,
    active: fc.boolean(),
    name: fc.record({ givenName: text, familyName: text, formatted: text }, { requiredKeys: [] }),
    emails: fc.array(fc.record({ value: text, type: text, primary: fc.boolean() }, { requiredKeys: [] }), {
      maxLength: 3,
    }),
    meta: fc.record({ resourceType: fc.constant("User"), created: instant, lastModified: instant, location: text }),
  },
  { requiredKeys: [] },
);

function treeOf(leaf: fc.Arbitrary<Filter>): fc.Arbitrary<Filter> {
  const { tree } = fc.letrec<{ tree: Filter }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      leaf,
      fc.record({ kind: fc.constantFrom("and" as const, "or" as const), left: tie("tree"), right: tie("tree") }),
      fc.record({ kind: fc.constant("not" as const), operand: tie("tree") }),
    ),
  }));
  return tree;
}

function valuePathsOf(attributes: readonly AttributeDefinition[]): fc.Arbitrary<Filter>[] {
  return attributes
    .filter((attribute) => attribute.multiValued)
    .map((attribute) => {
      const leaves = (attribute.subAttributes ?? []).map((part) => leafOf({ attribute: part }));
      return treeOf(fc.oneof(...leaves)).map((filter) => ({ kind: "valuePath", attribute, filter }));
    });
}

function pathsOf(attribute: AttributeDefinition): AttributePath[] {
  if (attribute.subAttributes === undefined) return [{ attribute }];
  const parts = attribute.subAttributes.filter(({ isOpaque }) => isOpaque !== true);
  return [{ attribute }, ...parts.map((subAttribute) => ({ attribute, subAttribute }))];
}

function leafOf(path: AttributePath): fc.Arbitrary<Filter> {
  const target = path.subAttribute ?? path.attribute;
  const present: fc.Arbitrary<Filter> = fc.constant({ kind: "present", path });
  const compare = (
    operators: readonly Operator[],
    value: fc.Arbitrary<string | boolean | null>,
  ): fc.Arbitrary<Filter> =>
    fc.record({
      kind: fc.constant("comparison" as const),
      path: fc.constant(path),
      operator: fc.constantFrom(...operators),
      value,
    });
  if (target.type === "complex") return present;
  const absent = compare(["eq", "ne"], fc.constant(null));
  if (target.type === "boolean") return fc.oneof(present, absent, compare(["eq", "ne"], fc.boolean()));
  if (target.type === "dateTime")
    return fc.oneof(present, absent, compare(["eq", "ne", "gt", "ge", "lt", "le"], instant));
  return fc.oneof(present, absent, compare(["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"], text));
}

type Operator = Extract<Filter, { kind: "comparison" }>["operator"];

function bracketed(filter: Filter, kinds: readonly Filter["kind"][]): string {
  return kinds.includes(filter.kind) ? `(${printFilter(filter)})` : printFilter(filter);
}
