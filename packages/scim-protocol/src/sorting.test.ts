import { expect, test } from "vitest";
import { printAttributePath } from "./schema/attribute-notation.ts";
import { groupResourceType } from "./schema/group-schema.ts";
import { parseSort } from "./sorting.ts";
import { userResourceType } from "./schema/user-schema.ts";

test.each([
  [{ sortBy: "userName" }, "userName", false],
  [{ sortBy: "USERNAME", sortOrder: "Descending" }, "userName", true],
  [{ sortBy: "meta.created", sortOrder: "ascending" }, "meta.created", false],
  [{ sortBy: "urn:ietf:params:scim:schemas:core:2.0:User:name.familyName" }, "name.familyName", false],
  [{ sortBy: "emails" }, "emails.value", false],
])("%j sorts by %s, descending %s", (query, path, descending) => {
  const sort = parseSort(query, userResourceType);
  expect(sort.ok && sort.value && [printAttributePath(sort.value.path), sort.value.descending]).toEqual([
    path,
    descending,
  ]);
});

test.each([[{}], [{ sortBy: "" }], [{ sortOrder: "descending" }]])("%j asks for no order", (query) =>
  expect(parseSort(query, userResourceType)).toEqual({ ok: true, value: undefined }),
);

test.each([
  [{ sortBy: "bogus" }, userResourceType],
  [{ sortBy: "title" }, userResourceType],
  [{ sortBy: "name" }, userResourceType],
  [{ sortBy: "userName", sortOrder: "up" }, userResourceType],
  [{ sortBy: "members" }, groupResourceType],
  [{ sortBy: "members.value" }, groupResourceType],
])("%j is refused", (query, resourceType) =>
  expect(parseSort(query, resourceType)).toMatchObject({ ok: false, error: { status: 400, scimType: "invalidValue" } }),
);
