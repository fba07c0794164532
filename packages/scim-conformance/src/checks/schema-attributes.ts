import { expectThat } from "../assertion.ts";
import { check, checksOf, type Chapter, type CheckRow } from "../check.ts";
import { isObject, shown, type JsonObject } from "../json.ts";
import type { FaultName } from "../testing/faults.ts";
import { discoveryList } from "./discovery.ts";

const chapter: Chapter = { clause: "RFC 7643 section 7" };

/** The characteristics that every attribute and sub-attribute in /Schemas has to have. */
export const schemaAttributeChecks = checksOf(chapter, {
  "schemas-attribute-names": everyAttribute(
    "a name with a blank",
    "has a name of letters, digits, '-' and '_', or $ref",
    ({ name }) => typeof name === "string" && /^(?:\$ref|[A-Za-z][\w-]*)$/.test(name),
  ),
  "schemas-attribute-types": everyAttribute(
    "a type that the RFC does not know",
    "has one of the eight data types",
    ({ type }) =>
      isOneOf(type, ["string", "boolean", "decimal", "integer", "dateTime", "binary", "reference", "complex"]),
  ),
  "schemas-attribute-mutability": everyAttribute(
    "a mutability in small letters",
    "has a legal mutability",
    ({ mutability }) => isOneOf(mutability, ["readOnly", "readWrite", "immutable", "writeOnly"]),
  ),
  "schemas-attribute-returned": everyAttribute(
    "an attribute that does not say when it is returned",
    "says when it is returned",
    ({ returned }) => isOneOf(returned, ["always", "never", "default", "request"]),
  ),
  "schemas-attribute-uniqueness": everyAttribute(
    "a uniqueness that is a boolean",
    "has a legal uniqueness, or none",
    ({ uniqueness }) => isOneOf(uniqueness ?? "none", ["none", "server", "global"]),
  ),
  "schemas-attribute-booleans": everyAttribute(
    "booleans as texts in a schema",
    "says with booleans whether it is multi-valued, required and case-exact",
    (attribute) => ["multiValued", "required", "caseExact"].every((name) => isBooleanOrLeftOut(attribute, name)),
  ),
  "schemas-attribute-sub-attributes": everyAttribute(
    "a complex attribute without parts",
    "has sub-attributes if it is complex, and only then",
    ({ type, subAttributes }) =>
      type === "complex" ? Array.isArray(subAttributes) && subAttributes.length > 0 : subAttributes === undefined,
  ),
  "schemas-attribute-references": everyAttribute(
    "a reference without its types",
    "says what it refers to if it is a reference",
    ({ type, referenceTypes }) => (type === "reference" ? isTexts(referenceTypes) : true),
  ),
  "schemas-attribute-canonical-values": everyAttribute(
    "canonical values as one text",
    "has texts as its canonical values, if any",
    ({ canonicalValues }) => canonicalValues === undefined || isTexts(canonicalValues),
  ),
  "schemas-attribute-passwords": everyAttribute(
    "a password that is returned",
    "is never returned if it is a password",
    ({ name, returned }) => name !== "password" || returned === "never",
  ),
});

function everyAttribute(fault: FaultName, sentence: string, holds: (attribute: JsonObject) => boolean): CheckRow {
  return check(`Every attribute in /Schemas ${sentence}.`)
    .run(async (target) => {
      const { response, all } = await discoveryList(target, "/Schemas");
      const attributes = all.flatMap((schema) => attributesIn(schema["attributes"]));
      expectThat(response, attributes.length > 0, "should describe attributes");
      for (const attribute of attributes) {
        const expectation = `should hold no attribute but one that ${sentence}: ${shown(attribute)}`;
        expectThat(response, holds(attribute), expectation);
      }
    })
    .faults(fault);
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
