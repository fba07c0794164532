import { expect, test } from "vitest";
import { checkSetUp, type SetupCheckFacts } from "./setup-check.ts";

const good: SetupCheckFacts = {
  isEnabled: true,
  defaultRole: { name: "Members", kind: "custom", isDeleted: false },
  verifiedDomains: ["acme.example"],
  signIn: { hasSso: true, people: 2, withPassword: 1, withoutPassword: 1, locked: 1 },
  isGuardOn: true,
};

test.each<[string, Partial<SetupCheckFacts>, readonly string[]]>([
  ["all is well", {}, ["passed", "passed", "passed", "passed", "passed"]],
  ["provisioning is off", { isEnabled: false }, ["noted", "passed", "passed", "passed", "passed"]],
  ["there is no default role", { defaultRole: null }, ["passed", "failed", "passed", "passed", "passed"]],
  [
    "the default role is deleted",
    { defaultRole: { name: "Members", kind: "custom", isDeleted: true } },
    ["passed", "failed", "passed", "passed", "passed"],
  ],
  [
    "the default role makes owners",
    { defaultRole: { name: "Account Owners", kind: "owner", isDeleted: false } },
    ["passed", "noted", "passed", "passed", "passed"],
  ],
  ["no domain is verified", { verifiedDomains: [] }, ["passed", "passed", "noted", "passed", "passed"]],
  [
    "there is no single sign-on",
    { signIn: { ...good.signIn, hasSso: false } },
    ["passed", "passed", "passed", "noted", "passed"],
  ],
  ["the guard is off", { isGuardOn: false }, ["passed", "passed", "passed", "passed", "noted"]],
])("%s", (_what, change, outcomes) => {
  const findings = checkSetUp({ ...good, ...change });
  expect(findings.map(({ outcome }) => outcome)).toEqual(outcomes);
  for (const { outcome, meaning } of findings) expect(meaning === null).toBe(outcome === "passed");
});

test.each([
  [["a.example", "b.example"], "The organization has verified a.example and 1 more domain."],
  [["a.example", "b.example", "c.example"], "The organization has verified a.example and 2 more domains."],
])("several domains are counted", (verifiedDomains, detail) => {
  expect(checkSetUp({ ...good, verifiedDomains })[2]?.detail).toBe(detail);
});
