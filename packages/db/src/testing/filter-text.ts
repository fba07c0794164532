import { type AttributeDefinition, type ResourceTypeDefinition, type ScimResource } from "@rollcall/scim-protocol";
import * as fc from "fast-check";

/** Characters with a meaning in SQL, LIKE, regular expressions, JSON or letter case. */
export const oddTexts = [
  "",
  " ",
  "a",
  "A",
  "é",
  "É",
  "e\u0301",
  "İ",
  "i",
  "ı",
  "ß",
  "ẞ",
  "SS",
  "Σ",
  "ς",
  "😀",
  "\uFF5E",
  "%",
  "_",
  "\\",
  "\\%",
  "'",
  "''",
  '"',
  ".*",
  "^",
  "$1",
  "(",
  "[a-z]",
  "--",
  "';",
  "山",
  "\u202E",
] as const;

/** Text that PostgreSQL can store. */
export const anyText = fc.oneof(
  fc.constantFrom(...oddTexts),
  fc.string({ unit: "grapheme", maxLength: 6 }).filter((text) => !text.includes("\u0000")),
);

/** The text of a random filter for a resource type; half of its values come from `population`, so that it matches. */
export function filterText(type: ResourceTypeDefinition, population: readonly ScimResource[]): fc.Arbitrary<string> {
  const known = fc.constantFrom(...new Set(population.flatMap(stringsIn))).chain(pieceOf);
  const values: Values = {
    text: fc.oneof({ weight: 3, arbitrary: known }, { weight: 1, arbitrary: anyText }),
    instant: fc.oneof(
      fc.constantFrom(...new Set(population.flatMap(stringsIn).filter((text) => /^\d{4}-\d\d-\d\dT/.test(text)))),
      fc
        .date({ min: new Date("0001-01-02"), max: new Date("9999-12-30"), noInvalidDate: true })
        .map((date) => date.toISOString()),
    ),
  };
  return treeOf(fc.oneof(...type.attributes.flatMap((attribute) => leavesOf(attribute, values))));
}

type Values = { readonly text: fc.Arbitrary<string>; readonly instant: fc.Arbitrary<string> };

function treeOf(leaf: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const { tree } = fc.letrec<{ tree: string }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      { weight: 2, arbitrary: leaf },
      {
        weight: 1,
        arbitrary: fc
          .tuple(tie("tree"), fc.constantFrom("and", "or"), tie("tree"))
          .map(([left, word, right]) => `(${left}) ${word} (${right})`),
      },
      { weight: 1, arbitrary: tie("tree").map((operand) => `not (${operand})`) },
    ),
  }));
  return tree;
}

function leavesOf(attribute: AttributeDefinition, values: Values): fc.Arbitrary<string>[] {
  const { name } = attribute;
  const subAttributes = attribute.subAttributes?.filter(({ isOpaque }) => isOpaque !== true);
  if (subAttributes === undefined) return [leafOf(name, attribute, values)];
  const parts = subAttributes.map((part) => leafOf(`${name}.${part.name}`, part, values));
  const present = fc.constant(`${name} pr`);
  if (!attribute.multiValued) return [present, ...parts];
  const inner = treeOf(fc.oneof(...subAttributes.map((part) => leafOf(part.name, part, values))));
  return [present, ...parts, inner.map((filter) => `${name}[${filter}]`)];
}

function leafOf(path: string, target: AttributeDefinition, values: Values): fc.Arbitrary<string> {
  const present = fc.constant(`${path} pr`);
  const absent = fc.constantFrom("eq", "ne").map((operator) => `${path} ${operator} null`);
  const compare = (operators: readonly string[], value: fc.Arbitrary<string | boolean>): fc.Arbitrary<string> =>
    fc
      .tuple(fc.constantFrom(...operators), value)
      .map(([operator, given]) => `${path} ${operator} ${JSON.stringify(given)}`);
  const order = ["eq", "ne", "gt", "ge", "lt", "le"];
  if (target.type === "boolean") return fc.oneof(present, absent, compare(["eq", "ne"], fc.boolean()));
  const compared =
    target.type === "dateTime" ? compare(order, values.instant) : compare([...order, "co", "sw", "ew"], values.text);
  return fc.oneof(
    { weight: 1, arbitrary: present },
    { weight: 1, arbitrary: absent },
    { weight: 8, arbitrary: compared },
  );
}

/** A text, a part of it, or the text in another letter case. */
function pieceOf(text: string): fc.Arbitrary<string> {
  const points = Array.from(text);
  return fc
    .tuple(fc.nat(points.length), fc.nat(points.length), fc.constantFrom("part", "whole", "upper", "lower"))
    .map(([from, to, form]) => {
      if (form === "part") return points.slice(Math.min(from, to), Math.max(from, to)).join("");
      return form === "upper" ? text.toUpperCase() : form === "lower" ? text.toLowerCase() : text;
    });
}

function stringsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}
