import {
  attributeNames,
  defineAttribute,
  type ResourceTypeDefinition,
  type SchemaDefinition,
} from "./attribute-characteristics.ts";
import { commonAttributes } from "./common-attributes.ts";
import { GROUP_SCHEMA } from "./schema-uris.ts";

const members = defineAttribute("members", "The users that belong to the group.", {
  type: "complex",
  multiValued: true,
  subAttributes: [
    defineAttribute("value", "The id of the user.", { required: true, caseExact: true, mutability: "immutable" }),
    defineAttribute("display", "The user's name for display.", { mutability: "readOnly" }),
    defineAttribute("$ref", "The URI of the user.", {
      type: "reference",
      referenceTypes: ["User"],
      caseExact: true,
      mutability: "immutable",
      input: "ignored",
    }),
    defineAttribute("type", "The resource type of the member.", {
      mutability: "immutable",
      input: "ignored",
      canonicalValues: ["User"],
    }),
  ],
});

/** The core Group schema (RFC 7643 section 4.2). Members are users only. */
export const groupSchema: SchemaDefinition = {
  id: GROUP_SCHEMA,
  name: "Group",
  description: "Group",
  attributes: [
    defineAttribute("displayName", "The name of the group, unique in any letter case.", {
      required: true,
      uniqueness: "server",
    }),
    members,
  ],
};

export const groupResourceType: ResourceTypeDefinition = {
  name: "Group",
  endpoint: "/Groups",
  description: "Group",
  schema: groupSchema,
  attributes: [...commonAttributes, ...groupSchema.attributes],
  notKept: { writable: attributeNames("schemas"), readOnly: new Set() },
};
