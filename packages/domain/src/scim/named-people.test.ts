import { expect, test } from "vitest";
import { namedPeople } from "./named-people.ts";

const named = (request: unknown) => namedPeople({ request, answer: undefined }, false);
const patched = (...Operations: readonly object[]) => named({ Operations });

test.each<[string, readonly string[] | null, readonly string[] | null]>([
  [
    "userName and addresses of a User, folded and once",
    named({
      USERNAME: " Pam.Beesly",
      emails: [{ value: "pam.beesly@ACME.example" }, { Value: "PAM.BEESLY" }, "p@home.example"],
    }),
    ["pam.beesly", "pam.beesly@acme.example", "p@home.example"],
  ],
  ["one address that is no list", named({ emails: { value: "pam@acme.example" } }), ["pam@acme.example"]],
  [
    "what a PATCH sets by path",
    patched(
      { op: "replace", path: "userName", value: "pam" },
      { path: 'emails[type eq "work"].value', value: "p@acme.example" },
    ),
    ["pam", "p@acme.example"],
  ],
  ["what a PATCH sets without a path", patched({ op: "add", value: { userName: "pam", active: true } }), ["pam"]],
  [
    "nobody in another attribute",
    patched({ path: "displayName", value: "Pam" }, { path: "title", value: "userName" }),
    null,
  ],
  ["nobody in what is no User", named("pam"), null],
  [
    "nobody by a text that the database cannot hold",
    named({ userName: "pam\u0000", emails: ["\ud800@acme.example", ""] }),
    null,
  ],
])("%s", (_what, found, names) => expect(found).toEqual(names));

// A PUT or PATCH needs no bulkId (RFC 7644 section 3.7).
test.each([
  ["by bulkId", { bulkId: "pam" }, { bulkId: "jim" }],
  ["in order", {}, {}],
])("of Bulk only those whose operation was refused, %s", (_what, first, second) => {
  const request = {
    Operations: [
      { ...first, data: { userName: "pam" } },
      { ...second, data: { userName: "jim" } },
    ],
  };
  const answer = {
    Operations: [
      { ...first, status: "201" },
      { ...second, status: "409" },
    ],
  };
  expect(namedPeople({ request, answer }, true)).toEqual(["jim"]);
});

test("at most fifty names, however deep and wide the body is", () => {
  let deep: unknown = "pam";
  for (let depth = 0; depth < 20_000; depth++) deep = { value: deep, emails: [deep] };
  expect(named({ userName: deep, emails: deep })).toBeNull();
  const emails = Array.from({ length: 5000 }, (_, index) => ({ value: `p${index}@acme.example` }));
  expect(named({ emails })).toHaveLength(50);
});
