import { withBody, withList, without, withResources, type Breakage } from "../breakage.ts";
import { withInner, withStatus } from "../broken-answer.ts";
import { call, status, when } from "../exchange-match.ts";

const types = call("GET", /^\/ResourceTypes/);
const lists = call("GET", /^\/(?:ResourceTypes|Schemas)$/);

export const resourceTypeBreakages: readonly Breakage[] = [
  {
    checks: ["resource-types-are-a-list", "schemas-are-a-list"],
    title: "discovery that counts one too many",
    answer: when(lists, (answered) => withBody(answered, (body) => ({ ...body, totalResults: 99 }))),
  },
  {
    checks: ["resource-types-are-a-list", "schemas-are-a-list"],
    title: "discovery without the list's schema",
    answer: when(lists, (answered) => withBody(answered, (body) => without(body, "schemas"))),
  },
  {
    checks: ["resource-types-are-complete", "resource-types-have-user", "resource-types-have-group"],
    title: "an endpoint without its slash",
    answer: when(types, (answered) =>
      withResources(answered, (type) => ({ ...type, endpoint: String(type["endpoint"]).slice(1) })),
    ),
  },
  {
    checks: ["resource-types-have-user", "resource-types-have-group"],
    title: "a resource type under another name",
    answer: when(types, (answered) =>
      withResources(answered, (type) => ({ ...type, name: `My${String(type["name"])}` })),
    ),
  },
  {
    checks: ["resource-types-have-group"],
    title: "a list that forgets its last resource type",
    answer: when(types, (answered) =>
      withBody(
        withList(answered, (all) => all.slice(0, -1)),
        (body) => ({ ...body, totalResults: 1 }),
      ),
    ),
  },
  {
    checks: ["resource-types-can-be-read-by-id", "schemas-can-be-read-by-id"],
    title: "discovery by id that says less than the list",
    answer: when(call("GET", /^\/(?:ResourceTypes|Schemas)\/./), (answered) =>
      withResources(answered, (one) => without(one, "description")),
    ),
  },
  {
    checks: ["resource-types-unknown-is-404", "schemas-unknown-is-404"],
    title: "an empty answer for what does not exist",
    answer: when(status(404), (answered) => withStatus(answered, 200)),
  },
  {
    checks: ["resource-types-ignore-paging", "schemas-ignore-paging"],
    title: "discovery that is cut by count",
    answer: when(
      ({ asked }) => asked.query.get("count") === "0",
      (answered) => withList(answered, () => []),
    ),
  },
  {
    checks: ["resource-types-have-meta"],
    title: "resource types without meta",
    answer: when(types, (answered) => withResources(answered, (type) => without(type, "meta"))),
  },
  {
    checks: ["resource-types-name-known-schemas"],
    title: "a resource type with an extension that nobody can look up",
    answer: when(types, (answered) =>
      withResources(answered, (type) => ({ ...type, schemaExtensions: [{ schema: "urn:none", required: false }] })),
    ),
  },
  {
    checks: ["resource-types-endpoints-answer"],
    title: "an endpoint that is named and not there",
    answer: when(call("GET", /^\/Groups$/), (answered) => withStatus(answered, 404)),
  },
  {
    checks: ["resource-types-are-those-of-resources"],
    title: "people of a type that nobody has named",
    answer: when(call("GET", /^\/Users/), (answered) =>
      withResources(answered, (user) => withInner(user, "meta", "resourceType", "Person")),
    ),
  },
];
