import { without, withResources, type Breakage, type JsonObject } from "../breakage.ts";
import { eachObject } from "../broken-answer.ts";
import { call, when } from "../exchange-match.ts";

const schemas = call("GET", /^\/Schemas/);

/** Schemas whose attributes and sub-attributes are changed. */
function attributes(change: (attribute: JsonObject) => JsonObject): NonNullable<Breakage["answer"]> {
  const deep = (attribute: JsonObject): JsonObject => {
    const { subAttributes, ...own } = change(attribute);
    return subAttributes === undefined ? own : { ...own, subAttributes: eachObject(subAttributes, deep) };
  };
  return when(schemas, (answered) =>
    withResources(answered, (schema) => ({ ...schema, attributes: eachObject(schema["attributes"], deep) })),
  );
}

/** The attribute of this name changed, the others left as they are. */
function only(name: string, change: (attribute: JsonObject) => JsonObject): NonNullable<Breakage["answer"]> {
  return attributes((attribute) => (attribute["name"] === name ? change(attribute) : attribute));
}

export const schemaBreakages: readonly Breakage[] = [
  {
    checks: ["schemas-are-complete", "schemas-are-a-list"],
    title: "a schema whose id is no URN",
    answer: when(schemas, (answered) =>
      withResources(answered, (schema) => ({ ...schema, id: String(schema["name"]) })),
    ),
  },
  {
    checks: ["schemas-are-complete"],
    title: "a schema without attributes",
    answer: when(schemas, (answered) => withResources(answered, (schema) => ({ ...schema, attributes: [] }))),
  },
  {
    checks: ["schemas-have-meta"],
    title: "schemas without meta",
    answer: when(schemas, (answered) => withResources(answered, (schema) => without(schema, "meta"))),
  },
  {
    checks: ["schemas-user-name-is-the-key"],
    title: "a userName that is case-exact",
    answer: only("userName", (attribute) => ({ ...attribute, caseExact: true })),
  },
  {
    checks: ["schemas-user-name-is-the-key"],
    title: "a userName that two people may have",
    answer: only("userName", (attribute) => ({ ...attribute, uniqueness: "none" })),
  },
  {
    checks: ["schemas-describe-what-is-answered"],
    title: "an attribute that the schema does not know",
    answer: only("active", (attribute) => ({ ...attribute, name: "enabled" })),
  },
  {
    checks: ["schemas-describe-what-is-answered"],
    title: "a sub-attribute that the schema does not know",
    answer: only("givenName", (attribute) => ({ ...attribute, name: "firstName" })),
  },
  {
    checks: ["schemas-attribute-names"],
    title: "a name with a blank",
    answer: only("displayName", (attribute) => ({ ...attribute, name: "display name" })),
  },
  {
    checks: ["schemas-attribute-types"],
    title: "a type that the RFC does not know",
    answer: only("active", (attribute) => ({ ...attribute, type: "bool" })),
  },
  {
    checks: ["schemas-attribute-mutability"],
    title: "a mutability in small letters",
    answer: only("givenName", (attribute) => ({ ...attribute, mutability: "readwrite" })),
  },
  {
    checks: ["schemas-attribute-returned"],
    title: "an attribute that does not say when it is returned",
    answer: only("active", (attribute) => without(attribute, "returned")),
  },
  {
    checks: ["schemas-attribute-uniqueness"],
    title: "a uniqueness that is a boolean",
    answer: only("userName", (attribute) => ({ ...attribute, uniqueness: true })),
  },
  {
    checks: ["schemas-attribute-booleans"],
    title: "booleans as texts",
    answer: only("value", (attribute) => ({ ...attribute, multiValued: "false" })),
  },
  {
    checks: ["schemas-attribute-sub-attributes"],
    title: "a complex attribute without parts",
    answer: only("name", (attribute) => without(attribute, "subAttributes")),
  },
  {
    checks: ["schemas-attribute-references"],
    title: "a reference to nobody knows what",
    answer: only("$ref", (attribute) => without(attribute, "referenceTypes")),
  },
  {
    checks: ["schemas-attribute-canonical-values"],
    title: "canonical values as one text",
    answer: only("type", (attribute) => ({ ...attribute, canonicalValues: "work, home" })),
  },
  {
    checks: ["schemas-attribute-passwords"],
    title: "a password that is returned",
    answer: only("displayName", (attribute) => ({ ...attribute, name: "password" })),
  },
];
