import { expect, test } from "vitest";
import { roleReason, type GrantFacts } from "./role-reason.ts";

const okta = { kind: "token", name: "Okta" } as const;
const michael = { kind: "person", name: "Michael Scott" } as const;
const facts: GrantFacts = { source: "manual", roleName: "Sales", group: null, entry: null, isFromStart: false };

test.each<[string, Partial<GrantFacts>]>([
  ["Michael Scott gave it by hand", { entry: { kind: "member.role_granted", actor: michael } }],
  [
    "The operator of Rollcall gave it by hand",
    { entry: { kind: "member.role_granted", actor: { kind: "operator", name: "operator" } } },
  ],
  ["It came with the membership itself", { isFromStart: true }],
  ["Someone gave it by hand, before this was recorded", {}],
  [
    "The identity provider (token “Okta”) put them into the group “Sales”",
    { source: "group", entry: { kind: "member.role_granted", actor: okta } },
  ],
  ["They are in the directory group “Sales”", { source: "group" }],
  [
    "It is the default role, given when the identity provider (token “Okta”) added them",
    { source: "default", entry: { kind: "member.created", actor: okta } },
  ],
  [
    "It is the default role, given when the identity provider (token “Okta”) brought them back",
    { source: "default", entry: { kind: "member.revived", actor: okta } },
  ],
  [
    "It is the default role, given when the identity provider (token “Okta”) reactivated them",
    { source: "default", entry: { kind: "member.reactivated", actor: okta } },
  ],
  [
    "It is the default role, given when they joined",
    { source: "default", entry: { kind: "member.created", actor: michael, isOwn: true } },
  ],
  [
    "It is the default role, kept when Michael Scott took their last other role",
    { source: "default", entry: { kind: "member.role_revoked", actor: michael } },
  ],
  ["A mapping of the directory’s groups gives it", { source: "mapping" }],
  ["The mapping of the group “Sales” gives it", { source: "mapping", group: "Sales" }],
  ["It is the default role", { source: "default" }],
  ["It is the default role", { source: "default", entry: { kind: "member.updated", actor: okta } }],
])("%s", (sentence, more) => {
  expect(roleReason({ ...facts, ...more })).toBe(sentence);
});
