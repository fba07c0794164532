import { expect, test } from "vitest";
import { isRequested, parseProjection, project } from "./projection.ts";
import { defineAttribute, type ResourceTypeDefinition } from "./schema/attribute-characteristics.ts";
import { groupResourceType } from "./schema/group-schema.ts";
import { userResourceType } from "./schema/user-schema.ts";

const pam = {
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
  id: "1",
  userName: "pam@dm.example",
  name: { givenName: "Pam", familyName: "Beesly", formatted: "Pam Beesly" },
  emails: [{ value: "pam@dm.example", type: "work", primary: true }],
  meta: { resourceType: "User", location: "x" },
};
const always = { schemas: pam.schemas, id: "1" };
const { name: _name, ...nameless } = pam;

function shown(query: { attributes?: string; excludedAttributes?: string }): unknown {
  const projection = parseProjection(query, userResourceType);
  return projection.ok ? project(pam, projection.value) : projection.error.scimType;
}

test.each([
  [{}, pam],
  [{ attributes: "" }, pam],
  [{ attributes: "userName" }, { ...always, userName: pam.userName }],
  [{ attributes: " USERNAME , name.givenName" }, { ...always, userName: pam.userName, name: { givenName: "Pam" } }],
  [
    { attributes: "urn:ietf:params:scim:schemas:core:2.0:User:emails.value" },
    { ...always, emails: [{ value: "pam@dm.example" }] },
  ],
  [{ attributes: "name,name.givenName" }, { ...always, name: pam.name }],
  [{ attributes: "bogus,title,__proto__" }, always],
  [{ attributes: "displayName" }, always],
  [{ excludedAttributes: "name" }, nameless],
  [
    { excludedAttributes: "name.formatted,id,schemas,bogus" },
    { ...pam, name: { givenName: "Pam", familyName: "Beesly" } },
  ],
  [{ excludedAttributes: "name.formatted,name.givenName,name.familyName" }, nameless],
  [{ excludedAttributes: "emails.type" }, { ...pam, emails: [{ value: "pam@dm.example", primary: true }] }],
  [{ attributes: "userName", excludedAttributes: "name" }, "invalidValue"],
  [{ attributes: "a".repeat(9000) }, "invalidValue"],
])("an answer has what is asked for, and always id and schemas: %.90j", (query, expected) =>
  expect(shown(query)).toEqual(expected),
);

// A store may add keys to a resource; only attributes of the schema may leave.
test("members that the schema does not know stay behind", () => {
  const projection = parseProjection({}, userResourceType);
  expect(projection.ok && project({ id: "1", password: "x", passwordHash: "y" }, projection.value)).toEqual({
    id: "1",
  });
});

test("returned 'never' stays behind though asked for, and 'request' comes only when asked for", () => {
  const resourceType: ResourceTypeDefinition = {
    ...userResourceType,
    attributes: [
      defineAttribute("secret", "", { returned: "never" }),
      defineAttribute("large", "", { returned: "request" }),
      defineAttribute("plain", ""),
    ],
  };
  const answer = (query: { attributes?: string; excludedAttributes?: string }): unknown => {
    const projection = parseProjection(query, resourceType);
    return projection.ok && Object.keys(project({ secret: "s", large: "l", plain: "p" }, projection.value));
  };
  expect(answer({})).toEqual(["plain"]);
  expect(answer({ attributes: "secret,large" })).toEqual(["large"]);
  expect(answer({ excludedAttributes: "plain" })).toEqual([]);
});

// With Entra's `excludedAttributes=members` the store can skip a list of thousands.
test.each([
  [{}, true],
  [{ excludedAttributes: "members" }, false],
  [{ excludedAttributes: "MEMBERS" }, false],
  [{ excludedAttributes: "members.display" }, true],
  [{ attributes: "displayName" }, false],
  [{ attributes: "displayName,members.value" }, true],
])("with %j members are wanted: %s", (query, expected) => {
  const projection = parseProjection(query, groupResourceType);
  expect(projection.ok && isRequested(projection.value, "members")).toBe(expected);
  expect(projection.ok && isRequested(projection.value, "ID")).toBe(true);
  expect(projection.ok && isRequested(projection.value, "bogus")).toBe(false);
});
