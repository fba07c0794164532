import { type AttributeDefinition, defineAttribute } from "./attribute-characteristics.ts";

const metaSubAttributes: readonly AttributeDefinition[] = [
  defineAttribute("resourceType", "The name of the resource type.", { caseExact: true, mutability: "readOnly" }),
  defineAttribute("created", "When the resource was created.", { type: "dateTime", mutability: "readOnly" }),
  defineAttribute("lastModified", "When the resource was last changed.", { type: "dateTime", mutability: "readOnly" }),
  defineAttribute("location", "The URI of the resource.", {
    type: "reference",
    referenceTypes: ["uri"],
    caseExact: true,
    mutability: "readOnly",
  }),
  defineAttribute("version", "The version of the resource: its ETag.", {
    caseExact: true,
    mutability: "readOnly",
    isOpaque: true,
  }),
];

/** The attributes that every resource has without its schema naming them (RFC 7643 section 3.1). */
export const commonAttributes: readonly AttributeDefinition[] = [
  defineAttribute("id", "The identifier that the service gave the resource.", {
    caseExact: true,
    mutability: "readOnly",
    returned: "always",
    uniqueness: "server",
  }),
  defineAttribute("externalId", "The identifier that the provisioning client gave the resource.", { caseExact: true }),
  defineAttribute("meta", "What the service knows about the resource itself.", {
    type: "complex",
    mutability: "readOnly",
    subAttributes: metaSubAttributes,
  }),
];
