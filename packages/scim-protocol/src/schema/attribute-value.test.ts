import { expect, test } from "vitest";
import { parseValue } from "./attribute-value.ts";
import { groupResourceType } from "./group-schema.ts";
import { userResourceType } from "./user-schema.ts";

const definitions = [...userResourceType.attributes, ...groupResourceType.attributes];

// Deviations are normalized before the value is read, so the reader itself accepts only the RFC's form.
test.each([
  ["active", "true", "active must be true or false, not a text."],
  ["active", "False", "active must be true or false, not a text."],
  ["displayName", [{ value: "D" }], "displayName must be a text, not an array."],
  ["members", { value: "u1" }, "members must be a list of objects, not an object."],
  ["members", "u1", "members must be a list of objects, not a text."],
  ["members", ["u1"], "members must be an object, not a text."],
  ["members", [{ value: "u1" }, null], "Each of members must have a value."],
])("%s takes no %j", (name, value, detail) => {
  const definition = definitions.find((candidate) => candidate.name === name);
  expect(definition && parseValue(definition, value, name, new Set())).toEqual({
    ok: false,
    error: { status: 400, scimType: "invalidValue", detail },
  });
});
