import type { JsonObject } from "../json-object.ts";

/** The data types of RFC 7643 section 2.3 that our schemas use. A `reference` is a URI and compares like a string. */
export type AttributeType = "string" | "boolean" | "dateTime" | "reference" | "complex";

/** One attribute with its characteristics (RFC 7643 sections 2.2 and 7). Every multi-valued attribute here is complex. */
export type AttributeDefinition = {
  readonly name: string;
  readonly type: AttributeType;
  readonly multiValued: boolean;
  readonly description: string;
  readonly required: boolean;
  readonly caseExact: boolean;
  readonly mutability: "readOnly" | "readWrite" | "immutable" | "writeOnly";
  readonly returned: "always" | "never" | "default" | "request";
  readonly uniqueness: "none" | "server" | "global";
  readonly canonicalValues?: readonly string[];
  readonly referenceTypes?: readonly string[];
  readonly subAttributes?: readonly AttributeDefinition[];
  /** The service computes it from other attributes. Input to change or remove it is ignored, never refused. */
  readonly derived?: true;
  /** How input is handled, if not as `mutability` says (docs/decisions/0040). */
  readonly input?: "ignored" | "taken";
  /** The service always has a value: it can be changed and not removed, though it is optional in requests. */
  readonly isAlwaysSet?: true;
  /** Neither filters nor sorting may use it: it can only be compared for equality. */
  readonly isOpaque?: true;
};

/** A schema of RFC 7643 section 7. The common attributes (id, externalId, meta) are not part of it. */
export type SchemaDefinition = {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly attributes: readonly AttributeDefinition[];
};

/**
 * A resource type of RFC 7643 section 6. `attributes` holds the common attributes and then the schema's; `notKept`
 * names, lower-cased, the RFC's other attributes of the type, which the service does not support, such as `title` or
 * `name.middlename`. A client may send them; by PATCH only those that the RFC lets a client write.
 */
export type ResourceTypeDefinition = {
  readonly name: "User" | "Group";
  readonly endpoint: "/Users" | "/Groups";
  readonly description: string;
  readonly schema: SchemaDefinition;
  readonly attributes: readonly AttributeDefinition[];
  readonly notKept: Readonly<Record<"writable" | "readOnly", ReadonlySet<string>>>;
};

/** A resource as plain JSON, with attribute names in the schema's spelling. */
export type ScimResource = JsonObject;

/** Completes a definition with the defaults of RFC 7643 section 2.2. */
export function defineAttribute(
  name: string,
  description: string,
  characteristics: Partial<AttributeDefinition> = {},
): AttributeDefinition {
  return {
    name,
    type: "string",
    multiValued: false,
    description,
    required: false,
    caseExact: false,
    mutability: "readWrite",
    returned: "default",
    uniqueness: "none",
    ...characteristics,
  };
}

/** May a client write it? */
export function isWritable({ mutability, input }: AttributeDefinition): boolean {
  return input === undefined ? mutability !== "readOnly" : input === "taken";
}

/** The names, separated by spaces, as `notKept` holds them. */
export function attributeNames(names: string): ReadonlySet<string> {
  return new Set(names.toLowerCase().split(" "));
}

/** Finds a definition by its name in any letter case (RFC 7643 section 2.1). */
export function findAttribute(
  definitions: readonly AttributeDefinition[],
  name: string,
): AttributeDefinition | undefined {
  // Most names are in the schema's spelling, and a body may have a hundred thousand of them.
  const exact = definitions.find((definition) => definition.name === name);
  if (exact !== undefined) return exact;
  const wanted = name.toLowerCase();
  return definitions.find((definition) => definition.name.toLowerCase() === wanted);
}

/** Finds a sub-attribute by its name in any letter case. */
export function findSubAttribute(attribute: AttributeDefinition, name: string): AttributeDefinition | undefined {
  return findAttribute(attribute.subAttributes ?? [], name);
}
