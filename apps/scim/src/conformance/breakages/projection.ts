import { withList, without, withResources, type Breakage } from "../breakage.ts";
import { readAs, withoutParameter } from "../broken-query.ts";
import { status, when } from "../exchange-match.ts";

const named = [
  "attributes-shows-only-these",
  "attributes-takes-several",
  "attributes-in-any-case",
  "attributes-with-urn",
  "attributes-unknown-is-left-out",
  "attributes-id-is-always-there",
  "attributes-shows-sub-attributes",
  "attributes-in-a-list",
  "attributes-of-groups",
  "attributes-of-a-replacement",
];

export const projectionBreakages: readonly Breakage[] = [
  { checks: named, title: "attributes that are ignored", request: withoutParameter("attributes") },
  {
    checks: [...named, "excluded-attributes-keeps-id", "excluded-attributes-in-a-list"],
    title: "resources without their id",
    answer: when(status(200), (answered) => withResources(answered, (resource) => without(resource, "id"))),
  },
  {
    checks: ["attributes-in-any-case"],
    title: "names that are compared letter by letter",
    request: readAs("attributes", /USERNAME/, "nothing"),
  },
  {
    checks: ["attributes-with-urn"],
    title: "names with a URN that are not understood",
    request: readAs("attributes", /urn:.*/, "nothing"),
  },
  {
    checks: ["attributes-takes-several", "attributes-unknown-is-left-out"],
    title: "a comma that is part of a name",
    request: readAs("attributes", /,/, "_"),
  },
  {
    checks: ["attributes-shows-sub-attributes"],
    title: "a sub-attribute that brings its whole attribute",
    request: readAs("attributes", /\.familyName/, ""),
  },
  {
    checks: ["attributes-in-a-list", "excluded-attributes-in-a-list"],
    title: "a list that shows nobody where it should show parts",
    answer: when(status(200), (answered) => withList(answered, () => [])),
  },
  {
    checks: [
      "excluded-attributes-leaves-out",
      "excluded-attributes-in-any-case",
      "excluded-attributes-keeps-id",
      "excluded-attributes-leaves-out-parts",
      "excluded-attributes-in-a-list",
      "excluded-attributes-of-groups",
    ],
    title: "excludedAttributes that are ignored",
    request: withoutParameter("excludedAttributes"),
  },
  {
    checks: ["excluded-attributes-leaves-out"],
    title: "excludedAttributes that leave out everything else too",
    answer: when(status(200), (answered) =>
      withResources(answered, (resource) => without(resource, "meta", "displayName")),
    ),
  },
  {
    checks: ["excluded-attributes-in-any-case"],
    title: "excluded names that are compared letter by letter",
    request: readAs("excludedAttributes", /DISPLAYNAME/, "nothing"),
  },
  {
    checks: ["excluded-attributes-leaves-out-parts"],
    title: "a part that takes its whole attribute away",
    request: readAs("excludedAttributes", /\.givenName/, ""),
  },
  {
    checks: ["attributes-and-excluded-are-not-both-lost"],
    title: "two parameters that exclude each other and are both ignored",
    request: (asked) => withoutParameter("attributes")(withoutParameter("excludedAttributes")(asked)),
  },
];
