import { groupResourceType, PATCH_OP, parsePatchRequest } from "@rollcall/scim-protocol";
import { expect, test } from "vitest";
import { toRoleIntent } from "./group-patch.ts";

const id = "0199e2d4-6f3a-7000-8000-000000000001";

/** The steps of one removal. */
function stepsOf(path: string): readonly object[] {
  const body = { schemas: [PATCH_OP], Operations: [{ op: "remove", path }] };
  const operations = parsePatchRequest(body, groupResourceType, "group");
  if (!operations.ok) throw new Error(operations.error.detail);
  const intent = toRoleIntent(operations.value);
  if (!intent.ok) throw new Error(intent.error.detail);
  return intent.value.members;
}

// Guards the speed of Okta's and Entra's removals: a named step looks one person up, any other reads the whole group.
test.each([`members[value eq "${id}"]`, `members[VALUE Eq "${id}"]`, `Members[(value eq "${id}")]`])(
  "%s names one person",
  (path) => expect(stepsOf(path)).toEqual([{ kind: "remove", memberIds: [id] }]),
);

test.each([
  `members[value eq "${id}" and type eq "User"]`,
  `members[value eq "${id}" or value eq "x"]`,
  `members[not (value eq "${id}")]`,
  `members[value ne "${id}"]`,
  `members[value sw "${id}"]`,
  'members[display eq "pam@acme.example"]',
  "members[value eq null]",
  "members[value pr]",
])("%s looks at everybody in the group", (path) =>
  expect(stepsOf(path)).toEqual([{ kind: "removeWhere", matches: expect.any(Function) }]),
);
