import { expect, test } from "vitest";
import {
  addManager,
  addMembers,
  managerShapes,
  mappedValues,
  removeManager,
  removeMembers,
  setAttributes,
} from "./entra-patch.ts";
import { patchSchema } from "./scim-wire.ts";

const patch = (...operations: object[]) => ({ schemas: [patchSchema], Operations: operations });
const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const values = {
  displayName: "Pvlo",
  'emails[type eq "work"].value': "TestBcwqnm@test.microsoft.com",
  "name.givenName": "Gtfd",
  [`${enterprise}:employeeNumber`]: "Eqpj",
};

// The bodies of E-COMPAT.
test.each([
  [
    "disable, default",
    setAttributes("default", "replace", { active: false }),
    patch({ op: "Replace", path: "active", value: "False" }),
  ],
  [
    "enable, default",
    setAttributes("default", "add", { active: true }),
    patch({ op: "Add", path: "active", value: "True" }),
  ],
  [
    "disable, with the flag",
    setAttributes("aadOptscim062020", "replace", { active: false }),
    patch({ op: "replace", path: "active", value: false }),
  ],
  [
    "add a text, default",
    setAttributes("default", "add", { nickName: "Babs" }),
    patch({ op: "Add", path: "nickName", value: "Babs" }),
  ],
  [
    "add a text, with the flag",
    setAttributes("aadOptscim062020", "add", { nickName: "Babs" }),
    patch({ op: "add", path: "nickName", value: "Babs" }),
  ],
  [
    "replace several, default",
    setAttributes("default", "replace", values),
    patch(
      { op: "Replace", path: "displayName", value: "Pvlo" },
      { op: "Replace", path: 'emails[type eq "work"].value', value: "TestBcwqnm@test.microsoft.com" },
      { op: "Replace", path: "name.givenName", value: "Gtfd" },
      { op: "Replace", path: `${enterprise}:employeeNumber`, value: "Eqpj" },
    ),
  ],
  [
    "replace several, with the flag",
    setAttributes("aadOptscim062020", "replace", values),
    patch(
      { op: "replace", path: 'emails[type eq "work"].value', value: "TestBcwqnm@test.microsoft.com" },
      {
        op: "replace",
        value: { displayName: "Pvlo", "name.givenName": "Gtfd", [`${enterprise}:employeeNumber`]: "Eqpj" },
      },
    ),
  ],
  [
    "members added, default",
    addMembers("default", ["u1", "u2"]),
    patch({
      op: "Add",
      path: "members",
      value: [
        { $ref: null, value: "u1" },
        { $ref: null, value: "u2" },
      ],
    }),
  ],
  [
    "members added, with the flag",
    addMembers("aadOptscim062020", ["u1"]),
    patch({ op: "add", path: "members", value: [{ $ref: null, value: "u1" }] }),
  ],
  [
    "members removed, default",
    removeMembers("default", ["u1", "u2"]),
    patch({
      op: "Remove",
      path: "members",
      value: [
        { $ref: null, value: "u1" },
        { $ref: null, value: "u2" },
      ],
    }),
  ],
  [
    "members removed, with the flag",
    removeMembers("aadOptscim062020", ["u1", "u2"]),
    patch({ op: "remove", path: 'members[value eq "u1"]' }, { op: "remove", path: 'members[value eq "u2"]' }),
  ],
  ["the manager removed, default", removeManager("default"), patch({ op: "Remove", path: `${enterprise}:manager` })],
  [
    "the manager removed, with the flag",
    removeManager("aadOptscim062020"),
    patch({ op: "remove", path: `${enterprise}:manager` }),
  ],
])("%s", (_name, body, expected) => expect(body).toEqual(expected));

test("a manager in three shapes", () => {
  const manager = { id: "u2", location: "https://scim.example/Users/u2" };
  const reference = { $ref: manager.location, value: "u2" };
  expect(managerShapes.map((shape) => addManager("default", shape, manager))).toEqual(
    ["u2", reference, [reference]].map((value) => patch({ op: "Add", path: `${enterprise}:manager`, value })),
  );
});

test("the mapping of a change", () => {
  expect(mappedValues({ surname: "Halpert" })).toEqual({ "name.familyName": "Halpert" });
  expect(mappedValues({ userPrincipalName: "pam@dm.example" })).toEqual({
    userName: "pam@dm.example",
    'emails[type eq "work"].value': "pam@dm.example",
  });
});
