/**
 * Which parts of a body the request log shows. `shown`: texts, numbers and booleans as they are; `sentence`, `filter`,
 * `path` and `patched` have rules of their own; `sameAddress` shows an address that equals the userName of the same
 * resource. Names are lower-cased; anything not in a shape is hidden: it may be personal data that Rollcall does not
 * keep.
 */
export type Shape = "shown" | "hidden" | "sentence" | "filter" | "path" | "patched" | "sameAddress" | ObjectShape;
export type ObjectShape = { readonly [lowerCaseName: string]: Shape };

const shown = (...names: readonly string[]): ObjectShape => Object.fromEntries(names.map((name) => [name, "shown"]));

/** A reference to a person; a bare id in its place is shown as its `value`. */
export const referenceShape: ObjectShape = shown("value", "display", "type", "$ref");

export const resourceShape: ObjectShape = {
  ...shown("schemas", "id", "externalid", "username", "displayname", "active"),
  name: shown("givenname", "familyname", "formatted"),
  emails: { value: "sameAddress", type: "shown", primary: "shown" },
  meta: shown("resourcetype", "created", "lastmodified", "location", "version"),
  members: referenceShape,
};

const operationShape: ObjectShape = { op: "shown", path: "path", value: "patched" };

export const patchShape: ObjectShape = { ...shown("schemas", "id", "externalid"), operations: operationShape };

export const searchShape: ObjectShape = {
  ...shown("schemas", "attributes", "excludedattributes", "sortby", "sortorder", "startindex", "count"),
  filter: "filter",
};

export const errorShape: ObjectShape = { ...shown("schemas", "status", "scimtype"), detail: "sentence" };

/** `data` is a resource, a PATCH or its operations alone; one shape covers all. */
export const bulkShape: ObjectShape = {
  ...shown("schemas", "failonerrors"),
  operations: {
    ...shown("method", "bulkid", "version", "path", "location", "status"),
    data: { ...resourceShape, ...patchShape, ...operationShape },
    response: errorShape,
  },
};

export const listShape: ObjectShape = {
  ...shown("schemas", "totalresults", "itemsperpage", "startindex"),
  resources: resourceShape,
};
