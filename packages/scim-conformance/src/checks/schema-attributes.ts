import { expectThat } from "../assertion.ts";
import type { Check } from "../check.ts";
import { isObject, shown, type JsonObject } from "../json.ts";
import { discoveryList } from "./discovery.ts";

const clause = "RFC 7643 section 7";

/** The characteristics that every attribute and sub-attribute in /Schemas has to have. */
export const schemaAttributeChecks: readonly Check[] = [
  everyAttribute(
    "names",
    "has a name of letters, digits, '-' and '_', or $ref",
    ({ name }) => typeof name === "string" && /^(?:\$ref|[A-Za-z][\w-]*)$/.test(name),
  ),
  everyAttribute("types", "has one of the eight data types", ({ type }) =>
    isOneOf(type, ["string", "boolean", "decimal", "integer", "dateTime", "binary", "reference", "complex"]),
  ),
  everyAttribute("mutability", "has a legal mutability", ({ mutability }) =>
    isOneOf(mutability, ["readOnly", "readWrite", "immutable", "writeOnly"]),
  ),
  everyAttribute("returned", "says when it is returned", ({ returned }) =>
    isOneOf(returned, ["always", "never", "default", "request"]),
  ),
  everyAttribute("uniqueness", "has a legal uniqueness, or none", ({ uniqueness }) =>
    isOneOf(uniqueness ?? "none", ["none", "server", "global"]),
  ),
  everyAttribute("booleans", "says with booleans whether it is multi-valued, required and case-exact", (attribute) =>
    ["multiValued", "required", "caseExact"].every((name) => isBooleanOrLeftOut(attribute, name)),
  ),
  everyAttribute("sub-attributes", "has sub-attributes if it is complex, and only then", ({ type, subAttributes }) =>
    type === "complex" ? Array.isArray(subAttributes) && subAttributes.length > 0 : subAttributes === undefined,
  ),
  everyAttribute("references", "says what it refers to if it is a reference", ({ type, referenceTypes }) =>
    type === "reference" ? isTexts(referenceTypes) : true,
  ),
  everyAttribute(
    "canonical-values",
    "has texts as its canonical values, if any",
    ({ canonicalValues }) => canonicalValues === undefined || isTexts(canonicalValues),
  ),
  everyAttribute(
    "passwords",
    "is never returned if it is a password",
    ({ name, returned }) => name !== "password" || returned === "never",
  ),
];

function everyAttribute(about: string, sentence: string, holds: (attribute: JsonObject) => boolean): Check {
  return {
    id: `schemas-attribute-${about}`,
    clause,
    title: `Every attribute in /Schemas ${sentence}.`,
    run: async (target) => {
      const { answer, all } = await discoveryList(target, "/Schemas");
      const attributes = all.flatMap((schema) => attributesIn(schema["attributes"]));
      expectThat(answer, attributes.length > 0, "should describe attributes");
      for (const attribute of attributes)
        expectThat(answer, holds(attribute), `should hold no attribute but one that ${sentence}: ${shown(attribute)}`);
    },
  };
}

/** All attributes with their sub-attributes; a sub-attribute has none of its own (RFC 7643 section 2.3.8). */
function attributesIn(given: unknown): readonly JsonObject[] {
  const attributes = Array.isArray(given) ? given.filter(isObject) : [];
  return attributes.flatMap((attribute) => {
    const inner = attribute["subAttributes"];
    return [attribute, ...(Array.isArray(inner) ? inner.filter(isObject) : [])];
  });
}

function isOneOf(value: unknown, allowed: readonly string[]): boolean {
  return typeof value === "string" && allowed.includes(value);
}

/** A complex attribute need not say whether it is case-exact; everything else has to. */
function isBooleanOrLeftOut(attribute: JsonObject, name: string): boolean {
  const value = attribute[name];
  return typeof value === "boolean" || (value === undefined && name === "caseExact" && attribute["type"] !== "string");
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === "string");
}
