import {
  attributeNames,
  defineAttribute,
  type ResourceTypeDefinition,
  type SchemaDefinition,
} from "./attribute-characteristics.ts";
import { commonAttributes } from "./common-attributes.ts";
import { USER_SCHEMA } from "./schema-uris.ts";

const name = defineAttribute("name", "The parts of the person's name.", {
  type: "complex",
  subAttributes: [
    defineAttribute("givenName", "The given name, or first name."),
    defineAttribute("familyName", "The family name, or last name."),
    // Entra's Validator expects writable attributes to come back as sent, which these may not.
    defineAttribute("formatted", "The full name for display, made from the other attributes where there are any.", {
      mutability: "readOnly",
      input: "taken",
    }),
  ],
});

const emails = defineAttribute("emails", "The person's email address, made from userName.", {
  type: "complex",
  multiValued: true,
  mutability: "readOnly",
  derived: true,
  subAttributes: [
    defineAttribute("value", "The email address.", { mutability: "readOnly" }),
    defineAttribute("type", "What the address is for.", { mutability: "readOnly", canonicalValues: ["work"] }),
    defineAttribute("primary", "Whether this is the preferred address.", { type: "boolean", mutability: "readOnly" }),
  ],
});

/** The supported part of the core User schema (RFC 7643 section 4.1). */
export const userSchema: SchemaDefinition = {
  id: USER_SCHEMA,
  name: "User",
  description: "User Account",
  attributes: [
    defineAttribute("userName", "The person's sign-in name, an email address, unique in any letter case.", {
      required: true,
      uniqueness: "server",
    }),
    name,
    defineAttribute("displayName", "The name to show for the person."),
    defineAttribute("active", "Whether the person has access.", { type: "boolean", isAlwaysSet: true }),
    emails,
  ],
};

const writableNotKept = attributeNames(
  "schemas name.middleName name.honorificPrefix name.honorificSuffix nickName profileUrl title userType " +
    "preferredLanguage locale timezone password phoneNumbers ims photos addresses entitlements roles x509Certificates " +
    "employeeNumber costCenter organization division department manager",
);

export const userResourceType: ResourceTypeDefinition = {
  name: "User",
  endpoint: "/Users",
  description: "User Account",
  schema: userSchema,
  attributes: [...commonAttributes, ...userSchema.attributes],
  // RFC 7643 sections 4.1 and 4.3.
  notKept: { writable: writableNotKept, readOnly: attributeNames("groups") },
};
