import type { Breakage } from "../breakage.ts";
import { accepting, anyEndpoint, refusing, withoutScimType } from "../broken-write.ts";

const groups = /^\/Groups$/;
const users = /^\/Users$/;

/** A POST that is too strict. */
const refusals: readonly Breakage[] = [
  {
    checks: ["create-ignores-unknown-attribute"],
    title: "a 4xx for an unknown attribute",
    ...refusing("POST", groups, (body) => "shoeSize" in body),
  },
  {
    checks: ["create-ignores-unknown-extension"],
    title: "a 4xx for an unknown extension",
    ...refusing("POST", groups, (body) => Object.keys(body).some((name) => name.startsWith("urn:"))),
  },
  {
    checks: ["create-user-takes-enterprise-extension"],
    title: "a 4xx for the enterprise extension",
    ...refusing("POST", users, (body) => Object.keys(body).some((name) => name.startsWith("urn:"))),
  },
  {
    checks: ["create-user-takes-whole-core-schema"],
    title: "a 4xx for attributes that are not kept",
    ...refusing("POST", users, (body) => "nickName" in body),
  },
  {
    checks: ["create-names-in-any-case"],
    title: "names that are read in one letter case only",
    ...refusing("POST", groups, (body) => !("displayName" in body)),
  },
  {
    checks: ["create-schema-in-any-case"],
    title: "URNs that are read in one letter case only",
    ...refusing("POST", groups, (body) => /"URN:/.test(JSON.stringify(body["schemas"]))),
  },
  {
    checks: ["create-takes-application-json"],
    title: "a 4xx for application/json",
    ...refusing(
      "POST",
      groups,
      (_body, asked) => asked.headers["content-type"]?.startsWith("application/json") === true,
    ),
  },
];

/** A POST that is not strict enough, or does not say why. */
const laxities: readonly Breakage[] = [
  {
    checks: [
      ["create-without-required", "create-required-as-null", "create-wrong-type", "create-wrong-schema"],
      ["create-broken-json", "create-no-object", "create-without-body", "create-other-media-type"],
      ["create-unknown-member", "create-user-name-taken", "create-user-name-taken-in-other-case"],
      ["create-user-name-taken-by-inactive", "create-user-without-user-name", "create-user-wrong-types"],
    ].flat(),
    title: "a 200 for what cannot be created",
    ...accepting("POST", anyEndpoint),
  },
  {
    checks: [
      ["create-without-required", "create-required-as-null", "create-wrong-type", "create-broken-json"],
      ["create-no-object", "create-without-body", "create-user-name-taken", "create-user-without-user-name"],
    ].flat(),
    title: "a refused POST without a scimType",
    ...withoutScimType("POST", anyEndpoint),
  },
];

export const creatingRulesBreakages: readonly Breakage[] = [...refusals, ...laxities];
