import {
  type AttributeDefinition,
  isWritable,
  type ResourceTypeDefinition,
} from "../schema/attribute-characteristics.ts";
import { textLengthMax } from "../schema/attribute-value.ts";
import type { JsonObject } from "../json-object.ts";

/** A schema of JSON Schema 2020-12, as OpenAPI 3.1 uses it. */
export type JsonSchema = JsonObject;

/**
 * A resource in responses. Closed, so that no response contains a property outside the attribute data. Attributes that
 * are not returned "always" may be left out by a projection, so they are not required.
 */
export function resourceSchema(resourceType: ResourceTypeDefinition): JsonSchema {
  const { schema, attributes } = resourceType;
  return {
    description: schema.description,
    ...closedObject({ schemas: schemasOf(schema.id), ...propertiesOf(attributes, answered) }, [
      "schemas",
      ...attributes.filter(({ returned }) => returned === "always").map(({ name }) => name),
    ]),
  };
}

/**
 * A resource in a POST or PUT. Open: unknown and read-only attributes are accepted and ignored. Names count in any
 * letter case, which JSON Schema cannot express.
 */
export function resourceRequestSchema(resourceType: ResourceTypeDefinition): JsonSchema {
  const { name, schema, attributes } = resourceType;
  return {
    description: `A ${name} as a client sends it. Attribute names count in any letter case; unknown and read-only attributes are ignored, and null means that there is no value.`,
    type: "object",
    properties: { schemas: { ...schemasOf(schema.id), items: { type: "string" } }, ...propertiesOf(attributes, sent) },
    required: attributes.filter(({ required }) => required).map(({ name }) => name),
  };
}

/** An object with these members and no others. */
export function closedObject(properties: JsonObject, required: readonly string[] = []): JsonSchema {
  return { type: "object", properties, ...(required.length === 0 ? {} : { required }), additionalProperties: false };
}

/** The `schemas` of a message or resource with only that URN. */
export function schemasOf(urn: string): JsonSchema {
  return { type: "array", items: { const: urn }, contains: { const: urn }, minItems: 1 };
}

/** A reference to the schema of that name in the document. */
export function refTo(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${name}` };
}

type ToSchema = (attribute: AttributeDefinition) => JsonSchema | undefined;

function propertiesOf(attributes: readonly AttributeDefinition[], toSchema: ToSchema): JsonObject {
  return Object.fromEntries(
    attributes.flatMap((attribute) => {
      const schema = toSchema(attribute);
      return schema === undefined ? [] : [[attribute.name, schema] as const];
    }),
  );
}

function answered(attribute: AttributeDefinition): JsonSchema | undefined {
  if (attribute.returned === "never") return undefined;
  const { canonicalValues, subAttributes = [] } = attribute;
  const parts = (): JsonSchema => closedObject(propertiesOf(subAttributes, answered));
  const value = { ...valueSchema(attribute, parts), ...(canonicalValues && { enum: canonicalValues }) };
  return annotated(attribute, attribute.multiValued ? { type: "array", items: value } : value);
}

function sent(attribute: AttributeDefinition): JsonSchema | undefined {
  if (!isWritable(attribute)) return undefined;
  const { subAttributes = [] } = attribute;
  const required = subAttributes.filter((part) => part.required).map(({ name }) => name);
  const parts = (): JsonSchema => ({
    type: "object",
    properties: propertiesOf(subAttributes, sent),
    ...(required.length === 0 ? {} : { required }),
  });
  const value = tolerant(attribute, valueSchema(attribute, parts));
  const whole = attribute.multiValued ? { type: "array", items: value } : value;
  return annotated(attribute, attribute.required ? whole : { anyOf: [whole, { type: "null" }] });
}

/** Entra and OneLogin send the words "True" and "False"; a text has a maximum length. */
function tolerant({ type }: AttributeDefinition, schema: JsonSchema): JsonSchema {
  if (type === "boolean") {
    const words = { type: "string", pattern: "^(?:[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])$" };
    return { anyOf: [schema, words] };
  }
  return type === "string" ? { ...schema, maxLength: textLengthMax } : schema;
}

function valueSchema(attribute: AttributeDefinition, parts: () => JsonSchema): JsonSchema {
  switch (attribute.type) {
    case "boolean":
      return { type: "boolean" };
    case "complex":
      return parts();
    case "dateTime":
      return { type: "string", format: "date-time" };
    case "reference":
      return { type: "string", format: "uri" };
    case "string":
      return { type: "string" };
  }
}

function annotated({ description, mutability, input }: AttributeDefinition, schema: JsonSchema): JsonSchema {
  return {
    description,
    ...schema,
    ...(mutability === "readOnly" && input !== "taken" ? { readOnly: true } : {}),
    ...(mutability === "writeOnly" ? { writeOnly: true } : {}),
  };
}
